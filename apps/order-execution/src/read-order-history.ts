import {
  isAboutOrder,
  ORDER_EVENTS,
  orderHistorySchema,
  parseRequest,
  type BrokerOrderStep,
  type Clock,
  type OrderEventVerb,
  type OrderHistory,
  type OrderStep,
  type ReplayedEvent,
} from '@xts-bridge/contracts'
import type { BrokerOrder } from '@xts-bridge/xts'
import type { BookReader } from './book-reader'
import type { CallerContext } from './house-account'
import { viewOf, type OrderRecord } from './order-record'
import type { JournalPort } from './ports'
import type { ReadOrder } from './read-order'

export interface ReadOrderHistoryParts {
  readonly readOrder: ReadOrder
  readonly journal: Pick<JournalPort, 'eventsOf'>
  readonly books: Pick<BookReader, 'read'>
  readonly clock: Clock
}

/** `order.history`: everything that was published of one order, and when asked afresh its states as the broker has them. */
export class ReadOrderHistory {
  constructor(private readonly parts: ReadOrderHistoryParts) {}

  /** Throws ORDER_NOT_FOUND; with `fresh` XTS_READ_FAILED, which the broker answers for an order of the last second too. */
  async read(data: unknown, { caller }: CallerContext): Promise<OrderHistory> {
    const { readOrder, journal, clock } = this.parts
    const { fresh, ...asked } = parseRequest(orderHistorySchema, data)
    const record = readOrder.require(asked, caller)
    const brokerSteps = fresh ? await this.brokerSteps(record) : undefined
    const { orderId, facts } = record
    const events = await journal.eventsOf({ orderId, brokerOrderId: facts.brokerOrderId })
    const steps = events.flatMap((event) => stepIn(event))
    return { order: viewOf(readOrder.require(asked, caller)), steps, brokerSteps, asOfMs: clock.nowMs() }
  }

  private async brokerSteps({ facts }: OrderRecord): Promise<readonly BrokerOrderStep[]> {
    const { brokerOrderId, order } = facts
    if (brokerOrderId === undefined) return []
    const { rows } = await this.parts.books.read('history', order.clientID, { brokerOrderId })
    return rows.map(stepOf)
  }
}

function stepIn({ topic, seq, atMs, data }: ReplayedEvent): OrderStep[] {
  const verb = topic.slice(topic.lastIndexOf('.') + 1)
  return isVerb(verb) && isAboutOrder(data) ? [{ ...data, verb, seq, atMs }] : []
}

function isVerb(verb: string): verb is OrderEventVerb {
  return (ORDER_EVENTS as readonly string[]).includes(verb)
}

function stepOf(row: BrokerOrder): BrokerOrderStep {
  const { state, quantity, filledQuantity, price, triggerPrice, averagePrice, reason, updatedAtMs } = row
  return { state, quantity, filledQuantity, price, triggerPrice, averagePrice, reason, updatedAtMs }
}
