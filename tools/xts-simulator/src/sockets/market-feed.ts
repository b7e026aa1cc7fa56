import { numericKey, type Exchange } from '../matching/exchange'
import type { InstrumentMarket } from '../matching/instrument-market'
import type { NumberSeries } from '../state/number-series'
import type { Session, SessionSocket } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import type { ListedInstrument } from '../universe/listed-instrument'
import {
  flatTouchline,
  fullMessage,
  MESSAGE_CODES,
  partialMessage,
  type MessageCode,
} from '../wire/market-payloads'

/** Markets move in turns, so that many subscriptions do not all tick in the same instant. */
const TURNS_PER_ROUND = 10
/** Trades in quick succession are told together. */
const COALESCE_MS = 5

/** One instrument somebody subscribed to, and who, by message code. */
interface Watch {
  readonly market: InstrumentMarket
  readonly sessions: Map<MessageCode, Set<Session>>
}

/** A recorded tape beside the feed: what it tells about its instruments, and a recording of what goes out. */
export interface FeedTape {
  /** `1:26000`: the tape speaks for this instrument, so the feed must not. */
  owns(key: string): boolean
  quote(code: number, key: string): string | undefined
  snapshot(code: number, key: string): string | undefined
  /** A message went to at least one socket; `to` is `1501:1:26000`, or `*` for everybody. Told once however many heard it. */
  sent(to: string, event: string, payload: string | Buffer): void
}

export interface FeedParts {
  readonly tape?: FeedTape | undefined
  readonly exchange: () => Exchange
  readonly clock: SimClock
  readonly numbers: NumberSeries
  /** Steps per second of each subscribed instrument; 0 stands still until something trades. */
  readonly ticksPerSecond: number
}

/** Moves the markets that are watched and tells the sockets. Subscriptions belong to the session, not to a socket. */
export class MarketFeed {
  private readonly watches = new Map<string, Watch>()
  private readonly moved = new Set<InstrumentMarket>()
  private endRounds: (() => void) | undefined
  private dropFlush: (() => void) | undefined
  private turn = 0

  constructor(private readonly parts: FeedParts) {}

  start(): void {
    if (this.parts.ticksPerSecond <= 0) return
    const turnMs = 1000 / (this.parts.ticksPerSecond * TURNS_PER_ROUND)
    this.endRounds = this.parts.clock.every(turnMs, () => this.takeTurn())
  }

  close(): void {
    this.endRounds?.()
    this.dropFlush?.()
  }

  subscribe(session: Session, code: MessageCode, instrument: ListedInstrument): void {
    const key = numericKey(instrument)
    session.subscriptions.add(`${code}:${key}`)
    const watch = this.watches.get(key) ?? newWatch(this.parts.exchange().market(instrument))
    this.watches.set(key, watch)
    const sessions = watch.sessions.get(code) ?? new Set<Session>()
    watch.sessions.set(code, sessions.add(session))
  }

  unsubscribe(session: Session, code: MessageCode, instrument: ListedInstrument): void {
    const key = numericKey(instrument)
    session.subscriptions.delete(`${code}:${key}`)
    this.forget(key, code, session)
  }

  /** Ends all subscriptions of a session that is over. */
  dropSession(session: Session): void {
    for (const subscription of session.subscriptions) {
      const [code, ...key] = subscription.split(':')
      const known = MESSAGE_CODES.find((candidate) => candidate === Number(code))
      if (known !== undefined) this.forget(key.join(':'), known, session)
    }
    session.subscriptions.clear()
  }

  /** What a quote answers: 1501 in its flat form. */
  quote(code: MessageCode, instrument: ListedInstrument): string {
    const replayed = this.parts.tape?.quote(code, numericKey(instrument))
    if (replayed !== undefined) return replayed
    if (code !== 1501) return this.snapshot(code, instrument)
    return JSON.stringify(flatTouchline(this.parts.exchange().market(instrument), this.parts.clock.nowMs()))
  }

  /** The message as the socket would send it now. */
  snapshot(code: MessageCode, instrument: ListedInstrument): string {
    const replayed = this.parts.tape?.snapshot(code, numericKey(instrument))
    return replayed ?? this.fullText(code, this.parts.exchange().market(instrument))
  }

  /** Something traded or moved: its watchers hear of it within a few milliseconds. */
  tapeMoved(market: InstrumentMarket): void {
    const key = numericKey(market.instrument)
    if (!this.watches.has(key) || this.parts.tape?.owns(key)) return
    this.moved.add(market)
    this.dropFlush ??= this.parts.clock.later(COALESCE_MS, () => this.flush())
  }

  private takeTurn(): void {
    this.turn = (this.turn + 1) % TURNS_PER_ROUND
    let place = 0
    for (const [key, watch] of this.watches) {
      const isItsTurn = place++ % TURNS_PER_ROUND === this.turn
      if (isItsTurn && !this.parts.tape?.owns(key)) watch.market.step()
    }
    for (const market of this.parts.exchange().marketsWithClientOrders()) {
      const isUnwatched = !this.watches.has(numericKey(market.instrument))
      if (isUnwatched && market.instrument.token % TURNS_PER_ROUND === this.turn) market.step()
    }
  }

  private flush(): void {
    this.dropFlush = undefined
    for (const market of this.moved) this.tell(market)
    this.moved.clear()
  }

  private tell(market: InstrumentMarket): void {
    const watch = this.watches.get(numericKey(market.instrument))
    if (!watch) return
    for (const [code, sessions] of watch.sessions) {
      const texts: Partial<Record<'full' | 'partial', string>> = {}
      for (const session of sessions) {
        for (const socket of session.sockets) this.emit(socket, code, market, texts)
      }
      const to = `${code}:${numericKey(market.instrument)}`
      if (texts.partial !== undefined) this.parts.tape?.sent(to, `${code}-json-partial`, texts.partial)
      if (texts.full !== undefined) this.parts.tape?.sent(to, `${code}-json-full`, texts.full)
    }
  }

  private emit(
    socket: SessionSocket,
    code: MessageCode,
    market: InstrumentMarket,
    texts: Partial<Record<'full' | 'partial', string>>,
  ): void {
    if (socket.isPartial) {
      texts.partial ??= partialMessage(code, market, this.parts.clock.nowMs())
      socket.emit(`${code}-json-partial`, texts.partial)
    } else {
      texts.full ??= this.fullText(code, market)
      socket.emit(`${code}-json-full`, texts.full)
    }
  }

  private fullText(code: MessageCode, market: InstrumentMarket): string {
    const moment = { nowMs: this.parts.clock.nowMs(), sequence: this.parts.numbers.nextSequence() }
    return JSON.stringify(fullMessage(code, market, moment))
  }

  private forget(key: string, code: MessageCode, session: Session): void {
    const watch = this.watches.get(key)
    const sessions = watch?.sessions.get(code)
    if (!watch || !sessions) return
    sessions.delete(session)
    if (sessions.size === 0) watch.sessions.delete(code)
    if (watch.sessions.size === 0) this.watches.delete(key)
  }
}

const newWatch = (market: InstrumentMarket): Watch => ({ market, sessions: new Map() })
