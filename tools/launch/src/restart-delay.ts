const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 15_000
/** A service that lived this long starts again as if it had never died. */
const HEALTHY_AFTER_MS = 60_000

/** How long to wait before a dead service is started again: doubling from 0.5 s to 15 s, anew after a long life. */
export function restartDelayMs(previousDelayMs: number | undefined, livedMs: number): number {
  if (previousDelayMs === undefined || livedMs >= HEALTHY_AFTER_MS) return FIRST_DELAY_MS
  return Math.min(previousDelayMs * 2, LONGEST_DELAY_MS)
}
