import { choicesOf } from './choices'
import { Midnight } from './day/midnight'
import { openDay, type OpenDay } from './day/open-day'
import { turnDay } from './day/turn-day'
import { FaultEngine } from './faults/fault-engine'
import { FrontDoor } from './faults/front-door'
import { orderTwists } from './faults/order-twists'
import { marketChoicesOf } from './market-choices'
import { Exchange } from './matching/exchange'
import { TradingSessions } from './matching/trading-sessions'
import { accountsOf, type SimulatorSettings } from './options'
import type { Broker } from './rest/broker'
import { RateLimiter } from './rest/rate-limiter'
import { MarketFeed } from './sockets/market-feed'
import { OrderEvents } from './sockets/order-events'
import { Outgoing } from './sockets/outgoing'
import { tellEverybody } from './sockets/tell-everybody'
import type { StateLog } from './state-log'
import { ExchangeBulletins } from './state/exchange-bulletins'
import { openingsOf } from './state/carry-over'
import { NumberSeries } from './state/number-series'
import { OrderLedger } from './state/order-ledger'
import { PositionKeeper } from './state/position-keeper'
import { SessionRegistry } from './state/session-registry'
import { openDeck } from './tape/open-deck'
import type { SimClock } from './time/sim-clock'
import type { World } from './time/world'
import { generateUniverse } from './universe/generate-universe'
import { loadMasters } from './universe/load-masters'
import type { Universe } from './universe/universe'
import { indianDate } from './wire/indian-time'

/** A broker and the day it keeps. */
export interface BuiltBroker {
  readonly broker: Broker
  readonly day: OpenDay
}

/** Puts a broker together; nothing listens yet, and no file is changed. */
export function buildBroker(settings: SimulatorSettings, world: World, log: StateLog): BuiltBroker {
  const { clock, ids } = world
  const books = openBooks(settings, clock, log)
  const { day, accounts } = books
  const { trading, bulletins } = openTradingDay(settings, books.universe, clock)
  const faults = new FaultEngine({ clock, seed: settings.seed, log })
  const market = openMarket(settings, world, { ...books, trading, bulletins, faults, log })
  const broker: Broker = {
    ...{ clock, ids, accounts, log, faults, trading, bulletins },
    ...{ universe: books.universe, ledger: books.ledger, positions: books.positions, numbers: books.numbers },
    ...{ record: day.record, ...market },
    ...waysOf(settings, clock),
    outgoing: new Outgoing({ faults, clock, broker: () => broker }),
    frontDoor: new FrontDoor({ faults, clock, log }),
    midnight: new Midnight(clock, () => turnDay(broker, day)),
  }
  return { broker, day }
}

/** What a broker has before anybody trades. */
interface Books {
  readonly universe: Universe
  readonly accounts: Broker['accounts']
  readonly day: OpenDay
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly numbers: NumberSeries
}

function openBooks(settings: SimulatorSettings, clock: SimClock, log: StateLog): Books {
  const today = indianDate(clock.nowMs())
  const universe = loadUniverse(settings, today, log)
  const accounts = accountsOf(settings)
  const positions = new PositionKeeper()
  positions.beginDay(openingsOf(accounts, universe))
  return {
    universe,
    accounts,
    day: openDay(settings.stateFile, { today, universe, accounts }, log),
    ledger: new OrderLedger(),
    positions,
    numbers: new NumberSeries(clock.nowMs()),
  }
}

interface MarketParts extends Books {
  readonly trading: TradingSessions
  readonly bulletins: ExchangeBulletins
  readonly faults: FaultEngine
  readonly log: StateLog
}

/** The exchange and those who hear of it; each needs the others, so they are made together. */
function openMarket(settings: SimulatorSettings, { clock, ids }: World, parts: MarketParts) {
  const { universe, accounts, day, ledger, positions, numbers, trading, bulletins, faults, log } = parts
  const { record } = day
  const { seed } = settings
  const tape = openDeck(settings, {
    clock,
    log,
    universe,
    sessions: () => sessions,
    exchange: () => exchange,
  })
  const feed: MarketFeed = new MarketFeed({
    tape,
    universe,
    exchange: () => exchange,
    sessions: () => sessions,
    phaseOf: (segment) => trading.phaseOf(segment),
    choices: marketChoicesOf(settings),
    faults,
    seed,
    clock,
    numbers,
    ticksPerSecond: settings.ticksPerSecond,
  })
  const sessions: SessionRegistry = new SessionRegistry(
    { accounts, clock, ids, endedSockets: settings.endedSockets },
    (session) => {
      feed.dropSession(session)
      log('session ended', { api: session.api, sessionId: session.id, state: session.state })
    },
  )
  const events = new OrderEvents(() => sessions)
  const exchange: Exchange = new Exchange({
    ...{ accounts, universe, ledger, positions, numbers, clock, seed },
    sessions: trading,
    exchangeDelayMs: settings.exchangeDelayMs,
    refillDelayMs: settings.refillDelayMs,
    listener: tellEverybody({ record, events, feed, bulletins }),
    twists: orderTwists(faults),
  })
  return { tape, feed, sessions, exchange }
}

/** How this broker behaves where there is a choice. */
function waysOf(settings: SimulatorSettings, clock: SimClock) {
  const choices = choicesOf(settings)
  return {
    choices,
    limiter: new RateLimiter(choices, clock),
    ackDelayMs: settings.ackDelayMs,
    subscriptionLimit: settings.subscriptionLimit,
    marketChoices: marketChoicesOf(settings),
  }
}

/** The segments' day, and what the exchanges tell first: where it stands. */
function openTradingDay(settings: SimulatorSettings, { segments }: Universe, clock: SimClock) {
  const trading = new TradingSessions(settings, clock)
  const bulletins = new ExchangeBulletins()
  for (const segment of segments) {
    bulletins.phaseChanged({ segment, phase: trading.phaseOf(segment), atMs: clock.nowMs() })
  }
  return { trading, bulletins }
}

function loadUniverse(settings: SimulatorSettings, today: string, log: StateLog): Universe {
  if (settings.mastersDir === undefined) {
    return generateUniverse(settings.seed, today, settings.universe).limitedTo(settings.segments)
  }
  const { universe, files } = loadMasters(settings.mastersDir)
  for (const file of files)
    log(file.isUsed ? 'master served' : 'master passed over for a newer one', { ...file })
  return universe.limitedTo(settings.segments)
}
