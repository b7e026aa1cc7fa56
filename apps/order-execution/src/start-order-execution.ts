import { join } from 'node:path'
import { AccessDoor, KeyCheck, watchRevocations } from '@xts-bridge/access'
import { EventPublisher, RequestClient, serveRequests, ZmqServer } from '@xts-bridge/bus'
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
import { measureOrders, OrderMetrics } from './order-metrics'
import { OrdersModule } from './orders.module'
import type { OrdersSettings } from './settings'

/** An exit does not wait longer for a quote; it has the edge of the band to fall back on. */
const QUOTE_TIMEOUT_MS = 2_000

/** Builds order-execution from its settings and starts it. It comes up alone; what is missing it waits for. */
export async function startOrderExecution(settings: OrdersSettings, log: Logger): Promise<RunningService> {
  const apiKey = readKeyFile(join(settings.KEYS_DIR, 'services', 'orders.key'))
  const auth = new RequestClient({ endpoint: settings.AUTH_REQUESTS_ENDPOINT, apiKey, clock, ids })
  const feed = new RequestClient({
    endpoint: settings.FEED_REQUESTS_ENDPOINT,
    ...{ apiKey, clock, ids },
    timeoutMs: QUOTE_TIMEOUT_MS,
  })
  const journal = await OrderJournal.open(join(settings.DATA_DIR, 'orders.sqlite'))
  const publisher = new EventPublisher({
    endpoint: settings.ORDERS_EVENTS_ENDPOINT,
    endpointSetting: 'ORDERS_EVENTS_ENDPOINT',
    clock,
    epoch: journal.epoch,
    lastSeq: journal.lastSeq,
  })
  const registry = new Metrics('order-execution')
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
  const health = healthOf(settings, registry, built)

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
  log.info('order-execution started', { profile: settings.XTS_PROFILE, account: settings.ACCOUNT_ID })

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
    },
  }
}

function healthOf(
  settings: OrdersSettings,
  metrics: Metrics,
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
      sessionEpoch: follower.epoch,
      isSocketLive: socket.liveSinceMs !== undefined,
      instrumentsVersion: instruments.version,
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
