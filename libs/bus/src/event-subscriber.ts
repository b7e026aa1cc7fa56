import {
  AppError,
  HEARTBEAT_TOPIC,
  parseEventEnvelope,
  SequenceTracker,
  type BusEvent,
  type Clock,
  type EventLoss,
  type RepairWish,
  type TrackerStep,
} from '@xts-bridge/contracts'
import { Subscriber } from 'zeromq'
import { isIpv6 } from './local-endpoint'
import { ServiceConnection, type CurveChoice } from './service-connection'
import { EVENT_HIGH_WATER_MARK, EVERY_SOCKET, RECONNECTING } from './socket-options'

export interface EventSubscriberOptions {
  readonly endpoint: string
  readonly clock: Clock
  /** Called once per event, in order. An error thrown here is a crash: the event would be lost silently otherwise. */
  onEvent(event: BusEvent): void
  /** Fetches stored events after `afterSeq`; not necessarily all at once. Without it every gap is a loss. */
  repair?(afterSeq: number, epoch: string): Promise<readonly BusEvent[]>
  /** These events will not come. */
  onLoss?(loss: EventLoss): void
  /** First contact, and every time the publisher's sequence began anew: then state built from it must be fetched anew. */
  onEpoch?(epoch: string): void
  /** Unless given, the keys of the process. */
  readonly curve?: CurveChoice | undefined
  /** Messages that are no events, repairs that failed and are tried again, and a publisher that does not let us in. */
  onProblem?(message: string, fields: Record<string, unknown>): void
  /** What the reader has already; without it the first message decides where to begin. */
  readonly start?: { readonly epoch: string; readonly seq: number } | undefined
}

/** A repair is tried this often, with these pauses, before its events count as lost. */
const REPAIR_PAUSES_MS = [250, 1_000, 2_000] as const
const REPAIR_LIMIT_MS = 10_000

/**
 * Reads one publisher's whole stream, because only then every jump in seq is a loss; choose by topic in `onEvent`.
 * Gaps, also after the last event (seen by the heartbeat), are repaired before later events are given.
 */
export class EventSubscriber {
  private readonly socket: Subscriber
  private readonly tracker: SequenceTracker
  private readonly connection: ServiceConnection
  private reading: Promise<void> | undefined
  private cancelWait: (() => void) | undefined

  constructor(private readonly options: EventSubscriberOptions) {
    this.tracker = new SequenceTracker(options.start)
    this.socket = new Subscriber({
      ...EVERY_SOCKET,
      ...RECONNECTING,
      receiveHighWaterMark: EVENT_HIGH_WATER_MARK,
      ipv6: isIpv6(options.endpoint),
    })
    const { endpoint, clock, curve } = options
    const onProblem = options.onProblem?.bind(options)
    this.connection = new ServiceConnection(this.socket, { endpoint, clock, curve, onProblem })
  }

  /** The last sequence number that was given to `onEvent` or `onLoss`. */
  get lastSeq(): number {
    return this.tracker.lastSeq
  }

  /** Connects in the background; a publisher that is not there yet is no error. */
  start(): void {
    if (this.reading !== undefined) return
    this.connection.open()
    this.socket.subscribe('')
    this.reading = this.readEvents()
  }

  async close(): Promise<void> {
    this.connection.close()
    this.socket.close()
    this.cancelWait?.()
    await this.reading
  }

  private async readEvents(): Promise<void> {
    for await (const frames of this.socket) {
      const step = this.readFrames(frames)
      if (step !== undefined) this.take(step)
    }
  }

  private readFrames([topicFrame, body]: readonly Buffer[]): TrackerStep | undefined {
    const topic = String(topicFrame)
    try {
      const { epoch, seq, atMs, data } = parseEventEnvelope(String(body))
      if (topic === HEARTBEAT_TOPIC) return this.tracker.heartbeat({ epoch, seq })
      return this.tracker.event({ topic, epoch, seq, atMs, data })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.options.onProblem?.('unreadable event', { topic: topic.slice(0, 64), problem: error.message })
      return undefined
    }
  }

  private take(step: TrackerStep): void {
    for (const output of step.outputs) {
      if (output.kind === 'event') this.options.onEvent(output.event)
      else if (output.kind === 'loss') this.options.onLoss?.(output.loss)
      else this.options.onEpoch?.(output.epoch)
    }
    if (step.wish !== undefined) void this.meet(step.wish)
  }

  private async meet(wish: RepairWish): Promise<void> {
    if (this.options.repair === undefined)
      return this.take(this.tracker.repairFailed(wish, 'no repair is possible'))
    let problem = ''
    for (const pauseMs of [0, ...REPAIR_PAUSES_MS]) {
      if (pauseMs > 0) await this.wait(pauseMs)
      if (this.socket.closed) return
      try {
        const events = await this.withinLimit(this.options.repair(wish.afterSeq, wish.epoch))
        if (!this.socket.closed) this.take(this.tracker.repaired(wish, events))
        return
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
        this.options.onProblem?.('event repair failed', { ...wish, problem })
      }
    }
    if (!this.socket.closed) this.take(this.tracker.repairFailed(wish, `the repair failed: ${problem}`))
  }

  private wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(delayMs, resolve)
      this.cancelWait = () => {
        cancel()
        resolve()
      }
    })
  }

  private withinLimit<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.options.clock.after(REPAIR_LIMIT_MS, () =>
        reject(new Error(`no answer within ${REPAIR_LIMIT_MS} ms`)),
      )
      work.then(resolve, reject).finally(cancel)
    })
  }
}
