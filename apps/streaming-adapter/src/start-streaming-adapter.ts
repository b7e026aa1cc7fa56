import { join } from 'node:path'
import { AccessDoor, KeyCheck, watchRevocations } from '@xts-bridge/access'
import { EventSubscriber, RequestClient, serveRequests, ZmqServer } from '@xts-bridge/bus'
import type { SessionState } from '@xts-bridge/contracts'
import { watchInstruments } from '@xts-bridge/instruments'
import {
  HealthServer,
  Metrics,
  randomIds as ids,
  readKeyFile,
  systemClock as clock,
  type Logger,
  type RunningService,
} from '@xts-bridge/runtime'
import { buildFeed, type BuiltFeed } from './build-feed'
import { lastTickAgeMs, measureFeed } from './feed-metrics'
import { FeedModule } from './feed.module'
import type { MarketSession } from './market-session'
import type { FeedSettings } from './settings'

/** Builds streaming-adapter from its settings and starts it. It comes up alone; what is missing it waits for. */
export async function startStreamingAdapter(settings: FeedSettings, log: Logger): Promise<RunningService> {
  const auth = new RequestClient({
    endpoint: settings.AUTH_REQUESTS_ENDPOINT,
    apiKey: readKeyFile(join(settings.KEYS_DIR, 'services', 'feed.key')),
    clock,
    ids,
  })
  const built = buildFeed(settings, auth, log)
  const { session, feed, events, ticks, http } = built
  const keys = new KeyCheck({ auth, clock })
  const server = new ZmqServer({
    endpoint: settings.FEED_REQUESTS_ENDPOINT,
    endpointSetting: 'FEED_REQUESTS_ENDPOINT',
    clock,
    door: new AccessDoor({ keys, defaultAccount: settings.ACCOUNT_ID }),
    onProblem: (message, fields) => log.error(message, fields),
  })
  const health = healthOf(settings, built)

  await health.listen()
  await events.bind()
  await ticks.bind()
  const app = await serveRequests(FeedModule.of(built), server)
  const watches = [
    watchRevocations({ keys, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock }),
    watchSession(settings.AUTH_EVENTS_ENDPOINT, session),
    watchLists(settings, built, log),
  ]
  session.start()
  log.info('streaming-adapter started', { profile: settings.XTS_PROFILE, account: settings.ACCOUNT_ID })

  return {
    async stop() {
      session.close()
      await Promise.all([app.close(), feed.close(), ...watches.map((watch) => watch.close())])
      await Promise.all([ticks.close(), events.close(), auth.close(), http.close(), health.close()])
    },
  }
}

function healthOf(settings: FeedSettings, { session, feed, instruments }: BuiltFeed): HealthServer {
  const metrics = new Metrics('streaming-adapter')
  measureFeed(metrics, feed, clock)
  return new HealthServer({
    host: settings.HTTP_HOST,
    port: settings.FEED_HEALTH_PORT,
    portSetting: 'FEED_HEALTH_PORT',
    service: 'streaming-adapter',
    metrics,
    readiness: () => ({
      session: session.isLive,
      socket: feed.isLive,
      instruments: instruments.version !== undefined,
    }),
    describe: () => ({
      ...feed.status(),
      lastTickAgeMs: lastTickAgeMs(feed, clock),
      refusedInstruments: feed.subscriptions.refusedCount,
      instrumentsVersion: instruments.version,
    }),
  })
}

function watchSession(endpoint: string, session: MarketSession): EventSubscriber {
  const subscriber = new EventSubscriber({
    endpoint,
    clock,
    onEvent: ({ topic, data }) => {
      if (topic === 'session.renewed') session.renewed(data as SessionState)
    },
    onLoss: () => session.fetchNow(),
    onEpoch: () => session.fetchNow(),
  })
  subscriber.start()
  return subscriber
}

function watchLists(settings: FeedSettings, { instruments, feed }: BuiltFeed, log: Logger) {
  return watchInstruments({
    store: instruments,
    eventsEndpoint: settings.INSTRUMENTS_EVENTS_ENDPOINT,
    clock,
    onLoaded: (version) => {
      log.info('instrument list loaded', { version, count: instruments.count })
      feed.instrumentsLoaded()
    },
    onProblem: (message, fields) => log.warn(message, fields),
  })
}
