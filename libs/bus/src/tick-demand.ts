import { parseTickTopic, type Clock } from '@xts-bridge/contracts'

export interface TickDemandOptions {
  readonly clock: Clock
  /** Topics that may be wanted at the same time. */
  readonly maxTopics: number
  /** How long a topic stays wanted after its last reader left, so that a reconnect does not resubscribe at the broker. */
  readonly lingerMs: number
  onDemand(topic: string, isWanted: boolean): void
}

/** Prefixes that are served at the same time; a reader of one more gets only what others read. */
export const MAX_PREFIXES = 1_000
/** Full topics beyond `maxTopics` that wait for a free place; those above are counted and forgotten. */
export const MAX_WAITING_TOPICS = 100_000

/**
 * Turns subscriptions into demand: a full topic is wanted from its first reader until a while after its last one; a
 * shorter prefix, or the empty one, reads what flows and makes nothing flow.
 */
export class TickDemand {
  private readonly readTopics = new Set<string>()
  private readonly readPrefixes = new Set<string>()
  /** Topics whose demand was reported; the value cancels the linger of one that nobody reads any more. */
  private readonly wanted = new Map<string, (() => void) | undefined>()
  private readonly waiting = new Set<string>()
  private refused = 0

  constructor(private readonly options: TickDemandOptions) {}

  /** Subscriptions that were over a limit when they came. */
  get refusedTopics(): number {
    return this.refused
  }

  get wantedTopics(): number {
    return this.wanted.size
  }

  /** The first reader of this subscription came. Returns false when it is over a limit. */
  readersCame(subscription: string): boolean {
    if (parseTickTopic(subscription) === undefined) {
      const hasRoom = this.readPrefixes.size < MAX_PREFIXES
      if (hasRoom) this.readPrefixes.add(subscription)
      else this.refused += 1
      return hasRoom
    }
    if (this.wanted.has(subscription)) {
      this.readTopics.add(subscription)
      this.wanted.get(subscription)?.()
      this.wanted.set(subscription, undefined)
      return true
    }
    return this.want(subscription)
  }

  /** The last reader of this subscription left. */
  readersLeft(subscription: string): void {
    this.readPrefixes.delete(subscription)
    this.readTopics.delete(subscription)
    this.waiting.delete(subscription)
    if (!this.wanted.has(subscription)) return
    const cancel = this.options.clock.after(this.options.lingerMs, () => this.unwant(subscription))
    this.wanted.set(subscription, cancel)
  }

  /** True when a message of this topic reaches a reader now. */
  isRead(topic: string): boolean {
    if (this.readTopics.has(topic)) return true
    for (const prefix of this.readPrefixes) if (topic.startsWith(prefix)) return true
    return false
  }

  /** Cancels all lingering, without reporting it. */
  close(): void {
    for (const cancelLinger of this.wanted.values()) cancelLinger?.()
    this.wanted.clear()
  }

  private want(topic: string): boolean {
    if (this.wanted.size < this.options.maxTopics) {
      this.readTopics.add(topic)
      this.wanted.set(topic, undefined)
      this.options.onDemand(topic, true)
      return true
    }
    this.refused += 1
    if (this.waiting.size < MAX_WAITING_TOPICS) {
      this.readTopics.add(topic)
      this.waiting.add(topic)
    }
    return false
  }

  private unwant(topic: string): void {
    this.wanted.delete(topic)
    this.options.onDemand(topic, false)
    const [next] = this.waiting
    if (next === undefined) return
    this.waiting.delete(next)
    this.wanted.set(next, undefined)
    this.options.onDemand(next, true)
  }
}
