import { TargetMailboxes } from './target-mailbox'

function gate(): { promise: Promise<string>; open: (answer: string) => void } {
  let open = (_: string): void => undefined
  const promise = new Promise<string>((resolve) => (open = resolve))
  return { promise, open }
}

describe('the mailbox of a position', () => {
  it('acts on one target at a time, and of those waiting on the newest', async () => {
    const boxes = new TargetMailboxes()
    const first = gate()
    const acted: string[] = []
    const act = (name: string, answer: Promise<string>) => () => {
      acted.push(name)
      return answer
    }
    const a = boxes.submit('key', act('a', first.promise))
    const b = boxes.submit('key', act('b', Promise.resolve('b')))
    const c = boxes.submit('key', act('c', Promise.resolve('c')))
    await expect(b).rejects.toMatchObject({ code: 'SMART_ORDER_SUPERSEDED', kind: 'refused' })
    expect(acted).toEqual(['a'])
    first.open('a')
    expect(await Promise.all([a, c])).toEqual(['a', 'c'])
    expect(acted).toEqual(['a', 'c'])
  })

  it('goes on after a target that failed', async () => {
    const boxes = new TargetMailboxes()
    const failing = boxes.submit('key', () => Promise.reject(new Error('no position')))
    const next = boxes.submit('key', () => Promise.resolve('done'))
    await expect(failing).rejects.toThrow('no position')
    expect(await next).toBe('done')
    expect(await boxes.submit('key', () => Promise.resolve('later'))).toBe('later')
  })

  it('does not let one position wait for another', async () => {
    const boxes = new TargetMailboxes()
    const held = gate()
    const a = boxes.submit('a', () => held.promise)
    expect(await boxes.submit('b', () => Promise.resolve('b'))).toBe('b')
    held.open('a')
    expect(await a).toBe('a')
  })
})
