import { FaultBox } from './fault-catalogue'

describe('FaultBox', () => {
  it('happens as often as it was set for, and no more', () => {
    const faults = new FaultBox()
    faults.arm({ name: 'accept-then-timeout', remaining: 2, call: undefined, delayMs: 0 })
    expect([1, 2, 3].map(() => faults.take('reply', 'place')?.name)).toEqual([
      'accept-then-timeout',
      'accept-then-timeout',
      undefined,
    ])
  })

  it('waits for the call it is aimed at', () => {
    const faults = new FaultBox()
    faults.arm({ name: 'accept-then-500', remaining: 1, call: 'cancel', delayMs: 0 })
    expect(faults.take('reply', 'place')).toBeUndefined()
    expect(faults.take('reply', 'cancel')?.name).toBe('accept-then-500')
  })

  it('acts at its own point only', () => {
    const faults = new FaultBox()
    faults.arm({ name: 'order-book-empty', remaining: 1, call: undefined, delayMs: 0 })
    expect(faults.take('reply', 'place')).toBeUndefined()
    expect(faults.take('book')?.name).toBe('order-book-empty')
  })

  it('forgets what was set when cleared', () => {
    const faults = new FaultBox()
    faults.arm({ name: 'order-book-html', remaining: 5, call: undefined, delayMs: 0 })
    faults.clear()
    expect(faults.take('book')).toBeUndefined()
  })
})
