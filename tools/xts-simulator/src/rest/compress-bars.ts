import type { HistoryBar } from '../universe/price-history'

/** Seconds, or a calendar day, week or month. 86400 is a day that begins when the range does. */
export const COMPRESSIONS = [
  '1', '60', '120', '180', '240', '300', '420', '600', '900', '1800', '3600', '7200', '10800', '14400', '86400',
  'D', 'W', 'M',
] as const // prettier-ignore
export type Compression = (typeof COMPRESSIONS)[number]

export function isCompression(text: string): text is Compression {
  return (COMPRESSIONS as readonly string[]).includes(text)
}

const DAY_SECONDS = 86_400

/** A bar of any length. `endsAt` is its last second, from 1970 on the Indian wall clock. */
interface Bar {
  readonly endsAt: number
  readonly open: number
  high: number
  low: number
  close: number
  volume: number
  openInterest: number
}

/** Minute bars put together, as the broker writes them: columns by pipe with one behind the last, rows by comma. */
export function barsText(bars: Iterable<HistoryBar>, compression: Compression, fromSeconds: number): string {
  const rows: string[] = []
  if (compression === '1') {
    for (const bar of bars) rows.push(...secondRows(bar))
    return rows.join(',')
  }
  const endOf = endFinder(compression, fromSeconds)
  let growing: Bar | undefined
  for (const bar of bars) {
    const endsAt = endOf(bar.minute * 60)
    if (growing?.endsAt === endsAt) {
      grow(growing, bar)
    } else {
      if (growing) rows.push(rowOf(growing))
      growing = { ...bar, endsAt }
    }
  }
  if (growing) rows.push(rowOf(growing))
  return rows.join(',')
}

function grow(into: Bar, bar: HistoryBar): void {
  into.high = Math.max(into.high, bar.high)
  into.low = Math.min(into.low, bar.low)
  into.close = bar.close
  into.volume += bar.volume
  into.openInterest = bar.openInterest
}

const rowOf = (bar: Bar): string =>
  `${bar.endsAt}|${bar.open}|${bar.high}|${bar.low}|${bar.close}|${bar.volume}|${bar.openInterest}|`

/** The last second of the bar that a moment belongs to. */
function endFinder(compression: Compression, fromSeconds: number): (seconds: number) => number {
  switch (compression) {
    case 'D':
      return endOfSteps(DAY_SECONDS, 0)
    case 'W':
      // 1 January 1970 was a Thursday; weeks begin on Monday.
      return endOfSteps(7 * DAY_SECONDS, 4 * DAY_SECONDS)
    case 'M':
      return endOfMonth
    case '86400':
      return endOfSteps(DAY_SECONDS, fromSeconds)
    default:
      return endOfSteps(Number(compression), 0)
  }
}

const endOfSteps =
  (step: number, origin: number) =>
  (seconds: number): number =>
    origin + Math.floor((seconds - origin) / step) * step + step - 1

function endOfMonth(seconds: number): number {
  const day = new Date(seconds * 1000)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1) / 1000 - 1
}

/** A minute is the smallest thing that is known; its open, extremes and close get a second each. */
function secondRows(bar: HistoryBar): string[] {
  const start = bar.minute * 60
  const isRising = bar.close >= bar.open
  const prices = [bar.open, isRising ? bar.low : bar.high, isRising ? bar.high : bar.low, bar.close]
  const each = Math.floor(bar.volume / 4)
  return prices.map((price, at) => {
    const volume = at === 3 ? bar.volume - 3 * each : each
    const endsAt = start + (at === 3 ? 59 : at * 20)
    return `${endsAt}|${price}|${price}|${price}|${price}|${volume}|${bar.openInterest}|`
  })
}
