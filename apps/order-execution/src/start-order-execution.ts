import { join } from 'node:path'
import { AccessDoor, KeyCheck, watchRevocations } from '@xts-bridge/access'
import {
  EventPublisher,
  RequestClient,
  secureBus,
  serveRequests,
  ZmqServer,
  type BusCurve,
} from '@xts-bridge/bus'
import { watchInstruments } from '@xts-bridge/instruments'
import { OrderJournal } from '@xts-bridge/persistence'
import {
  HealthServer,
  Metrics,
  randomIds as ids,
  readKeyFile,
  systemClock as clock,
  type Logger,
  type RunningService,
} from '@xts-bridge/runtime'
import { buildOrderCore, type BuiltOrders } from './build-order-core'
import { isSent } from './change-record'
import { measureOrders, OrderMetrics } from './order-metrics'
import { OrdersModule } from './orders.module'
import type { OrdersSettings } from './settings'

/** An exit does not wait longer for a quote; it has the edge of the band to fall back on. */
const QUOTE_TIMEOUT_MS = 2_000

/** Builds order-execution from its settings and starts it. It comes up alone; what is missing it waits for. */
export async function startOrderExecution(settings: OrdersSettings, log: Logger): Promise<RunningService> {
  const apiKey = readKeyFile(join(settings.KEYS_DIR, 'services', 'orders.key'))
  const registry = new Metrics('order-execution')
  const curve = await secureBus({ settings, log, metrics: registry, clock })
  const connect = (endpoint: string, timeoutMs?: number): RequestClient =>
    new RequestClient({ endpoint, timeoutMs, apiKey, clock, ids })
  const auth = connect(settings.AUTH_REQUESTS_ENDPOINT)
  const feed = connect(settings.FEED_REQUESTS_ENDPOINT, QUOTE_TIMEOUT_MS)
  const journal = await OrderJournal.open(join(settings.DATA_DIR, 'orders.sqlite'))
  const publisher = new EventPublisher({
    endpoint: settings.ORDERS_EVENTS_ENDPOINT,
    endpointSetting: 'ORDERS_EVENTS_ENDPOINT',
    clock,
    epoch: journal.epoch,
    lastSeq: journal.lastSeq,
  })
  const metrics = new OrderMetrics(registry)
  const built = await buildOrderCore(settings, { auth, feed, journal, publisher, registry, metrics, log })
  const { core, follower, socket, http } = built
  const keys = new KeyCheck({ auth, clock })
  const server = new ZmqServer({
    endpoint: settings.ORDERS_REQUESTS_ENDPOINT,
    endpointSetting: 'ORDERS_REQUESTS_ENDPOINT',
    clock,
    door: new AccessDoor({ keys, defaultAccount: settings.ACCOUNT_ID }),
    onProblem: (message, fields) => log.error(message, fields),
    onAnswered: (answered) => metrics.requestAnswered(answered),
  })
  measureOrders(registry, core, clock)
  const health = healthOf(settings, { metrics: registry, curve }, built)

  await health.listen()
  await publisher.bind()
  // Before the door opens: a repeated clientOrderId must find its first answer.
  await core.start()
  const app = await serveRequests(OrdersModule.of(core), server)
  const watches = [
    watchRevocations({ keys, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock }),
    watchLists(settings, built, log),
  ]
  follower.start()
  reportStart(settings, log)

  return {
    async stop() {
      // Orders under way are answered first; the journal closes last, so that what they came to is on disk.
      await app.close()
      await Promise.all([
        core.stop(),
        follower.close(),
        socket.close(),
        ...watches.map((watch) => watch.close()),
      ])
      await Promise.all([http.close(), auth.close(), feed.close(), health.close()])
      await journal.close()
      await publisher.close()
      await curve.close()
    },
  }
}

function reportStart(settings: OrdersSettings, log: Logger): void {
  log.info('order-execution started', { profile: settings.XTS_PROFILE, account: settings.ACCOUNT_ID })
  if (settings.JAINAM_TEST_MODE) log.warn('test mode: no order is sent to the broker', {})
}

function healthOf(
  settings: OrdersSettings,
  { metrics, curve }: { metrics: Metrics; curve: BusCurve },
  { core, instruments, follower, socket }: BuiltOrders,
): HealthServer {
  return new HealthServer({
    host: settings.HTTP_HOST,
    port: settings.ORDERS_HEALTH_PORT,
    portSetting: 'ORDERS_HEALTH_PORT',
    service: 'order-execution',
    metrics,
    readiness: () => ({ ...core.readiness.conditions() }),
    describe: () => ({
      bus: curve.status,
      sessionEpoch: follower.epoch,
      isSocketLive: socket.liveSinceMs !== undefined,
      instrumentsVersion: instruments.version,
      isTestMode: settings.JAINAM_TEST_MODE,
      unknownChanges: core.ledger.orderChanges.undecided().filter(isSent).length,
      unknownOrders: core.ledger.unresolved().filter((record) => record.settlement !== undefined).length,
    }),
  })
}

function watchLists(
  settings: OrdersSettings,
  { instruments }: BuiltOrders,
  log: Logger,
): { close(): Promise<void> } {
  return watchInstruments({
    store: instruments,
    eventsEndpoint: settings.INSTRUMENTS_EVENTS_ENDPOINT,
    clock,
    onLoaded: (version) => log.info('instrument list loaded', { version, count: instruments.count }),
    onProblem: (message, fields) => log.warn(message, fields),
  })
}
