import { profitMultiplier, profitOf } from './position-profit'

const LONG = { net: 6, buyQuantity: 10, sellQuantity: 4, buyValue: 1_000, sellValue: 400.4 }
const SHORT = { net: -6, buyQuantity: 4, sellQuantity: 10, buyValue: 400, sellValue: 1_100 }
const FLAT = { net: 0, buyQuantity: 10, sellQuantity: 10, buyValue: 1_000, sellValue: 1_050 }

describe('profit of a position', () => {
  it.each([
    ['long', LONG, 101, { averagePrice: 100, realisedPnl: 0.4, unrealisedPnl: 6, pnl: 6.4 }],
    ['short', SHORT, 105, { averagePrice: 110, realisedPnl: 40, unrealisedPnl: 30, pnl: 70 }],
    ['flat', FLAT, 9_999, { averagePrice: 0, realisedPnl: 50, unrealisedPnl: 0, pnl: 50 }],
  ])('of a %s one is what was closed and what closing would bring', (_, sums, lastPrice, profit) => {
    expect(profitOf(sums, 1, lastPrice)).toMatchObject(profit)
  })

  it('leaves the open part out without a last price, and never makes it 0', () => {
    expect(profitOf(LONG, 1, undefined)).toMatchObject({
      realisedPnl: 0.4,
      unrealisedPnl: undefined,
      pnl: undefined,
    })
    expect(profitOf(FLAT, 1, undefined)).toMatchObject({ unrealisedPnl: 0, pnl: 50 })
  })

  it('counts by the multiplier: a lot of 1,000 dollars that gained 0.0025 rupees', () => {
    const usd = { net: 3, buyQuantity: 3, sellQuantity: 0, buyValue: 3 * 83.5, sellValue: 0 }
    expect(profitOf(usd, 1_000, 83.5025).unrealisedPnl).toBe(7.5)
  })
})

describe('what profit counts by', () => {
  it.each([
    [1_000, { multiplier: 5 }, 1_000],
    [undefined, { multiplier: 5 }, 5],
    [undefined, undefined, 1],
    [10, { multiplier: 5, priceNumerator: 1, priceDenominator: 100 }, 0.1],
    [undefined, { multiplier: 100, priceNumerator: 3, priceDenominator: 2 }, 150],
  ])('is the broker’s multiplier %p or the list’s, in the list’s price units', (broker, listed, expected) => {
    expect(profitMultiplier(broker, listed)).toBe(expected)
  })
})
