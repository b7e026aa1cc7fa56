import { VirtualClock } from './virtual-clock'

describe('VirtualClock', () => {
  const open = () => {
    const clock = new VirtualClock(1000)
    const happened: string[] = []
    const note = (what: string) => () => happened.push(`${what}@${clock.nowMs()}`)
    return { clock, happened, note }
  }

  it('stands still until it is told to go on', () => {
    const { clock, happened, note } = open()
    clock.later(0, note('due'))
    expect([clock.nowMs(), happened]).toEqual([1000, []])
    clock.advanceBy(0)
    expect(happened).toEqual(['due@1000'])
  })

  it('runs what is due at its own time, and equal times in the order they were asked', () => {
    const { clock, happened, note } = open()
    clock.later(5, note('third'))
    clock.later(2, note('first'))
    clock.later(2, note('second'))
    clock.later(9, note('not yet'))
    clock.advanceBy(8)
    expect(happened).toEqual(['first@1002', 'second@1002', 'third@1005'])
    expect(clock.nowMs()).toBe(1008)
  })

  it('runs what is put off on the way when it is due on the way', () => {
    const { clock, happened, note } = open()
    clock.later(2, () => clock.later(3, note('follow-up')))
    clock.advanceBy(5)
    expect(happened).toEqual(['follow-up@1005'])
  })

  it('takes back one run, and a repeated run for good', () => {
    const { clock, happened, note } = open()
    const takeBack = clock.later(1, note('never'))
    takeBack()
    const end = clock.every(2, note('round'))
    clock.advanceBy(5)
    end()
    clock.advanceBy(5)
    expect(happened).toEqual(['round@1002', 'round@1004'])
  })

  it('keeps a crooked period over many rounds, in whole milliseconds', () => {
    const { clock, happened, note } = open()
    clock.every(1000 / 3, note('round'))
    clock.advanceBy(2000)
    expect(happened).toEqual([1333, 1667, 2000, 2333, 2667, 3000].map((atMs) => `round@${atMs}`))
  })

  it('ends a repeated run from within it', () => {
    const { clock, happened, note } = open()
    const tell = note('round')
    const end = clock.every(2, () => {
      tell()
      end()
    })
    clock.advanceBy(9)
    expect([happened, clock.waitingCount]).toEqual([['round@1002'], 0])
  })

  it('stops on the way after so many things, and goes on from there', () => {
    const { clock, happened, note } = open()
    for (const delayMs of [1, 2, 3]) clock.later(delayMs, note('due'))
    expect(clock.advanceUntil(1010, 2)).toBe(false)
    expect([clock.nowMs(), happened]).toEqual([1002, ['due@1001', 'due@1002']])
    expect(clock.advanceUntil(1010, 2)).toBe(true)
    expect(clock.nowMs()).toBe(1010)
  })

  it('does nothing more once it is closed', () => {
    const { clock, happened, note } = open()
    clock.later(1, note('never'))
    clock.close()
    clock.later(1, note('never'))
    clock.advanceBy(5)
    expect(happened).toEqual([])
  })
})
