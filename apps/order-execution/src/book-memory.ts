import type { Clock } from '@xts-bridge/contracts'
import type { BookName } from './book-reader'
import type { OrderSocketPort } from './ports'
import { tradingDay } from './trading-day'

/** With the order socket live, events keep a book true this long after it was read; the reconciler reads sooner. */
const LIVE_AGE_MS = 90_000
/** Without it, a book is believed this long. */
const BLIND_AGE_MS = 10_000
/** A client whose books nobody asked for in this time is no longer read along. */
const WATCH_MS = 10 * 60_000
const MOST_WATCHED = 50

/** Which books of which clients were read when, and so whether what we keep of them may be answered. */
export class BookMemory {
  private readonly begunAtMs = new Map<string, number>()
  private readonly askedAtMs = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    private readonly socket: OrderSocketPort,
  ) {}

  noteRead(book: BookName, clientID: string | undefined, begunAtMs: number): void {
    this.begunAtMs.set(`${book} ${clientID ?? ''}`, begunAtMs)
  }

  /** When the book last began to be read today; undefined when it was not. */
  readAtMs(book: BookName, clientID: string | undefined): number | undefined {
    const begunAtMs = this.begunAtMs.get(`${book} ${clientID ?? ''}`)
    if (begunAtMs === undefined || tradingDay(begunAtMs) !== tradingDay(this.clock.nowMs())) return undefined
    return begunAtMs
  }

  /**
   * As of when our state of the book is true; undefined when the book must be read. The login's own is true now while the
   * order socket tells of every change; a client's may change where our socket does not hear it.
   */
  asOfMs(book: BookName, clientID: string | undefined): number | undefined {
    const nowMs = this.clock.nowMs()
    const begunAtMs = this.readAtMs(book, clientID)
    if (begunAtMs === undefined) return undefined
    const { liveSinceMs } = this.socket
    const isLive = liveSinceMs !== undefined && begunAtMs >= liveSinceMs
    if (nowMs - begunAtMs > (isLive ? LIVE_AGE_MS : BLIND_AGE_MS)) return undefined
    return isLive && clientID === undefined ? nowMs : begunAtMs
  }

  /** Somebody asked for a book of this client: it is read along with the login's own for a while. */
  watch(clientID: string | undefined): void {
    if (clientID === undefined) return
    this.askedAtMs.delete(clientID)
    this.askedAtMs.set(clientID, this.clock.nowMs())
    const [oldest] = this.askedAtMs.keys()
    if (this.askedAtMs.size > MOST_WATCHED && oldest !== undefined) this.askedAtMs.delete(oldest)
  }

  watched(): readonly string[] {
    const sinceMs = this.clock.nowMs() - WATCH_MS
    return [...this.askedAtMs].filter(([, atMs]) => atMs >= sinceMs).map(([clientID]) => clientID)
  }
}
