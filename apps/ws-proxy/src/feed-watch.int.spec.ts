import { EventPublisher } from '@xts-bridge/bus'
import { AppError, ManualClock } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'
import { FeedWatch, type FeedNews } from './feed-watch'

const WAIT_LIMIT_MS = 10_000

/** A feed whose answer the test sets; `undefined` stands for none. */
async function desk() {
  const clock = new ManualClock()
  const news: FeedNews[] = []
  const feed = { isConnected: true as boolean | undefined, hold: Promise.resolve() }
  const publisherOf = (endpoint: string, epoch: string) =>
    new EventPublisher({
      ...{ endpoint, epoch },
      endpointSetting: 'FEED_EVENTS_ENDPOINT',
      clock: systemClock,
    })
  const first = publisherOf('tcp://127.0.0.1:*', 'e1')
  const endpoint = await first.bind()
  const watch = new FeedWatch({
    eventsEndpoint: endpoint,
    feed: {
      async request<T>(): Promise<T> {
        const { isConnected, hold } = feed
        await hold
        if (isConnected === undefined) throw new AppError('REPLY_LOST')
        return { isConnected } as T
      },
    },
    clock,
    onNews: (item) => news.push(item),
  })
  watch.start()
  /** Until the state is this; `nudge` is repeated, because a new reader takes a moment to reach a publisher. */
  const stateIs = async (state: string, nudge: () => void = () => undefined): Promise<void> => {
    const giveUpAtMs = Date.now() + WAIT_LIMIT_MS
    while (watch.state !== state) {
      if (Date.now() > giveUpAtMs) throw new Error(`the state is ${watch.state}`)
      nudge()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { clock, news, feed, first, endpoint, publisherOf, watch, stateIs }
}

describe('FeedWatch', () => {
  it('asks at the start, and says nothing of a feed that is not up yet', async () => {
    const { clock, news, feed, first, watch } = await desk()
    feed.isConnected = false
    await clock.advance(0)
    expect([watch.state, news]).toEqual(['disconnected', []])
    feed.isConnected = true
    await clock.advance(5_000)
    expect([watch.state, news]).toEqual(['connected', ['connected']])
    await Promise.all([watch.close(), first.close()])
  })

  it('passes on what the feed says', async () => {
    const { news, first, watch, stateIs } = await desk()
    await stateIs('disconnected', () => first.publish('feed.disconnected', {}))
    news.length = 0
    first.publish('feed.recovered', {})
    await stateIs('connected')
    expect(news.filter((item) => item !== 'disconnected')).toEqual(['recovered'])
    await Promise.all([watch.close(), first.close()])
  })

  it('notices a feed that stopped answering without a word', async () => {
    const { clock, news, feed, first, watch } = await desk()
    await clock.advance(0)
    expect(watch.state).toBe('connected')
    feed.isConnected = undefined
    await clock.advance(5_000)
    expect([watch.state, news.at(-1)]).toEqual(['disconnected', 'disconnected'])
    await Promise.all([watch.close(), first.close()])
  })

  it('does not believe an answer that is older than an event', async () => {
    const { clock, feed, first, watch, stateIs } = await desk()
    let release: () => void = () => undefined
    await stateIs('connected', () => first.publish('feed.connected', {}))
    await clock.advance(0)
    feed.hold = new Promise((resolve) => (release = resolve))
    await clock.advance(5_000)
    first.publish('feed.disconnected', {})
    await stateIs('disconnected')
    release()
    await clock.advance(0)
    expect(watch.state).toBe('disconnected')
    await Promise.all([watch.close(), first.close()])
  })

  it('takes a restart of the feed for a loss, however quick it was', async () => {
    const { clock, news, first, endpoint, publisherOf, watch, stateIs } = await desk()
    await stateIs('connected', () => first.publish('feed.connected', {}))
    news.length = 0
    await first.close()
    const second = publisherOf(endpoint, 'e2')
    await second.bind()
    await stateIs('disconnected', () => second.publish('feed.refused', {}))
    await clock.advance(0)
    expect([watch.state, news]).toEqual(['connected', ['disconnected', 'connected']])
    await Promise.all([watch.close(), second.close()])
  })
})
