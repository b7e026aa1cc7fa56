import { EventSubscriber, type RequestClient } from '@xts-bridge/bus'
import type { Clock, FeedStatus } from '@xts-bridge/contracts'
import type { FeedState } from './server-frames'

export type FeedNews = 'connected' | 'disconnected' | 'recovered'

export interface FeedWatchOptions {
  readonly eventsEndpoint: string
  /** streaming-adapter's requests, asked with this service's own key. */
  readonly feed: Pick<RequestClient, 'request'>
  readonly clock: Clock
  readonly onNews: (news: FeedNews) => void
}

/** How often the feed is asked, so that one that died without a word is noticed. */
const ASK_INTERVAL_MS = 5_000
const ASK_TIMEOUT_MS = 2_000

const NEWS_BY_TOPIC: Readonly<Record<string, FeedNews>> = {
  'feed.connected': 'connected',
  'feed.disconnected': 'disconnected',
  'feed.recovered': 'recovered',
}

/** Knows whether the feed is up: by its events at once, and by asking now and then. */
export class FeedWatch {
  private readonly subscriber: EventSubscriber
  private current: FeedState = 'unknown'
  /** Counts events, so that an answer that is older than one is not believed. */
  private eventCount = 0
  private cancelAsk: () => void = () => undefined
  private isInContact = false
  private isClosed = false

  constructor(private readonly options: FeedWatchOptions) {
    this.subscriber = new EventSubscriber({
      endpoint: options.eventsEndpoint,
      clock: options.clock,
      onEvent: ({ topic }) => this.hear(topic),
      onLoss: () => this.askSoon(0),
      onEpoch: () => this.restarted(),
    })
  }

  get state(): FeedState {
    return this.current
  }

  start(): void {
    this.subscriber.start()
    this.askSoon(0)
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelAsk()
    await this.subscriber.close()
  }

  private hear(topic: string): void {
    const news = NEWS_BY_TOPIC[topic]
    if (news === undefined) return
    this.eventCount += 1
    this.current = news === 'disconnected' ? 'disconnected' : 'connected'
    this.options.onNews(news)
  }

  /** First contact, or another life of the feed: what the one before said last is not known to be its last word. */
  private restarted(): void {
    if (this.isInContact) this.hear('feed.disconnected')
    this.isInContact = true
    this.askSoon(0)
  }

  private askSoon(delayMs: number): void {
    this.cancelAsk()
    if (this.isClosed) return
    this.cancelAsk = this.options.clock.after(delayMs, () => void this.ask())
  }

  private async ask(): Promise<void> {
    const eventCount = this.eventCount
    const state = await this.askState()
    if (eventCount === this.eventCount) this.believe(state)
    this.askSoon(ASK_INTERVAL_MS)
  }

  private async askState(): Promise<'connected' | 'disconnected'> {
    try {
      const status = await this.options.feed.request<FeedStatus>(
        'feed.status',
        {},
        { timeoutMs: ASK_TIMEOUT_MS },
      )
      return status.isConnected ? 'connected' : 'disconnected'
    } catch {
      return 'disconnected'
    }
  }

  private believe(state: 'connected' | 'disconnected'): void {
    const before = this.current
    this.current = state
    const isFirstWord = before === 'unknown'
    if (state !== before && !(isFirstWord && state === 'disconnected')) this.options.onNews(state)
  }
}
