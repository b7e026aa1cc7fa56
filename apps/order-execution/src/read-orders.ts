import { bookSchema, parseRequest, type BookedOrder, type Clock } from '@xts-bridge/contracts'
import type { BookMemory } from './book-memory'
import type { BookReader } from './book-reader'
import type { CallerContext, HouseAccount } from './house-account'
import type { OrderLedger } from './order-ledger'
import { viewOf } from './order-record'
import type { SessionPort } from './ports'
import { clientOf } from './position-key'
import { maySee } from './read-order'
import { tradingDay } from './trading-day'

export interface ReadOrdersParts {
  readonly house: HouseAccount
  readonly ledger: OrderLedger
  readonly books: Pick<BookReader, 'read'>
  readonly memory: BookMemory
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly clock: Clock
}

/** `book.orders`: today's orders, oldest first, ours and those placed elsewhere. */
export class ReadOrders {
  constructor(private readonly parts: ReadOrdersParts) {}

  /** Throws XTS_READ_FAILED when the book must be read and cannot be; it is never an empty list then. */
  async read(data: unknown, { caller }: CallerContext): Promise<readonly BookedOrder[]> {
    const { house, books, memory } = this.parts
    const { account, clientID, fresh } = parseRequest(bookSchema, data)
    house.check(account)
    memory.watch(clientID)
    const keptAsOfMs = fresh ? undefined : memory.asOfMs('orders', clientID)
    if (keptAsOfMs !== undefined) return this.rows(clientID, caller, keptAsOfMs)
    const { begunAtMs } = await books.read('orders', clientID)
    return this.rows(clientID, caller, memory.asOfMs('orders', clientID) ?? begunAtMs)
  }

  private rows(
    clientID: string | undefined,
    caller: CallerContext['caller'],
    asOfMs: number,
  ): readonly BookedOrder[] {
    const { ledger, session, clock } = this.parts
    const client = clientOf(clientID, session.ownCodes)
    const today = tradingDay(clock.nowMs())
    return ledger.records
      .all()
      .filter((record) => tradingDay(record.placedAtMs) === today)
      .filter(({ facts }) =>
        clientID === undefined
          ? maySee(caller.clientIDs, facts.order.clientID)
          : clientOf(facts.order.clientID, session.ownCodes) === client,
      )
      .map((record) => ({ ...viewOf(record), asOfMs }))
  }
}
