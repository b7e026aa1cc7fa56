import { choicesOf } from './choices'
import { openDay, type OpenDay } from './day/open-day'
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
import { carryOver } from './state/carry-over'
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
  const today = indianDate(clock.nowMs())
  const universe = loadUniverse(settings, today, log)
  const accounts = accountsOf(settings)
  const day = openDay(settings.stateFile, { today, universe, accounts }, log)
  const { record } = day
  const ledger = new OrderLedger()
  const positions = new PositionKeeper()
  carryOver(accounts, universe, positions)
  const numbers = new NumberSeries(clock.nowMs())
  const tape = openDeck(settings, {
    clock,
    log,
    universe,
    sessions: () => sessions,
    exchange: () => exchange,
  })
  const { trading, bulletins } = openTradingDay(settings, universe, clock)
  const feed: MarketFeed = new MarketFeed({
    tape,
    universe,
    exchange: () => exchange,
    sessions: () => sessions,
    phaseOf: (segment) => trading.phaseOf(segment),
    choices: marketChoicesOf(settings),
    seed: settings.seed,
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
  const faults = new FaultEngine({ clock, seed: settings.seed, log })
  const events = new OrderEvents(() => sessions)
  const exchange: Exchange = new Exchange({
    accounts,
    universe,
    ledger,
    positions,
    numbers,
    clock,
    sessions: trading,
    seed: settings.seed,
    exchangeDelayMs: settings.exchangeDelayMs,
    refillDelayMs: settings.refillDelayMs,
    listener: tellEverybody({ record, events, feed, bulletins }),
    twists: orderTwists(faults),
  })
  const books = {
    universe,
    sessions,
    exchange,
    ledger,
    positions,
    numbers,
    feed,
    tape,
    record,
    trading,
    bulletins,
  }
  const broker: Broker = {
    ...{ clock, ids, accounts, log, faults },
    ...books,
    ...waysOf(settings, clock),
    outgoing: new Outgoing({ faults, clock, broker: () => broker }),
    frontDoor: new FrontDoor({ faults, clock, log }),
  }
  return { broker, day }
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
