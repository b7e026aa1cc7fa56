import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Controller, Module } from '@nestjs/common'
import { MessagePattern } from '@nestjs/microservices'
import { RequestClient, serveRequests, TickSubscriber, ZmqServer } from '@xts-bridge/bus'
import type {
  BrokerSession,
  Caller,
  FeedSnapshot,
  KeyVerification,
  ListedInstrument,
  Subject,
} from '@xts-bridge/contracts'
import { encodeIndex, IndexFolder } from '@xts-bridge/instruments'
import { loadSettings, randomIds, systemClock as clock, type Logger } from '@xts-bridge/runtime'
import { feedSettings } from './settings'
import { startStreamingAdapter, type RunningFeed } from './start-streaming-adapter'
import { RELIANCE, SBIN, share } from './testing/instruments'

const ANY_PORT = 'tcp://127.0.0.1:*'
const CRUDE = share('CRUDEOIL', 555, { exchange: 'MCX', segment: 'MCXFO' })
const WAIT_LIMIT_MS = 15_000
const CLOSE_LIMIT_MS = 5_000
const CALLER: Caller = {
  keyId: 'key-1',
  name: 'strategy',
  kind: 'user',
  scopes: ['market.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}

@Controller()
class FakeAuth {
  @MessagePattern('key.verify')
  verify(): KeyVerification {
    return { caller: CALLER }
  }

  @MessagePattern('session.get')
  session(): BrokerSession {
    return {
      ...{ account: 'primary', api: 'market', token: 'a-token', userId: 'U1', clientCodes: [] },
      ...{ isInvestorClient: false, epoch: 1, expiresAtMs: Date.now() + 3_600_000 },
    }
  }
}

@Module({ controllers: [FakeAuth] })
class FakeAuthModule {}

const SILENT: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
}

let folder: string
const closers: (() => Promise<unknown>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'))
  mkdirSync(join(folder, 'services'))
  writeFileSync(join(folder, 'services', 'feed.key'), 'k'.repeat(64), { mode: 0o600 })
})

afterEach(async () => {
  await closeAll(closers.splice(0))
  rmSync(folder, { recursive: true })
})

/** Each gets its turn and a deadline: a socket that stays open behind a failure would keep the test run from ending. */
async function closeAll(all: readonly (() => Promise<unknown>)[]): Promise<void> {
  const problems: unknown[] = []
  for (const close of all) {
    let alarm: NodeJS.Timeout | undefined
    const late = new Promise((_, reject) => {
      alarm = setTimeout(() => reject(new Error(`${String(close)} takes too long`)), CLOSE_LIMIT_MS)
    })
    await Promise.race([close(), late]).catch((error: unknown) => problems.push(error))
    clearTimeout(alarm)
  }
  if (problems.length > 0) throw new AggregateError(problems, 'not everything closed')
}

