import { bookSchema, parseRequest, type TradeView } from '@xts-bridge/contracts'
import type { BookMemory } from './book-memory'
import type { BookReader } from './book-reader'
import type { KnownFill } from './day-fills'
import type { CallerContext, HouseAccount } from './house-account'
import type { OrderLedger } from './order-ledger'
import { nameOf } from './order-record'
import type { InstrumentsPort, SessionPort } from './ports'
import { clientOf } from './position-key'
import { profitMultiplier, toTenThousandths } from './position-profit'
import { maySee } from './read-order'

export interface ReadTradesParts {
  readonly house: HouseAccount
  readonly ledger: OrderLedger
  readonly books: Pick<BookReader, 'read'>
  readonly memory: BookMemory
  readonly instruments: Pick<InstrumentsPort, 'byToken' | 'listedByToken'>
  readonly session: Pick<SessionPort, 'ownCodes'>
}

/** `book.trades`: every trade record of the day, once, oldest first. */
export class ReadTrades {
  constructor(private readonly parts: ReadTradesParts) {}

  /** Throws XTS_READ_FAILED when the book must be read and cannot be; it is never an empty list then. */
  async read(data: unknown, { caller }: CallerContext): Promise<readonly TradeView[]> {
    const { house, books, memory, ledger, session } = this.parts
    const { account, clientID, fresh } = parseRequest(bookSchema, data)
    house.check(account)
    memory.watch(clientID)
    const keptAsOfMs = fresh ? undefined : memory.asOfMs('trades', clientID)
    const readAtMs = keptAsOfMs ?? (await books.read('trades', clientID)).begunAtMs
    const asOfMs = keptAsOfMs ?? memory.asOfMs('trades', clientID) ?? readAtMs
    const client = clientID === undefined ? undefined : clientOf(clientID, session.ownCodes)
    return ledger
      .fillsToday(client)
      .filter((known) => clientID !== undefined || maySee(caller.clientIDs, known.clientID))
      .sort((one, other) => one.fill.tradedAtMs - other.fill.tradedAtMs)
      .map((known) => this.view(known, asOfMs))
  }

  private view({ fill, clientID }: KnownFill, asOfMs: number): TradeView {
    const { house, ledger, instruments } = this.parts
    const record = ledger.records.match(fill)
    const { brokerOrderId, tradeId, product, side, quantity, price, tradedAtMs } = fill
    const listed = instruments.listedByToken(fill.segment, fill.token)
    return {
      account: house.name,
      clientID,
      orderId: record?.orderId ?? '',
      brokerOrderId,
      strategy: record?.facts.order.strategy,
      tradeId,
      ...nameOf(instruments, fill),
      ...{ product, side, quantity, price },
      value: toTenThousandths(price * quantity * profitMultiplier(undefined, listed)),
      tradedAtMs,
      asOfMs,
    }
  }
}
