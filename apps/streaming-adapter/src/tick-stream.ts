import { parseTickTopic, type Clock, type FeedSnapshot, type TickPayload } from '@xts-bridge/contracts'
import type { MarketUpdate } from '@xts-bridge/xts'
import type { InstrumentRef } from './instrument-key'
import type { LastValue, LastValues } from './last-values'
import type { FindInstrument, SubscriptionBook, WantedInstrument } from './subscription-book'
import { tickPayload } from './tick-payload'

export interface TickStreamOptions {
  readonly book: SubscriptionBook
  readonly values: LastValues
  readonly find: FindInstrument
  /** The broker sends this instrument, with or without readers. */
  readonly isSubscribed: (ref: InstrumentRef) => boolean
  readonly clock: Clock
  /** Names the life of the sequence numbers; a new one per process. */
  readonly epoch: string
  readonly publish: (topic: string, payload: TickPayload) => void
}

/** The way of one tick: merged into the last value of its instrument, then published to each topic that has readers. */
export class TickStream {
  private received = 0
  private published = 0
  private lastReceivedAtMs: number | undefined

  constructor(private readonly options: TickStreamOptions) {}

  get receivedCount(): number {
    return this.received
  }

  /** Never below the sequence of any topic, so a topic that begins here never goes back. */
  get publishedCount(): number {
    return this.published
  }

  get lastTickAtMs(): number | undefined {
    return this.lastReceivedAtMs
  }

  receive(update: MarketUpdate): void {
    const { book, values, clock, isSubscribed } = this.options
    this.received += 1
    this.lastReceivedAtMs = clock.nowMs()
    const wanted = book.wanted(update)
    // A late tick after an unsubscribe must not leave a value that nothing would ever renew or remove.
    if (wanted === undefined && !isSubscribed(update)) return
    const value = values.apply(update, this.lastReceivedAtMs)
    if (wanted !== undefined) this.publish(wanted, value)
  }

  /** Values that came with the answer to a subscription: older than anything the socket has delivered since. */
  receiveSnapshot(updates: readonly MarketUpdate[]): void {
    for (const update of updates) {
      if (this.options.values.find(update) === undefined) this.receive(update)
    }
  }

  /** `feed.snapshot`: what each topic would say now, under the number of its last tick. */
  snapshot(topics: readonly string[]): FeedSnapshot {
    const found = topics.map((topic) => [topic, this.payloadNow(topic)] as const)
    return {
      ticks: Object.fromEntries(found.flatMap(([topic, tick]) => (tick ? [[topic, tick]] : []))),
      missing: found.filter(([, tick]) => tick === undefined).map(([topic]) => topic),
    }
  }

  private payloadNow(topic: string): TickPayload | undefined {
    const { book, values, find, epoch } = this.options
    const parts = parseTickTopic(topic)
    const instrument = parts && find(parts)
    const value = instrument && values.find(instrument)
    if (parts === undefined || instrument === undefined || value === undefined) return undefined
    const seq = book.lastSeq(topic) ?? this.published
    return tickPayload(instrument, parts.mode, value, { epoch, seq })
  }

  private publish(wanted: WantedInstrument, value: LastValue): void {
    for (const topic of wanted.topics) {
      const place = { epoch: this.options.epoch, seq: topic.seq + 1 }
      const payload = tickPayload(wanted.instrument, topic.mode, value, place)
      if (payload === undefined) continue
      topic.seq = place.seq
      this.published += 1
      this.options.publish(topic.topic, payload)
    }
  }
}