async function start(environment: Readonly<Record<string, string>> = {}): Promise<RunningFeed> {
  const settings = loadSettings(feedSettings, {
    environment: {
      ...{ DATA_DIR: folder, KEYS_DIR: folder, FEED_HEALTH_PORT: '0', FEED_REQUESTS_ENDPOINT: ANY_PORT },
      ...{ FEED_EVENTS_ENDPOINT: ANY_PORT, FEED_TICKS_ENDPOINT: ANY_PORT },
      // Nobody listens on the ports below 1,024 that are asked here.
      ...{ AUTH_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:9', AUTH_EVENTS_ENDPOINT: 'tcp://127.0.0.1:9' },
      ...{ INSTRUMENTS_EVENTS_ENDPOINT: 'tcp://127.0.0.1:9', XTS_BASE_URL: 'http://127.0.0.1:9' },
      ...environment,
    },
    envFile: join(folder, 'no.env'),
  })
  const feed = await startStreamingAdapter(settings, SILENT)
  closers.unshift(() => feed.stop())
  return feed
}

async function startAuth(): Promise<string> {
  const door = { admit: () => Promise.resolve(CALLER) }
  const server = new ZmqServer({ endpoint: ANY_PORT, endpointSetting: 'AUTH_REQUESTS_ENDPOINT', clock, door })
  const app = await serveRequests(FakeAuthModule, server)
  closers.push(() => app.close())
  return server.boundEndpoint
}

function asker(feed: RunningFeed) {
  const client = new RequestClient({ endpoint: feed.bound.requests, clock, ids: randomIds, apiKey: 'K' })
  closers.unshift(() => client.close())
  return (subject: Subject, data: unknown, timeoutMs = 5_000): Promise<unknown> =>
    client.request(subject, data, { timeoutMs })
}

async function readiness(feed: RunningFeed): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${feed.bound.healthPort}/health/ready`, {
    signal: AbortSignal.timeout(WAIT_LIMIT_MS),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function conditionsAre(feed: RunningFeed, expected: Readonly<Record<string, boolean>>): Promise<void> {
  const giveUpAtMs = Date.now() + WAIT_LIMIT_MS
  for (;;) {
    const { conditions } = (await readiness(feed)).body
    if (JSON.stringify(conditions) === JSON.stringify(expected)) return
    if (Date.now() > giveUpAtMs) throw new Error(`the conditions are ${JSON.stringify(conditions)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function writeList(): void {
  const index = new IndexFolder(join(folder, 'instruments'))
  const listed = [RELIANCE, SBIN, CRUDE].map((share): ListedInstrument => ({ ...share, series: 'EQ' }))
  const meta = { version: 'v20261120-1', broker: 'simulator', builtAtMs: 1, segments: [] }
  index.write('v20261120-1', encodeIndex(listed, meta))
  index.pointTo('v20261120-1')
}

describe('streaming-adapter', () => {
  it('comes up alone and says what it waits for', async () => {
    const feed = await start()
    const { status, body } = await readiness(feed)
    expect(status).toBe(503)
    expect(body).toMatchObject({
      conditions: { session: false, socket: false, instruments: false },
      isConnected: false,
      wantedTopics: 0,
    })
    expect(JSON.stringify(body)).not.toContain('kkkk')
  })

  it('refuses who cannot be checked, and executes nothing', async () => {
    const ask = asker(await start())
    await expect(ask('feed.status', {})).rejects.toMatchObject({ code: 'KEY_CHECK_UNAVAILABLE' })
  })

  it('takes the session and the list once they are there, and counts demand', async () => {
    writeList()
    const feed = await start({ AUTH_REQUESTS_ENDPOINT: await startAuth() })
    await conditionsAre(feed, { session: true, socket: false, instruments: true })
    const reader = new TickSubscriber({ endpoint: feed.bound.ticks, onTick: () => undefined })
    closers.unshift(() => reader.close())
    for (const topic of ['NSE_RELIANCE_LTP', 'NSE_RELIANCE_DEPTH', 'NSE_']) reader.subscribe(topic)
    const ask = asker(feed)
    const giveUpAtMs = Date.now() + WAIT_LIMIT_MS
    let status = await ask('feed.status', {})
    while ((status as { wantedTopics: number }).wantedTopics < 2 && Date.now() < giveUpAtMs)
      status = await ask('feed.status', {})
    expect(status).toMatchObject({ isConnected: false, wantedTopics: 2, subscribedInstruments: 0 })
  })

  it('answers for a topic outside the profile with what the broker streams, and counts it', async () => {
    writeList()
    const profile = { XTS_PROFILE: 'jainam-prop-b', AUTH_REQUESTS_ENDPOINT: await startAuth() }
    const feed = await start(profile)
    await conditionsAre(feed, { session: true, socket: false, instruments: true })
    const reader = new TickSubscriber({ endpoint: feed.bound.ticks, onTick: () => undefined })
    closers.unshift(() => reader.close())
    for (const topic of ['MCX_CRUDEOIL_LTP', 'NSE_SBIN_DEPTH']) reader.subscribe(topic)
    const ask = asker(feed)
    const topics = ['MCX_CRUDEOIL_LTP', 'NSE_SBIN_DEPTH']
    const giveUpAtMs = Date.now() + WAIT_LIMIT_MS
    let snapshot = (await ask('feed.snapshot', { topics })) as FeedSnapshot
    while (Object.keys(snapshot.refused ?? {}).length === 0 && Date.now() < giveUpAtMs)
      snapshot = (await ask('feed.snapshot', { topics })) as FeedSnapshot
    expect(snapshot.refused).toEqual({
      MCX_CRUDEOIL_LTP: 'jainam-prop-b does not stream MCXFO; it streams NSECM, NSEFO, BSECM, BSEFO',
    })
    expect((await readiness(feed)).body).toMatchObject({ topicsOutsideProfile: 1 })
  })

  it('answers each bad request with its own refusal', async () => {
    writeList()
    const feed = await start({ AUTH_REQUESTS_ENDPOINT: await startAuth() })
    await conditionsAre(feed, { session: true, socket: false, instruments: true })
    const ask = asker(feed)
    const reliance = { exchange: 'NSE', symbol: 'RELIANCE' }
    await expect(ask('market.quotes', reliance, 500)).rejects.toMatchObject({ code: 'QUOTE_UNAVAILABLE' })
    await expect(ask('market.quotes', { ...reliance, symbol: 'RELIANC' })).rejects.toMatchObject({
      code: 'INSTRUMENT_NOT_FOUND',
    })
    await expect(ask('market.quotes', { exchange: 'NSE' })).rejects.toThrow('symbol is missing')
    await expect(ask('market.quotes', { ...reliance, mode: 1 })).rejects.toThrow('mode is not a known field')
    await expect(ask('feed.snapshot', { topics: [] })).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    await expect(ask('order.place', {})).rejects.toMatchObject({ code: 'SUBJECT_UNKNOWN' })
    expect(await ask('feed.snapshot', { topics: ['NSE_RELIANCE_LTP'] })).toEqual({
      ticks: {},
      missing: ['NSE_RELIANCE_LTP'],
    })
  })

  it.each(['FEED_TICKS_ENDPOINT', 'FEED_EVENTS_ENDPOINT', 'FEED_REQUESTS_ENDPOINT'])(
    'does not start on a taken endpoint, and names %s',
    async (setting) => {
      const taken = await listening()
      await expect(start({ [setting]: `tcp://127.0.0.1:${taken}` })).rejects.toMatchObject({
        code: 'ENDPOINT_TAKEN',
        details: { setting },
      })
    },
  )

  it('names the setting of a taken health port', async () => {
    await expect(start({ FEED_HEALTH_PORT: String(await listening()) })).rejects.toThrow('FEED_HEALTH_PORT')
  })

  it('names the profiles there are when it is given another', async () => {
    await expect(start({ XTS_PROFILE: 'no-such-broker' })).rejects.toThrow(/XTS_PROFILE.*simulator/s)
  })
})

/** A port that somebody listens on. */
async function listening(): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}
