import type { FaultEngine } from '../faults/fault-engine'
import { spoilFigures } from '../faults/spoil-figures'
import type { MarketChoices } from '../market-choices'
import { numericKey, type Exchange } from '../matching/exchange'
import type { InstrumentMarket } from '../matching/instrument-market'
import type { SessionPhase } from '../matching/session-phase'
import type { NumberSeries } from '../state/number-series'
import type { Session, SessionRegistry } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import type { ListedInstrument } from '../universe/listed-instrument'
import { SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { depthRowsOf, MESSAGE_CODES, type FigureCode, type MessageCode } from '../wire/market-codes'
import { readFigures, secondsOf, underlyingOf } from '../wire/market-figures'
import { candlePartial, candleText, marketStatusText, type Candle } from '../wire/market-notices'
import { BinaryFrames } from './binary-frames'
import { CandleKeeper, candleOf, minuteOf } from './candle-keeper'
import { FeedRounds } from './feed-rounds'
import { statusOf } from './market-statuses'
import { newAudience, type Audience, type Watch } from './market-watch'
import { PropertyNoise } from './property-noise'
import { TickForms, type TickStyle } from './tick-forms'
import { TickTeller } from './tick-teller'

/** Trades in quick succession are told together. */
const COALESCE_MS = 5
const MINUTE_MS = 60_000
/** A timer may come a little early; a minute must be over when its candle is told. */
const AFTER_MINUTE_MS = 20
const EVERYBODY = '*'

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
  readonly universe: Universe
  readonly exchange: () => Exchange
  readonly sessions: () => SessionRegistry
  readonly phaseOf: (segment: SegmentName) => SessionPhase
  readonly clock: SimClock
  readonly numbers: NumberSeries
  readonly choices: MarketChoices
  readonly faults: FaultEngine
  readonly seed: number
  /** Steps per second of each subscribed instrument; 0 stands still until something trades. */
  readonly ticksPerSecond: number
}

/** Moves the markets that are watched and tells the sockets. Subscriptions belong to the session, not to a socket. */
export class MarketFeed {
  /** Minute bars of everything that moved. */
  readonly candles = new CandleKeeper()
  /** The same seed, the same invented past. */
  readonly seed: number
  private readonly watches = new Map<string, Watch>()
  private readonly byMarket = new Map<InstrumentMarket, Watch>()
  private readonly moved = new Set<Watch>()
  private readonly rounds: FeedRounds
  private readonly noise: PropertyNoise
  private readonly frames: BinaryFrames
  private readonly style: TickStyle
  private readonly teller: TickTeller
  private endNoise: (() => void) | undefined
  private endMinute: (() => void) | undefined
  private dropFlush: (() => void) | undefined

  constructor(private readonly parts: FeedParts) {
    const { clock, choices, ticksPerSecond, universe, seed } = parts
    this.seed = seed
    this.rounds = new FeedRounds({
      clock,
      stepsPerSecond: ticksPerSecond,
      markets: () => this.movingMarkets(),
      moved: () => this.flush(),
    })
    this.noise = new PropertyNoise(universe, seed)
    this.frames = new BinaryFrames(choices.binaryPacketsPerFrame)
    this.teller = new TickTeller({
      frames: this.frames,
      partialKeys: choices.partialKeys,
      tape: parts.tape,
      spoil: (code, figures) => spoilFigures(parts.faults, code, figures),
    })
    const touchline = choices.touchlineShape === 'flat' ? 'flat' : 'nested'
    this.style = {
      payload: { touchline, fields: choices.feedFields },
      packet: { generation: choices.binaryGeneration, isCompressed: choices.isBinaryCompressed },
    }
  }

  start(): void {
    const { clock, choices } = this.parts
    this.rounds.start()
    this.awaitMinute()
    if (choices.noisePerSecond > 0) {
      // One form of 1105 was ever seen.
      const tell = (): void => this.tellEverybody('1105-json-partial', this.noise.next())
      this.endNoise = clock.every(1000 / choices.noisePerSecond, tell)
    }
  }

