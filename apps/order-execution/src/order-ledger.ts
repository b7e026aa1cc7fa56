import {
  orderTopic,
  type Clock,
  type Fill,
  type Ids,
  type OrderEvent,
  type OrderEventVerb,
} from '@xts-bridge/contracts'
import type {
  ClientOrderClaim,
  EventEntry,
  FillEvidence,
  JournalEntry,
  OrderEvidence,
  SmartCalculation,
} from '@xts-bridge/persistence'
import type { BrokerOrder, BrokerTrade } from '@xts-bridge/xts'
import type { ApprovedOrder } from './approve-order'
import { ChangeLedger } from './change-ledger'
import { Changes } from './changes'
import { DayFills, type FillSum, type KnownFill } from './day-fills'
import type { EvidenceWriter } from './evidence-writer'
import { fillEvidence, orderEvidence, viewOf, type OrderRecord, type Settlement } from './order-record'
import { OrderRecords } from './order-records'
import {
  addEvidence,
  addFill,
  addRow,
  intendedFacts,
  isLive,
  isUnresolved,
  stateOf,
  verbsOf,
  type OrderFacts,
} from './order-state'
import type { InstrumentsPort, JournalPort, LogPort, SessionPort } from './ports'
import { clientOf, type PositionKey } from './position-key'
import { settlementEvidence } from './settlement'
import { tradingDay } from './trading-day'

export type EvidenceSource = 'order-book' | 'trade-book' | 'order-socket'

declare const durable: unique symbol
/** An order whose intent is on disk; the only thing that can be sent. */
export type DurableIntent = OrderRecord & { readonly [durable]: true }

export interface OrderLedgerOptions {
  readonly clock: Clock
  readonly ids: Ids
  readonly account: string
  readonly journal: JournalPort
  readonly writer: EvidenceWriter
  readonly instruments: Pick<InstrumentsPort, 'byToken'>
  readonly session: Pick<SessionPort, 'ownCodes' | 'learnOwnCode'>
  readonly log: LogPort
}

/** What an intent carries beside its order. */
export interface IntentContext {
  readonly claim?: ClientOrderClaim | undefined
  readonly smart?: SmartCalculation | undefined
}

/**
 * Every order of the house and what is known of it. Each piece of evidence changes memory at once, then goes to the
 * journal with the events it causes, and only then are those published.
 */
export class OrderLedger {
  readonly changes: Changes
  readonly records: OrderRecords
  /** Modifications and cancellations of these orders. */
  readonly orderChanges: ChangeLedger
  private readonly fills = new DayFills()

  constructor(private readonly options: OrderLedgerOptions) {
    this.changes = new Changes(options.clock)
    this.records = new OrderRecords(options)
    const notify = (): void => this.changes.notify()
    this.orderChanges = new ChangeLedger({ ...options, records: this.records, notify })
  }

  /**
   * Writes the orders down, all or none, before any of them is sent. Throws JOURNAL_UNAVAILABLE when the disk refuses
   * and CLIENT_ORDER_ID_REUSED when the claim is taken; then nothing may be sent.
   */
  async intend<const Orders extends readonly ApprovedOrder[]>(
    orders: Orders,
    context: IntentContext = {},
  ): Promise<{ readonly [Index in keyof Orders]: DurableIntent }> {
    const { clock, ids, account, journal, writer } = this.options
    writer.refuseWhenBehind()
    const atMs = clock.nowMs()
    const intents = orders.map((order, index): OrderRecord => ({
      orderId: ids.next(),
      account,
      facts: intendedFacts(order),
      placedAtMs: atMs,
      updatedAtMs: atMs,
      sentBeforeMs: Infinity,
      part: index + 1,
      parts: orders.length,
      bodyHash: context.claim?.bodyHash,
      smart: context.smart,
    }))
    // Known before it is durable, so that a smart order that sizes meanwhile sees it.
    for (const intent of intents) this.records.set(intent)
    try {
      await journal.append(intents.map((intent) => intentEntry(intent, context)))
    } catch (error) {
      for (const intent of intents) this.records.remove(intent)
      throw error
    } finally {
      this.changes.notify()
    }
    for (const intent of intents) this.logChange(intent, [])
    return intents as unknown as { readonly [Index in keyof Orders]: DurableIntent }
  }

