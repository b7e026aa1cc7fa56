import {
  AppError,
  bookSchema,
  parseRequest,
  type Clock,
  type OrderView,
  type PositionView,
} from '@xts-bridge/contracts'
import type { BrokerPosition } from '@xts-bridge/xts'
import type { BookReader } from './book-reader'
import type { CallerContext, HouseAccount } from './house-account'
import type { OrderLedger } from './order-ledger'
import { nameOf, viewOf } from './order-record'
import type { InstrumentsPort, SessionPort } from './ports'
import { clientOf } from './position-key'
import { maySee } from './read-order'
import { tradingDay } from './trading-day'

export interface ReadBooksParts {
  readonly house: HouseAccount
  readonly ledger: OrderLedger
  readonly books: BookReader
  readonly instruments: Pick<InstrumentsPort, 'byToken'>
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly clock: Clock
}

/** The books as the broker has them now; a book that cannot be read is an error, never an empty list. */
export class ReadBooks {
  constructor(private readonly parts: ReadBooksParts) {}

  /** `book.orders`: today's orders, oldest first, ours and those placed elsewhere. Throws XTS_READ_FAILED. */
  async orders(data: unknown, { caller }: CallerContext): Promise<readonly OrderView[]> {
    const { house, ledger, books, session, clock } = this.parts
    const { account, clientID } = parseRequest(bookSchema, data)
    house.check(account)
    const read = await books.read('orders', clientID)
    for (const row of read.rows) ledger.seeOrder(row, 'order-book')
    const client = clientOf(clientID, session.ownCodes)
    const today = tradingDay(clock.nowMs())
    return ledger.records
      .all()
      .filter((record) => tradingDay(record.placedAtMs) === today)
      .filter(
        ({ facts }) => clientID === undefined || clientOf(facts.order.clientID, session.ownCodes) === client,
      )
      .filter(({ facts }) => clientID !== undefined || maySee(caller.clientIDs, facts.order.clientID))
      .map(viewOf)
  }

  /** `book.positions`: net positions. Throws XTS_READ_FAILED, also when an empty answer proves nothing. */
  async positions(data: unknown): Promise<readonly PositionView[]> {
    const { house, ledger, books, session } = this.parts
    const { account, clientID } = parseRequest(bookSchema, data)
    house.check(account)
    const read = await books.read('positions', clientID)
    if (read.rows.length === 0) {
      const hasTraded = ledger.hasTradedToday(clientOf(clientID, session.ownCodes))
      if (!read.isEmptyBelieved || hasTraded)
        throw new AppError('XTS_READ_FAILED', {
          book: 'positions',
          reason: 'the book is empty, which proves nothing yet',
        })
    }
    return read.rows.map((row) => this.view(row, clientID))
  }

  private view(row: BrokerPosition, clientID: string | undefined): PositionView {
    const { house, instruments } = this.parts
    const { product, quantity, buyQuantity, sellQuantity, buyAveragePrice, sellAveragePrice, multiplier } =
      row
    const closed = Math.min(buyQuantity, sellQuantity)
    return {
      account: house.name,
      clientID,
      ...nameOf(instruments, row),
      product,
      quantity,
      buyQuantity,
      sellQuantity,
      averagePrice: quantity === 0 ? 0 : quantity > 0 ? buyAveragePrice : sellAveragePrice,
      buyAveragePrice,
      sellAveragePrice,
      multiplier,
      realisedPnl: toTenThousandths((sellAveragePrice - buyAveragePrice) * closed * multiplier),
    }
  }
}

/** Prices have up to four decimals; more would be noise of binary fractions. */
function toTenThousandths(rupees: number): number {
  return Math.round(rupees * 10_000) / 10_000
}