  close(): void {
    this.rounds.close()
    this.dropFlush?.()
    this.endNoise?.()
    this.endMinute?.()
  }

  subscribe(session: Session, code: MessageCode, instrument: ListedInstrument): void {
    const key = numericKey(instrument)
    session.subscriptions.add(`${code}:${key}`)
    const watch = this.watches.get(key) ?? this.beginWatch(key, instrument)
    const audience = watch.audiences.get(code) ?? newAudience(`${code}:${key}`)
    watch.audiences.set(code, audience)
    audience.sessions.add(session)
    audience.openInterest = undefined
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

  /** What a quote answers; undefined where this code says nothing of this instrument. */
  quote(code: MessageCode, instrument: ListedInstrument): string | undefined {
    const replayed = this.parts.tape?.quote(code, numericKey(instrument))
    const isFlat = this.parts.choices.touchlineShape !== 'nested'
    return replayed ?? this.text(code, instrument, isFlat ? 'flat' : 'nested')
  }

  /** The message as the socket would send it now; undefined as in a quote. */
  snapshot(code: MessageCode, instrument: ListedInstrument): string | undefined {
    const replayed = this.parts.tape?.snapshot(code, numericKey(instrument))
    return replayed ?? this.text(code, instrument, this.style.payload.touchline)
  }

  /** Something traded or moved: its watchers hear of it within a few milliseconds. */
  tapeMoved(market: InstrumentMarket): void {
    this.candles.note(market, this.parts.clock.nowMs())
    const watch = this.byMarket.get(market)
    if (!watch || this.parts.tape?.owns(watch.key)) return
    this.moved.add(watch)
    this.dropFlush ??= this.parts.clock.later(COALESCE_MS, () => this.flush())
  }

  /** A segment came to another phase of its day: everybody hears 1507. */
  phaseChanged(segment: SegmentName, phase: SessionPhase): void {
    this.tellEverybody('1507-json-full', this.statusText(segment, phase))
  }

  /** Every market-data socket hears this, subscribed or not. */
  tellEverybody(event: string, text: string): void {
    let isHeard = false
    for (const session of this.parts.sessions().live('market')) {
      for (const socket of session.sockets) {
        socket.emit(event, text)
        isHeard = true
      }
    }
    if (isHeard) this.parts.tape?.sent(EVERYBODY, event, text)
  }

  private text(
    code: MessageCode,
    instrument: ListedInstrument,
    touchline: 'flat' | 'nested',
  ): string | undefined {
    if (code === 1507) return this.statusText(instrument.segment, this.parts.phaseOf(instrument.segment))
    const market = this.parts.exchange().market(instrument)
    this.candles.watch(market, this.parts.clock.nowMs())
    if (code === 1505) return this.lastCandle(market)
    if (!saysSomething(code, market)) return undefined
    const style = { ...this.style, payload: { ...this.style.payload, touchline } }
    return this.formsOf(code, market, style).full()
  }

  private lastCandle(market: InstrumentMarket): string | undefined {
    const now = minuteOf(this.parts.clock.nowMs())
    const bar = this.candles.barsOf(market).at(-1)
    const candle = this.candles.candleBefore(market, now) ?? (bar && candleOf(market, bar))
    return candle && candleText(candle)
  }

  private statusText(segment: SegmentName, phase: SessionPhase): string {
    const nowMs = this.parts.clock.nowMs()
    const time = secondsOf(nowMs, SEGMENT_NUMBERS[segment], this.parts.choices.otherTickTime)
    return marketStatusText(statusOf(segment, phase, nowMs), time, this.parts.numbers.nextSequence())
  }

  /** What somebody watches, and what has a client's order in it; not what a tape speaks for. */
  private movingMarkets(): InstrumentMarket[] {
    const { tape, exchange } = this.parts
    const watched = [...this.watches.values()].filter((watch) => !tape?.owns(watch.key))
    const traded = exchange().marketsWithClientOrders()
    return [...watched.map((watch) => watch.market), ...traded.filter((market) => !this.byMarket.has(market))]
  }

  private flush(): void {
    this.dropFlush?.()
    this.dropFlush = undefined
    for (const watch of this.moved) this.tell(watch)
    this.moved.clear()
    this.frames.send()
  }

  private tell(watch: Watch): void {
    const { market } = watch
    for (const [code, audience] of watch.audiences) {
      if (!saysSomething(code, market)) continue
      // Open interest is told when it changes, everything else whenever the market moves.
      if (code === 1510 && audience.openInterest === market.openInterest) continue
      audience.openInterest = market.openInterest
      this.teller.tell(code, audience, this.formsOf(code, market, this.style, watch.underlying))
    }
  }

  private formsOf(
    code: FigureCode,
    market: InstrumentMarket,
    style: TickStyle,
    underlying = underlyingOf(market.instrument),
  ): TickForms {
    const { clock, numbers, choices } = this.parts
    const moment = { nowMs: clock.nowMs(), sequence: numbers.nextSequence() }
    const reading = { rows: depthRowsOf(code), otherTickTime: choices.otherTickTime }
    return new TickForms(code, readFigures(market, moment, reading), style, underlying)
  }

  /** At the end of each minute its candles are told. */
  private awaitMinute(): void {
    const { clock } = this.parts
    this.endMinute = clock.later(MINUTE_MS - (clock.nowMs() % MINUTE_MS) + AFTER_MINUTE_MS, () => {
      this.tellCandles()
      this.awaitMinute()
    })
  }

  private tellCandles(): void {
    const minute = minuteOf(this.parts.clock.nowMs())
    for (const { market, audiences } of this.watches.values()) {
      const audience = audiences.get(1505)
      const candle = audience && this.candles.candleBefore(market, minute)
      if (candle && candle.endsAt >= (minute - 1) * 60) this.tellCandle(audience, candle)
    }
  }

  private tellCandle(audience: Audience, candle: Candle): void {
    const heard = new Set<string>()
    for (const session of audience.sessions) {
      for (const socket of session.sockets) {
        const event = socket.isPartial ? '1505-json-partial' : '1505-json-full'
        socket.emit(event, socket.isPartial ? candlePartial(candle) : candleText(candle))
        heard.add(event)
      }
    }
    for (const event of heard) {
      const isPartial = event === '1505-json-partial'
      this.parts.tape?.sent(audience.to, event, isPartial ? candlePartial(candle) : candleText(candle))
    }
  }

  private beginWatch(key: string, instrument: ListedInstrument): Watch {
    const market = this.parts.exchange().market(instrument)
    this.candles.watch(market, this.parts.clock.nowMs())
    const watch: Watch = { key, market, underlying: underlyingOf(instrument), audiences: new Map() }
    this.watches.set(key, watch)
    this.byMarket.set(market, watch)
    this.rounds.changed()
    return watch
  }

  private forget(key: string, code: MessageCode, session: Session): void {
    const watch = this.watches.get(key)
    const audience = watch?.audiences.get(code)
    if (!watch || !audience) return
    audience.sessions.delete(session)
    for (const socket of session.sockets) audience.informed.delete(socket)
    if (audience.sessions.size === 0) watch.audiences.delete(code)
    if (watch.audiences.size > 0) return
    this.watches.delete(key)
    this.byMarket.delete(watch.market)
    this.rounds.changed()
  }
}

/** Candles and statuses come at their own time; an index message is about indices only. */
function saysSomething(code: MessageCode, market: InstrumentMarket): code is FigureCode {
  if (code === 1505 || code === 1507) return false
  return code !== 1504 || market.instrument.isIndex
}