  /** Records how the call that sent the order ended. Resolves, with the order as it was then, when that is on disk. */
  async settle(orderId: string, settlement: Settlement): Promise<OrderRecord> {
    const { clock, account, writer } = this.options
    const atMs = clock.nowMs()
    const { kind, said } = settlementEvidence(settlement)
    const before = this.records.require(orderId)
    const known = said.brokerOrderId === undefined ? before : this.records.absorb(before, said.brokerOrderId)
    const facts = addEvidence(known.facts, kind, said)
    const settled = settlement.outcome === 'accepted' ? { ...settlement, state: stateOf(facts) } : settlement
    const after = { ...before, facts, settlement: settled, sentBeforeMs: atMs, updatedAtMs: atMs }
    this.records.set(after)
    const events = this.eventsOf(before, after)
    this.changes.notify()
    await writer.write([{ kind: 'settled', account, orderId, atMs, ...settled }, ...events])
    return after
  }

  /** A row of the order book or an event of the order socket. True when it told something new. */
  seeOrder(row: BrokerOrder, source: EvidenceSource): boolean {
    const evidence = orderEvidence(row)
    const known = this.records.match(evidence)
    this.learnOwnCode(known, evidence.clientID)
    const before = known ?? this.records.adopt(evidence, this.options.clock.nowMs())
    const { facts } = this.records.absorb(before, evidence.brokerOrderId)
    const changed = this.change(before, addRow(facts, evidence), { source, order: evidence })
    if (known === undefined)
      for (const fill of this.records.takeOrphans(evidence.brokerOrderId)) this.addFill(fill, source)
    const now = this.records.match(evidence)
    if (now !== undefined) this.orderChanges.seeRow(now, evidence, source)
    return changed
  }

  /** A row of the trade book or a trade event. `orphan` when its order is not known yet: read the order book. */
  seeTrade(trade: BrokerTrade, source: EvidenceSource): 'new' | 'known' | 'orphan' {
    const atMs = this.options.clock.nowMs()
    const fill = fillEvidence(trade, atMs)
    const record = this.records.match(fill)
    const isNew = this.fills.add(fill, record?.orderId ? record.facts.order.clientID : fill.clientID, atMs)
    if (!isNew) return record === undefined ? 'orphan' : 'known'
    if (record !== undefined) return this.addFill(fill, source) ? 'new' : 'known'
    this.records.keepOrphan(fill)
    this.changes.notify()
    return 'orphan'
  }

  /** Two healthy reads show that the order never reached the broker. */
  proveAbsent(orderId: string, readsBegunAtMs: readonly [number, number]): Promise<void> {
    const { clock, account, writer } = this.options
    const atMs = clock.nowMs()
    const before = this.records.require(orderId)
    const after = { ...before, facts: addEvidence(before.facts, 'proven absent'), updatedAtMs: atMs }
    this.records.set(after)
    const events = this.eventsOf(before, after)
    this.changes.notify()
    return writer.write([{ kind: 'absent', account, orderId, atMs, readsBegunAtMs }, ...events])
  }

  /** Today's orders of this position that the broker may still act on. */
  liveOrders(key: PositionKey): readonly OrderRecord[] {
    return this.ordersOf(key).filter((record) => isLive(record.facts))
  }

  /** Today's orders of this position. */
  ordersOf(key: PositionKey): readonly OrderRecord[] {
    const { clock, session } = this.options
    const today = tradingDay(clock.nowMs())
    return this.records.all().filter(({ facts: { order }, placedAtMs }) => {
      const isSame =
        order.token === key.token && order.segment === key.segment && order.product === key.product
      return (
        isSame &&
        tradingDay(placedAtMs) === today &&
        clientOf(order.clientID, session.ownCodes) === key.client
      )
    })
  }

  /** Orders of which there is no evidence, of any day; `intended` ones are still being sent. */
  unresolved(): readonly OrderRecord[] {
    return this.records.all().filter((record) => record.orderId !== '' && isUnresolved(record.facts))
  }

  /** What today's trade records add up to for this position. */
  fillsOf(key: PositionKey): FillSum {
    return this.fills.sum(key, tradingDay(this.options.clock.nowMs()), this.options.session.ownCodes)
  }

  /** Today's trade records of one client, oldest known first; of every client without one. */
  fillsToday(client?: string): readonly KnownFill[] {
    const { clock, session } = this.options
    return this.fills.ofDay(tradingDay(clock.nowMs()), session.ownCodes, client)
  }

