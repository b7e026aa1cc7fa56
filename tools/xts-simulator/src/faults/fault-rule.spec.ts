import { z } from 'zod'
import { faultRequestSchema } from './fault-rule'

const problemOf = (request: unknown): string => {
  const parsed = faultRequestSchema.safeParse(request)
  return parsed.success ? 'none' : z.prettifyError(parsed.error)
}

describe('a request to switch a fault on', () => {
  it('is filled with the defaults of its fault', () => {
    expect(faultRequestSchema.parse({ name: 'reply-delayed' })).toMatchObject({
      count: 1, probability: 1, nth: 1, priority: 0, parameters: { delayMs: 3000 }, match: {},
    }) // prettier-ignore
  })

  it('takes call, api and delayMs outside of match and parameters', () => {
    const rule = faultRequestSchema.parse({
      name: 'reply-delayed',
      call: 'place',
      api: 'interactive',
      delayMs: 7,
    })
    expect(rule).toMatchObject({ match: { call: 'place', api: 'interactive' }, parameters: { delayMs: 7 } })
  })

  it('happens without end when it has a window or a pace and no count', () => {
    expect(faultRequestSchema.parse({ name: 'accept-then-500', forMs: 10 }).count).toBe('always')
    expect(faultRequestSchema.parse({ name: 'accept-then-500', forMs: 10, count: 2 }).count).toBe(2)
  })

  it('names a segment by number or by name', () => {
    const byNumber = faultRequestSchema.parse({ name: 'half-json', match: { segment: 2 } })
    expect(byNumber.match.segment).toBe('NSEFO')
  })

  it.each([
    ['a fault it does not know', { name: 'earthquake' }, 'must be one of accept-then-500'],
    ['no name', {}, 'name'],
    ['a count of zero', { name: 'half-json', count: 0 }, 'count'],
    ['a probability above one', { name: 'half-json', probability: 1.5 }, 'probability'],
    ['a field it does not know', { name: 'half-json', often: 2 }, 'often'],
    ['a parameter the fault has not', { name: 'half-json', parameters: { size: 1 } }, 'it has: none'],
    ['a delay for a fault that has none', { name: 'half-json', delayMs: 5 }, 'no such parameter'],
    ['a parameter of another type', { name: 'book-truncated', parameters: { rows: 'two' } }, 'must be a number'],
    ['a negative parameter', { name: 'book-truncated', parameters: { rows: -1 } }, 'must not be negative'],
    ['an event for a fault of answers', { name: 'half-json', match: { event: 'order' } }, 'does not act on socket events'],
    ['an event the fault does not touch', { name: 'duplicate-trade', match: { event: 'order' } }, 'acts on other events'],
    ['a call the fault does not touch', { name: 'accept-then-500', call: 'profile' }, 'acts on place, modify'],
    ['a call for a fault of sockets', { name: 'socket-mute', call: 'place' }, 'does not act on REST calls'],
    ['a tag for a restart', { name: 'restart-keeps-orders', match: { tag: 'x' } }, 'can only be matched by api'],
    ['an unknown segment', { name: 'half-json', match: { segment: 'NYSE' } }, 'must be a segment'],
    ['a window as long as its period', { name: 'half-json', everyMs: 10, forMs: 10 }, 'must be shorter than everyMs'],
  ])('is refused in words with %s', (_, request, words) => {
    expect(problemOf(request)).toContain(words)
  }) // prettier-ignore
})
