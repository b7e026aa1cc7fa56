import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlApp } from './control/control-server'
import { FaultBox } from './control/fault-catalogue'
import type { DayRecord } from './day/day-record'
import { openDay, type OpenDay } from './day/open-day'
import { resumeDay } from './day/resume-day'
import { Exchange, type ExchangeListener } from './matching/exchange'
import { accountOf, optionsSchema, type SimulatorOptions, type SimulatorSettings } from './options'
import type { Broker } from './rest/broker'
import { httpApp, MARKET_PREFIXES } from './rest/http-app'
import { MarketFeed } from './sockets/market-feed'
import { OrderEvents } from './sockets/order-events'
import { openSocketDoor } from './sockets/socket-doors'
import { silentLog, type StateLog } from './state-log'
import { NumberSeries } from './state/number-series'
import { OrderLedger } from './state/order-ledger'
import { PositionKeeper } from './state/position-keeper'
import { SessionRegistry } from './state/session-registry'
import { WallClock, type SimClock } from './time/sim-clock'
import { RandomIds, type SimIds } from './time/sim-ids'
import { generateUniverse } from './universe/generate-universe'
import { loadMasters } from './universe/load-masters'
import type { Universe } from './universe/universe'
import { indianDate } from './wire/indian-time'

/** A port is taken or may not be used; `setting` is the environment variable that names it. */
export class PortUnavailable extends Error {
  constructor(
    readonly port: number,
    readonly setting: string,
    cause: Error,
  ) {
    super(`port ${port} cannot be used (${cause.message}); choose another with ${setting}`, { cause })
    this.name = 'PortUnavailable'
  }
}

/** A simulator that listens. */
export interface RunningSimulator {
  readonly port: number
  readonly controlPort: number
  /** Ends every connection at once. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/** Starts a whole broker on loopback. Port 0 takes any free one. Throws a ZodError for wrong options, PortUnavailable for a taken port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { log = silentLog, ...given } = options
  const settings = optionsSchema.parse(given)
  const clock = new WallClock()
  const { broker, day } = buildBroker(settings, { clock, ids: new RandomIds() }, log)
  const http = createServer(httpApp(broker) as RequestListener)
  const control = createServer(controlApp(broker) as RequestListener)
  const doors = [
    openSocketDoor({ http, sessions: broker.sessions, clock, log }, '/interactive/socket.io', 'interactive'),
    ...MARKET_PREFIXES.map((prefix) =>
      openSocketDoor({ http, sessions: broker.sessions, clock, log }, `${prefix}/socket.io`, 'market'),
    ),
  ]
  const close = async (): Promise<void> => {
    clock.close()
    broker.feed.close()
    for (const door of doors) {
      door.disconnectSockets(true)
      door.engine.close()
    }
    await Promise.all([closeServer(http), closeServer(control)])
    day.close()
  }
  try {
    const port = await listen(http, settings.port, 'XTS_SIMULATOR_PORT')
    // Nobody is answered before this, and a second simulator on the same port has failed and touched nothing.
    day.begin()
    if (day.kept) resumeDay(day.kept, broker)
    const controlPort = await listen(control, settings.controlPort, 'XTS_SIMULATOR_CONTROL_PORT')
    broker.feed.start()
    log('simulator listens', {
      port,
      controlPort,
      account: accountOf(settings).userId,
      kind: settings.accountKind,
    })
    return { port, controlPort, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a simulator takes from outside itself. */
interface World {
  readonly clock: SimClock
  readonly ids: SimIds
}

interface BuiltBroker {
  readonly broker: Broker
  readonly day: OpenDay
}

function buildBroker(settings: SimulatorSettings, world: World, log: StateLog): BuiltBroker {
  const { clock, ids } = world
  const today = indianDate(clock.nowMs())
  const universe = loadUniverse(settings, today, log)
  const account = accountOf(settings)
  const day = openDay(settings.stateFile, { today, universe, account }, log)
  const { record } = day
  const ledger = new OrderLedger()
  const positions = new PositionKeeper()
  const numbers = new NumberSeries(clock.nowMs())
  const feed: MarketFeed = new MarketFeed({
    exchange: () => exchange,
    clock,
    numbers,
    ticksPerSecond: settings.ticksPerSecond,
  })
  const sessions = new SessionRegistry({ accounts: [account], clock, ids }, (session) => {
    feed.dropSession(session)
    log('session ended', { api: session.api, sessionId: session.id, state: session.state })
  })
  const events = new OrderEvents(() => sessions)
  const exchange = new Exchange({
    universe,
    ledger,
    positions,
    numbers,
    clock,
    seed: settings.seed,
    exchangeDelayMs: settings.exchangeDelayMs,
    refillDelayMs: settings.refillDelayMs,
    listener: tellEverybody(record, events, feed),
  })
  const { ackDelayMs, subscriptionLimit } = settings
  const faults = new FaultBox()
  const broker = {
    clock,
    ids,
    accounts: [account],
    universe,
    sessions,
    exchange,
    ledger,
    positions,
    numbers,
    feed,
    faults,
    log,
    record,
    ackDelayMs,
    subscriptionLimit,
  }
  return { broker, day }
}

/** What happens is kept before anybody hears of it. */
function tellEverybody(record: DayRecord, events: OrderEvents, feed: MarketFeed): ExchangeListener {
  return {
    orderChanged: (order, state) => {
      record.orderChanged(order, state)
      events.orderChanged(order, state)
    },
    traded: (trade) => {
      record.traded(trade)
      events.traded(trade)
    },
    changeAsked: (order, ask) => record.changeAsked(order, ask),
    changeSettled: (order, ask) => record.changeSettled(order, ask),
    positionChanged: (position) => events.positionChanged(position),
    tapeMoved: (market) => feed.tapeMoved(market),
  }
}

function loadUniverse(settings: SimulatorSettings, today: string, log: StateLog): Universe {
  if (settings.mastersDir === undefined) {
    return generateUniverse(settings.seed, today, settings.universe)
  }
  const { universe, files } = loadMasters(settings.mastersDir)
  for (const file of files)
    log(file.isUsed ? 'master served' : 'master passed over for a newer one', { ...file })
  return universe
}

function listen(server: HttpServer, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new PortUnavailable(port, setting, error)))
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port))
  })
}

function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
