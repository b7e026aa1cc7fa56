import { msOfIndianDay } from '../wire/indian-time'
import type { SimClock } from './sim-clock'

const DAY_MS = 86_400_000

/** Runs something each day at a time in India (milliseconds since midnight), for as long as the clock goes. */
export function everyDayAt(clock: SimClock, timeMs: number, run: () => void): void {
  const beginsAtMs = clock.nowMs()
  const sinceMs = msOfIndianDay(beginsAtMs)
  const dueAtMs = beginsAtMs + ((timeMs - sinceMs + DAY_MS) % DAY_MS || DAY_MS)
  const awaitTime = (): void => {
    clock.later(dueAtMs - clock.nowMs(), () => {
      // A timer of a machine may come a little early.
      if (clock.nowMs() < dueAtMs) return awaitTime()
      everyDayAt(clock, timeMs, run)
      run()
    })
  }
  awaitTime()
}
