import type { Clock } from '@xts-bridge/contracts'
import type { CallLimits } from '@xts-bridge/xts'
import { BookDifferences } from './book-differences'
import { BookMemory } from './book-memory'
import { BookReader, type BookTaken } from './book-reader'
import { ConvertPositions } from './convert-position'
import type { EvidenceWriter } from './evidence-writer'
import type { FirstAnswers } from './first-answers'
import type { HouseAccount } from './house-account'
import { LastPrices } from './last-prices'
import type { OrderLedger } from './order-ledger'
import type {
  AccountPort,
  BrokerPort,
  InstrumentsPort,
  JournalPort,
  LogPort,
  OrderSocketPort,
  QuotesPort,
  SessionPort,
} from './ports'
import { PositionBook } from './position-book'
import { ReadFunds } from './read-funds'
import { ReadHoldings } from './read-holdings'
import { ReadOpenPosition } from './read-open-position'
import type { ReadOrder } from './read-order'
import { ReadOrderHistory } from './read-order-history'
import { ReadOrders } from './read-orders'
import { ReadPositions } from './read-positions'
import { ReadTrades } from './read-trades'

export interface BooksPorts {
  readonly clock: Clock
  readonly journal: JournalPort
  readonly broker: BrokerPort
  readonly account: AccountPort
  readonly instruments: InstrumentsPort
  readonly session: SessionPort
  readonly socket: OrderSocketPort
  readonly log: LogPort
  readonly quotes: QuotesPort
}

export interface BooksFacts {
  readonly account: string
  readonly isBookVerified: boolean
  readonly limits?: CallLimits | undefined
  /** A book read that began this long after a fill became known is taken to contain it. */
  readonly settledAfterMs: number
}

/** What the books are kept from. */
export interface BooksState {
  readonly ledger: OrderLedger
  readonly writer: EvidenceWriter
}

/** The broker's books: every read of one, by whomever, feeds what is known of orders, trades and positions. */
export class Books {
  readonly reader: BookReader
  readonly memory: BookMemory
  readonly positions: PositionBook
  readonly differences: BookDifferences

  constructor(
    private readonly ports: BooksPorts,
    facts: BooksFacts,
    private readonly state: BooksState,
  ) {
    const { clock, socket } = ports
    this.memory = new BookMemory(clock, socket)
    this.differences = new BookDifferences({ ...ports, ...state, account: facts.account })
    this.reader = new BookReader({
      ...ports,
      ...{ isBookVerified: facts.isBookVerified, limits: facts.limits },
      onAnswer: (taken, clientID) => this.take(taken, clientID),
    })
    this.positions = new PositionBook({
      ...{ ...ports, ...state, books: this.reader },
      ...{ memory: this.memory, differences: this.differences, settledAfterMs: facts.settledAfterMs },
    })
  }

  /** The stories of the book requests. */
  stories(parts: {
    readonly house: HouseAccount
    readonly readOrder: ReadOrder
    readonly answers: FirstAnswers
  }): BookStories {
    const { ports, reader: books, memory, positions } = this
    const prices = new LastPrices(ports.quotes, ports.clock)
    const shared = { ...ports, ...this.state, ...parts, books, memory, positions, prices }
    return {
      orders: new ReadOrders(shared),
      trades: new ReadTrades(shared),
      positions: new ReadPositions(shared),
      openPosition: new ReadOpenPosition(shared),
      holdings: new ReadHoldings(shared),
      funds: new ReadFunds(shared),
      history: new ReadOrderHistory(shared),
      conversion: new ConvertPositions(shared),
    }
  }

  private take({ book, answer }: BookTaken, clientID: string | undefined): void {
    const { ledger } = this.state
    if (book === 'positions') return this.positions.take(answer, clientID)
    if (book === 'orders') for (const row of answer.rows) ledger.seeOrder(row, 'order-book')
    if (book === 'trades') for (const row of answer.rows) ledger.seeTrade(row, 'trade-book')
    if (book !== 'history') this.memory.noteRead(book, clientID, answer.begunAtMs)
  }
}

export interface BookStories {
  readonly orders: ReadOrders
  readonly trades: ReadTrades
  readonly positions: ReadPositions
  readonly openPosition: ReadOpenPosition
  readonly holdings: ReadHoldings
  readonly funds: ReadFunds
  readonly history: ReadOrderHistory
  readonly conversion: ConvertPositions
}
