import { parseTickTopic, type Clock } from '@xts-bridge/contracts'
import { Subscriber } from 'zeromq'
import { isIpv6 } from './local-endpoint'
import { ServiceConnection, type CurveChoice } from './service-connection'
import { EVERY_SOCKET, RECONNECTING, TICK_HIGH_WATER_MARK } from './socket-options'

export interface TickSubscriberOptions {
  readonly endpoint: string
  /** `payload` is the JSON of a TickPayload. An error thrown here is a crash. */
  onTick(topic: string, payload: Buffer): void
  /** Unless given, the keys of the process. */
  readonly curve?: CurveChoice | undefined
  /** For trying again when the feed has refused the connection. */
  readonly clock?: Clock | undefined
  /** The feed does not let us in. */
  onProblem?(message: string, fields: Record<string, unknown>): void
}

/** Reads tick topics. A full topic makes the feed flow; a prefix reads what flows for others. */
export class TickSubscriber {
  private readonly socket: Subscriber
  private readonly topics = new Set<string>()
  private readonly prefixes = new Set<string>()
  private readonly connection: ServiceConnection
  private readonly reading: Promise<void>

  /** Connects in the background; a feed that is not there yet is no error. */
  constructor(private readonly options: TickSubscriberOptions) {
    this.socket = new Subscriber({
      ...EVERY_SOCKET,
      ...RECONNECTING,
      receiveHighWaterMark: TICK_HIGH_WATER_MARK,
      ipv6: isIpv6(options.endpoint),
    })
    const { endpoint, clock, curve } = options
    const onProblem = options.onProblem?.bind(options)
    this.connection = new ServiceConnection(this.socket, { endpoint, clock, curve, onProblem })
    this.connection.open()
    this.reading = this.readTicks()
  }

  /** Asking twice for the same topic is the same as once. */
  subscribe(topic: string): void {
    const kind = this.kindOf(topic)
    if (kind.has(topic)) return
    kind.add(topic)
    this.socket.subscribe(topic)
  }

  unsubscribe(topic: string): void {
    if (this.kindOf(topic).delete(topic)) this.socket.unsubscribe(topic)
  }

  async close(): Promise<void> {
    this.connection.close()
    this.socket.close()
    await this.reading
  }

  private kindOf(topic: string): Set<string> {
    return parseTickTopic(topic) === undefined ? this.prefixes : this.topics
  }

  private async readTicks(): Promise<void> {
    for await (const [topicFrame, payload] of this.socket) {
      const topic = String(topicFrame)
      if (payload !== undefined && this.isAsked(topic)) this.options.onTick(topic, payload)
    }
  }

  /** ZeroMQ compares beginnings only, so that a full topic also brings longer ones that begin with it. */
  private isAsked(topic: string): boolean {
    if (this.topics.has(topic)) return true
    for (const prefix of this.prefixes) if (topic.startsWith(prefix)) return true
    return false
  }
}
