import type { PositionView } from '@xts-bridge/contracts'
import type { PricedInstrument } from './ports'
import type { PositionSums } from './position-projection'

export type PositionProfit = Pick<
  PositionView,
  'averagePrice' | 'buyAveragePrice' | 'sellAveragePrice' | 'realisedPnl' | 'unrealisedPnl' | 'pnl'
>

/**
 * Profit of a position, in rupees: what was closed at the averages of both sides, and what is open at the last price.
 * Source: protocol 2.13, field evidence 4 (the broker's own figures are 0.00 by design). Without a last price the open
 * part is not known, unless nothing is open.
 */
export function profitOf(
  sums: PositionSums,
  multiplier: number,
  lastPrice: number | undefined,
): PositionProfit {
  const { net, buyQuantity, sellQuantity } = sums
  const buyAverage = buyQuantity === 0 ? 0 : sums.buyValue / buyQuantity
  const sellAverage = sellQuantity === 0 ? 0 : sums.sellValue / sellQuantity
  const closed = Math.max(Math.min(buyQuantity, sellQuantity), 0)
  const average = net === 0 ? 0 : net > 0 ? buyAverage : sellAverage
  const realised = (sellAverage - buyAverage) * closed * multiplier
  const open = lastPrice === undefined ? undefined : (lastPrice - average) * net * multiplier
  const unrealised = net === 0 ? 0 : open
  return {
    averagePrice: toTenThousandths(average),
    buyAveragePrice: toTenThousandths(buyAverage),
    sellAveragePrice: toTenThousandths(sellAverage),
    realisedPnl: toTenThousandths(realised),
    unrealisedPnl: unrealised === undefined ? undefined : toTenThousandths(unrealised),
    pnl: unrealised === undefined ? undefined : toTenThousandths(realised + unrealised),
  }
}

/** The broker's multiplier, or our list's where no book has shown the position, in the list's price units. */
export function profitMultiplier(
  broker: number | undefined,
  instrument: Pick<PricedInstrument, 'multiplier' | 'priceNumerator' | 'priceDenominator'> | undefined,
): number {
  const { priceNumerator = 1, priceDenominator = 1 } = instrument ?? {}
  return ((broker ?? instrument?.multiplier ?? 1) * priceNumerator) / priceDenominator
}

/** Prices have up to four decimals; more would be noise of binary fractions. */
export function toTenThousandths(rupees: number): number {
  // Nothing lost is 0, and not the -0 of a product.
  return Math.round(rupees * 10_000) / 10_000 + 0
}
