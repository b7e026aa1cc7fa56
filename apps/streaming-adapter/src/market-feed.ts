import {
  type Clock,
  type FeedEventTopic,
  type FeedRefusal,
  type FeedSnapshot,
  type FeedStatus,
  type TickPayload,
} from '@xts-bridge/contracts'
import type { MarketSocketOptions } from '@xts-bridge/xts'
import { BrokerSubscriptions, type SubscriptionCalls, type SubscriptionTiming } from './broker-subscriptions'
import type { InstrumentRef } from './instrument-key'
import { LastValues } from './last-values'
import { SubscriptionBook, type FindInstrument, type WhyNotStreamed } from './subscription-book'
import { TickStream } from './tick-stream'
import { UnreadableTally, type UnreadableKind } from './unreadable-tally'

/** What the feed listens to on the broker's socket. */
export type SocketCallbacks = Pick<
  MarketSocketOptions,
  'onJoined' | 'onUpdate' | 'onLogout' | 'onDown' | 'onUnreadable'
>

export interface FeedSocket {
  start(): void
  close(): Promise<void>
}

export interface MarketFeedOptions {
  readonly clock: Clock
  /** Names the life of the tick sequences; random per process. */
  readonly epoch: string
  readonly find: FindInstrument
  readonly hasInstruments: () => boolean
  /** What the broker's profile cannot stream is refused with this sentence, and never asked of the broker. */
  readonly whyNotStreamed?: WhyNotStreamed | undefined
  readonly calls: SubscriptionCalls
  readonly timing: SubscriptionTiming
  readonly openSocket: (callbacks: SocketCallbacks) => FeedSocket
  readonly publishTick: (topic: string, payload: TickPayload) => void
  readonly publishEvent: (topic: FeedEventTopic, data: FeedStatus | FeedRefusal) => void
  /** The broker does not accept the token of this epoch, or of the one in force. */
  readonly onSessionInvalid: (epoch: number | undefined, reason: string) => void
  readonly onStateChanged: (state: 'connected' | 'disconnected' | 'recovered', reason?: string) => void
  /** Messages of one kind that could not be read; told at the first, the tenth, the hundredth … of it. */
  readonly onUnreadable?: ((event: string, kind: UnreadableKind) => void) | undefined
}

/**
 * The feed: demand on one side, the broker's socket on the other. After a disconnect nothing from before is believed:
 * values are dropped, readers are told, and once the socket is back everything wanted is subscribed again.
 */
export class MarketFeed {
  readonly values = new LastValues()
  readonly book: SubscriptionBook
  readonly subscriptions: BrokerSubscriptions
  readonly stream: TickStream
  readonly unreadable: UnreadableTally
  private socket: FeedSocket | undefined
  private replacing: Promise<void> = Promise.resolve()
  private isConnected = false
  private isRecovering = false

  constructor(private readonly options: MarketFeedOptions) {
    const { find, clock, epoch, publishTick, whyNotStreamed } = options
    this.book = new SubscriptionBook(find, whyNotStreamed)
    this.unreadable = new UnreadableTally((event, kind) => options.onUnreadable?.(event, kind))
    this.subscriptions = this.brokerSubscriptions()
    this.stream = new TickStream({
      ...{ book: this.book, values: this.values, find, clock, epoch, publish: publishTick },
      isSubscribed: (ref) => this.subscriptions.isHeld(ref),
    })
  }

  get isLive(): boolean {
    return this.isConnected
  }

  get unreadableCount(): number {
    return this.unreadable.total
  }

  /** A tick topic got its first reader or lost its last. */
  demandChanged(topic: string, isWanted: boolean): void {
    if (isWanted) {
      const added = this.book.add(topic, this.stream.publishedCount)
      if (added === 'unknown-symbol' && this.options.hasInstruments()) this.refuseUnknown(topic)
      const whyOutside = this.book.whyOutsideProfile(topic)
      if (whyOutside !== undefined) this.refuseTopic(topic, whyOutside)
    } else {
      this.book.remove(topic)
    }
    this.subscriptions.demandChanged()
  }

