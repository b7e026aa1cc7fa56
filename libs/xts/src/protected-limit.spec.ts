import fc from 'fast-check'
import { protectedLimit } from './protected-limit'

it.each([
  ['a buy', { side: 'BUY', touch: 1000, tickSize: 0.05 }, 1010],
  ['a sale', { side: 'SELL', touch: 1000, tickSize: 0.05 }, 990],
  ['a cheap option, where four ticks are more', { side: 'BUY', touch: 1, tickSize: 0.05 }, 1.2],
  ['a cheap option that is sold', { side: 'SELL', touch: 1, tickSize: 0.05 }, 0.8],
  ['a price between ticks, rounded away', { side: 'BUY', touch: 101.55, tickSize: 0.05 }, 102.6],
  ['the band above', { side: 'BUY', touch: 1000, tickSize: 0.05, bandHigh: 1003.02, bandLow: 900 }, 1003],
  ['the band below', { side: 'SELL', touch: 1000, tickSize: 0.05, bandHigh: 1100, bandLow: 998.01 }, 998.05],
  ['four decimals', { side: 'BUY', touch: 82.58, tickSize: 0.0025 }, 83.4075],
  ['a sale at the lowest price there is', { side: 'SELL', touch: 0.05, tickSize: 0.05 }, 0.05],
] as const)('of %s is %j', (_what, request, limit) => {
  expect(protectedLimit(request)).toBe(limit)
})

it.each([
  ['a touch above the band', { side: 'BUY', touch: 1101, tickSize: 0.05, bandHigh: 1100 }],
  ['a touch below the band', { side: 'SELL', touch: 89, tickSize: 0.05, bandLow: 90 }],
  ['no touch', { side: 'BUY', touch: 0, tickSize: 0.05 }],
  ['a touch that is no number', { side: 'BUY', touch: Number.NaN, tickSize: 0.05 }],
  ['no tick', { side: 'BUY', touch: 100, tickSize: 0 }],
] as const)('is not there for %s', (_what, request) => {
  expect(protectedLimit(request)).toBeUndefined()
})

it('always reaches the touch, on the tick, inside the band', () => {
  const requests = fc.record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    tickSize: fc.constantFrom(0.0025, 0.01, 0.05, 0.1, 1),
    ticks: fc.integer({ min: 1, max: 1_000_000 }),
    above: fc.integer({ min: 0, max: 100_000 }),
    below: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(requests, ({ side, tickSize, ticks, above, below }) => {
      const round = (price: number): number => Math.round(price * 1e4) / 1e4
      const touch = round(ticks * tickSize)
      const bandHigh = round((ticks + above) * tickSize)
      const bandLow = round(Math.max(0, ticks - below) * tickSize)
      const limit = protectedLimit({ side, touch, tickSize, bandHigh, bandLow }) ?? Number.NaN
      expect(side === 'BUY' ? limit >= touch : limit <= touch).toBe(true)
      expect(limit).toBeLessThanOrEqual(bandHigh)
      expect(limit).toBeGreaterThanOrEqual(Math.max(bandLow, tickSize))
      expect(limit / tickSize).toBeCloseTo(Math.round(limit / tickSize), 4)
    }),
  )
})
