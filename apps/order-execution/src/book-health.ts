import type { Clock } from '@xts-bridge/contracts'
import type { BrokerOrder } from '@xts-bridge/xts'
import type { BookAnswer } from './book-reader'
import type { OrderRecord } from './order-record'
import type { OrderRecords } from './order-records'
import type { SessionPort } from './ports'
import { clientOf } from './position-key'
import { tradingDay } from './trading-day'

export interface BookHealthOptions {
  readonly clock: Clock
  readonly records: OrderRecords
  readonly session: Pick<SessionPort, 'ownCodes'>
}

/** An acknowledged order may take this long to stand in the book. */
const BOOK_LAG_MS = 2_000

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

  /** An order that the broker had acknowledged well before this read, and that is not in it. */
  missingFrom(read: BookAnswer<BrokerOrder>, clientID: string | undefined): string | undefined {
    const client = clientOf(clientID, this.options.session.ownCodes)
    const present = new Set(read.rows.map((row) => row.brokerOrderId))
    return this.missing(present, client, read.begunAtMs - BOOK_LAG_MS)
  }

  private missing(
    present: ReadonlySet<string>,
    client: string,
    knownBeforeMs = Infinity,
  ): string | undefined {
    const { clock, records, session } = this.options
    const today = tradingDay(clock.nowMs())
    const acknowledged = ({ orderId, facts, placedAtMs, sentBeforeMs }: OrderRecord): readonly string[] => {
      const id = facts.brokerOrderId
      const isOurs = orderId !== '' && id !== undefined && sentBeforeMs <= knownBeforeMs
      const isOfClient = clientOf(facts.order.clientID, session.ownCodes) === client
      return isOurs && isOfClient && tradingDay(placedAtMs) === today ? [id] : []
    }
    const before = this.shownOnDay === today ? [...(this.shown.get(client) ?? [])] : []
    return [...before, ...records.all().flatMap(acknowledged)].find((id) => !present.has(id))
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
