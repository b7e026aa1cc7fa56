import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Controller, Module } from '@nestjs/common'
import { MessagePattern, Payload } from '@nestjs/microservices'
import { keyDigest } from '@xts-bridge/access'
import { EventPublisher, secureBus, serveRequests, TickPublisher, ZmqServer } from '@xts-bridge/bus'
import {
  sleep,
  tickTopic,
  type Caller,
  type FeedSnapshot,
  type FeedStatus,
  type KeyVerification,
  type ListedInstrument,
  type TickMode,
  type TickPayload,
} from '@xts-bridge/contracts'
import { encodeIndex, IndexFolder } from '@xts-bridge/instruments'
import { loadSettings, Metrics, randomIds, systemClock, type Logger } from '@xts-bridge/runtime'
import { wsProxySettings } from '../settings'
import { WsProxy } from '../ws-proxy'

export const API_KEY = 'a-key-of-a-strategy-with-enough-characters'
export const TRADER: Caller = {
  keyId: 'key-1',
  name: 'trader1',
  kind: 'user',
  scopes: ['market.read', 'order.read'],
  accounts: ['primary'],
  clientIDs: ['*'],
}
const SYMBOLS = ['RELIANCE', 'SBIN', 'TCS']
const WAIT_LIMIT_MS = 10_000
const SYSTEM_PORTS = 'tcp://127.0.0.1:*'

/** Stands for auth-service and streaming-adapter: real bus sockets, answers set by the test. */
@Controller()
class FakeServices {
  static callers = new Map<string, Caller>()
  static snapshot: FeedSnapshot['ticks'] = {}
  static isFeedConnected = true

  @MessagePattern('key.verify')
  verify(@Payload() { keyDigest }: { keyDigest: string }): KeyVerification {
    return { caller: FakeServices.callers.get(keyDigest) }
  }

  @MessagePattern('feed.snapshot')
  snapshotOf(@Payload() { topics }: { topics: string[] }): FeedSnapshot {
    const known = topics.flatMap((topic) => {
      const tick = FakeServices.snapshot[topic]
      return tick === undefined ? [] : [[topic, tick] as const]
    })
    return {
      ticks: Object.fromEntries(known),
      missing: topics.filter((topic) => !(topic in FakeServices.snapshot)),
    }
  }

  @MessagePattern('feed.status')
  status(): FeedStatus {
    const isConnected = FakeServices.isFeedConnected
    return { isConnected, subscribedInstruments: 0, wantedTopics: 0, ticksReceived: 0 }
  }
}

@Module({ controllers: [FakeServices] })
class FakeServicesModule {}

/** The proxy on a real bus, with the services around it that it needs. */
export class House {
  private seq = 0

  private constructor(
    readonly proxy: WsProxy,
    private readonly ticks: TickPublisher,
    private readonly events: EventPublisher,
    private readonly rest: { readonly demand: string[]; readonly close: () => Promise<void> },
  ) {}

  /** Topics that got their first reader (+) or lost their last (-), in order. */
  get demand(): readonly string[] {
    return this.rest.demand
  }

  /** Waits until the demand was exactly this. Fails when it does not become so in time. */
  async demandIs(expected: readonly string[]): Promise<void> {
    const giveUpAtMs = Date.now() + WAIT_LIMIT_MS
    while (JSON.stringify(this.demand) !== JSON.stringify(expected)) {
      if (Date.now() > giveUpAtMs) throw new Error(`the demand is ${JSON.stringify(this.demand)}`)
      await sleep(systemClock, 5)
    }
  }

  publishEvent(topic: string, data: unknown): void {
    this.events.publish(topic, data)
  }

  /** The feed is lost or back, and says so. */
  feedIs(news: 'disconnected' | 'recovered'): void {
    FakeServices.isFeedConnected = news === 'recovered'
    this.publishEvent(`feed.${news}`, {})
  }

  /** The key is gone at auth-service, which says so. */
  revoke(keyId: string): void {
    FakeServices.callers.clear()
    this.publishEvent('key.revoked', { keyId })
  }