  /** A newer instrument list is in force: symbols may be known now, tokens may have changed. */
  instrumentsLoaded(): void {
    this.book.relink()
    for (const topic of this.book.unknownTopics) this.refuseUnknown(topic)
    for (const { topic, reason } of this.book.topicsOutsideProfile) this.refuseTopic(topic, reason)
    this.subscriptions.forgetRefusals()
  }

  /** Another token is in force: the socket of the old one is closed, so that it can neither linger mute nor speak late. */
  sessionRenewed(): void {
    this.disconnected('the session was renewed')
    this.replacing = this.replacing.then(() => this.replaceSocket())
  }

  snapshot(topics: readonly string[]): FeedSnapshot {
    const refused = topics.flatMap((topic) => {
      const reason = this.book.whyOutsideProfile(topic)
      return reason === undefined ? [] : [[topic, reason] as const]
    })
    const snapshot = this.stream.snapshot(topics)
    return refused.length === 0 ? snapshot : { ...snapshot, refused: Object.fromEntries(refused) }
  }

  status(): FeedStatus {
    return {
      isConnected: this.isConnected,
      subscribedInstruments: this.subscriptions.heldCount,
      wantedTopics: this.book.topicCount,
      ticksReceived: this.stream.receivedCount,
      lastTickAtMs: this.stream.lastTickAtMs,
    }
  }

  async close(): Promise<void> {
    this.subscriptions.connectionDown()
    await this.replacing
    await this.socket?.close()
  }

  private async replaceSocket(): Promise<void> {
    await this.socket?.close()
    this.socket = this.options.openSocket({
      onJoined: () => this.joined(),
      onUpdate: (update) => this.stream.receive(update),
      onDown: (reason, refusedEpoch) => {
        this.disconnected(reason)
        if (refusedEpoch !== undefined) this.options.onSessionInvalid(refusedEpoch, reason)
      },
      onLogout: (reason, epoch) => this.options.onSessionInvalid(epoch, reason),
      onUnreadable: (event, problem) => this.unreadable.add(event, problem),
    })
    this.socket.start()
  }

  private joined(): void {
    this.disconnected('joined anew')
    this.isConnected = true
    this.options.onStateChanged('connected')
    this.options.publishEvent('feed.connected', this.status())
    this.subscriptions.connectionUp()
  }

  private disconnected(reason: string): void {
    if (!this.isConnected) return
    this.isConnected = false
    this.isRecovering = true
    this.values.clear()
    this.subscriptions.connectionDown()
    this.options.onStateChanged('disconnected', reason)
    this.options.publishEvent('feed.disconnected', this.status())
  }

  private replayed(): void {
    if (!this.isRecovering) return
    this.isRecovering = false
    this.options.onStateChanged('recovered')
    this.options.publishEvent('feed.recovered', this.status())
  }

  private brokerSubscriptions(): BrokerSubscriptions {
    const { calls, clock, timing, onSessionInvalid } = this.options
    return new BrokerSubscriptions({
      ...{ calls, clock, timing, onSessionInvalid },
      wanted: () => this.wantedRefs(),
      isWanted: (ref) => this.book.wanted(ref) !== undefined,
      onSnapshot: (updates) => this.stream.receiveSnapshot(updates),
      onDropped: (ref) => this.values.forget(ref),
      onRefused: (ref, reason) => this.refuse(ref, reason),
      onReplayed: () => this.replayed(),
    })
  }

  private *wantedRefs(): Iterable<InstrumentRef> {
    for (const { instrument } of this.book.instruments()) yield instrument
  }

  private refuse(ref: InstrumentRef, reason: string): void {
    for (const { topic } of this.book.wanted(ref)?.topics ?? []) this.refuseTopic(topic, reason)
  }

  private refuseUnknown(topic: string): void {
    this.refuseTopic(topic, 'the instrument list does not have the symbol')
  }

  private refuseTopic(topic: string, reason: string): void {
    this.options.publishEvent('feed.refused', { topic, reason })
  }
}
