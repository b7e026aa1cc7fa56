import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlApp } from './control/control-server'
import { FaultBox } from './control/fault-catalogue'
import { Exchange } from './matching/exchange'
import type { InstrumentMarket } from './matching/instrument-market'
import { Timers } from './matching/timers'
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
  const timers = new Timers()
  const broker = buildBroker(settings, timers, log)
  const http = createServer(httpApp(broker) as RequestListener)
  const control = createServer(controlApp(broker) as RequestListener)
  const doors = [
    openSocketDoor({ http, sessions: broker.sessions, log }, '/interactive/socket.io', 'interactive'),
    ...MARKET_PREFIXES.map((prefix) =>
      openSocketDoor({ http, sessions: broker.sessions, log }, `${prefix}/socket.io`, 'market'),
    ),
  ]
  const close = async (): Promise<void> => {
    timers.close()
    broker.feed.close()
    for (const door of doors) {
      door.disconnectSockets(true)
      door.engine.close()
    }
    await Promise.all([closeServer(http), closeServer(control)])
  }
  try {
    const port = await listen(http, settings.port, 'XTS_SIMULATOR_PORT')
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

function buildBroker(settings: SimulatorSettings, timers: Timers, log: StateLog): Broker {
  const universe = loadUniverse(settings, log)
  const ledger = new OrderLedger()
  const positions = new PositionKeeper()
  const numbers = new NumberSeries(Date.now())
  const feed = new MarketFeed({ exchange: () => exchange, numbers, ticksPerSecond: settings.ticksPerSecond })
  const sessions = new SessionRegistry([accountOf(settings)], (session) => {
    feed.dropSession(session)
    log('session ended', { api: session.api, sessionId: session.id, state: session.state })
  })
  const events = new OrderEvents(() => sessions)
  const exchange = new Exchange({
    universe,
    ledger,
    positions,
    numbers,
    timers,
    seed: settings.seed,
    exchangeDelayMs: settings.exchangeDelayMs,
    refillDelayMs: settings.refillDelayMs,
    listener: {
      orderChanged: (order, state) => events.orderChanged(order, state),
      traded: (trade) => events.traded(trade),
      positionChanged: (position) => events.positionChanged(position),
      tapeMoved: (market: InstrumentMarket) => feed.tapeMoved(market),
    },
  })
  const { ackDelayMs, subscriptionLimit } = settings
  const faults = new FaultBox()
  return {
    universe,
    sessions,
    exchange,
    ledger,
    positions,
    numbers,
    feed,
    faults,
    log,
    ackDelayMs,
    subscriptionLimit,
  }
}

function loadUniverse(settings: SimulatorSettings, log: StateLog): Universe {
  if (settings.mastersDir === undefined) {
    return generateUniverse(settings.seed, indianDate(Date.now()), settings.universe)
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
