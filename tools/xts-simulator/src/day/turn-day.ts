import { INTRADAY_PRODUCTS } from '../matching/order-acceptance'
import type { Broker } from '../rest/broker'
import type { Opening } from '../state/position-keeper'
import type { DayLine } from './day-lines'
import type { OpenDay } from './open-day'

/**
 * A day ends and the next begins: what still rests is cancelled by the exchange, orders and trades leave the books, and
 * open positions are carried over at their average price. Intraday ones are not: what no square-off closed is gone.
 * What was ever received stays known to the control API.
 */
export function turnDay(broker: Broker, day: OpenDay): void {
  const { exchange, ledger, positions, clock } = broker
  exchange.endDay()
  const openings = positions.openOvernight(({ productType }) => !INTRADAY_PRODUCTS.includes(productType))
  ledger.forgetOrders()
  positions.beginDay(openings)
  day.turn(linesOf(broker, openings))
  broker.log('a new day begins', { atMs: clock.nowMs(), carriedPositions: openings.length })
}

/** The first lines of the new day: what it begins with, and what that is worth. */
function linesOf({ exchange, clock }: Broker, openings: readonly Opening[]): DayLine[] {
  const atMs = clock.nowMs()
  const positions = openings.map(({ owner, quantity, averagePrice }) => {
    const { clientCode, loginId, productType, instrument } = owner
    const { segment, token } = instrument
    return { loginId, clientCode, segment, token, productType, quantity, averagePrice }
  })
  const prices = openings.map(({ owner: { instrument } }): DayLine => {
    const { segment, token } = instrument
    return { kind: 'price', atMs, segment, token, price: exchange.market(instrument).tape.lastPrice }
  })
  return [{ kind: 'opened', atMs, positions }, ...prices]
}
