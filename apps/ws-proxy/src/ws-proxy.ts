import { join } from 'node:path'
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common'
import { KeyCheck } from '@xts-bridge/access'
import { EventSubscriber, RequestClient, TickSubscriber, type BusCurve } from '@xts-bridge/bus'
import {
  keyRevokeSchema,
  type Clock,
  type FeedSnapshot,
  type Ids,
  type OrderEvent,
} from '@xts-bridge/contracts'
import { InstrumentStore, watchInstruments } from '@xts-bridge/instruments'
import { HealthServer, Metrics, readKeyFile, type Logger } from '@xts-bridge/runtime'
import type { SessionServices } from './client-session'
import { FeedWatch, type FeedNews } from './feed-watch'
import { orderUpdateFrame } from './order-update-frame'
import { measureProxy, refusalCounter, type RefusalCounter } from './proxy-metrics'
import { ServerFrames } from './server-frames'
import type { WsProxySettings } from './settings'
import { TopicHub } from './topic-hub'
import { maySeeOrder, watchOrders } from './watch-orders'
import { WsServer } from './ws-server'

export interface WsProxyOptions {
  readonly settings: WsProxySettings
  readonly log: Logger
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly curve: BusCurve
}

/** Answers that may wait for one slow client. */
const MAX_WAITING_FRAMES = 1_000
/** Requests of one client that may wait for their answers. */
const MAX_WAITING_REQUESTS = 256

interface Closable {
  close(): Promise<void>
}

