import {
  AppError,
  HEARTBEAT_TOPIC,
  parseEventEnvelope,
  SequenceTracker,
  type BusEvent,
  type EventLoss,
  type RepairWish,
  type ReplayAnswer,
  type TrackerStep,
} from '@xts-bridge/contracts'
import { Subscriber } from 'zeromq'
import { HouseConnection, type HouseConnectionOptions } from './house-connection'

export interface OrderStreamOptions extends HouseConnectionOptions {
  /** `order.replay`. */
  replay(asked: { readonly fromSeq: number; readonly epoch?: string }): Promise<ReplayAnswer>
  onEvent(event: BusEvent): void
  /** These events will not come, or the sequence began anew: read the state of what matters again. */
  onLoss(loss: EventLoss): void
}

const REPAIR_PAUSES_MS = [0, 250, 1_000, 2_000] as const

/**
 * The order events, every one once and in order. It subscribes first, then asks where the sequence stands, and drops
 * what is at or below: so nothing falls between. A gap is repaired with `order.replay` before later events are given.
 */
export class OrderStream {
  private readonly socket = new Subscriber({
    linger: 0,
    receiveHighWaterMark: 10_000,
    reconnectInterval: 50,
    reconnectMaxInterval: 1_000,
    heartbeatInterval: 2_000,
    heartbeatTimeout: 6_000,
  })
  private tracker = new SequenceTracker()
  /** Messages that came before the position in the sequence was known. */
  private early: (readonly Buffer[])[] | undefined = []
  private readonly connection: HouseConnection
  private readonly reading: Promise<void>
  /** Resolves when every later event will be given; rejects when the service cannot say where the sequence stands. */
  readonly ready: Promise<void>

  constructor(private readonly options: OrderStreamOptions) {
    this.connection = new HouseConnection(this.socket, options)
    this.socket.subscribe('')
    this.reading = this.readEvents()
    this.ready = this.findPosition()
    // Whoever needs it awaits it; an unawaited failure is no crash.
    this.ready.catch(() => undefined)
  }

  async close(): Promise<void> {
    this.connection.close()
    this.socket.close()
    await this.reading
  }

  private async findPosition(): Promise<void> {
    const { epoch, lastSeq } = await this.options.replay({ fromSeq: Number.MAX_SAFE_INTEGER })
    this.tracker = new SequenceTracker({ epoch, seq: lastSeq })
    const early = this.early ?? []
    this.early = undefined
    for (const frames of early) this.readFrames(frames)
  }

  private async readEvents(): Promise<void> {
    for await (const frames of this.socket) {
      if (this.early === undefined) this.readFrames(frames)
      else if (this.early.length < MAX_EARLY) this.early.push(frames)
    }
  }

  private readFrames([topicFrame, body]: readonly Buffer[]): void {
    const topic = String(topicFrame)
    try {
      const { epoch, seq, atMs, data } = parseEventEnvelope(String(body))
      const step =
        topic === HEARTBEAT_TOPIC
          ? this.tracker.heartbeat({ epoch, seq })
          : this.tracker.event({ topic, epoch, seq, atMs, data })
      this.take(step)
    } catch (error) {
      // What is no event has no place in the sequence; if it should have been one, the gap tells.
      if (!(error instanceof AppError)) throw error
    }
  }

  private take(step: TrackerStep): void {
    for (const output of step.outputs) {
      if (output.kind === 'event') this.options.onEvent(output.event)
      else if (output.kind === 'loss') this.options.onLoss(output.loss)
      else this.options.onLoss({ fromSeq: 0, toSeq: 0, reason: `the sequence began anew: ${output.epoch}` })
    }
    if (step.wish !== undefined) void this.repair(step.wish)
  }

  private async repair(wish: RepairWish): Promise<void> {
    let problem = ''
    for (const pauseMs of REPAIR_PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      if (this.socket.closed) return
      try {
        const { events } = await this.options.replay({ fromSeq: wish.afterSeq, epoch: wish.epoch })
        return this.take(this.tracker.repaired(wish, events))
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
      }
    }
    this.take(this.tracker.repairFailed(wish, `order.replay failed: ${problem}`))
  }
}

/** Later ones are left out, and the tracker asks for them. */
const MAX_EARLY = 10_000
