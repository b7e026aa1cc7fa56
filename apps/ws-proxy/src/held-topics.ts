import { parseTickTopic, TICK_MODES, type TickMode } from '@xts-bridge/contracts'
import type { NamedSymbol } from './client-request'
import type { TopicHub, TopicReader } from './topic-hub'

/** The tick topics that one client holds. */
export class HeldTopics {
  private readonly topics = new Map<string, NamedSymbol>()

  constructor(
    private readonly reader: TopicReader,
    private readonly hub: TopicHub,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.topics.size
  }

  /** True when `added` new topics and this one fit, or the client holds it already. */
  hasRoomFor(added: number, topic: string): boolean {
    return this.topics.has(topic) || this.topics.size + added < this.limit
  }

  /** Holding a topic twice is the same as once. */
  hold(topics: readonly string[]): void {
    const fresh = topics.filter((topic) => !this.topics.has(topic))
    for (const topic of fresh) {
      const parts = parseTickTopic(topic)
      if (parts !== undefined) this.topics.set(topic, parts)
    }
    this.hub.join(this.reader, fresh)
  }

  /** Held topics of a symbol in this mode, or in every mode. */
  topicsOf(symbol: string, exchange: string, mode: TickMode | undefined): readonly string[] {
    const modes = mode === undefined ? TICK_MODES : [mode]
    return modes
      .map((each) => `${exchange}_${symbol}_${each}`)
      .filter((topic) => {
        const held = this.topics.get(topic)
        return held?.symbol === symbol && held.exchange === exchange
      })
  }

  release(topic: string): void {
    if (this.topics.delete(topic)) this.hub.leave(this.reader, topic)
  }

  /** Lets go of everything and says what it was, each symbol once. */
  releaseAll(): readonly NamedSymbol[] {
    const released = new Map<string, NamedSymbol>()
    for (const [topic, { symbol, exchange }] of this.topics) {
      released.set(`${exchange}:${symbol}`, { symbol, exchange })
      this.hub.leave(this.reader, topic)
    }
    this.topics.clear()
    return [...released.values()]
  }
}
