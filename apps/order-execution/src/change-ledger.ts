import { orderTopic, type ChangeKind, type Clock, type Ids, type OrderEvent } from '@xts-bridge/contracts'
import type {
  ChangeEvidenceEntry,
  ChangeIntendedEntry,
  ChangeShown,
  ClientOrderClaim,
  EventEntry,
  JournalEntry,
  OrderEvidence,
  OrderTerms,
} from '@xts-bridge/persistence'
import { changeView, isUndecided, orderKey, type ChangeRecord, type ChangeSettlement } from './change-record'
import {
  changeVerbsOf,
  isOpenToRows,
  judgeLateRow,
  judgeRow,
  strongerOf,
  type ChangeEvidenceKind,
} from './change-state'
import type { EvidenceWriter } from './evidence-writer'
import { viewOf, type OrderRecord } from './order-record'
import type { OrderRecords } from './order-records'
import { isOlderRow } from './order-state'
import type { JournalPort, LogPort } from './ports'
import { changeSettlementEvidence } from './settlement'
import { tradingDay } from './trading-day'

export interface ChangeLedgerOptions {
  readonly clock: Clock
  readonly ids: Ids
  readonly account: string
  readonly journal: JournalPort
  readonly writer: EvidenceWriter
  readonly records: OrderRecords
  readonly log: LogPort
  /** Something may be different for those who wait. */
  readonly notify: () => void
}

/** A modification or cancellation that was decided on. */
export interface WantedChange {
  readonly change: ChangeKind
  readonly subject: ChangeRecord['subject']
  /** Of a modification. */
  readonly terms?: OrderTerms | undefined
  readonly request?: ClientOrderClaim | undefined
  /** This change takes the request's clientOrderId; the others of the request name it only. */
  readonly isClaimed: boolean
}

declare const intended: unique symbol
/** A change that was written down, or that may go although the disk refuses; the only thing that can be sent. */
export type IntendedChange = ChangeRecord & { readonly [intended]: true }

type Source = ChangeEvidenceEntry['source']

/**
 * Every modification and cancellation of the house and what is known of it. What a row shows is written down with the row;
 * a change that nothing shows stays undecided.
 */
export class ChangeLedger {
  private readonly byId = new Map<string, ChangeRecord>()
  private readonly idsOfOrder = new Map<string, readonly string[]>()
  private readonly idsOfRequest = new Map<string, readonly string[]>()
  /** Not decided yet: few, while all of a week may be many. */
  private readonly open = new Set<string>()

  constructor(private readonly options: ChangeLedgerOptions) {}

  /**
   * Writes the change down before it is sent. When the disk refuses, a modification throws JOURNAL_UNAVAILABLE; a
   * cancellation may go all the same and is written when the disk takes it. Throws CLIENT_ORDER_ID_REUSED.
   */
  async intend(order: OrderRecord, wanted: WantedChange): Promise<IntendedChange> {
    const { journal, writer } = this.options
    const change = this.newChange(order, wanted)
    const entry = this.intentEntry(change, wanted.isClaimed)
    if (wanted.change === 'modify') writer.refuseWhenBehind()
    this.keep(change)
    if (wanted.change === 'cancel' && writer.isBehind) void writer.write([entry])
    else await journal.append([entry]).catch((error: unknown) => this.intentRefused(change, entry, error))
    const { changeId, orderId, brokerOrderId, terms } = change
    this.options.log.info('order change intended', {
      ...{ changeId, orderId, brokerOrderId, change: wanted.change, terms },
    })
    return change as IntendedChange
  }

  /** Records how the call that sent the change ended. Resolves, with the change as it is then, when that is on disk. */
  async settle(changeId: string, settlement: ChangeSettlement): Promise<ChangeRecord> {
    const { clock, account, writer } = this.options
    const atMs = clock.nowMs()
    const before = this.require(changeId)
    const { kind, reason } = changeSettlementEvidence(settlement)
    const after = { ...withEvidence(before, kind, reason), settlement, sentBeforeMs: atMs }
    this.keep(after)
    const events = this.eventsOf(before, after)
    this.options.notify()
    const { orderId } = before
    await writer.write([
      { kind: 'change-settled', account, orderId, changeId, atMs, ...settlement },
      ...events,
    ])
    return this.require(changeId)
  }

  /** A row of an order, from a book or the socket, after the order itself has taken it in. */
  seeRow(order: OrderRecord, row: OrderEvidence, source: Source): void {
    const { lastRow } = order.facts
    if (lastRow !== undefined && isOlderRow(row, lastRow)) return
    for (const change of this.openTo(row)) {
      if (row.isChanging === true && !change.wasOnItsWay) this.keep({ ...change, wasOnItsWay: true })
      const shown = judgeRow(change, row)
      if (shown !== undefined) this.decide(change, { shown, row, source })
    }
  }

