import type { DayRecord } from '../day/day-record'
import type { ExchangeListener } from '../matching/exchange'
import type { ExchangeBulletins } from '../state/exchange-bulletins'
import type { MarketFeed } from './market-feed'
import type { OrderEvents } from './order-events'

/** What happens at the exchange is kept before anybody hears of it. */
export function tellEverybody(o: {
  readonly record: DayRecord
  readonly events: OrderEvents
  readonly feed: MarketFeed
  readonly bulletins: ExchangeBulletins
}): ExchangeListener {
  const { record, events, feed, bulletins } = o
  return {
    orderMade: (order) => record.orderMade(order),
    orderChanged: (order, state) => {
      record.orderChanged(order, state)
      events.orderChanged(order, state)
    },
    traded: (trade) => {
      record.traded(trade)
      events.traded(trade)
    },
    changeAsked: (order, ask) => record.changeAsked(order, ask),
    changeSettled: (order, ask) => record.changeSettled(order, ask),
    positionChanged: (position) => events.positionChanged(position),
    positionConverted: (conversion, positions) => {
      record.converted(conversion)
      events.positionConverted(conversion, positions)
    },
    tapeMoved: (market) => feed.tapeMoved(market),
    sessionChanged: (change) => {
      bulletins.phaseChanged(change)
      feed.phaseChanged(change.segment, change.phase)
    },
  }
}
