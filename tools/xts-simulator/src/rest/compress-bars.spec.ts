import type { HistoryBar } from '../universe/price-history'
import { barsText, isCompression } from './compress-bars'

/** Friday, 20 November 2026, 09:15 in India, as minutes of the wall clock. */
const OPEN = Date.UTC(2026, 10, 20, 9, 15) / 60_000
const bar = (minute: number, close: number, o: Partial<HistoryBar> = {}): HistoryBar => ({
  minute, open: close - 1, high: close + 2, low: close - 3, close, volume: 10, openInterest: 65, ...o,
}) // prettier-ignore
const seconds = (text: string): number[] => text.split(',').map((row) => Number(row.split('|')[0]))

describe('bars as the broker writes them', () => {
  it('has columns by pipe with one behind the last, rows by comma, and the last second of the bar', () => {
    expect(barsText([bar(OPEN, 100), bar(OPEN + 1, 101.5)], '60', 0)).toBe(
      '1795166159|99|102|97|100|10|65|,1795166219|100.5|103.5|98.5|101.5|10|65|',
    )
    // the first second of that minute, read as UTC
    expect(new Date((1795166159 - 59) * 1000).toISOString()).toBe('2026-11-20T09:15:00.000Z')
  })

  it('puts minutes together: first open, extremes, last close and interest, sum of volumes', () => {
    const bars = [
      bar(OPEN, 100),
      bar(OPEN + 1, 90),
      bar(OPEN + 4, 95, { openInterest: 130 }),
      bar(OPEN + 5, 96),
    ]
    expect(barsText(bars, '300', 0)).toBe('1795166399|99|102|87|95|30|130|,1795166699|95|98|93|96|10|65|')
  })

  it('ends days, weeks and months at their last second', () => {
    const saturday = OPEN + 1440
    const monday = OPEN + 3 * 1440
    const december = OPEN + 12 * 1440
    const iso = (text: string): string[] =>
      seconds(text).map((second) => new Date(second * 1000).toISOString().slice(0, 19))
    const bars = [bar(OPEN, 1), bar(saturday, 1), bar(monday, 1), bar(december, 1)]
    expect(iso(barsText(bars, 'D', 0))).toEqual([
      '2026-11-20T23:59:59', '2026-11-21T23:59:59', '2026-11-23T23:59:59', '2026-12-02T23:59:59',
    ]) // prettier-ignore
    expect(iso(barsText(bars, 'W', 0))).toEqual([
      '2026-11-22T23:59:59', '2026-11-29T23:59:59', '2026-12-06T23:59:59',
    ]) // prettier-ignore
    expect(iso(barsText(bars, 'M', 0))).toEqual(['2026-11-30T23:59:59', '2026-12-31T23:59:59'])
  })

  it('counts 86400 seconds from the beginning of the range, not from midnight', () => {
    const from = OPEN * 60 - 3600
    expect(seconds(barsText([bar(OPEN, 1), bar(OPEN + 1440 - 61, 1)], '86400', from))).toEqual([
      from + 86_399,
    ])
  })

  it('gives open, extremes and close of a minute a second each, and all its volume', () => {
    const rows = barsText([bar(OPEN, 100, { volume: 11 })], '1', 0).split(',')
    expect(rows).toEqual([
      '1795166100|99|99|99|99|2|65|', '1795166120|97|97|97|97|2|65|',
      '1795166140|102|102|102|102|2|65|', '1795166159|100|100|100|100|5|65|',
    ]) // prettier-ignore
  })

  it('is an empty text when there are no bars', () => {
    expect([barsText([], '60', 0), barsText([], '1', 0), barsText([], 'M', 0)]).toEqual(['', '', ''])
  })

  it('knows the documented lengths and no others', () => {
    expect(['60', '14400', 'D', 'W', 'M'].every(isCompression)).toBe(true)
    expect(['', '61', 'd', 'Y', '60.0', 'constructor'].some(isCompression)).toBe(false)
  })
})
