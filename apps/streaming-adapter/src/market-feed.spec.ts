import { ManualClock, type FeedRefusal, type TickPayload } from '@xts-bridge/contracts'
import { brokerProfile, whyNotStreamed, type BrokerProfile, type MarketUpdate } from '@xts-bridge/xts'
import { MarketFeed, type SocketCallbacks } from './market-feed'
import { streamOf } from './stream-of'
import { listOf, RELIANCE, SBIN, share, topicOf } from './testing/instruments'

const LTP = topicOf(RELIANCE, 'LTP')
const QUOTE = topicOf(RELIANCE, 'QUOTE')
const update = (token: number, changes: Partial<MarketUpdate>): MarketUpdate => ({
  segment: 'NSECM',
  token,
  ...changes,
})

function desk(snapshot: readonly MarketUpdate[] = [], profile: BrokerProfile = brokerProfile('simulator')) {
  const clock = new ManualClock()
  const calls: string[] = []
  const events: string[] = []
  const refusals: FeedRefusal[] = []
  const ticks: { topic: string; payload: TickPayload }[] = []
  const sockets: { callbacks: SocketCallbacks; isClosed: boolean }[] = []
  const invalid: string[] = []
  const list = { find: listOf(RELIANCE, SBIN), isLoaded: true }
  const feed = new MarketFeed({
    clock,
    epoch: 'e1',
    find: (key) => list.find(key),
    hasInstruments: () => list.isLoaded,
    whyNotStreamed: (instrument, mode) => whyNotStreamed(profile, streamOf(instrument, mode)),
    calls: {
      subscribe: (refs) => {
        calls.push(`+${refs.map(({ token }) => token).join(',')}`)
        return Promise.resolve({ kind: 'ok', value: snapshot })
      },
      unsubscribe: (refs) => {
        calls.push(`-${refs.map(({ token }) => token).join(',')}`)
        return Promise.resolve({ kind: 'ok', value: undefined })
      },
    },
    timing: { collectMs: 5, lingerMs: 1_000, pauseMs: 0, batchSize: 50 },
    openSocket: (callbacks) => {
      const socket = { callbacks, isClosed: false }
      return {
        start: () => sockets.push(socket),
        close: () => {
          socket.isClosed = true
          return Promise.resolve()
        },
      }
    },
    publishTick: (topic, payload) => ticks.push({ topic, payload }),
    publishEvent: (topic, data) => {
      events.push(topic)
      if ('reason' in data) refusals.push(data)
    },
    onSessionInvalid: (epoch, reason) => invalid.push(`${epoch} ${reason}`),
    onStateChanged: () => undefined,
  })
  /** A session, its socket joined. */
  const connect = async (): Promise<SocketCallbacks> => {
    feed.sessionRenewed()
    await clock.advance(0)
    const callbacks = sockets.at(-1)?.callbacks
    if (callbacks === undefined) throw new Error('no socket was opened')
    callbacks.onJoined()
    await clock.advance(10)
    return callbacks
  }
  return { clock, calls, events, refusals, ticks, sockets, invalid, list, feed, connect }
}