  /** A healthy read of the order book: rows that are still as before prove changes of long enough ago without effect. */
  seeHealthyRead(
    rows: readonly OrderEvidence[],
    { begunAtMs, absenceAfterMs }: { readonly begunAtMs: number; readonly absenceAfterMs: number },
  ): void {
    for (const row of rows) {
      const isLate = (change: ChangeRecord): boolean => begunAtMs >= change.sentBeforeMs + absenceAfterMs
      for (const change of this.openTo(row).filter(isUndecided).filter(isLate)) {
        const shown = judgeLateRow(change, row)
        if (shown !== undefined)
          this.decide(change, { shown, row, source: 'order-book', readBegunAtMs: begunAtMs })
      }
    }
  }

  /** Changes of which nothing shows yet what came of them, of any day. */
  undecided(): readonly ChangeRecord[] {
    return this.known([...this.open])
  }

  /** Those of one order, oldest first. */
  undecidedOf(order: OrderRecord): readonly ChangeRecord[] {
    const { brokerOrderId } = order.facts
    return brokerOrderId === undefined ? [] : this.of({ brokerOrderId }, order.placedAtMs).filter(isUndecided)
  }

  find(changeId: string): ChangeRecord | undefined {
    return this.byId.get(changeId)
  }

  require(changeId: string): ChangeRecord {
    const change = this.byId.get(changeId)
    if (change === undefined) throw new Error(`change ${changeId} was never intended`)
    return change
  }

  /** The changes that the newest request with this clientOrderId asked for. */
  ofClientOrder(clientOrderId: string): readonly ChangeRecord[] {
    const changes = this.known(this.idsOfRequest.get(clientOrderId) ?? [])
    const newest = changes.at(-1)
    return changes.filter(({ request }) => request?.bodyHash === newest?.request?.bodyHash)
  }

  /** The order a change is of. */
  orderOf({ orderId, brokerOrderId, intendedAtMs }: ChangeRecord): OrderRecord | undefined {
    const { records } = this.options
    return orderId === '' ? records.findBrokerOrder(brokerOrderId, intendedAtMs) : records.find(orderId)
  }

  /** A line of the journal, found at start. */
  restore(entry: Extract<JournalEntry, { changeId: string }>): void {
    if (entry.kind === 'change-intended') return this.keep(restoredIntent(entry))
    const before = this.byId.get(entry.changeId)
    if (before === undefined) return
    if (entry.kind === 'change-evidence')
      return this.keep(withEvidence(before, entry.shown, entry.row.reason))
    const { outcome, code, details, atMs } = entry
    const { kind, reason } = changeSettlementEvidence(entry)
    const settled = { settlement: { outcome, code, details }, sentBeforeMs: atMs }
    this.keep({ ...withEvidence(before, kind, reason), ...settled })
  }

  forgetBefore(atMs: number): void {
    for (const change of this.byId.values()) {
      if (change.intendedAtMs >= atMs) continue
      this.forget(change)
    }
  }

  private newChange(order: OrderRecord, { change, subject, terms, request }: WantedChange): ChangeRecord {
    const { clock, ids } = this.options
    const { brokerOrderId, lastRow } = order.facts
    if (brokerOrderId === undefined) throw new Error(`order ${order.orderId} has no id of the broker's yet`)
    const atMs = clock.nowMs()
    const last = this.of({ brokerOrderId }, atMs).findLast((other) => other.change === change)
    return {
      changeId: ids.next(),
      ...{ orderId: order.orderId, brokerOrderId, change, subject, terms, request },
      reasonBefore: lastRow?.reason,
      follows: last?.shown === 'proven without effect' ? last.changeId : undefined,
      intendedAtMs: atMs,
      sentBeforeMs: Infinity,
      wasOnItsWay: false,
    }
  }

  private intentEntry(record: ChangeRecord, isClaimed: boolean): ChangeIntendedEntry {
    const { changeId, orderId, brokerOrderId, change, subject, terms, request } = record
    const { reasonBefore, follows, intendedAtMs: atMs } = record
    const what = { changeId, orderId, brokerOrderId, change, subject, terms, reasonBefore, follows, request }
    const claim = isClaimed ? request : undefined
    return { kind: 'change-intended', account: this.options.account, atMs, ...what, claim }
  }

  private intentRefused(change: ChangeRecord, entry: ChangeIntendedEntry, error: unknown): void {
    const isDisk = error instanceof Error && 'code' in error && error.code === 'JOURNAL_UNAVAILABLE'
    if (change.change === 'cancel' && isDisk) return void this.options.writer.write([entry])
    this.forget(change)
    throw error
  }