  static async open(changes: Readonly<Record<string, string>> = {}): Promise<House> {
    FakeServices.callers = new Map([[keyDigest(API_KEY), TRADER]])
    FakeServices.snapshot = {}
    FakeServices.isFeedConnected = true
    const folder = mkdtempSync(join(tmpdir(), 'ws-proxy-'))
    writeFiles(folder)
    const demand: string[] = []
    const clock = systemClock
    const ticks = new TickPublisher({
      ...{ endpoint: SYSTEM_PORTS, endpointSetting: 'FEED_TICKS_ENDPOINT', clock },
      onDemand: (topic, isWanted) => demand.push(`${isWanted ? '+' : '-'}${topic}`),
      lingerMs: 0,
    })
    const events = new EventPublisher({
      ...{ endpoint: SYSTEM_PORTS, endpointSetting: 'AUTH_EVENTS_ENDPOINT', clock },
      epoch: randomIds.next(),
    })
    const server = new ZmqServer({
      ...{ endpoint: SYSTEM_PORTS, endpointSetting: 'AUTH_REQUESTS_ENDPOINT', clock },
      door: { admit: () => Promise.resolve(TRADER) },
    })
    const ticksEndpoint = await ticks.bind()
    const eventsEndpoint = await events.bind()
    const services = await serveRequests(FakeServicesModule, server)
    const proxy = await startProxy(folder, {
      AUTH_REQUESTS_ENDPOINT: server.boundEndpoint,
      FEED_REQUESTS_ENDPOINT: server.boundEndpoint,
      ORDERS_REQUESTS_ENDPOINT: server.boundEndpoint,
      AUTH_EVENTS_ENDPOINT: eventsEndpoint,
      FEED_EVENTS_ENDPOINT: eventsEndpoint,
      ORDERS_EVENTS_ENDPOINT: eventsEndpoint,
      INSTRUMENTS_EVENTS_ENDPOINT: eventsEndpoint,
      FEED_TICKS_ENDPOINT: ticksEndpoint,
      ...changes,
    })
    const close = async (): Promise<void> => {
      await Promise.all([services.close(), ticks.close(), events.close()])
      rmSync(folder, { recursive: true })
    }
    return new House(proxy, ticks, events, { demand, close })
  }

  /** What the feed answers for this topic when somebody new asks. */
  setSnapshot(symbol: string, mode: TickMode, seq: number): void {
    const topic = tickTopic({ exchange: 'NSE', symbol, mode })
    FakeServices.snapshot = { ...FakeServices.snapshot, [topic]: tickOf(symbol, mode, seq) }
  }

  /** Publishes one tick; the numbers go on from house to house. */
  tick(symbol: string, mode: TickMode, seq = (this.seq += 1)): void {
    this.ticks.publish(tickTopic({ exchange: 'NSE', symbol, mode }), tickOf(symbol, mode, seq))
  }

  async close(): Promise<void> {
    await this.proxy.onApplicationShutdown()
    await this.rest.close()
  }
}

const MODE_NUMBERS = { LTP: 1, QUOTE: 2, DEPTH: 3 } as const

function tickOf(symbol: string, mode: TickMode, seq: number): TickPayload {
  return {
    symbol,
    exchange: 'NSE',
    mode: MODE_NUMBERS[mode],
    epoch: 'e1',
    seq,
    ltp: 100 + seq,
    timestamp: 1_769_823_205_123,
  }
}

async function startProxy(folder: string, environment: Readonly<Record<string, string>>): Promise<WsProxy> {
  const settings = loadSettings(wsProxySettings, {
    environment: {
      ...{ DATA_DIR: folder, KEYS_DIR: folder, WS_PROXY_PORT: '0', WS_PROXY_HEALTH_PORT: '0' },
      ...environment,
    },
    envFile: join(folder, 'no.env'),
  })
  const metrics = new Metrics('ws-proxy')
  const curve = await secureBus({ settings, log: SILENT, metrics, clock: systemClock })
  const proxy = new WsProxy({
    ...{ settings, log: SILENT, clock: systemClock, ids: randomIds, metrics, curve },
  })
  await proxy.onApplicationBootstrap()
  return proxy
}

const SILENT: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
}

function writeFiles(folder: string): void {
  mkdirSync(join(folder, 'services'))
  writeFileSync(join(folder, 'services', 'ws-proxy.key'), 'k'.repeat(64), { mode: 0o600 })
  const index = new IndexFolder(join(folder, 'instruments'))
  const meta = { version: 'v20261120-1', broker: 'simulator', builtAtMs: 1, segments: [] }
  index.write('v20261120-1', encodeIndex(SYMBOLS.map(listed), meta))
  index.pointTo('v20261120-1')
}

function listed(symbol: string, index: number): ListedInstrument {
  return {
    exchange: 'NSE',
    symbol,
    segment: 'NSECM',
    token: index + 1,
    brokerSymbol: symbol,
    name: symbol,
    instrumentType: 'EQ',
    series: 'EQ',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
  }
}