  hasTradedToday(client: string): boolean {
    return this.fills.hasTraded(client, tradingDay(this.options.clock.nowMs()), this.options.session.ownCodes)
  }

  /** What a login calls itself in its rows is seen on the orders we send without a clientID. */
  learnOwnCode(record: OrderRecord | undefined, clientID: string): void {
    if (record === undefined || record.orderId === '' || record.facts.order.clientID !== undefined) return
    this.options.session.learnOwnCode(clientID)
  }

  /** A fill of the journal, found at start. */
  restoreFill(fill: FillEvidence, clientID: string | undefined, seenAtMs: number): void {
    this.fills.add(fill, clientID, seenAtMs)
  }

  forgetBefore(atMs: number): void {
    this.records.forgetBefore(atMs)
    this.orderChanges.forgetBefore(atMs)
    this.fills.forgetBefore(atMs)
  }

  private addFill(fill: FillEvidence, source: EvidenceSource): boolean {
    const record = this.records.match(fill)
    if (record === undefined) return false
    return this.change(record, addFill(record.facts, fill), { source, fill })
  }

  private change(before: OrderRecord, facts: OrderFacts, from: ChangeCause): boolean {
    if (isSameKnowledge(before.facts, facts)) return false
    const { clock, account, writer } = this.options
    const atMs = clock.nowMs()
    const after = { ...before, facts, updatedAtMs: atMs }
    this.records.set(after)
    const events = this.eventsOf(before, after, from.fill)
    this.changes.notify()
    void writer.write([{ kind: 'evidence', account, orderId: before.orderId, atMs, ...from }, ...events])
    return true
  }

  private eventsOf(before: OrderRecord, after: OrderRecord, fill?: FillEvidence): JournalEntry[] {
    const verbs = verbsOf(before.facts, after.facts, fill)
    if (verbs.length > 0 || stateOf(before.facts) !== stateOf(after.facts)) this.logChange(after, verbs)
    return verbs.map((verb, index) => this.event(after, verb, index === verbs.length - 1 ? fill : undefined))
  }

  private event(record: OrderRecord, verb: OrderEventVerb, fill?: FillEvidence): EventEntry {
    const { account, journal } = this.options
    const data: OrderEvent = { order: viewOf(record), fill: fill && plainFill(fill) }
    const { orderId, updatedAtMs: atMs } = record
    return {
      kind: 'event',
      account,
      orderId,
      atMs,
      seq: journal.nextSeq(),
      topic: orderTopic(account, verb),
      data,
    }
  }

  private logChange(record: OrderRecord, verbs: readonly OrderEventVerb[]): void {
    const { orderId, brokerOrderId, symbol, state, filledQuantity, reason } = viewOf(record)
    this.options.log.info('order changed', {
      orderId,
      brokerOrderId,
      symbol,
      state,
      filledQuantity,
      reason,
      verbs,
    })
  }
}

interface ChangeCause {
  readonly source: EvidenceSource
  readonly order?: OrderEvidence
  readonly fill?: FillEvidence
}

function intentEntry(record: OrderRecord, { claim, smart }: IntentContext): JournalEntry {
  const { account, orderId, placedAtMs: atMs, part, parts, facts } = record
  return {
    kind: 'intended',
    account,
    orderId,
    atMs,
    part,
    parts,
    order: facts.order,
    claim: part === 1 ? claim : undefined,
    smart,
  }
}

function plainFill({ tradeId, quantity, price, tradedAtMs }: Fill): Fill {
  return { tradeId, quantity, price, tradedAtMs }
}

function isSameKnowledge(before: OrderFacts, after: OrderFacts): boolean {
  return (
    before.shown === after.shown &&
    before.isReportedFilled === after.isReportedFilled &&
    before.quantity === after.quantity &&
    before.reportedFilled === after.reportedFilled &&
    before.brokerOrderId === after.brokerOrderId &&
    before.fills.size === after.fills.size &&
    isSameRow(before.lastRow, after.lastRow)
  )
}

/** Rows with the same terms and words tell the same; that a change is on its way is no knowledge of the order. */
function isSameRow(before: OrderEvidence | undefined, after: OrderEvidence | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  const names = ['priceType', 'validity', 'product', 'quantity', 'price', 'triggerPrice', 'reason'] as const
  return names.every((name) => (before[name] ?? '') === (after[name] ?? ''))
}
