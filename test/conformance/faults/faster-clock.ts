import type { Clock } from '@xts-bridge/contracts'
import { clock as realClock } from '../simulated-broker'

/** Real time that runs `factor` times as fast, so that deadlines, retries and waits keep their proportions. */
export function fasterClock(factor: number): Clock {
  const startMs = realClock.nowMs()
  return {
    nowMs: () => startMs + (realClock.nowMs() - startMs) * factor,
    after: (delayMs, callback) => realClock.after(delayMs / factor, callback),
  }
}
