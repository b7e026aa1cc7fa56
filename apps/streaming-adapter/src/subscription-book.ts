import {
  parseTickTopic,
  type Instrument,
  type InstrumentKey,
  type TickMode,
  type TickTopic,
} from '@xts-bridge/contracts'
import { instrumentKey, type InstrumentRef } from './instrument-key'

/** One topic that has readers. `seq` is the number of its last tick. */
export interface WantedTopic {
  readonly topic: string
  readonly mode: TickMode
  seq: number
}

/** An instrument with at least one wanted topic: one broker subscription, however many modes are read. */
export interface WantedInstrument {
  readonly instrument: Instrument
  readonly topics: readonly WantedTopic[]
}

interface TopicEntry {
  readonly parts: TickTopic
  readonly wanted: WantedTopic
  /** Undefined while the instrument list does not know the symbol, or when the broker cannot stream it. */
  key: number | undefined
  /** Why the broker cannot stream it; undefined when it can, or when the symbol is not known. */
  refusal: string | undefined
}

export type FindInstrument = (key: InstrumentKey) => Instrument | undefined
/** What keeps this installation from streaming an instrument in a mode, as a sentence; undefined when nothing does. */
export type WhyNotStreamed = (instrument: Instrument, mode: TickMode) => string | undefined
export type AddedTopic = 'wanted' | 'unknown-symbol' | 'outside-profile' | 'not-a-topic'
/** A wanted topic that cannot flow, and why. */
export interface RefusedTopic {
  readonly topic: string
  readonly reason: string
}

/**
 * What the readers of ticks want, by topic and by instrument. It says what should be, never what the broker has; a
 * topic whose symbol is not in the list stays noted and is found when a newer list knows it.
 */
export class SubscriptionBook {
  private readonly topics = new Map<string, TopicEntry>()
  private readonly byInstrument = new Map<number, WantedInstrument>()

  constructor(
    private readonly find: FindInstrument,
    private readonly whyNotStreamed: WhyNotStreamed = () => undefined,
  ) {}

  get topicCount(): number {
    return this.topics.size
  }

  get instrumentCount(): number {
    return this.byInstrument.size
  }

  get unknownTopics(): readonly string[] {
    return [...this.topics.values()].filter(isUnknown).map(({ wanted }) => wanted.topic)
  }

  /** Topics that the broker's profile has no stream for. */
  get topicsOutsideProfile(): readonly RefusedTopic[] {
    return [...this.topics.values()].flatMap(({ wanted: { topic }, refusal: reason }) =>
      reason === undefined ? [] : [{ topic, reason }],
    )
  }

  /** Why this topic is outside the broker's profile; undefined when it is not. */
  whyOutsideProfile(topic: string): string | undefined {
    return this.topics.get(topic)?.refusal
  }

  /** `startSeq`: at least every number this topic may have used before, so that its sequence never goes back. */
  add(topic: string, startSeq: number): AddedTopic {
    const parts = parseTickTopic(topic)
    if (parts === undefined) return 'not-a-topic'
    const entry = this.topics.get(topic) ?? this.note(parts, topic, startSeq)
    if (entry.refusal !== undefined) return 'outside-profile'
    return entry.key === undefined ? 'unknown-symbol' : 'wanted'
  }

  remove(topic: string): void {
    const entry = this.topics.get(topic)
    if (entry === undefined) return
    this.topics.delete(topic)
    const held = entry.key === undefined ? undefined : this.byInstrument.get(entry.key)
    if (entry.key === undefined || held === undefined) return
    const rest = held.topics.filter((other) => other !== entry.wanted)
    if (rest.length === 0) this.byInstrument.delete(entry.key)
    else this.byInstrument.set(entry.key, { ...held, topics: rest })
  }

  /** Looks every topic up again, because a new instrument list may know more symbols or other tokens. */
  relink(): void {
    this.byInstrument.clear()
    for (const entry of this.topics.values()) this.link(entry)
  }

  wanted(ref: InstrumentRef): WantedInstrument | undefined {
    return this.byInstrument.get(instrumentKey(ref))
  }

  /** Number of the last tick of a wanted topic. */
  lastSeq(topic: string): number | undefined {
    return this.topics.get(topic)?.wanted.seq
  }

  instruments(): Iterable<WantedInstrument> {
    return this.byInstrument.values()
  }

  private note(parts: TickTopic, topic: string, startSeq: number): TopicEntry {
    const wanted = { topic, mode: parts.mode, seq: startSeq }
    const entry: TopicEntry = { parts, wanted, key: undefined, refusal: undefined }
    this.topics.set(topic, entry)
    this.link(entry)
    return entry
  }

  private link(entry: TopicEntry): void {
    const { exchange, symbol, mode } = entry.parts
    const instrument = this.find({ exchange, symbol })
    entry.refusal = instrument && this.whyNotStreamed(instrument, mode)
    entry.key = instrument && entry.refusal === undefined ? instrumentKey(instrument) : undefined
    if (instrument === undefined || entry.key === undefined) return
    const others = this.byInstrument.get(entry.key)?.topics ?? []
    this.byInstrument.set(entry.key, { instrument, topics: [...others, entry.wanted] })
  }
}

function isUnknown({ key, refusal }: TopicEntry): boolean {
  return key === undefined && refusal === undefined
}