  private decide(
    before: ChangeRecord,
    evidence: Pick<ChangeEvidenceEntry, 'shown' | 'row' | 'source' | 'readBegunAtMs'>,
  ): void {
    const { clock, account, writer } = this.options
    const after = withEvidence(before, evidence.shown, evidence.row.reason)
    this.keep(after)
    const { changeId, orderId } = after
    const atMs = clock.nowMs()
    const events = this.eventsOf(before, after)
    this.options.notify()
    void writer.write([{ kind: 'change-evidence', account, orderId, changeId, atMs, ...evidence }, ...events])
  }

  /** Changes of the row's order that a row can still say something of; long ago given up, the newest alone. */
  private openTo(row: OrderEvidence): readonly ChangeRecord[] {
    const changes = this.of(row, this.options.clock.nowMs())
    return changes.filter((change, index) => {
      if (change.shown !== 'proven without effect') return isOpenToRows(change.shown)
      const isNewest = index === changes.length - 1
      return isNewest && judgeRow(change, row) === 'row shows it'
    })
  }

  private of(order: { readonly brokerOrderId: string }, atMs: number): readonly ChangeRecord[] {
    return this.known(this.idsOfOrder.get(orderKey(order, atMs)) ?? [])
  }

  private known(ids: readonly string[]): readonly ChangeRecord[] {
    return ids.map((id) => this.byId.get(id)).filter((change) => change !== undefined)
  }

  private keep(change: ChangeRecord): void {
    const { changeId, request, intendedAtMs } = change
    if (!this.byId.has(changeId)) {
      addTo(this.idsOfOrder, orderKey(change, intendedAtMs), changeId)
      if (request !== undefined) addTo(this.idsOfRequest, request.clientOrderId, changeId)
    }
    this.byId.set(changeId, change)
    if (isUndecided(change)) this.open.add(changeId)
    else this.open.delete(changeId)
  }

  private forget(change: ChangeRecord): void {
    const { changeId, request, intendedAtMs } = change
    this.byId.delete(changeId)
    this.open.delete(changeId)
    takeFrom(this.idsOfOrder, orderKey(change, intendedAtMs), changeId)
    if (request !== undefined) takeFrom(this.idsOfRequest, request.clientOrderId, changeId)
  }

  private eventsOf(before: ChangeRecord, after: ChangeRecord): JournalEntry[] {
    if (after.shown === undefined || before.shown === after.shown) return []
    const order = this.orderOf(after)
    if (order === undefined) return []
    const view = changeView(after)
    const { orderId, brokerOrderId } = after
    this.options.log.info('order change known', { orderId, brokerOrderId, ...view })
    const verbs = changeVerbsOf(after.change, before.shown, after.shown)
    return verbs.map((verb) => this.event(verb, { order: viewOf(order), change: view }))
  }

  private event(verb: Parameters<typeof orderTopic>[1], data: OrderEvent): EventEntry {
    const { account, journal, clock } = this.options
    const { orderId } = data.order
    const topic = orderTopic(account, verb)
    return { kind: 'event', account, orderId, atMs: clock.nowMs(), seq: journal.nextSeq(), topic, data }
  }
}

function addTo(lists: Map<string, readonly string[]>, name: string, id: string): void {
  lists.set(name, [...(lists.get(name) ?? []), id])
}

function takeFrom(lists: Map<string, readonly string[]>, name: string, id: string): void {
  const rest = (lists.get(name) ?? []).filter((other) => other !== id)
  if (rest.length > 0) lists.set(name, rest)
  else lists.delete(name)
}

function withEvidence(
  before: ChangeRecord,
  kind: ChangeEvidenceKind | ChangeShown,
  reason: string | undefined,
): ChangeRecord {
  const shown = strongerOf(before.shown, kind)
  if (shown === before.shown) return before
  return { ...before, shown, reason: reason === '' ? undefined : reason }
}

function restoredIntent(entry: ChangeIntendedEntry): ChangeRecord {
  const { changeId, orderId, brokerOrderId, change, subject, terms, reasonBefore, follows, request, atMs } =
    entry
  const what = { changeId, orderId, brokerOrderId, change, subject, terms, reasonBefore, follows, request }
  return { ...what, intendedAtMs: atMs, sentBeforeMs: Infinity, wasOnItsWay: false }
}

/** True for a change that was intended today: yesterday's orders are in no book of today. */
export function isOfToday({ intendedAtMs }: ChangeRecord, nowMs: number): boolean {
  return tradingDay(intendedAtMs) === tradingDay(nowMs)
}
