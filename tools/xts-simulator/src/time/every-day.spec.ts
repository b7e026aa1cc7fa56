import { everyDayAt } from './every-day'
import type { SimClock } from './sim-clock'
import { VirtualClock } from './virtual-clock'

const HOUR = 3_600_000
const at = (moment: string): number => Date.parse(`2026-11-${moment}:00+05:30`)

describe('everyDayAt', () => {
  it('runs at its time in India, day after day', () => {
    const clock = new VirtualClock(at('20T09:15'))
    const happened: number[] = []
    everyDayAt(clock, 3 * HOUR, () => happened.push(clock.nowMs()))
    clock.advanceBy(3 * 24 * HOUR)
    expect(happened).toEqual([at('21T03:00'), at('22T03:00'), at('23T03:00')])
  })

  it('runs today when the time is still to come, and tomorrow when it is now', () => {
    const happened: string[] = []
    const later = new VirtualClock(at('20T01:00'))
    everyDayAt(later, 3 * HOUR, () => happened.push('later'))
    later.advanceBy(2 * HOUR)
    const now = new VirtualClock(at('20T03:00'))
    everyDayAt(now, 3 * HOUR, () => happened.push('now'))
    now.advanceBy(23 * HOUR)
    expect(happened).toEqual(['later'])
    now.advanceBy(HOUR)
    expect(happened).toEqual(['later', 'now'])
  })

  it('runs once, and not too soon, when the timer of the machine comes early', () => {
    let nowMs = at('20T02:59')
    const timers: (() => void)[] = []
    const clock: Pick<SimClock, 'nowMs' | 'later'> = {
      nowMs: () => nowMs,
      later: (_delayMs, run) => {
        timers.push(run)
        return () => undefined
      },
    }
    const happened: number[] = []
    everyDayAt(clock as SimClock, 3 * HOUR, () => happened.push(nowMs))
    nowMs = at('20T03:00') - 1
    timers.shift()?.()
    expect(happened).toEqual([])
    nowMs = at('20T03:00')
    timers.shift()?.()
    expect(happened).toEqual([at('20T03:00')])
    expect(timers).toHaveLength(1)
  })
})
