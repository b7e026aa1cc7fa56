import type { NumberSeries } from '../state/number-series'
import { averageOpenPrice, quantityOf, sidesIn, type PositionKeeper } from '../state/position-keeper'
import type { SimClock } from '../time/sim-clock'
import type { ConversionRequest, TradeConversion } from './trade-conversion'

interface ConversionParts {
  readonly positions: PositionKeeper
  readonly clock: SimClock
  readonly numbers: NumberSeries
}

/** The conversion that was asked for, with what it moves; undefined when the position is smaller than that. */
export function conversionFrom(
  request: ConversionRequest,
  parts: ConversionParts,
): TradeConversion | undefined {
  const { clientCode, instrument, fromProduct, quantity, isDayWise } = request
  const held = parts.positions.find(clientCode, instrument, fromProduct)
  if (!held || quantity <= 0) return undefined
  const sides = sidesIn(held, isDayWise ? 'DayWise' : 'NetWise')
  const net = quantityOf(sides)
  if (quantity > Math.abs(net)) return undefined
  return {
    ...request,
    side: net > 0 ? 'BUY' : 'SELL',
    heldQuantity: Math.abs(net),
    price: averageOpenPrice(sides),
    convertedAtMs: parts.clock.nowMs(),
    sequence: parts.numbers.nextSequence(),
  }
}
