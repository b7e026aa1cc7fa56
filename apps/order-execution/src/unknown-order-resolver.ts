import { AppError, type Clock } from '@xts-bridge/contracts'
import type { BrokerOrder } from '@xts-bridge/xts'
import type { BookHealth } from './book-health'
import type { BookAnswer, BookReader } from './book-reader'
import { isOfToday } from './change-ledger'
import { isSent, type ChangeRecord } from './change-record'
import type { OrderLedger } from './order-ledger'
import { orderEvidence, type OrderRecord } from './order-record'
import type { LogPort, OrderSocketPort, SessionPort } from './ports'
import { clientOf } from './position-key'
import { tradingDay } from './trading-day'

export interface UnknownOrderResolverOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly books: BookReader
  readonly health: BookHealth
  readonly socket: OrderSocketPort
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly hasSession: () => boolean
  /** A read can prove absence only when it begins this long after the order may have left: HTTP deadline plus margin. */
  readonly absenceAfterMs: number
  readonly log: LogPort
}

const FIRST_LOOK_MS = 1_000
const LAST_GAP_MS = 30_000
/** Someone must look at the dealing desk when an order stays unknown this long. */
const ALERT_AFTER_MS = 60_000

/**
 * Finds out what became of every order, modification and cancellation of which nothing shows it yet. It looks each up in
 * the order book, after 1, 2, 4, … s. An order is found by its tag: the row is the evidence. Absent: two healthy reads
 * without it, begun late enough, with the order socket live from before the first to after the second. A change is shown by
 * its order's row; a row that is as before in a healthy read begun late enough proves it without effect. Anything less
 * leaves it unknown, for ever. Nothing is ever sent.
 */
export class UnknownOrderResolver {
  /** When the first healthy read without the order began, by order. */
  private readonly firstMissedAtMs = new Map<string, number>()
  private readonly alerted = new Set<string>()
  private gapMs = FIRST_LOOK_MS
  private cancelNext: (() => void) | undefined
  private running: Promise<void> | undefined
  private isClosed = false

  constructor(private readonly options: UnknownOrderResolverOptions) {}

  /** There is a new unknown order, or reason to look again: the rhythm begins anew. */
  wake(): void {
    this.gapMs = FIRST_LOOK_MS
    this.cancelNext?.()
    this.cancelNext = undefined
    if (this.running === undefined) this.scheduleNext()
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelNext?.()
    await this.running
  }

  private scheduleNext(): void {
    const waiting = this.waiting()
    if (this.isClosed || (waiting.length === 0 && this.changesWaiting().length === 0)) return
    const isHalfProven = waiting.some((record) => this.firstMissedAtMs.has(record.orderId))
    this.cancelNext = this.options.clock.after(isHalfProven ? FIRST_LOOK_MS : this.gapMs, () => {
      this.running = this.look().finally(() => {
        this.running = undefined
        this.scheduleNext()
      })
    })
    this.gapMs = Math.min(this.gapMs * 2, LAST_GAP_MS)
  }

  /** Orders sent today of which nothing is known. Yesterday's cannot be in today's book, so no read says anything of them. */
  private waiting(): readonly OrderRecord[] {
    const today = tradingDay(this.options.clock.nowMs())
    return this.options.ledger
      .unresolved()
      .filter((record) => record.facts.shown === 'reply lost' && tradingDay(record.placedAtMs) === today)
  }

  /** Changes sent today of which nothing shows yet what came of them. */
  private changesWaiting(): readonly ChangeRecord[] {
    const { ledger, clock } = this.options
    const nowMs = clock.nowMs()
    return ledger.orderChanges.undecided().filter((change) => isSent(change) && isOfToday(change, nowMs))
  }

  private async look(): Promise<void> {
    if (!this.options.hasSession()) return
    const clients = new Set([
      ...this.waiting().map((record) => record.facts.order.clientID),
      ...this.changesWaiting().map((change) => this.clientOfChange(change)),
    ])
    for (const clientID of clients) await this.lookInBook(clientID)
    this.alertOld()
  }

  private async lookInBook(clientID: string | undefined): Promise<void> {
    const { books, ledger, health, log } = this.options
    try {
      const read = await books.read('orders', clientID, { priority: 'resolver' })
      for (const row of read.rows) ledger.seeOrder(row, 'order-book')
      const problem = health.problemOf(read, clientID)
      if (problem !== undefined) log.warn('order book proves nothing', { clientID, problem })
      else await this.judge(read, clientID)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('order book could not be read', { clientID, reason: error.message })
    }
  }

  /** The client whose book has the order; an order placed elsewhere may name the login itself. */
  private clientOfChange(change: ChangeRecord): string | undefined {
    const { ledger, session } = this.options
    const named = ledger.orderChanges.orderOf(change)?.facts.order.clientID
    return change.orderId === '' && clientOf(named, session.ownCodes) === '' ? undefined : named
  }

  private async judge(read: BookAnswer<BrokerOrder>, clientID: string | undefined): Promise<void> {
    const { ledger, absenceAfterMs } = this.options
    const { begunAtMs } = read
    ledger.orderChanges.seeHealthyRead(read.rows.map(orderEvidence), { begunAtMs, absenceAfterMs })
    await this.countMissing(read, clientID)
  }

  private async countMissing(read: BookAnswer<BrokerOrder>, clientID: string | undefined): Promise<void> {
    const { ledger, socket, absenceAfterMs } = this.options
    for (const { orderId, facts, sentBeforeMs } of this.waiting()) {
      if (facts.order.clientID !== clientID || read.begunAtMs < sentBeforeMs + absenceAfterMs) continue
      const liveSinceMs = socket.liveSinceMs ?? Infinity
      const firstMs = this.firstMissedAtMs.get(orderId)
      if (firstMs !== undefined && liveSinceMs <= firstMs) {
        this.firstMissedAtMs.delete(orderId)
        await ledger.proveAbsent(orderId, [firstMs, read.begunAtMs])
      } else if (liveSinceMs <= read.begunAtMs) this.firstMissedAtMs.set(orderId, read.begunAtMs)
      else this.firstMissedAtMs.delete(orderId)
    }
  }

  private alertOld(): void {
    const { ledger } = this.options
    for (const { orderId, facts, sentBeforeMs } of this.waiting()) {
      const { reason, order } = facts
      this.alertWhenOld(orderId, sentBeforeMs, 'order stays unknown', { symbol: order.symbol, reason })
    }
    for (const { changeId, orderId, change, sentBeforeMs, reason } of this.changesWaiting())
      this.alertWhenOld(changeId, sentBeforeMs, 'order change stays unknown', { orderId, change, reason })
    const open = new Set([
      ...ledger.unresolved().map((record) => record.orderId),
      ...ledger.orderChanges.undecided().map((change) => change.changeId),
    ])
    for (const id of this.alerted) if (!open.has(id)) this.alerted.delete(id)
  }

  private alertWhenOld(id: string, sentBeforeMs: number, message: string, facts: object): void {
    const { clock, log } = this.options
    if (clock.nowMs() - sentBeforeMs < ALERT_AFTER_MS || this.alerted.has(id)) return
    this.alerted.add(id)
    log.error(message, { orderId: id, ...facts })
  }
}
