import fc from 'fast-check'
import { frameProblem, replyFrames, splitRequestFrames } from './frames'

const frames = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part))
const split = (...parts: string[]): { route: string[]; content: string[] } => {
  const { route, content } = splitRequestFrames(frames(...parts))
  return { route: route.map(String), content: content.map(String) }
}

describe('splitRequestFrames', () => {
  it('reads a plain REQ', () => {
    expect(split('id', '', 'order.place', '{}')).toEqual({
      route: ['id', ''],
      content: ['order.place', '{}'],
    })
  })

  it('reads a REQ with correlation', () => {
    expect(split('id', '\0\0\0\x07', '', 'order.place', '{}')).toEqual({
      route: ['id', '\0\0\0\x07', ''],
      content: ['order.place', '{}'],
    })
  })

  it('reads a DEALER', () => {
    expect(split('id', 'order.place', '{}')).toEqual({ route: ['id'], content: ['order.place', '{}'] })
  })

  it('takes an empty last frame for an empty body, not for the end of a route', () => {
    expect(split('id', 'order.place', '')).toEqual({ route: ['id'], content: ['order.place', ''] })
    expect(split('id', '', '')).toEqual({ route: ['id', ''], content: [''] })
    expect(split('id', '')).toEqual({ route: ['id'], content: [''] })
  })

  it('gives an identity alone no content', () => {
    expect(split('id')).toEqual({ route: ['id'], content: [] })
  })

  it('keeps every frame once and in order, and the identity always in the route', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 8 }), (parts) => {
        const sent = parts.map((part) => Buffer.from(part))
        const { route, content } = splitRequestFrames(sent)
        expect([...route, ...content]).toEqual(sent)
        expect(route[0]).toBe(sent[0])
        expect(route.slice(1, -1).every((frame) => frame.length > 0)).toBe(true)
      }),
    )
  })

  it('finds subject and body behind any envelope of non-empty frames', () => {
    const nonEmpty = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(
        fc.array(nonEmpty, { minLength: 1, maxLength: 4 }),
        nonEmpty,
        nonEmpty,
        (prefix, subject, body) => {
          const route = [...prefix, Buffer.alloc(0)]
          expect(splitRequestFrames([...route, subject, body])).toEqual({ route, content: [subject, body] })
        },
      ),
    )
  })
})

describe('frameProblem', () => {
  it('has nothing against subject and body', () => {
    expect(frameProblem(frames('order.place', '{}'), 100)).toBeUndefined()
  })

  it.each([[[]], [['order.place']], [['order.place', '{}', 'more']]])(
    'names the number of frames of %j',
    (parts) => {
      expect(frameProblem(frames(...parts), 100)).toContain(`this one has ${parts.length}`)
    },
  )

  it('names the size of a body over the limit, and lets one at the limit pass', () => {
    expect(frameProblem(frames('s', 'x'.repeat(101)), 100)).toContain('101 bytes')
    expect(frameProblem(frames('s', 'x'.repeat(100)), 100)).toBeUndefined()
  })
})

describe('replyFrames', () => {
  it('puts the reply behind the route it came by', () => {
    expect(replyFrames(frames('id', ''), '{}')).toEqual([...frames('id', ''), '{}'])
  })
})
