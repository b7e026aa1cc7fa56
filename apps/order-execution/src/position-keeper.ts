import { AppError, type Clock } from '@xts-bridge/contracts'
import type { BrokerPosition } from '@xts-bridge/xts'
import type { BookAnswer, BookReader } from './book-reader'
import type { FillSum } from './day-fills'
import type { OrderLedger } from './order-ledger'
import type { LogPort, SessionPort } from './ports'
import { clientOf, positionKeyText, type PositionKey } from './position-key'
import { tradingDay } from './trading-day'

export interface PositionKeeperOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly books: BookReader
  readonly session: Pick<SessionPort, 'ownCodes'>
  /** A book read that began this long after a fill became known is taken to contain it. */
  readonly settledAfterMs: number
  /** Reads the trade book, in case a fill is missing. */
  readonly askForFills: () => void
  readonly log: LogPort
}

/** A net position that was proven, and what the trade records added up to then. */
interface ProvenNet {
  readonly net: number
  readonly fillsNet: number
  readonly day: number
}

/** One reading of a position from the book, with the trade records known before and after it. */
interface Reading {
  /** Undefined when the book misses what it must show; `doubt` says what. */
  readonly net: number | undefined
  readonly doubt?: string | undefined
  readonly begunAtMs: number
  readonly before: FillSum
  readonly after: FillSum
}

const MOST_READS = 5

/**
 * Net positions from the broker's book, believed only when they agree with the trade records. A book that cannot be read,
 * proves nothing, or disagrees is never taken for flat.
 */
export class PositionKeeper {
  private readonly proven = new Map<string, ProvenNet>()

  constructor(private readonly options: PositionKeeperOptions) {}

  /** The proven net. Throws POSITION_UNRESOLVED, with the reason, when it cannot be proven by `untilMs`. */
  async prove(key: PositionKey, clientID: string | undefined, untilMs: number): Promise<number> {
    let reason = 'the deadline left no time to read the position book'
    let last: Reading | undefined
    for (let attempt = 0; attempt < MOST_READS && this.options.clock.nowMs() < untilMs; attempt += 1) {
      const reading = await this.readOnce(key, clientID)
      const verdict = reading.net === undefined ? reading.doubt : this.judge(key, reading, last)
      if (verdict === undefined && reading.net !== undefined)
        return this.remember(key, reading.net, reading.after)
      reason = verdict ?? reason
      last = reading
      this.options.askForFills()
    }
    throw new AppError('POSITION_UNRESOLVED', { reason })
  }

  private async readOnce(key: PositionKey, clientID: string | undefined): Promise<Reading> {
    const { books, ledger } = this.options
    const before = ledger.fillsOf(key)
    const read = await this.readBook(books, clientID)
    const net = this.netIn(read, key)
    const doubt = net === undefined ? 'the position book lacks a position that traded today' : undefined
    return { net, doubt, begunAtMs: read.begunAtMs, before, after: ledger.fillsOf(key) }
  }

  private async readBook(
    books: BookReader,
    clientID: string | undefined,
  ): Promise<BookAnswer<BrokerPosition>> {
    try {
      return await books.read('positions', clientID)
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
      throw new AppError('POSITION_UNRESOLVED', { reason: cause.message }, { cause })
    }
  }

  /** A missing row is flat only where it cannot be a gap. Throws POSITION_UNRESOLVED when reading again would not help. */
  private netIn(read: BookAnswer<BrokerPosition>, key: PositionKey): number | undefined {
    const { ledger, session } = this.options
    const rows = read.rows.filter((row) => isRowOf(row, key))
    const [row] = rows
    if (rows.length > 1) throw unresolved('the position book has several rows for this position')
    // A login's own book may name a code we do not know; a client's book must name that client.
    if (row !== undefined && key.client !== '' && clientOf(row.clientID, session.ownCodes) !== key.client)
      throw unresolved(`the position book answered for the client "${row.clientID}"`)
    if (row !== undefined) return row.quantity
    if (read.rows.length === 0 && !read.isEmptyBelieved)
      throw unresolved('the position book is empty and never had rows in this session, which proves nothing')
    const hasTraded =
      read.rows.length === 0 ? ledger.hasTradedToday(key.client) : ledger.fillsOf(key).count > 0
    return hasTraded ? undefined : 0
  }

  /** What keeps the reading from being proof; undefined when nothing does. */
  private judge(key: PositionKey, reading: Reading, last: Reading | undefined): string | undefined {
    const { net, before, after, begunAtMs } = reading
    if (before.count !== after.count) return 'trades came while the position book was read'
    const expected = this.expected(key, after)
    if (expected === net) return undefined
    const isQuiet = begunAtMs >= after.lastSeenAtMs + this.options.settledAfterMs
    const isConfirmed = last !== undefined && last.net === net && last.after.count === after.count
    if (expected === undefined && (isQuiet || isConfirmed)) return undefined
    if (expected === undefined) return 'the position book may not contain the newest trades yet'
    if (isQuiet && isConfirmed) {
      // Long after the last trade and twice the same: the position moved without a trade, as a product conversion does.
      this.options.log.warn('position differs from its trades', { ...key, expected, net })
      return undefined
    }
    return `the position book says ${net} and the trade records ${expected}`
  }

  private expected(key: PositionKey, sum: FillSum): number | undefined {
    const proven = this.proven.get(positionKeyText(key))
    if (proven?.day !== tradingDay(this.options.clock.nowMs())) return undefined
    return proven.net + sum.net - proven.fillsNet
  }

  private remember(key: PositionKey, net: number, after: FillSum): number {
    const day = tradingDay(this.options.clock.nowMs())
    this.proven.set(positionKeyText(key), { net, fillsNet: after.net, day })
    return net
  }
}

function isRowOf(row: BrokerPosition, { segment, token, product }: PositionKey): boolean {
  return row.segment === segment && row.token === token && row.product === product
}

function unresolved(reason: string): AppError {
  return new AppError('POSITION_UNRESOLVED', { reason })
}
