import { MINUTES_PER_DAY, PriceHistory, type HistoryBar, type HistoryTerms } from './price-history'

const SHARES = { from: 9 * 60 + 15, to: 15 * 60 + 30 }
/** Friday, 20 November 2026. */
const TODAY = Date.UTC(2026, 10, 20) / 86_400_000
const terms: HistoryTerms = {
  name: 'NSECM|2885', seed: 1, hours: SHARES, tickSize: 0.1, lotSize: 1, previousClose: 1457.9, openInterest: 0, hasVolume: true,
} // prettier-ignore
const midnight = (daysAgo: number): number => (TODAY - daysAgo) * MINUTES_PER_DAY
const past = (o: Partial<HistoryTerms> = {}, from = midnight(10), to = midnight(0)): HistoryBar[] => [
  ...new PriceHistory({ ...terms, ...o }).past(from, to, TODAY),
]

describe('the invented past of an instrument', () => {
  it('is the same each time, and another for another instrument or seed', () => {
    const text = (o: Partial<HistoryTerms> = {}): string => JSON.stringify(past(o, midnight(7)))
    expect(text()).toBe(text())
    expect(text({ name: 'NSECM|1594' })).not.toBe(text())
    expect(text({ seed: 2 })).not.toBe(text())
  })

  it('is the same minute whatever range it is asked in', () => {
    const week = past({}, midnight(7))
    const hour = past({}, midnight(1) + 600, midnight(1) + 659)
    expect(hour).toHaveLength(60)
    expect(week.filter((bar) => bar.minute >= midnight(1) + 600 && bar.minute < midnight(1) + 660)).toEqual(
      hour,
    )
  })

  it('ends at the previous close, and each minute begins where the one before ended', () => {
    const bars = past()
    expect(bars.at(-1)).toMatchObject({ close: 1457.9, minute: midnight(1) + SHARES.to - 1 })
    const day = bars.slice(-375)
    expect(day.slice(1).map((bar) => bar.open)).toEqual(day.slice(0, -1).map((bar) => bar.close))
  })

  it('has 375 minutes on working days, none on weekends and none of today', () => {
    const days = new Map<number, number>()
    for (const bar of past({}, midnight(7), midnight(-3))) {
      const day = TODAY - Math.floor(bar.minute / MINUTES_PER_DAY)
      days.set(day, (days.get(day) ?? 0) + 1)
    }
    // the 14th and 15th, six and five days ago, are Saturday and Sunday
    expect([...days]).toEqual([[7, 375], [4, 375], [3, 375], [2, 375], [1, 375]]) // prettier-ignore
  })

  it('keeps open and close between low and high, on the tick, and above nothing', () => {
    const bars = [
      ...past(),
      ...past({ previousClose: 0.1 }),
      ...past({ tickSize: 0.0025, previousClose: 88.7 }),
    ]
    const isWrong = (bar: HistoryBar): boolean =>
      bar.low > Math.min(bar.open, bar.close) || bar.high < Math.max(bar.open, bar.close) || bar.close <= 0
    expect(bars.filter(isWrong)).toEqual([])
    const isOff = (price: number): boolean => Math.abs(price / 0.0025 - Math.round(price / 0.0025)) > 1e-6
    expect(past({ tickSize: 0.0025, previousClose: 88.7 }).filter((bar) => isOff(bar.close))).toEqual([])
  })

  it('goes below zero for a spread that closed below zero', () => {
    const bars = past({ previousClose: -3.2, tickSize: 0.05 })
    expect(bars.at(-1)?.close).toBeCloseTo(-3.2, 10)
    expect(bars.some((bar) => bar.close !== -3.2)).toBe(true)
  })

  it('has no volume for an index, and open interest in lots for a contract', () => {
    expect(past({ hasVolume: false }).every((bar) => bar.volume === 0)).toBe(true)
    const contract = past({ lotSize: 65, openInterest: 650_000 })
    expect(contract.every((bar) => bar.openInterest % 65 === 0 && bar.volume % 65 === 0)).toBe(true)
    expect(new Set(contract.map((bar) => bar.openInterest)).size).toBeGreaterThan(5)
  })
})

describe('the morning before the simulator began to trade', () => {
  const live = { open: 1450, high: 1462, low: 1448, lastPrice: 1457.9, volume: 300_001 }
  const morning = (before: number, day = TODAY): HistoryBar[] => [
    ...new PriceHistory(terms).morning(day, before, live),
  ]

  it('leads from the open to the first live price inside the range of the day, with all its volume', () => {
    const bars = morning(midnight(0) + SHARES.from + 60)
    expect(bars).toHaveLength(60)
    expect([bars[0]?.open, bars.at(-1)?.close]).toEqual([1450, 1457.9])
    expect(bars.every((bar) => bar.low >= 1448 && bar.high <= 1462)).toBe(true)
    expect(bars.reduce((sum, bar) => sum + bar.volume, 0)).toBe(300_001)
  })

  it('is over when the session is', () => {
    const bars = morning(midnight(0) + 20 * 60)
    expect([bars.length, bars.at(-1)?.close]).toEqual([375, 1457.9])
  })

  it('is nothing before the session, and nothing on a Sunday', () => {
    expect(morning(midnight(0) + 8 * 60)).toEqual([])
    expect(morning(midnight(-2) + 12 * 60, TODAY + 2)).toEqual([])
  })
})
