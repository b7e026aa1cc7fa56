import { parseTickTopic, type FeedSnapshot } from '@xts-bridge/contracts'
import { SnapshotFilter } from './snapshot-filter'
import type { ServerFrames } from './server-frames'

/** A client as the hub sees it. */
export interface TopicReader {
  sendTick(topic: string, frame: Buffer): void
}

/** The bus as the hub needs it. */
export interface TickSource {
  subscribe(topic: string): void
  unsubscribe(topic: string): void
}

export interface TopicHubOptions {
  readonly source: TickSource
  readonly frames: ServerFrames
  /** The last tick of each topic, from the feed. A failure is counted: the next tick comes anyway. */
  readonly fetchSnapshot: (topics: readonly string[]) => Promise<FeedSnapshot>
}

interface HeldTopic {
  readonly readers: Set<TopicReader>
  readonly wrap: (payload: Buffer) => Buffer
  readonly filter: SnapshotFilter
  /** The newest frame; undefined before the first and after the feed was lost. */
  lastFrame: Buffer | undefined
}

/** Most topics asked for in one snapshot request; the feed answers no more. */
const SNAPSHOT_BATCH = 1_000

/**
 * The topics that clients hold: one bus subscription per topic however many clients read it, and one frame per tick for
 * all of them. Who joins gets the last value at once: from the feed for a new topic, from here for one that flows.
 */
export class TopicHub {
  private readonly topics = new Map<string, HeldTopic>()
  private ticks = 0
  private failedSnapshots = 0

  constructor(private readonly options: TopicHubOptions) {}

  get topicCount(): number {
    return this.topics.size
  }

  get tickCount(): number {
    return this.ticks
  }

  get failedSnapshotCount(): number {
    return this.failedSnapshots
  }

  /** Lets a client read these topics; each must be a full tick topic. */
  join(reader: TopicReader, topics: readonly string[]): void {
    const fresh = topics.filter((topic) => this.joinOne(reader, topic))
    for (let start = 0; start < fresh.length; start += SNAPSHOT_BATCH)
      void this.showSnapshot(fresh.slice(start, start + SNAPSHOT_BATCH))
  }

  leave(reader: TopicReader, topic: string): void {
    const held = this.topics.get(topic)
    if (!held?.readers.delete(reader) || held.readers.size > 0) return
    this.topics.delete(topic)
    this.options.source.unsubscribe(topic)
  }

  /** One tick from the bus. */
  deliver(topic: string, payload: Buffer): void {
    const held = this.topics.get(topic)
    if (held === undefined || !held.filter.isNew(payload)) return
    this.ticks += 1
    this.show(topic, held, payload)
  }

  /** The feed was lost: what it said before is shown to nobody who joins now. */
  forgetLastFrames(): void {
    for (const held of this.topics.values()) held.lastFrame = undefined
  }

  /** True when the topic is new here. */
  private joinOne(reader: TopicReader, topic: string): boolean {
    const held = this.topics.get(topic)
    if (held === undefined) {
      this.open(topic, reader)
      return true
    }
    if (held.readers.has(reader)) return false
    held.readers.add(reader)
    if (held.lastFrame !== undefined) reader.sendTick(topic, held.lastFrame)
    return false
  }

  private open(topic: string, reader: TopicReader): void {
    const parts = parseTickTopic(topic)
    if (parts === undefined) throw new Error(`not a tick topic: ${topic}`)
    const wrap = this.options.frames.marketData(parts)
    const filter = new SnapshotFilter()
    this.topics.set(topic, { readers: new Set([reader]), wrap, filter, lastFrame: undefined })
    this.options.source.subscribe(topic)
  }

  private show(topic: string, held: HeldTopic, payload: Buffer): void {
    const frame = held.wrap(payload)
    held.lastFrame = frame
    for (const reader of held.readers) reader.sendTick(topic, frame)
  }

  private async showSnapshot(topics: readonly string[]): Promise<void> {
    // Those who read it now: by the time the answer is there, the name may stand for another set of readers.
    const asked = topics.map((topic) => [topic, this.topics.get(topic)] as const)
    try {
      const { ticks } = await this.options.fetchSnapshot(topics)
      for (const [topic, held] of asked) {
        const tick = ticks[topic]
        if (tick === undefined || held === undefined || held.lastFrame !== undefined) continue
        held.filter.startAfter(tick)
        this.show(topic, held, Buffer.from(JSON.stringify(tick)))
      }
    } catch {
      this.failedSnapshots += 1
    }
  }
}
