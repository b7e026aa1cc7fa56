import { toUnits } from './order-book'
import type { SimOrder } from './sim-order'

/** Why a cover or bracket order cannot be: its legs would not be where they belong. Undefined for every other order. */
export function linkRejection(order: SimOrder, lastPrice: number): string | undefined {
  const { link, instrument, side, state } = order
  const tickUnits = toUnits(instrument.tickSize)
  if (link?.kind === 'cover-entry') {
    if (toUnits(link.stopPrice) % tickUnits !== 0) return 'OEMS:Order price is not in multiple of tick size'
    const price = state.orderType === 'Limit' ? state.price : lastPrice
    const isOnLossSide = side === 'BUY' ? link.stopPrice < price : link.stopPrice > price
    return isOnLossSide && link.stopPrice > 0
      ? undefined
      : 'OEMS:Stop price of a cover order is not on the loss side of its entry'
  }
  if (link?.kind !== 'bracket-entry') return undefined
  const offsets = [link.targetOffset, link.stopOffset]
  if (offsets.some((offset) => offset <= 0))
    return 'OEMS:Square off and stop loss of a bracket order must be above zero'
  return [...offsets, link.trailBy].some((offset) => toUnits(offset) % tickUnits !== 0)
    ? 'OEMS:Order price is not in multiple of tick size'
    : undefined
}
