import { ENVELOPE_VERSION, HEARTBEAT_INTERVAL_MS, HEARTBEAT_TOPIC, type Clock } from '@xts-bridge/contracts'
import { Publisher } from 'zeromq'
import { bindEndpoint } from './bind-endpoint'
import { isIpv6 } from './local-endpoint'
import { EVENT_HIGH_WATER_MARK, EVERY_SOCKET } from './socket-options'

export interface EventPublisherOptions {
  /** Loopback or ipc, with CURVE any address in numbers; `tcp://127.0.0.1:*` lets the system choose a port. */
  readonly endpoint: string
  /** Name of the setting that changes the endpoint. */
  readonly endpointSetting: string
  readonly clock: Clock
  /** Names the life of the sequence: a new one whenever the count starts anew. */
  readonly epoch: string
  /** Last sequence number of this epoch that exists already; 0 unless given. */
  readonly lastSeq?: number | undefined
}

/**
 * One event stream on a PUB. Every event carries `{ epoch, seq, atMs }` and a heartbeat repeats the last seq each second,
 * because PUB drops for a slow reader without knowing it: the reader sees the gap and repairs it.
 */
export class EventPublisher {
  private readonly socket: Publisher
  private seq: number
  private failedSends = 0
  private isBound = false
  private cancelHeartbeat: (() => void) | undefined

  constructor(private readonly options: EventPublisherOptions) {
    this.seq = options.lastSeq ?? 0
    this.socket = new Publisher({
      ...EVERY_SOCKET,
      // A PUB never waits; saying so lets sends go without awaiting each.
      sendTimeout: 0,
      sendHighWaterMark: EVENT_HIGH_WATER_MARK,
      ipv6: isIpv6(options.endpoint),
    })
  }

  /** Sequence number of the newest event. */
  get lastSeq(): number {
    return this.seq
  }

  /** Events that ZeroMQ did not take; readers see them as gaps. */
  get droppedEvents(): number {
    return this.failedSends
  }

  /** Binds and starts the heartbeat. Throws ENDPOINT_TAKEN, ENDPOINT_NOT_LOCAL or CURVE_KEYS_UNUSABLE. */
  async bind(): Promise<string> {
    const bound = await bindEndpoint(this.socket, this.options.endpoint, this.options.endpointSetting)
    this.isBound = true
    this.beat()
    return bound
  }

  /**
   * Publishes one event and returns its sequence number. A publisher that stores its events first passes the stored
   * `seq`; a jump in it is a gap that readers repair. Throws when it does not grow: readers would drop the event.
   */
  publish(topic: string, data: unknown, seq: number = this.seq + 1): number {
    if (seq <= this.seq) throw new Error(`event ${seq} of ${topic} is not newer than ${this.seq}`)
    this.seq = seq
    this.send(topic, data)
    return seq
  }

  async close(): Promise<void> {
    this.cancelHeartbeat?.()
    this.isBound = false
    this.socket.close()
  }

  private beat(): void {
    this.send(HEARTBEAT_TOPIC, null)
    this.cancelHeartbeat = this.options.clock.after(HEARTBEAT_INTERVAL_MS, () => this.beat())
  }

  /** Before the bind nobody can be connected; the next heartbeat tells readers of what they missed. */
  private send(topic: string, data: unknown): void {
    if (!this.isBound) return
    const { clock, epoch } = this.options
    const envelope = { v: ENVELOPE_VERSION, epoch, seq: this.seq, atMs: clock.nowMs(), data }
    this.socket.send([topic, JSON.stringify(envelope)]).catch(() => {
      this.failedSends += 1
    })
  }
}