/** The proxy: bus ticks and order events on one side, WebSocket clients on the other. */
export class WsProxy implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly frames: ServerFrames
  private readonly auth: RequestClient
  private readonly feed: RequestClient
  private readonly orders: RequestClient
  private readonly keys: KeyCheck
  private readonly instruments: InstrumentStore
  private readonly ticks: TickSubscriber
  private readonly hub: TopicHub
  private readonly feedWatch: FeedWatch
  private readonly server: WsServer
  private readonly health: HealthServer
  private watches: readonly Closable[] = []
  private boundPort = 0

  constructor(private readonly options: WsProxyOptions) {
    const { settings, clock, metrics } = options
    this.frames = new ServerFrames(settings.WS_PROXY_BROKER_NAME)
    this.auth = this.asker(settings.AUTH_REQUESTS_ENDPOINT)
    this.feed = this.asker(settings.FEED_REQUESTS_ENDPOINT)
    this.orders = this.asker(settings.ORDERS_REQUESTS_ENDPOINT)
    this.keys = new KeyCheck({ auth: this.auth, clock })
    this.instruments = new InstrumentStore({ folder: join(settings.DATA_DIR, 'instruments') })
    this.ticks = new TickSubscriber({
      endpoint: settings.FEED_TICKS_ENDPOINT,
      clock,
      onTick: (topic, payload) => this.hub.deliver(topic, payload),
    })
    this.hub = new TopicHub({
      source: this.ticks,
      frames: this.frames,
      fetchSnapshot: (topics) => this.feed.request<FeedSnapshot>('feed.snapshot', { topics }),
    })
    this.feedWatch = new FeedWatch({
      eventsEndpoint: settings.FEED_EVENTS_ENDPOINT,
      feed: this.feed,
      clock,
      onNews: (news) => this.tellFeedNews(news),
    })
    this.server = new WsServer({
      host: settings.HTTP_HOST,
      port: settings.WS_PROXY_PORT,
      clock,
      services: this.sessionServices(refusalCounter(metrics)),
      maxClients: settings.WS_PROXY_MAX_CLIENTS,
      pingIntervalMs: settings.WS_PROXY_PING_INTERVAL_MS,
    })
    measureProxy(metrics, this.server, this.hub)
    this.health = this.healthServer(metrics)
  }

  /** The port that clients connect to, once started. */
  get port(): number {
    return this.boundPort
  }

  async onApplicationBootstrap(): Promise<void> {
    const { settings, clock, log } = this.options
    await this.health.listen()
    this.boundPort = await this.server.listen()
    this.feedWatch.start()
    this.watches = [
      this.feedWatch,
      this.watchKeys(),
      watchInstruments({
        store: this.instruments,
        eventsEndpoint: settings.INSTRUMENTS_EVENTS_ENDPOINT,
        clock,
        onLoaded: (version) => log.info('instrument list loaded', { version, count: this.instruments.count }),
        onProblem: (message, fields) => log.warn(message, fields),
      }),
      watchOrders({
        eventsEndpoint: settings.ORDERS_EVENTS_ENDPOINT,
        orders: this.orders,
        clock,
        onOrder: (event) => this.tellOrder(event),
        onLoss: (loss) => log.error('order updates lost', loss),
      }),
    ]
    log.info('ws-proxy started', { port: this.boundPort })
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close()
    await Promise.all(this.watches.map((watch) => watch.close()))
    await Promise.all([
      this.ticks.close(),
      this.auth.close(),
      this.feed.close(),
      this.orders.close(),
      this.health.close(),
    ])
    await this.options.curve.close()
  }

  private asker(endpoint: string): RequestClient {
    const { settings, clock, ids } = this.options
    const apiKey = readKeyFile(join(settings.KEYS_DIR, 'services', 'ws-proxy.key'))
    return new RequestClient({ endpoint, clock, ids, apiKey })
  }

  private sessionServices(refusals: RefusalCounter): SessionServices {
    const { settings, clock, log } = this.options
    return {
      clock,
      hub: this.hub,
      frames: this.frames,
      limits: {
        authGraceMs: settings.WS_PROXY_AUTH_GRACE_MS,
        bufferBytes: settings.WS_PROXY_CLIENT_BUFFER_BYTES,
        maxTopics: settings.WS_PROXY_MAX_TOPICS_PER_CLIENT,
        maxWaitingFrames: MAX_WAITING_FRAMES,
        maxWaitingRequests: MAX_WAITING_REQUESTS,
      },
      verifyKey: (apiKey) => this.keys.verify(apiKey),
      symbols: {
        hasList: () => this.instruments.version !== undefined,
        find: (key) => this.instruments.find(key),
      },
      feedState: () => this.feedWatch.state,
      onRefused: (reason) => refusals.count(reason),
      onProblem: (message, error) => log.error(message, { error }),
    }
  }

  private healthServer(metrics: Metrics): HealthServer {
    const { settings } = this.options
    return new HealthServer({
      host: settings.HTTP_HOST,
      port: settings.WS_PROXY_HEALTH_PORT,
      portSetting: 'WS_PROXY_HEALTH_PORT',
      service: 'ws-proxy',
      metrics,
      readiness: () => ({
        listening: this.boundPort > 0,
        instruments: this.instruments.version !== undefined,
        feed: this.feedWatch.state === 'connected',
      }),
      describe: () => ({
        bus: this.options.curve.status,
        clients: this.server.clientCount,
        topics: this.hub.topicCount,
        instrumentsVersion: this.instruments.version,
      }),
    })
  }

  /** A revoked key ends its sessions at once; after a gap in the events every key is asked about anew. */
  private watchKeys(): Closable {
    const recheckAll = (): void => {
      this.keys.forgetAll()
      for (const session of this.server.sessions()) void session.recheckKey()
    }
    const subscriber = new EventSubscriber({
      endpoint: this.options.settings.AUTH_EVENTS_ENDPOINT,
      clock: this.options.clock,
      onEvent: ({ topic, data }) => {
        if (topic !== 'key.revoked') return
        const revoked = keyRevokeSchema.safeParse(data)
        if (revoked.success) this.revoke(revoked.data.keyId)
        else recheckAll()
      },
      onLoss: recheckAll,
      onEpoch: recheckAll,
    })
    subscriber.start()
    return subscriber
  }

  private revoke(keyId: string): void {
    this.keys.forget(keyId)
    for (const session of [...this.server.sessions()]) if (session.caller?.keyId === keyId) session.revoked()
  }

  private tellFeedNews(news: FeedNews): void {
    if (news === 'disconnected') this.hub.forgetLastFrames()
    const frame = this.frames.feedStatus(news, this.options.clock.nowMs())
    for (const session of this.server.sessions()) session.send(frame)
  }

  private tellOrder(event: OrderEvent): void {
    const broker = this.options.settings.WS_PROXY_BROKER_NAME
    for (const session of this.server.sessions()) {
      const { caller } = session
      if (caller === undefined || !session.hasOrderUpdates || !maySeeOrder(caller, event)) continue
      session.send(orderUpdateFrame(event, { broker, userId: caller.name }))
    }
  }
}
