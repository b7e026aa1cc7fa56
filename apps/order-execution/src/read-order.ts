import {
  AppError,
  parseRequest,
  readOrderSchema,
  replaySchema,
  type OrderView,
  type ReplayAnswer,
  type ReplayedEvent,
} from '@xts-bridge/contracts'
import type { CallerContext, HouseAccount } from './house-account'
import { viewOf, type OrderRecord } from './order-record'
import type { OrderRecords } from './order-records'
import type { JournalPort } from './ports'

export interface ReadOrderParts {
  readonly house: HouseAccount
  readonly records: OrderRecords
  readonly journal: JournalPort
}

/** One order, by exactly one of its names. */
export interface NamedOrder {
  readonly account?: string | undefined
  readonly clientID?: string | undefined
  readonly orderId?: string | undefined
  readonly brokerOrderId?: string | undefined
  readonly clientOrderId?: string | undefined
}

/** What is known of one order, and what was told about orders. */
export class ReadOrder {
  constructor(private readonly parts: ReadOrderParts) {}

  /** `order.status`. Throws ORDER_NOT_FOUND. */
  status(data: unknown, { caller }: CallerContext): OrderView {
    return viewOf(this.require(parseRequest(readOrderSchema, data), caller))
  }

  /** The order that is named so, if the caller may see it. Throws ACCOUNT_UNKNOWN, ORDER_NOT_FOUND. */
  require(asked: NamedOrder, caller: CallerContext['caller']): OrderRecord {
    this.parts.house.check(asked.account)
    const record = this.find(asked)
    const isTheirs = asked.clientID === undefined || record?.facts.order.clientID === asked.clientID
    if (record !== undefined && isTheirs && maySee(caller.clientIDs, record.facts.order.clientID))
      return record
    const field = (['orderId', 'brokerOrderId', 'clientOrderId'] as const).find(
      (name) => asked[name] !== undefined,
    )
    throw new AppError('ORDER_NOT_FOUND', { field, value: field && asked[field] })
  }

  /**
   * `order.replay`: a page of events after `fromSeq`. A caller of another epoch begins at the oldest; events of clients the
   * caller may not see keep their place in the sequence and lose their content.
   */
  async replay(data: unknown, { caller }: CallerContext): Promise<ReplayAnswer> {
    const { house, journal } = this.parts
    const { account, clientID, epoch, fromSeq, limit } = parseRequest(replaySchema, data)
    house.check(account)
    const isSameEpoch = epoch === undefined || epoch === journal.epoch
    const events = await journal.eventsAfter(isSameEpoch ? fromSeq : 0, limit)
    return {
      epoch: journal.epoch,
      lastSeq: journal.lastSeq,
      events: events.map((event) => {
        const isTheirs = clientID === undefined || mayRead(event, [clientID])
        return isTheirs && mayRead(event, caller.clientIDs) ? event : { ...event, data: null }
      }),
    }
  }

  private find(asked: NamedOrder): OrderRecord | undefined {
    const { records } = this.parts
    if (asked.orderId !== undefined) return records.find(asked.orderId)
    if (asked.brokerOrderId !== undefined) return records.findBrokerOrder(asked.brokerOrderId)
    return records.findClientOrder(asked.clientOrderId ?? '').at(0)
  }
}

/** A caller held to certain clientIDs sees their orders only. */
export function maySee(allowed: readonly string[], clientID: string | undefined): boolean {
  return allowed.includes('*') || (clientID !== undefined && allowed.includes(clientID))
}

function mayRead(event: ReplayedEvent, allowed: readonly string[]): boolean {
  if (allowed.includes('*')) return true
  const { order } = event.data as { readonly order?: { readonly clientID?: string | undefined } }
  return maySee(allowed, order?.clientID)
}
