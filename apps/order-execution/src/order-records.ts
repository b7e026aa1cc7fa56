import type { Clock } from '@xts-bridge/contracts'
import type { FillEvidence, OrderEvidence } from '@xts-bridge/persistence'
import { foreignOrder, type OrderRecord } from './order-record'
import { intendedFacts, mergeFacts } from './order-state'
import type { InstrumentsPort, LogPort } from './ports'
import { tradingDay } from './trading-day'

export interface OrderRecordsOptions {
  readonly clock: Clock
  readonly account: string
  readonly instruments: Pick<InstrumentsPort, 'byToken'>
  readonly log: LogPort
}

/** What a row or trade says about whose it is. */
interface Named {
  readonly tag: string
  readonly brokerOrderId: string
}

const MOST_ORPHANS = 10_000

/** Orders by our id, by the broker's and by the caller's; and trades whose order is not known yet. */
export class OrderRecords {
  private readonly byId = new Map<string, OrderRecord>()
  /** The broker's ids begin anew some day, so they are looked up together with the day. */
  private readonly idOfBrokerOrder = new Map<string, string>()
  private readonly idsOfClientOrder = new Map<string, string[]>()
  private readonly orphans = new Map<string, FillEvidence[]>()

  constructor(private readonly options: OrderRecordsOptions) {}

  all(): readonly OrderRecord[] {
    return [...this.byId.values()]
  }

  set(record: OrderRecord): void {
    const id = idOf(record)
    const { brokerOrderId, order } = record.facts
    if (!this.byId.has(id) && order.clientOrderId !== undefined) {
      const ids = this.idsOfClientOrder.get(order.clientOrderId) ?? []
      this.idsOfClientOrder.set(order.clientOrderId, [...ids, id])
    }
    this.byId.set(id, record)
    if (brokerOrderId !== undefined) this.idOfBrokerOrder.set(brokerKey(brokerOrderId, record.placedAtMs), id)
  }

  /** Takes back an order that could not be written down. */
  remove(record: OrderRecord): void {
    const id = idOf(record)
    this.byId.delete(id)
    const { clientOrderId } = record.facts.order
    if (clientOrderId === undefined) return
    const ids = (this.idsOfClientOrder.get(clientOrderId) ?? []).filter((other) => other !== id)
    if (ids.length > 0) this.idsOfClientOrder.set(clientOrderId, ids)
    else this.idsOfClientOrder.delete(clientOrderId)
  }

  find(orderId: string): OrderRecord | undefined {
    return this.byId.get(orderId)
  }

  require(orderId: string): OrderRecord {
    const record = this.byId.get(orderId)
    if (record === undefined) throw new Error(`order ${orderId} was never intended`)
    return record
  }

  /** What is known now of an order that was found before. */
  current(record: OrderRecord): OrderRecord {
    return this.byId.get(idOf(record)) ?? record
  }

  /** The order that had this id of the broker's on that day; today unless given. */
  findBrokerOrder(brokerOrderId: string, atMs = this.options.clock.nowMs()): OrderRecord | undefined {
    const id = this.idOfBrokerOrder.get(brokerKey(brokerOrderId, atMs))
    return id === undefined ? undefined : this.byId.get(id)
  }

  /** The orders that the newest request with this clientOrderId placed: one, or its slices in order. */
  findClientOrder(clientOrderId: string): readonly OrderRecord[] {
    const ids = this.idsOfClientOrder.get(clientOrderId) ?? []
    const records = ids.map((id) => this.byId.get(id)).filter((record) => record !== undefined)
    const newest = Math.max(...records.map((record) => record.placedAtMs))
    return records.filter((record) => record.placedAtMs === newest)
  }

  /** Whose row this is: ours by its tag, else the broker's id decides. */
  match(named: Named, atMs = this.options.clock.nowMs()): OrderRecord | undefined {
    const ours = named.tag === '' ? undefined : this.byId.get(named.tag)
    const known = ours?.facts.brokerOrderId
    if (ours !== undefined && (known === undefined || known === named.brokerOrderId)) return ours
    if (ours !== undefined)
      this.options.log.error('one order of ours stands twice at the broker', {
        orderId: ours.orderId,
        brokerOrderId: known,
        otherBrokerOrderId: named.brokerOrderId,
      })
    return this.findBrokerOrder(named.brokerOrderId, atMs)
  }

  /**
   * Our order together with what was seen of it before it could be recognised: an event without our tag may come before
   * the reply that names the broker's id, and looks like somebody else's order until then.
   */
  absorb(ours: OrderRecord, brokerOrderId: string): OrderRecord {
    const stranger = this.findBrokerOrder(brokerOrderId, ours.placedAtMs)
    if (stranger === undefined || stranger.orderId !== '' || ours.orderId === '') return ours
    this.remove(stranger)
    return { ...ours, facts: mergeFacts(ours.facts, stranger.facts) }
  }

  /** The record of an order that was not placed through us, before the row that shows it is added. */
  adopt(row: OrderEvidence, atMs: number): OrderRecord {
    const order = foreignOrder(row, this.options.instruments)
    return {
      orderId: '',
      account: this.options.account,
      facts: { ...intendedFacts(order), brokerOrderId: undefined },
      placedAtMs: atMs,
      updatedAtMs: atMs,
      sentBeforeMs: atMs,
      part: 1,
      parts: 1,
    }
  }

  keepOrphan(fill: FillEvidence): void {
    const kept = this.orphans.get(fill.brokerOrderId) ?? []
    if (this.orphans.size >= MOST_ORPHANS)
      return this.options.log.error('too many trades without an order', {})
    this.orphans.set(fill.brokerOrderId, [...kept, fill])
  }

  takeOrphans(brokerOrderId: string): readonly FillEvidence[] {
    const kept = this.orphans.get(brokerOrderId) ?? []
    this.orphans.delete(brokerOrderId)
    return kept
  }

  forgetBefore(atMs: number): void {
    for (const record of this.byId.values()) {
      if (record.placedAtMs >= atMs) continue
      this.remove(record)
      const { brokerOrderId } = record.facts
      if (brokerOrderId !== undefined)
        this.idOfBrokerOrder.delete(brokerKey(brokerOrderId, record.placedAtMs))
    }
  }
}

function idOf(record: OrderRecord): string {
  return record.orderId === ''
    ? `broker ${brokerKey(record.facts.brokerOrderId ?? '', record.placedAtMs)}`
    : record.orderId
}

function brokerKey(brokerOrderId: string, atMs: number): string {
  return `${brokerOrderId} ${tradingDay(atMs)}`
}
