import type { Clock } from '@xts-bridge/contracts'
import type { BrokerOrder } from '@xts-bridge/xts'
import type { BookAnswer } from './book-reader'
import type { OrderRecords } from './order-records'
import type { SessionPort } from './ports'
import { clientOf } from './position-key'
import { tradingDay } from './trading-day'

export interface BookHealthOptions {
  readonly clock: Clock
  readonly records: OrderRecords
  readonly session: Pick<SessionPort, 'ownCodes'>
}

/** Judges whether an order book that was read can prove that an order is not there. */
export class BookHealth {
  /** Broker order ids a client's book showed, by client; rows do not leave a book before its day ends. */
  private readonly shown = new Map<string, Set<string>>()
  private shownOnDay = 0

  constructor(private readonly options: BookHealthOptions) {}

  /** What is wrong with the read, or undefined when it is healthy. Remembers what it showed. */
  problemOf(read: BookAnswer<BrokerOrder>, clientID: string | undefined): string | undefined {
    const client = clientOf(clientID, this.options.session.ownCodes)
    const missing = this.missing(new Set(read.rows.map((row) => row.brokerOrderId)), client)
    this.remember(read.rows, client)
    if (missing !== undefined)
      return `order ${missing}, which the broker has acknowledged, is not in its order book`
    if (read.rows.length === 0 && !read.isEmptyBelieved)
      return 'the order book is empty and never had rows in this session'
    return undefined
  }

  private missing(present: ReadonlySet<string>, client: string): string | undefined {
    const { clock, records, session } = this.options
    const today = tradingDay(clock.nowMs())
    if (this.shownOnDay === today) {
      for (const id of this.shown.get(client) ?? []) if (!present.has(id)) return id
    }
    for (const { orderId, facts, placedAtMs } of records.all()) {
      const id = facts.brokerOrderId
      if (orderId === '' || id === undefined || present.has(id)) continue
      if (tradingDay(placedAtMs) === today && clientOf(facts.order.clientID, session.ownCodes) === client)
        return id
    }
    return undefined
  }

  private remember(rows: readonly BrokerOrder[], client: string): void {
    const today = tradingDay(this.options.clock.nowMs())
    if (this.shownOnDay !== today) this.shown.clear()
    this.shownOnDay = today
    const ids = this.shown.get(client) ?? new Set()
    for (const row of rows) ids.add(row.brokerOrderId)
    this.shown.set(client, ids)
  }
}