describe('MarketFeed', () => {
  it('subscribes a wanted topic once joined, and publishes its ticks alone', async () => {
    const { calls, ticks, feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    expect(calls).toEqual(['+2885'])
    socket.onUpdate(update(2885, { lastPrice: 100 }))
    socket.onUpdate(update(3045, { lastPrice: 500 }))
    expect(ticks.map(({ topic, payload }) => [topic, payload.seq, payload.ltp])).toEqual([[LTP, 1, 100]])
  })

  it('publishes every wanted mode of one message, each in its own sequence', async () => {
    const { ticks, feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    socket.onUpdate(update(2885, { lastPrice: 100 }))
    socket.onUpdate(update(2885, { lastPrice: 101 }))
    feed.demandChanged(QUOTE, true)
    socket.onUpdate(update(2885, { lastPrice: 102 }))
    expect(ticks.slice(2).map(({ topic, payload }) => [topic, payload.seq])).toEqual([
      [LTP, 3],
      [QUOTE, 3],
    ])
  })

  it('never lets the sequence of a topic go back, also when it was not wanted for a while', async () => {
    const { clock, ticks, feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    for (const lastPrice of [1, 2, 3]) socket.onUpdate(update(2885, { lastPrice }))
    feed.demandChanged(LTP, false)
    await clock.advance(100)
    feed.demandChanged(LTP, true)
    socket.onUpdate(update(2885, { lastPrice: 4 }))
    expect(ticks.map(({ payload }) => payload.seq)).toEqual([1, 2, 3, 4])
  })

  it('publishes the values that come with the subscription, unless the socket was faster', async () => {
    const { ticks, feed, connect } = desk([update(2885, { lastPrice: 90 }), update(3045, { lastPrice: 480 })])
    feed.demandChanged(LTP, true)
    feed.demandChanged(topicOf(SBIN, 'LTP'), true)
    const socket = await connect()
    expect(ticks.map(({ payload }) => payload.ltp)).toEqual([90, 480])
    socket.onUpdate(update(2885, { lastPrice: 91 }))
    feed.stream.receiveSnapshot([update(2885, { lastPrice: 90 })])
    expect(ticks.map(({ payload }) => payload.ltp)).toEqual([90, 480, 91])
  })

  it('says what it knows in a snapshot and names what is missing', async () => {
    const { feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    socket.onUpdate(update(2885, { lastPrice: 100, volume: 5 }))
    const snapshot = feed.snapshot([LTP, QUOTE, topicOf(SBIN, 'LTP'), 'NSE_NOSUCH_LTP', 'nonsense'])
    expect(Object.keys(snapshot.ticks)).toEqual([LTP, QUOTE])
    expect(snapshot.ticks[LTP]).toMatchObject({ seq: 1, ltp: 100, epoch: 'e1' })
    expect(snapshot.ticks[QUOTE]).toMatchObject({ volume: 5 })
    expect(snapshot.missing).toEqual(['NSE_SBIN_LTP', 'NSE_NOSUCH_LTP', 'nonsense'])
  })

  it('announces a loss, forgets its values, and says when everything is back', async () => {
    const { clock, calls, events, feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    socket.onUpdate(update(2885, { lastPrice: 100 }))
    socket.onDown('transport close')
    expect(feed.status().isConnected).toBe(false)
    expect(feed.snapshot([LTP]).missing).toEqual([LTP])
    socket.onDown('attempt failed')
    socket.onJoined()
    await clock.advance(10)
    expect(events).toEqual(['feed.connected', 'feed.disconnected', 'feed.connected', 'feed.recovered'])
    expect(calls).toEqual(['+2885', '+2885'])
    expect(feed.status()).toMatchObject({ isConnected: true, subscribedInstruments: 1, wantedTopics: 1 })
  })

  it('does not mix a value from before a loss into one from after it', async () => {
    const { clock, ticks, feed, connect } = desk()
    feed.demandChanged(QUOTE, true)
    const socket = await connect()
    socket.onUpdate(update(2885, { lastPrice: 100, high: 120 }))
    socket.onDown('transport close')
    socket.onJoined()
    await clock.advance(10)
    socket.onUpdate(update(2885, { lastPrice: 101 }))
    expect(ticks.at(-1)?.payload.high).toBeUndefined()
  })

  it('closes the socket of the old token when the session is renewed', async () => {
    const { sockets, events, feed, connect } = desk()
    await connect()
    await connect()
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, false])
    expect(events).toContain('feed.disconnected')
    await feed.close()
    expect(sockets.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('reports the token that the broker refused or logged out', async () => {
    const { invalid, connect } = desk()
    const socket = await connect()
    socket.onDown('transport close')
    socket.onDown('Invalid Token', 3)
    socket.onLogout('logged in elsewhere', 3)
    expect(invalid).toEqual(['3 Invalid Token', '3 logged in elsewhere'])
  })

  it('refuses a topic of an unknown symbol, and subscribes it when a list knows it', async () => {
    const { clock, calls, events, refusals, list, feed, connect } = desk()
    list.find = listOf(SBIN)
    await connect()
    feed.demandChanged(LTP, true)
    expect(refusals).toEqual([{ topic: LTP, reason: 'the instrument list does not have the symbol' }])
    await clock.advance(1_000)
    expect(calls).toEqual([])
    list.find = listOf(RELIANCE)
    feed.instrumentsLoaded()
    await clock.advance(10)
    expect(calls).toEqual(['+2885'])
    expect(events.filter((topic) => topic === 'feed.refused')).toHaveLength(1)
  })

  it('refuses nothing before the first list', async () => {
    const { refusals, list, feed } = desk()
    list.isLoaded = false
    list.find = listOf()
    feed.demandChanged(LTP, true)
    expect(refusals).toEqual([])
  })

  it('names every topic of an instrument that the broker refuses', async () => {
    const { refusals, feed, connect } = desk()
    await connect()
    feed.demandChanged(LTP, true)
    feed.demandChanged(QUOTE, true)
    feed.subscriptions.refuse(RELIANCE, 'Instrument not found')
    expect(refusals.map(({ topic }) => topic)).toEqual([LTP, QUOTE])
  })

  it('counts messages that could not be read', async () => {
    const { feed, connect } = desk()
    const socket = await connect()
    socket.onUnreadable?.('1502-json-full', 'not JSON')
    expect(feed.unreadableCount).toBe(1)
  })

  it('keeps the value of an instrument during its linger, and forgets it afterwards', async () => {
    const { clock, feed, connect } = desk()
    feed.demandChanged(LTP, true)
    const socket = await connect()
    feed.demandChanged(LTP, false)
    await clock.advance(10)
    socket.onUpdate(update(2885, { lastPrice: 100 }))
    expect(feed.snapshot([LTP]).ticks[LTP]?.ltp).toBe(100)
    await clock.advance(2_000)
    socket.onUpdate(update(2885, { lastPrice: 101 }))
    expect(feed.values.size).toBe(0)
  })

  it('refuses a segment outside the profile with what it streams, and never asks the broker for it', async () => {
    const { clock, calls, refusals, list, feed, connect } = desk([], brokerProfile('jainam-prop-b'))
    const crude = share('CRUDEOIL19NOV26FUT', 555, { exchange: 'MCX', segment: 'MCXFO' })
    list.find = listOf(RELIANCE, crude)
    const topic = topicOf(crude, 'LTP')
    await connect()
    feed.demandChanged(topic, true)
    feed.demandChanged(LTP, true)
    await clock.advance(10)
    const reason = 'jainam-prop-b does not stream MCXFO; it streams NSECM, NSEFO, BSECM, BSEFO'
    expect(refusals).toEqual([{ topic, reason }])
    expect(calls).toEqual(['+2885'])
    expect(feed.snapshot([topic, LTP])).toMatchObject({ missing: [topic, LTP], refused: { [topic]: reason } })
    expect(feed.book.topicsOutsideProfile).toHaveLength(1)
  })

  it('refuses a depth the profile does not have, and streams the last price of the same instrument', async () => {
    const shallow = brokerProfile('simulator', { feed: { depthLevels: [1], messageCodes: [1501] } })
    const { ticks, refusals, feed, connect } = desk([], shallow)
    const depth = topicOf(RELIANCE, 'DEPTH')
    feed.demandChanged(depth, true)
    feed.demandChanged(QUOTE, true)
    const socket = await connect()
    socket.onUpdate(update(2885, { lastPrice: 100 }))
    expect(refusals).toEqual([{ topic: depth, reason: 'simulator has no depth of 5 levels; it has 1' }])
    expect(ticks.map(({ topic }) => topic)).toEqual([QUOTE])
  })

  it('tells those outside the profile again with each new list, as it does unknown symbols', async () => {
    const { refusals, list, feed } = desk([], brokerProfile('jainam-prop-b'))
    list.find = listOf(share('RELIANCE', 2885, { segment: 'MCXFO' }))
    feed.demandChanged(LTP, true)
    feed.instrumentsLoaded()
    expect(refusals.map(({ topic }) => topic)).toEqual([LTP, LTP])
    list.find = listOf(RELIANCE)
    feed.instrumentsLoaded()
    expect(refusals).toHaveLength(2)
    expect(feed.book.wanted(RELIANCE)).toBeDefined()
  })
})
