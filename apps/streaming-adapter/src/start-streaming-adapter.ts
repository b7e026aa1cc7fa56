import { join } from 'node:path'
import { AccessDoor, KeyCheck, watchRevocations } from '@xts-bridge/access'
import { RequestClient, secureBus, serveRequests, ZmqServer, type BusCurve } from '@xts-bridge/bus'
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
import { profileFromSettings } from '@xts-bridge/xts'
import { buildFeed, type BuiltFeed } from './build-feed'
import { lastTickAgeMs, measureFeed } from './feed-metrics'
import { FeedModule } from './feed.module'
import type { FeedSettings } from './settings'

/** Where a started adapter listens. */
export interface FeedPlaces {
  readonly requests: string
  readonly events: string
  readonly ticks: string
  readonly healthPort: number
}

export interface RunningFeed extends RunningService {
  readonly bound: FeedPlaces
}

interface Closable {
  close(): Promise<unknown>
}

/** Builds streaming-adapter from its settings and starts it. It comes up alone; what is missing it waits for. */
export async function startStreamingAdapter(settings: FeedSettings, log: Logger): Promise<RunningFeed> {
  const profile = profileFromSettings(settings)
  const apiKey = readKeyFile(join(settings.KEYS_DIR, 'services', 'feed.key'))
  const metrics = new Metrics('streaming-adapter')
  const curve = await secureBus({ settings, log, metrics, clock })
  const auth = new RequestClient({ endpoint: settings.AUTH_REQUESTS_ENDPOINT, apiKey, clock, ids })
  const built = buildFeed({ settings, profile, auth, metrics, log })
  const { session, feed, events, ticks, http } = built
  const keys = new KeyCheck({ auth, clock })
  const server = requestServer(settings, keys, log)
  const health = healthOf(settings, { metrics, curve }, built)
  const watches: Closable[] = []
  const stop = async (): Promise<void> => {
    await Promise.all([
      session.close(),
      server.close(),
      feed.close(),
      ...watches.map((watch) => watch.close()),
    ])
    await Promise.all([ticks.close(), events.close(), auth.close(), http.close(), health.close()])
    await curve.close()
  }
  try {
    const healthPort = await health.listen()
    const bound = { events: await events.bind(), ticks: await ticks.bind(), healthPort }
    watches.push(await serveRequests(FeedModule.of(built), server))
    watches.push(watchRevocations({ keys, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock }))
    watches.push(watchLists(settings, built, log))
    session.start()
    log.info('streaming-adapter started', { profile: profile.name, account: settings.ACCOUNT_ID })
    return { bound: { ...bound, requests: server.boundEndpoint }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function requestServer(settings: FeedSettings, keys: KeyCheck, log: Logger): ZmqServer {
  return new ZmqServer({
    endpoint: settings.FEED_REQUESTS_ENDPOINT,
    endpointSetting: 'FEED_REQUESTS_ENDPOINT',
    clock,
    door: new AccessDoor({ keys, defaultAccount: settings.ACCOUNT_ID }),
    onProblem: (message, fields) => log.error(message, fields),
  })
}

function healthOf(
  settings: FeedSettings,
  { metrics, curve }: { metrics: Metrics; curve: BusCurve },
  { session, feed, instruments }: BuiltFeed,
): HealthServer {
  measureFeed(metrics, feed, clock)
  return new HealthServer({
    host: settings.HTTP_HOST,
    port: settings.FEED_HEALTH_PORT,
    portSetting: 'FEED_HEALTH_PORT',
    service: 'streaming-adapter',
    metrics,
    readiness: () => ({
      session: session.epoch !== undefined,
      socket: feed.isLive,
      instruments: instruments.version !== undefined,
    }),
    describe: () => ({
      bus: curve.status,
      ...feed.status(),
      lastTickAgeMs: lastTickAgeMs(feed, clock),
      refusedInstruments: feed.subscriptions.refusedCount,
      topicsOutsideProfile: feed.book.topicsOutsideProfile.length,
      unreadable: feed.unreadable.byEvent(),
      instrumentsVersion: instruments.version,
    }),
  })
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
