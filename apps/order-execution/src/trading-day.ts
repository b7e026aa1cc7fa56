const IST_OFFSET_MS = 5.5 * 3_600_000
const DAY_MS = 24 * 3_600_000

/** Number of the day in Indian Standard Time; the broker's books start empty with each. */
export function tradingDay(atMs: number): number {
  return Math.floor((atMs + IST_OFFSET_MS) / DAY_MS)
}
