import { AppError, sleep, type Clock } from '@xts-bridge/contracts'
import type { BookRead, BrokerOrder, BrokerPosition, BrokerTrade, CallOutcome } from '@xts-bridge/xts'
import type { BrokerPort, SessionPort } from './ports'
import { tradingDay } from './trading-day'

interface BookRows {
  readonly orders: BrokerOrder
  readonly trades: BrokerTrade
  readonly positions: BrokerPosition
}
export type BookName = keyof BookRows

/** One read of a book, and what is needed to judge it. */
export interface BookAnswer<T> {
  readonly rows: readonly T[]
  readonly begunAtMs: number
  readonly endedAtMs: number
  /**
   * An answer without rows counts only when this session had rows from the same book for the same client, or the account
   * is known to answer truly: "no data" is also what a wrong clientID gets.
   */
  readonly isEmptyBelieved: boolean
}

export interface BookReaderOptions {
  readonly clock: Clock
  readonly broker: BrokerPort
  readonly session: SessionPort
  readonly isBookVerified: boolean
  /** The broker's budget: one read of each book in this time. */
  readonly minGapMs?: number
}

interface Lane {
  nextFreeAtMs: number
  /** Reads that have not begun, by clientID; whoever asks now shares them. */
  readonly waiting: Map<string, Promise<BookAnswer<never>>>
}

const MIN_GAP_MS = 1_000

/**
 * Reads the broker's books within its budget. A read is shared by all who ask before it begins, and by nobody who asks
 * after: its rows may be older than their question.
 */
export class BookReader {
  private readonly lanes: Readonly<Record<BookName, Lane>> = {
    orders: { nextFreeAtMs: 0, waiting: new Map() },
    trades: { nextFreeAtMs: 0, waiting: new Map() },
    positions: { nextFreeAtMs: 0, waiting: new Map() },
  }
  private readonly hadRows = new Set<string>()

  constructor(private readonly options: BookReaderOptions) {}

  /** A read that begins after this call. Throws XTS_READ_FAILED or SESSION_UNAVAILABLE. */
  read<Name extends BookName>(book: Name, clientID?: string): Promise<BookAnswer<BookRows[Name]>> {
    const { waiting } = this.lanes[book]
    const key = clientID ?? ''
    const shared = waiting.get(key) ?? this.readWhenFree(book, clientID)
    waiting.set(key, shared as Promise<BookAnswer<never>>)
    return shared
  }

  private async readWhenFree<Name extends BookName>(
    book: Name,
    clientID?: string,
  ): Promise<BookAnswer<BookRows[Name]>> {
    const { clock, minGapMs = MIN_GAP_MS } = this.options
    const lane = this.lanes[book]
    const startAtMs = Math.max(clock.nowMs(), lane.nextFreeAtMs)
    lane.nextFreeAtMs = startAtMs + minGapMs
    if (startAtMs > clock.nowMs()) await sleep(clock, startAtMs - clock.nowMs())
    // Even a read that may begin at once is shared by those who ask in the same turn.
    else await Promise.resolve()
    lane.waiting.delete(clientID ?? '')
    const begunAtMs = clock.nowMs()
    const epoch = this.options.session.epoch
    const { rows, isEmptyAnswer } = this.rowsOf(book, await this.call(book, clientID))
    const memory = `${epoch ?? 'none'} ${tradingDay(begunAtMs)} ${book} ${clientID ?? ''}`
    if (rows.length > 0) this.hadRows.add(memory)
    const isEmptyBelieved = rows.length === 0 && (this.options.isBookVerified || this.hadRows.has(memory))
    return { rows: isEmptyAnswer ? [] : rows, begunAtMs, endedAtMs: clock.nowMs(), isEmptyBelieved }
  }

  private call<Name extends BookName>(
    book: Name,
    clientID?: string,
  ): Promise<CallOutcome<BookRead<BookRows[Name]>>> {
    const { broker } = this.options
    const calls = {
      orders: () => broker.orders(clientID),
      trades: () => broker.trades(clientID),
      positions: () => broker.positions(clientID),
    }
    return calls[book]() as Promise<CallOutcome<BookRead<BookRows[Name]>>>
  }

  private rowsOf<T>(book: BookName, outcome: CallOutcome<BookRead<T>>): BookRead<T> {
    switch (outcome.kind) {
      case 'ok':
        return outcome.value
      case 'rejected': {
        const { brokerCode, brokerDescription, isSessionInvalid, epoch } = outcome
        if (isSessionInvalid) this.options.session.reportInvalid(epoch, brokerDescription)
        throw new AppError('XTS_READ_FAILED', {
          book,
          reason: brokerDescription,
          brokerCode,
          brokerDescription,
        })
      }
      case 'not-sent':
      case 'unknown':
        throw new AppError('XTS_READ_FAILED', { book, reason: outcome.reason })
    }
  }
}
