import fc from 'fast-check'
import { choicesWith, type Choices } from '../choices'
import type { Session } from '../state/session-registry'
import { VirtualClock } from '../time/virtual-clock'
import type { CallName } from './call-names'
import { RateLimiter } from './rate-limiter'
import type { LimitedCall } from './rate-limits'

const session = (userId: string): Session => ({ account: { userId } }) as unknown as Session

function open(choices: Partial<Choices>) {
  const clock = new VirtualClock(1_000_000)
  const limiter = new RateLimiter(choicesWith(choices), clock)
  const one = session('SIM0001')
  const passes = (call: LimitedCall, of: Session = one): boolean => limiter.refusalOf(of, call) === undefined
  return { clock, limiter, one, passes }
}

describe('RateLimiter', () => {
  it('counts nothing unless it is told to', () => {
    const { passes } = open({})
    expect(Array.from({ length: 100 }, () => passes('positions'))).not.toContain(false)
  })

  it('gives place, modify and cancel one budget of ten a second', () => {
    const { passes } = open({ rateLimits: 'documented' })
    const calls: CallName[] = ['place', 'modify', 'cancel', 'cover-place', 'bracket-cancel']
    const answers = [...calls, ...calls, 'place' as const].map((call) => passes(call))
    expect(answers).toEqual([...Array.from({ length: 10 }, () => true), false])
  })

  it('opens exactly one second after the first of a full window, and for one request only', () => {
    const { clock, passes } = open({ rateLimits: 'documented' })
    expect(passes('place')).toBe(true)
    clock.advanceBy(400)
    for (let count = 1; count < 10; count++) expect(passes('place')).toBe(true)
    clock.advanceBy(599)
    expect(passes('place')).toBe(false)
    clock.advanceBy(1)
    expect([passes('place'), passes('place')]).toEqual([true, false])
  })

  it('has a budget for each read and for each session', () => {
    const { passes } = open({ rateLimits: 'documented' })
    expect([passes('positions'), passes('order-book'), passes('positions')]).toEqual([true, true, false])
    expect([passes('order-history'), passes('order-history')]).toEqual([true, false])
    expect(passes('positions', session('SIM0002'))).toBe(true)
  })

  it.each<[CallName, number, number]>([
    ['place', 25, 1],
    ['order-book', 6, 1],
    ['trade-book', 40, 2],
    ['balance', 10, 3],
    ['holdings', 1, 10],
    ['profile', 1, 5],
    ['convert', 50, 1],
    ['cancel-all', 10, 1],
    ['exchange-messages', 1, 3],
  ])('takes %s %i times in %i seconds by the sheet of the broker', (call, requests, seconds) => {
    const { clock, passes } = open({ rateLimits: 'jainam' })
    for (let count = 0; count < requests; count++) expect(passes(call)).toBe(true)
    clock.advanceBy(seconds * 1000 - 1)
    expect(passes(call)).toBe(false)
    clock.advanceBy(1)
    expect(passes(call)).toBe(true)
  })

  it('does not count what it refused: one that waits its turn gets it', () => {
    const { clock, passes } = open({ rateLimits: 'documented' })
    passes('balance')
    for (let wait = 0; wait < 9; wait++) {
      clock.advanceBy(100)
      expect(passes('balance')).toBe(false)
    }
    clock.advanceBy(100)
    expect(passes('balance')).toBe(true)
  })

  it('never takes more than the limit in any second, however requests fall', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 120 })
    fc.assert(
      fc.property(gaps, (gapsMs) => {
        const { clock, passes } = open({ rateLimits: 'documented' })
        const takenAtMs: number[] = []
        for (const gapMs of gapsMs) {
          clock.advanceBy(gapMs)
          if (passes('place')) takenAtMs.push(clock.nowMs())
          else {
            const inWindow = takenAtMs.filter((atMs) => atMs > clock.nowMs() - 1000)
            expect(inWindow).toHaveLength(10)
          }
        }
        for (const [index, atMs] of takenAtMs.entries()) {
          expect(takenAtMs[index + 10] ?? Infinity).toBeGreaterThanOrEqual(atMs + 1000)
        }
      }),
      { numRuns: 50 },
    )
  })

  const words = 'Rate limit exceeded for user SIM0001: Max limit of 1 requests per second'
  const data = { type: 'error', code: 'e-apirl-0004', description: words }
  it.each<[Partial<Choices>, number, object]>([
    [{}, 429, { err: true, data }],
    [{ rateLimitShape: 'data' }, 429, { data }],
    [{ rateLimitShape: 'plain', rateLimitStatus: 400 }, 400, data],
    [{ rateLimitStatus: 200 }, 200, { err: true, data }],
  ])('refuses in the shape that is chosen: %j', (choices, status, body) => {
    const { limiter, one } = open({ rateLimits: 'documented', ...choices })
    limiter.refusalOf(one, 'positions')
    expect(limiter.refusalOf(one, 'positions')).toEqual({ status, body, why: words })
  })

  it('counts logins of a key in a minute', () => {
    const { clock, limiter } = open({ loginsPerMinute: 2 })
    const refused = (): boolean => limiter.loginRefusalOf('key', 'SIM0001') !== undefined
    expect([refused(), refused(), refused()]).toEqual([false, false, true])
    expect(limiter.loginRefusalOf('other', 'SIM0002')).toBeUndefined()
    clock.advanceBy(60_000)
    expect(refused()).toBe(false)
  })
})
