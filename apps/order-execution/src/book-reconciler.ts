import { AppError, type Clock } from '@xts-bridge/contracts'
import type { BookDifferences } from './book-differences'
import type { BookHealth } from './book-health'
import type { BookMemory } from './book-memory'
import type { BookReader } from './book-reader'
import type { FirstAnswers } from './first-answers'
import type { OrderLedger } from './order-ledger'
import { RECORD_LIFE_MS } from './order-record'
import { filledQuantity, isLive, isUnresolved } from './order-state'
import type { LogPort, OrderSocketPort } from './ports'
import type { PositionBook } from './position-book'
import { tradingDay } from './trading-day'

export interface BookReconcilerOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly books: BookReader
  readonly socket: OrderSocketPort
  readonly hasSession: () => boolean
  readonly log: LogPort
  readonly answers: FirstAnswers
  readonly memory: BookMemory
  readonly positions: PositionBook
  readonly health: BookHealth
  readonly differences: BookDifferences
}

/** Between passes while orders are working, while the socket is down, and when nothing is going on. */
const ACTIVE_GAP_MS = 15_000
const BLIND_GAP_MS = 2_000
const IDLE_GAP_MS = 60_000
/** A trade record should follow its order row at once; when it does not, the books are asked. */
const MISSING_FILL_AFTER_MS = 1_500
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000
/** Without the socket the books are believed this long. */
const BLIND_BELIEF_MS = 10_000

/**
 * Brings the ledger in line with the broker's order and trade books: at start, when the order socket was joined, when a
 * fill is missing, and now and then. It adds what the broker shows, once each, and never invents anything.
 */
export class BookReconciler {
  private running: Promise<void> | undefined
  private isWanted = false
  private cancelNext: (() => void) | undefined
  private retryMs = FIRST_RETRY_MS
  private missingFillGapMs = MISSING_FILL_AFTER_MS / 2
  private uncertainPasses = 0
  private isClosed = false
  private begunAtMs = -Infinity
  private nextAtMs = Infinity

  constructor(private readonly options: BookReconcilerOptions) {}

  /** Both books were read since the live socket was joined, or a moment ago while it is down. */
  get isReconciled(): boolean {
    const { clock, socket } = this.options
    if (socket.liveSinceMs !== undefined && this.begunAtMs >= socket.liveSinceMs) return true
    return clock.nowMs() - this.begunAtMs <= BLIND_BELIEF_MS
  }

  /** Reads the books as soon as the budget allows; a pass that is running is followed by another. */
  now(): void {
    this.isWanted = true
    this.nextAtMs = Infinity
    this.cancelNext?.()
    this.cancelNext = undefined
    if (!this.isClosed) this.running ??= this.run()
  }

