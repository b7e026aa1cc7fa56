import type { Clock } from '@xts-bridge/contracts'
import { XPublisher } from 'zeromq'
import { bindEndpoint } from './bind-endpoint'
import { isIpv6 } from './local-endpoint'
import { EVERY_SOCKET, TICK_HIGH_WATER_MARK } from './socket-options'
import { TickDemand } from './tick-demand'

export interface TickPublisherOptions {
  /** Loopback or ipc, with CURVE any address in numbers; `tcp://127.0.0.1:*` lets the system choose a port. */
  readonly endpoint: string
  /** Name of the setting that changes the endpoint. */
  readonly endpointSetting: string
  readonly clock: Clock
  /** A full topic got its first reader (true), or has had none for `lingerMs` (false). */
  onDemand(topic: string, isWanted: boolean): void
  /** Topics that may be wanted at the same time; 5,000 unless given. Further ones wait for a free place. */
  readonly maxTopics?: number | undefined
  /** 2,000 ms unless given. */
  readonly lingerMs?: number | undefined
  /** Demand over the cap: at the first time and at every doubling, with counts. */
  onProblem?(message: string, fields: Record<string, unknown>): void
}

/** Counters since start. */
export interface TickCounters {
  readonly published: number
  /** Ticks ZeroMQ did not take at all; what it drops for one slow reader only that reader can see. */
  readonly dropped: number
  readonly wantedTopics: number
  readonly refusedTopics: number
  /** Messages from readers that are no subscriptions. */
  readonly strangeMessages: number
}

const DEFAULT_MAX_TOPICS = 5_000
const DEFAULT_LINGER_MS = 2_000
const MAX_TOPIC_BYTES = 128
const SUBSCRIBE = 1
const UNSUBSCRIBE = 0

/** Ticks as `[topic][JSON]` on an XPUB, whose readers' subscriptions create the demand. */
export class TickPublisher {
  private readonly socket: XPublisher
  private readonly demand: TickDemand
  private reading: Promise<void> | undefined
  private published = 0
  private dropped = 0
  private strange = 0

  constructor(private readonly options: TickPublisherOptions) {
    // Without verbosity XPUB counts readers itself: it tells of a topic's first reader and of its last, also when a
    // reader dies, and of nothing between.
    this.socket = new XPublisher({
      ...EVERY_SOCKET,
      // An XPUB never waits; saying so lets sends go without awaiting each.
      sendTimeout: 0,
      sendHighWaterMark: TICK_HIGH_WATER_MARK,
      ipv6: isIpv6(options.endpoint),
    })
    this.demand = new TickDemand({
      clock: options.clock,
      maxTopics: options.maxTopics ?? DEFAULT_MAX_TOPICS,
      lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
      onDemand: (topic, isWanted) => options.onDemand(topic, isWanted),
    })
  }

  get counters(): TickCounters {
    const { wantedTopics, refusedTopics } = this.demand
    const { published, dropped, strange } = this
    return { published, dropped, wantedTopics, refusedTopics, strangeMessages: strange }
  }

  /** Binds and begins to hear subscriptions. Throws ENDPOINT_TAKEN, ENDPOINT_NOT_LOCAL or CURVE_KEYS_UNUSABLE. */
  async bind(): Promise<string> {
    const bound = await bindEndpoint(this.socket, this.options.endpoint, this.options.endpointSetting)
    this.reading = this.readSubscriptions()
    return bound
  }

  /** True when a tick of this topic reaches a reader now; otherwise it need not be made. */
  isWanted(topic: string): boolean {
    return this.demand.isRead(topic)
  }

  /** Publishes one tick; one that nobody reads is not even encoded. */
  publish(topic: string, payload: unknown): void {
    if (!this.demand.isRead(topic)) return
    this.published += 1
    this.socket.send([topic, JSON.stringify(payload)]).catch(() => {
      this.dropped += 1
    })
  }

  async close(): Promise<void> {
    this.demand.close()
    this.socket.close()
    await this.reading
  }

  private async readSubscriptions(): Promise<void> {
    for await (const [frame] of this.socket) this.hear(frame ?? Buffer.alloc(0))
  }

  private hear(frame: Buffer): void {
    const verb = frame[0]
    if ((verb !== SUBSCRIBE && verb !== UNSUBSCRIBE) || frame.length > MAX_TOPIC_BYTES + 1) {
      this.strange += 1
      return
    }
    const subscription = frame.toString('utf8', 1)
    if (verb === UNSUBSCRIBE) this.demand.readersLeft(subscription)
    else if (!this.demand.readersCame(subscription)) this.reportRefusal(subscription)
  }

  private reportRefusal(subscription: string): void {
    const { refusedTopics, wantedTopics } = this.demand
    const isPowerOfTwo = (refusedTopics & (refusedTopics - 1)) === 0
    if (!isPowerOfTwo) return
    this.options.onProblem?.('tick demand is over its limit', { subscription, refusedTopics, wantedTopics })
  }
}
