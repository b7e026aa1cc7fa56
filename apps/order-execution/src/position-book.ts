import { AppError, type Clock } from '@xts-bridge/contracts'
import type { BrokerPosition } from '@xts-bridge/xts'
import type { BookDifferences } from './book-differences'
import type { BookMemory } from './book-memory'
import type { BookAnswer, BookReader } from './book-reader'
import type { OrderLedger } from './order-ledger'
import { nameOf } from './order-record'
import type { InstrumentsPort, SessionPort } from './ports'
import { clientOf, type PositionKey } from './position-key'
import { PositionProjection, type KnownTrades, type ProjectedPosition } from './position-projection'
import { tradingDay } from './trading-day'

export interface PositionBookOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly books: Pick<BookReader, 'read'>
  readonly memory: BookMemory
  readonly instruments: Pick<InstrumentsPort, 'byToken'>
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly differences: BookDifferences
  /** A book read that began this long after a fill became known is taken to contain it. */
  readonly settledAfterMs: number
}

/** Positions, and as of when they are true. */
export interface PositionsAsOf {
  readonly positions: readonly ProjectedPosition[]
  readonly asOfMs: number
}

interface ClientDay {
  readonly day: number
  readonly projection: PositionProjection
  nativeRows: readonly Readonly<Record<string, unknown>>[]
}

/** A read, and one more for what the first could not make certain. */
const MOST_READS = 3

/** The positions of every client as they are kept from trades, and held against each position book that is read. */
export class PositionBook {
  private readonly days = new Map<string, ClientDay>()

  constructor(private readonly options: PositionBookOptions) {}

  /** A position book was read, whoever asked for it. One that proves nothing is not taken. */
  take(answer: BookAnswer<BrokerPosition>, clientID: string | undefined): void {
    const { session, instruments, memory, differences } = this.options
    const client = clientOf(clientID, session.ownCodes)
    if (this.problemOf(answer, client) !== undefined) return
    const today = this.today(client)
    memory.noteRead('positions', clientID, answer.begunAtMs)
    today.nativeRows = answer.nativeRows ?? []
    for (const { key, expectedNet, bookNet } of today.projection.take(answer, this.trades(clientID)))
      differences.tell({
        type: 'position-moved',
        clientID,
        ...{ ...nameOf(instruments, key), product: key.product },
        ...{ expectedQuantity: expectedNet, bookQuantity: bookNet },
      })
  }

  /** True when another read may make certain what the last could not. */
  isUncertain(clientID: string | undefined): boolean {
    const client = clientOf(clientID, this.options.session.ownCodes)
    return this.today(client).projection.isUncertain
  }

  /** From our state, or after a read where that is asked for or needed. Throws XTS_READ_FAILED. */
  async current(clientID: string | undefined, isFresh: boolean): Promise<PositionsAsOf> {
    const { memory, session } = this.options
    memory.watch(clientID)
    const client = clientOf(clientID, session.ownCodes)
    const kept = isFresh ? undefined : this.kept(client, clientID)
    if (kept !== undefined) return kept
    const begunAtMs = await this.readUntilCertain(client, clientID)
    const { projection } = this.today(client)
    if (projection.isBehind) throw unreadable('the position book lacks trades of today')
    const asOfMs = memory.asOfMs('positions', clientID) ?? begunAtMs
    const fills = this.trades(clientID).fills
    return {
      positions: projection.positions(fills),
      asOfMs: projection.isOutdated(fills) ? begunAtMs : asOfMs,
    }
  }

  /** The broker's own rows of the last read. Throws XTS_READ_FAILED. */
  async native(
    clientID: string | undefined,
    isFresh: boolean,
  ): Promise<{ readonly rows: ClientDay['nativeRows']; readonly asOfMs: number }> {
    const { memory, session } = this.options
    await this.current(clientID, isFresh)
    const { nativeRows } = this.today(clientOf(clientID, session.ownCodes))
    return { rows: nativeRows, asOfMs: memory.readAtMs('positions', clientID) ?? 0 }
  }

  /** A quantity went from one product to another, or may have: only a book that is read from now on tells. */
  converted(keys: readonly PositionKey[]): void {
    for (const key of keys) this.today(key.client).projection.changed([key])
  }

  private kept(client: string, clientID: string | undefined): PositionsAsOf | undefined {
    const { projection } = this.today(client)
    const asOfMs = this.options.memory.asOfMs('positions', clientID)
    if (projection.asOfMs === undefined || asOfMs === undefined || projection.isBehind) return undefined
    const { fills } = this.trades(clientID)
    return projection.isOutdated(fills) ? undefined : { positions: projection.positions(fills), asOfMs }
  }

  /** When the last of the reads began. The trade book is read in between, as it shows what the positions hold. */
  private async readUntilCertain(client: string, clientID: string | undefined): Promise<number> {
    const { books } = this.options
    for (let reads = 1; ; reads += 1) {
      const answer = await books.read('positions', clientID)
      const problem = this.problemOf(answer, client)
      const isLast = reads === MOST_READS
      if (problem !== undefined && (isLast || !this.hasTraded(client))) throw unreadable(problem)
      const isDone = problem === undefined && !this.today(client).projection.isUncertain
      if (isDone || isLast) return answer.begunAtMs
      await books.read('trades', clientID)
    }
  }

  private problemOf(
    { rows, isEmptyBelieved }: BookAnswer<BrokerPosition>,
    client: string,
  ): string | undefined {
    if (rows.length > 0 || (isEmptyBelieved && !this.hasTraded(client))) return undefined
    return 'the book is empty, which proves nothing yet'
  }

  private hasTraded(client: string): boolean {
    return this.options.ledger.hasTradedToday(client)
  }

  private trades(clientID: string | undefined): KnownTrades {
    const { ledger, memory, session } = this.options
    const fills = ledger.fillsToday(clientOf(clientID, session.ownCodes))
    return { fills, readBegunAtMs: memory.readAtMs('trades', clientID) ?? -Infinity }
  }

  private today(client: string): ClientDay {
    const day = tradingDay(this.options.clock.nowMs())
    const known = this.days.get(client)
    if (known?.day === day) return known
    const projection = new PositionProjection(client, this.options.settledAfterMs)
    const fresh = { day, projection, nativeRows: [] }
    this.days.set(client, fresh)
    return fresh
  }
}

function unreadable(reason: string): AppError {
  return new AppError('XTS_READ_FAILED', { book: 'positions', reason })
}
