import { AppError, type Clock } from '@xts-bridge/contracts'
import type { BookReader } from './book-reader'
import type { FirstAnswers } from './first-answers'
import type { OrderLedger } from './order-ledger'
import { RECORD_LIFE_MS } from './order-record'
import { filledQuantity, isLive, isUnresolved } from './order-state'
import type { LogPort, OrderSocketPort } from './ports'
import { tradingDay } from './trading-day'

export interface BookReconcilerOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly books: BookReader
  readonly socket: OrderSocketPort
  readonly hasSession: () => boolean
  readonly log: LogPort
  readonly answers: FirstAnswers
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
      ledger.forgetBefore(begunAtMs - RECORD_LIFE_MS)
      answers.forgetBefore(begunAtMs - RECORD_LIFE_MS)
      this.schedule(this.nextGapMs())
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('books could not be read', { code: error.code, reason: error.message })
      this.schedule(this.retryMs)
      this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS)
    }
  }

  private async readBooks(clientID: string | undefined): Promise<void> {
    const { books, ledger } = this.options
    // Orders first: a fill is told together with its order.
    const orders = await books.read('orders', clientID)
    for (const row of orders.rows) ledger.seeOrder(row, 'order-book')
    const trades = await books.read('trades', clientID)
    for (const trade of trades.rows) ledger.seeTrade(trade, 'trade-book')
  }

  /** The login's own books, and those of every client we have an order for today. */
  private clients(): readonly (string | undefined)[] {
    const { ledger, clock } = this.options
    const today = tradingDay(clock.nowMs())
    const ours = ledger.records
      .all()
      .filter((record) => record.orderId !== '' && tradingDay(record.placedAtMs) === today)
    return [...new Set([undefined, ...ours.map((record) => record.facts.order.clientID)])]
  }

  private schedule(afterMs: number): void {
    this.cancelNext?.()
    if (this.isClosed) return
    this.nextAtMs = this.options.clock.nowMs() + afterMs
    this.cancelNext = this.options.clock.after(afterMs, () => this.now())
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
