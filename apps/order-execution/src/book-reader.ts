import { AppError, type Clock } from '@xts-bridge/contracts'
import type {
  BookRead,
  BrokerFunds,
  BrokerHolding,
  BrokerOrder,
  BrokerPosition,
  BrokerTrade,
  CallLimits,
  CallOutcome,
} from '@xts-bridge/xts'
import { BookLane, type ReadPriority } from './book-lane'
import type { AccountPort, BrokerPort, SessionPort } from './ports'
import { tradingDay } from './trading-day'

interface BookRows {
  readonly orders: BrokerOrder
  readonly trades: BrokerTrade
  readonly positions: BrokerPosition
  readonly holdings: BrokerHolding
  readonly funds: BrokerFunds
  readonly history: BrokerOrder
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
  readonly nativeRows?: readonly Readonly<Record<string, unknown>>[] | undefined
}

/** An answer together with the book it is of. */
export type BookTaken = {
  readonly [Name in BookName]: { readonly book: Name; readonly answer: BookAnswer<BookRows[Name]> }
}[BookName]

/** Which read of a book. */
export interface ReadHow {
  readonly priority?: ReadPriority | undefined
  /** Of `history`, and needed there. */
  readonly brokerOrderId?: string | undefined
}

export interface BookReaderOptions {
  readonly clock: Clock
  readonly broker: Pick<BrokerPort, 'orders' | 'trades' | 'positions'>
  readonly account: AccountPort
  readonly session: SessionPort
  readonly isBookVerified: boolean
  /** The broker's budgets; one read of each book a second unless given. */
  readonly limits?: CallLimits | undefined
  /** Told of every answer, before whoever asked for it is. */
  readonly onAnswer?: ((taken: BookTaken, clientID: string | undefined) => void) | undefined
}

/** Under what name the profile limits the reads of a book. */
const LIMIT_OF = {
  orders: 'orderBook',
  trades: 'tradeBook',
  positions: 'positions',
  holdings: 'holdings',
  funds: 'balance',
  history: 'history',
} as const satisfies Record<BookName, keyof CallLimits>
const ONCE_A_SECOND = { requests: 1, seconds: 1 }

/**
 * Reads the broker's books within its budgets. A read is shared by all who ask before it begins, and by nobody who asks
 * after: its rows may be older than their question.
 */
export class BookReader {
  private readonly lanes: Readonly<Record<BookName, BookLane>>
  private readonly hadRows = new Set<string>()

  constructor(private readonly options: BookReaderOptions) {
    const lane = (book: BookName): BookLane =>
      new BookLane(options.clock, options.limits?.[LIMIT_OF[book]] ?? ONCE_A_SECOND)
    this.lanes = {
      orders: lane('orders'),
      trades: lane('trades'),
      positions: lane('positions'),
      holdings: lane('holdings'),
      funds: lane('funds'),
      history: lane('history'),
    }
  }

  /** A read that begins after this call. Throws XTS_READ_FAILED or SESSION_UNAVAILABLE. */
  read<Name extends BookName>(
    book: Name,
    clientID?: string,
    { priority = 'user', brokerOrderId = '' }: ReadHow = {},
  ): Promise<BookAnswer<BookRows[Name]>> {
    return this.lanes[book].read(`${clientID ?? ''} ${brokerOrderId}`, priority, () =>
      this.readNow(book, clientID, brokerOrderId),
    )
  }

  private async readNow<Name extends BookName>(
    book: Name,
    clientID: string | undefined,
    brokerOrderId: string,
  ): Promise<BookAnswer<BookRows[Name]>> {
    const { clock, session, isBookVerified, onAnswer } = this.options
    const begunAtMs = clock.nowMs()
    const { epoch } = session
    const outcome = await this.call(book, clientID, brokerOrderId)
    const { rows, isEmptyAnswer, nativeRows } = this.rowsOf(book, outcome)
    const memory = `${epoch ?? 'none'} ${tradingDay(begunAtMs)} ${book} ${clientID ?? ''}`
    if (rows.length > 0) this.hadRows.add(memory)
    const answer = {
      rows: isEmptyAnswer ? [] : rows,
      begunAtMs,
      endedAtMs: clock.nowMs(),
      isEmptyBelieved: rows.length === 0 && (isBookVerified || this.hadRows.has(memory)),
      nativeRows,
    }
    onAnswer?.({ book, answer } as unknown as BookTaken, clientID)
    return answer
  }

  private call<Name extends BookName>(
    book: Name,
    clientID: string | undefined,
    brokerOrderId: string,
  ): Promise<CallOutcome<BookRead<BookRows[Name]>>> {
    const { broker, account } = this.options
    const calls: Record<BookName, () => Promise<CallOutcome<BookRead<unknown>>>> = {
      orders: () => broker.orders(clientID),
      trades: () => broker.trades(clientID),
      positions: () => broker.positions(clientID),
      holdings: () => account.holdings(clientID),
      funds: () => account.balance(clientID).then(asBook),
      history: () => account.history({ brokerOrderId, clientID }),
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

function asBook<T>(outcome: CallOutcome<T>): CallOutcome<BookRead<T>> {
  return outcome.kind === 'ok'
    ? { kind: 'ok', value: { rows: [outcome.value], isEmptyAnswer: false } }
    : outcome
}
