import type { ReplayedEvent } from './order'

/** One event as a reader gets it; `seq` grows by one per event of the publisher, over all topics. */
export type BusEvent = ReplayedEvent

/** Events that are certainly missing and will not be delivered, both ends included. */
export interface EventLoss {
  readonly fromSeq: number
  readonly toSeq: number
  readonly reason: string
}

/** Events after `afterSeq` are missing and should be asked for. */
export interface RepairWish {
  readonly afterSeq: number
  readonly epoch: string
}

/** One thing for the reader, in the order given. */
export type TrackerOutput =
  | { readonly kind: 'event'; readonly event: BusEvent }
  | { readonly kind: 'loss'; readonly loss: EventLoss }
  /** The first epoch, or another one: then what the reader knows is from another life of the publisher. */
  | { readonly kind: 'epoch'; readonly epoch: string }

export interface TrackerStep {
  readonly outputs: readonly TrackerOutput[]
  readonly wish?: RepairWish | undefined
}

/** Live events held back while a repair runs; those above are left out and asked for again afterwards. */
export const MAX_HELD_EVENTS = 10_000
const REMEMBERED_EPOCHS = 16

/**
 * Follows one publisher's sequence. Fed with events, heartbeats and the outcome of repairs, it gives every event exactly
 * once and in order, or names it as lost. Pure: it asks for nothing itself.
 */
export class SequenceTracker {
  private epoch: string | undefined
  /** Everything up to here was delivered or named as lost. */
  private watermark = 0
  /** The highest sequence number known to exist. */
  private newest = 0
  private readonly held = new Map<number, BusEvent>()
  private readonly pastEpochs: string[] = []
  private openWish: RepairWish | undefined

  /** `start`: what the reader has already; without it the first message decides where to begin. */
  constructor(start?: { readonly epoch: string; readonly seq: number }) {
    if (start === undefined) return
    this.epoch = start.epoch
    this.watermark = start.seq
    this.newest = start.seq
  }

  /** The last sequence number that was delivered or named as lost. */
  get lastSeq(): number {
    return this.watermark
  }

  event(event: BusEvent): TrackerStep {
    if (this.pastEpochs.includes(event.epoch)) return NOTHING
    const outputs = this.enter(event.epoch, event.seq - 1)
    if (event.seq > this.watermark) {
      this.newest = Math.max(this.newest, event.seq)
      if (this.held.size < MAX_HELD_EVENTS) this.held.set(event.seq, event)
    }
    return this.advance(outputs)
  }

  heartbeat(beat: { readonly epoch: string; readonly seq: number }): TrackerStep {
    if (this.pastEpochs.includes(beat.epoch)) return NOTHING
    const outputs = this.enter(beat.epoch, beat.seq)
    this.newest = Math.max(this.newest, beat.seq)
    return this.advance(outputs)
  }

  /** The answer to a wish: events stored after its `afterSeq`, in any order, not necessarily all. */
  repaired(wish: RepairWish, events: readonly BusEvent[]): TrackerStep {
    if (wish !== this.openWish) return NOTHING
    this.openWish = undefined
    for (const event of events) {
      if (event.epoch !== wish.epoch || event.seq <= this.watermark) continue
      this.newest = Math.max(this.newest, event.seq)
      this.held.set(event.seq, event)
    }
    const isProgress = this.held.has(this.watermark + 1)
    return this.advance(isProgress ? [] : this.giveUpGap('the publisher no longer has them'))
  }

  /** A wish that cannot be met. */
  repairFailed(wish: RepairWish, reason: string): TrackerStep {
    if (wish !== this.openWish) return NOTHING
    this.openWish = undefined
    return this.advance(this.giveUpGap(reason))
  }

  /** Names the events before the next one that is here as lost, and goes on behind them. */
  private giveUpGap(reason: string): TrackerOutput[] {
    const nextHeld = [...this.held.keys()].reduce((least, seq) => Math.min(least, seq), Infinity)
    const toSeq = Math.min(nextHeld - 1, this.newest)
    if (toSeq <= this.watermark) return []
    const loss = { fromSeq: this.watermark + 1, toSeq, reason }
    this.watermark = toSeq
    return [{ kind: 'loss', loss }]
  }

  /** Follows the publisher into its epoch: the first one begins at `seqBefore`, a later one at its start. */
  private enter(epoch: string, seqBefore: number): TrackerOutput[] {
    if (epoch === this.epoch) return []
    const outputs: TrackerOutput[] = []
    if (this.epoch !== undefined) {
      this.held.clear()
      outputs.push(...this.giveUpGap('the publisher began a new sequence before they could be repaired'))
      this.pastEpochs.push(this.epoch)
      if (this.pastEpochs.length > REMEMBERED_EPOCHS) this.pastEpochs.shift()
    }
    this.watermark = this.epoch === undefined ? seqBefore : 0
    this.newest = this.watermark
    this.epoch = epoch
    this.openWish = undefined
    return [...outputs, { kind: 'epoch', epoch }]
  }

  private advance(outputs: TrackerOutput[]): TrackerStep {
    for (let event = this.takeNext(); event !== undefined; event = this.takeNext()) {
      outputs.push({ kind: 'event', event })
    }
    if (this.newest === this.watermark) this.openWish = undefined
    if (this.newest === this.watermark || this.openWish || this.epoch === undefined) return { outputs }
    this.openWish = { afterSeq: this.watermark, epoch: this.epoch }
    return { outputs, wish: this.openWish }
  }

  private takeNext(): BusEvent | undefined {
    const event = this.held.get(this.watermark + 1)
    if (event === undefined) return undefined
    this.held.delete(event.seq)
    this.watermark = event.seq
    return event
  }
}

const NOTHING: TrackerStep = { outputs: [] }