  /** A row named more filled than the trade records show, or a trade came without its order. */
  soon(): void {
    const isSooner = this.options.clock.nowMs() + MISSING_FILL_AFTER_MS < this.nextAtMs
    if (this.running === undefined && isSooner) this.schedule(MISSING_FILL_AFTER_MS)
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelNext?.()
    await this.running
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isClosed) {
      this.isWanted = false
      await this.passOnce()
    }
    this.running = undefined
  }

  private async passOnce(): Promise<void> {
    const { clock, hasSession, log, answers, ledger } = this.options
    if (!hasSession()) return this.schedule(FIRST_RETRY_MS)
    const begunAtMs = clock.nowMs()
    try {
      for (const clientID of this.clients()) await this.readBooks(clientID)
      this.begunAtMs = begunAtMs
      this.retryMs = FIRST_RETRY_MS
      this.tellDifferences(begunAtMs)
      const isCertain = await this.readPositions()
      ledger.forgetBefore(begunAtMs - RECORD_LIFE_MS)
      answers.forgetBefore(begunAtMs - RECORD_LIFE_MS)
      this.schedule(this.gapAfter(isCertain))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('books could not be read', { code: error.code, reason: error.message })
      this.schedule(this.retryMs)
      this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS)
    }
  }

  private async readBooks(clientID: string | undefined): Promise<void> {
    const { books, health, differences } = this.options
    const how = { priority: this.begunAtMs === -Infinity ? 'start-up' : 'routine' } as const
    // Orders first: a fill is told together with its order.
    const orders = await books.read('orders', clientID, how)
    const missing = health.missingFrom(orders, clientID)
    if (missing !== undefined) {
      const reason = `order ${missing}, which the broker has acknowledged, is not in its order book`
      differences.tell({ type: 'order-book-incomplete', clientID, reason })
    }
    await books.read('trades', clientID, how)
  }

  /** Positions do not hold up the orders' reconciliation. False when another pass may make certain what this did not. */
  private async readPositions(): Promise<boolean> {
    const { books, positions, log } = this.options
    let isCertain = true
    for (const clientID of this.clients()) {
      try {
        await books.read('positions', clientID, { priority: 'routine' })
        if (positions.isUncertain(clientID)) isCertain = false
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        log.warn('position book could not be read', { clientID, code: error.code, reason: error.message })
      }
    }
    return isCertain
  }

  /** What a whole pass, orders before trades, did not bring together. */
  private tellDifferences(passBegunAtMs: number): void {
    const { ledger, differences, clock } = this.options
    const today = tradingDay(clock.nowMs())
    for (const { orderId, facts, placedAtMs, updatedAtMs } of ledger.records.all()) {
      const tradedQuantity = filledQuantity(facts)
      const { reportedFilled: reportedQuantity, brokerOrderId } = facts
      if (tradingDay(placedAtMs) !== today || updatedAtMs > passBegunAtMs) continue
      if (tradedQuantity < reportedQuantity)
        differences.tell({ type: 'fills-missing', orderId, brokerOrderId, reportedQuantity, tradedQuantity })
    }
    for (const { fill, seenAtMs } of ledger.fillsToday()) {
      const { brokerOrderId, tradeId } = fill
      if (seenAtMs < passBegunAtMs && ledger.records.match(fill) === undefined)
        differences.tell({ type: 'trade-without-order', brokerOrderId, tradeId })
    }
  }

  /** The login's own books, those of every client we have an order for today, and those somebody asked for lately. */
  private clients(): readonly (string | undefined)[] {
    const { ledger, clock } = this.options
    const today = tradingDay(clock.nowMs())
    const ours = ledger.records
      .all()
      .filter((record) => record.orderId !== '' && tradingDay(record.placedAtMs) === today)
    const named = ours.map((record) => record.facts.order.clientID)
    return [...new Set([undefined, ...named, ...this.options.memory.watched()])]
  }

  private schedule(afterMs: number): void {
    this.cancelNext?.()
    if (this.isClosed) return
    this.nextAtMs = this.options.clock.nowMs() + afterMs
    this.cancelNext = this.options.clock.after(afterMs, () => this.now())
  }

  /** Soon again for what one more pass may make certain, and then less and less soon. */
  private gapAfter(isCertain: boolean): number {
    this.uncertainPasses = isCertain ? 0 : this.uncertainPasses + 1
    const gapMs = this.nextGapMs()
    return isCertain ? gapMs : Math.min(gapMs, MISSING_FILL_AFTER_MS * 2 ** (this.uncertainPasses - 1))
  }

  private nextGapMs(): number {
    const { ledger, socket, clock } = this.options
    if (socket.liveSinceMs === undefined) return BLIND_GAP_MS
    const today = tradingDay(clock.nowMs())
    const todays = ledger.records.all().filter((record) => tradingDay(record.placedAtMs) === today)
    if (todays.some(({ facts }) => filledQuantity(facts) < facts.reportedFilled)) {
      this.missingFillGapMs = Math.min(this.missingFillGapMs * 2, ACTIVE_GAP_MS)
      return this.missingFillGapMs
    }
    this.missingFillGapMs = MISSING_FILL_AFTER_MS / 2
    const isActive = todays.some(
      ({ facts }) => isLive(facts) || isUnresolved(facts) || facts.shown === 'proven absent',
    )
    return isActive ? ACTIVE_GAP_MS : IDLE_GAP_MS
  }
}
