import type { Side } from '@xts-bridge/contracts'
import { roundPrice } from './numbers'

/** What a protected limit is made from. Prices in rupees. */
export interface ProtectedLimitRequest {
  readonly side: Side
  /** The best price of the other side: the ask for a buy, the bid for a sale. */
  readonly touch: number
  readonly tickSize: number
  readonly bandHigh?: number | undefined
  readonly bandLow?: number | undefined
}

const SHARE_OF_TOUCH = 0.01
const FEWEST_TICKS = 4

/**
 * A limit price that trades as a market order would, for accounts whose market orders are refused: the touch plus (for a
 * sale minus) 1 % or four ticks, whichever is more, on the tick and inside the band. Undefined when the touch itself lies
 * outside the band, or no price above zero is left: then no limit can be sure to trade.
 * Source: MAPPING.md, "market orders".
 */
export function protectedLimit(request: ProtectedLimitRequest): number | undefined {
  const { side, touch, tickSize, bandHigh = Infinity, bandLow = 0 } = request
  if (!(touch > 0) || !(tickSize > 0) || touch > bandHigh || touch < bandLow) return undefined
  const room = Math.max(touch * SHARE_OF_TOUCH, FEWEST_TICKS * tickSize)
  const inTicks = (price: number, round: (ticks: number) => number): number =>
    // A price on the tick divides to a whole number but for floating dust.
    roundPrice(round(roundPrice(price / tickSize)) * tickSize)
  const wanted =
    side === 'BUY'
      ? Math.min(inTicks(touch + room, Math.ceil), inTicks(bandHigh, Math.floor))
      : Math.max(inTicks(touch - room, Math.floor), inTicks(Math.max(bandLow, tickSize), Math.ceil))
  const reachesTheTouch = side === 'BUY' ? wanted >= touch : wanted <= touch
  return reachesTheTouch ? wanted : undefined
}
