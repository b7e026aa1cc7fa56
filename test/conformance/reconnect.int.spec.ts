import type { Clock, FeedStatus, TickPayload } from '@xts-bridge/contracts'
import {
  InteractiveSocket,
  MarketSocket,
  parseMasterText,
  XtsMarket,
  type InteractiveSocketOptions,
} from '@xts-bridge/xts'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and a service has no alias
import { MarketFeed } from '../../apps/streaming-adapter/src/market-feed'
import { fasterClock } from './faults/faster-clock'
import { clock, ok, SimulatedBroker, until } from './simulated-broker'

const INSTRUMENTS = 200
const BATCH_SIZE = 50
/** The outer bound of the whole way back, from the drop to the last subscription. */
const BACK_WITHIN_MS = 10_000
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
const JOIN_TIMEOUT_MS = 10_000

let broker: SimulatedBroker
/** Calls of the subscription route so far. */
let subscriptionCalls = 0
beforeEach(async () => {
  subscriptionCalls = 0
  const onCall = ({ path }: { readonly path: string }): void => {
    if (path.endsWith('/instruments/subscription')) subscriptionCalls += 1
  }
  const surroundings = { simulator: { ticksPerSecond: 5 }, http: { onCall } }
  broker = await SimulatedBroker.start('retail', {}, surroundings)
})
afterEach(() => broker.close())

/** The feed of the streaming-adapter on this broker, as the service puts it together. */
async function openFeed() {
  const token = await broker.logInMarket()
  const api = { http: broker.http, profile: broker.profile, token: () => token }
  const market = new XtsMarket(api)
  const { instruments } = parseMasterText(ok(await market.master(['NSECM'])))
  const wanted = instruments.slice(0, INSTRUMENTS)
  const ticks: TickPayload[] = []
  const events: string[] = []
  const feed: MarketFeed = new MarketFeed({
    clock,
    epoch: 'e1',
    find: ({ exchange, symbol }) => wanted.find((row) => row.exchange === exchange && row.symbol === symbol),
    hasInstruments: () => true,
    calls: market,
    timing: { collectMs: 5, lingerMs: 30_000, pauseMs: 100, batchSize: BATCH_SIZE },
    openSocket: (callbacks) => new MarketSocket({ ...api, clock, ...callbacks }),
    publishTick: (_topic, payload) => void ticks.push(payload),
    publishEvent: (topic, data) => void events.push(`${topic} ${(data as FeedStatus).subscribedInstruments}`),
    onSessionInvalid: (_epoch, reason) => void events.push(`invalid: ${reason}`),
    onStateChanged: () => undefined,
  })
  broker.closeFirst(() => feed.close())
  for (const { exchange, symbol } of wanted) feed.demandChanged(`${exchange}_${symbol}_LTP`, true)
  feed.sessionRenewed()
  return { feed, ticks, events, wanted }
}

async function subscriptionsAtBroker(): Promise<number> {
  const response = await fetch(broker.controlUrl('/sessions'))
  const { sessions } = (await response.json()) as {
    sessions: readonly { readonly api: string; readonly subscriptions: number }[]
  }
  return sessions.filter(({ api }) => api === 'market').reduce((sum, each) => sum + each.subscriptions, 0)
}

describe('a market socket that was dropped', () => {
  it('is back with all of 200 instruments subscribed anew, well within its outer bound', async () => {
    const { feed, ticks, events, wanted } = await openFeed()
    await until(() => feed.subscriptions.heldCount === INSTRUMENTS)
    await until(() => ticks.length > INSTRUMENTS)
    expect(subscriptionCalls).toBe(INSTRUMENTS / BATCH_SIZE)
    const droppedAtMs = Date.now()
    await broker.setFault({ name: 'all-sessions-dropped' })
    await until(() => !feed.isLive)
    expect(feed.values.size).toBe(0)
    const heardBefore = ticks.length
    await until(() => events.includes(`feed.recovered ${INSTRUMENTS}`))
    expect(Date.now() - droppedAtMs).toBeLessThan(BACK_WITHIN_MS)
    expect(await subscriptionsAtBroker()).toBe(INSTRUMENTS)
    // Each batch is refused as subscribed already, ended and made anew.
    expect(subscriptionCalls).toBe(4 * (INSTRUMENTS / BATCH_SIZE))
    const heardOf = () => new Set(ticks.slice(heardBefore).map(({ symbol }) => symbol)).size
    await until(() => heardOf() === wanted.length)
    expect(events).toEqual([
      'feed.connected 0',
      'feed.disconnected 0',
      'feed.connected 0',
      `feed.recovered ${INSTRUMENTS}`,
    ])
  })
})

describe.each(['interactive', 'market'] as const)('the %s socket of a broker that does not answer', (api) => {
  it('waits 0.5, 1, 2 … 30 s with jitter, says once that it struggles, and joins when there is an answer', async () => {
    const fast = fasterClock(50)
    const waitsMs: number[] = []
    const watched: Clock = {
      nowMs: () => fast.nowMs(),
      after: (delayMs, callback) => {
        if (delayMs !== JOIN_TIMEOUT_MS) waitsMs.push(delayMs)
        return fast.after(delayMs, callback)
      },
    }
    const token = await (api === 'market' ? broker.logInMarket() : broker.logInInteractive())
    const struggles: number[] = []
    const options: Omit<InteractiveSocketOptions, 'onOrder' | 'onTrade'> = {
      ...{ profile: broker.profile, clock: watched, token: () => token },
      onJoined: () => undefined,
      onLogout: () => undefined,
      onDown: () => undefined,
      onStruggling: (attempts) => void struggles.push(attempts),
    }
    const socket =
      api === 'market'
        ? new MarketSocket({ ...options, onUpdate: () => undefined })
        : new InteractiveSocket({ ...options, onOrder: () => undefined, onTrade: () => undefined })
    broker.closeFirst(() => socket.close())
    socket.start()
    await until(() => socket.isLive)
    await broker.setFault({ name: 'connections-reset' })
    await broker.setFault({ name: 'all-sessions-dropped' })
    await until(() => waitsMs.length >= WAITS_MS.length)
    for (const [index, wantedMs] of WAITS_MS.entries()) {
      expect(waitsMs[index]).toBeLessThanOrEqual(wantedMs)
      expect(waitsMs[index]).toBeGreaterThan(wantedMs * 0.74)
    }
    expect(struggles).toEqual([5])
    await broker.simulator.close().catch(() => undefined)
  })
})
