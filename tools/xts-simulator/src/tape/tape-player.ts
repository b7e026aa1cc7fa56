import type { SimClock } from '../time/sim-clock'
import type { Tape } from './read-tape'
import type { TapeMessage } from './tape-message'

export type TapeSpeed = number | 'max'
export type TapeStart = 'listener' | 'at-once' | 'paused'

/** Who hears a tape. */
export interface TapeAudience {
  /** Whether there is a socket that would hear anything of it. */
  isListening(): boolean
  hear(message: TapeMessage): void
}

export interface TapePlayerParts {
  readonly tape: Tape
  readonly clock: SimClock
  readonly audience: TapeAudience
  readonly speed: TapeSpeed
  readonly start: TapeStart
}

/** Where a tape is. */
export interface TapeReport {
  readonly file: string
  readonly format: Tape['format']
  readonly state: 'waiting' | 'playing' | 'paused' | 'ended'
  readonly speed: TapeSpeed
  /** Messages told of all there are. */
  readonly position: { readonly message: number; readonly of: number }
  /** Recorded time that passed, of all there is. */
  readonly elapsed: { readonly ms: number; readonly ofMs: number }
  readonly instruments: readonly string[]
}

/** How often it looks whether somebody came to listen. */
const LOOK_AGAIN_MS = 20
/** Messages told before sockets have their turn; as fast as possible must still let them write. */
const MESSAGES_PER_TURN = 200

/** Plays a tape in recorded order; the recorded spacing is divided by the speed. */
export class TapePlayer {
  private state: TapeReport['state'] = 'paused'
  private speed: TapeSpeed
  private next = 0
  /** Recorded time that had passed when `sinceMs` was. */
  private elapsedMs = 0
  private sinceMs = 0
  private cancel: () => void = () => undefined
  private readonly offsets: readonly number[]

  constructor(private readonly parts: TapePlayerParts) {
    this.speed = parts.speed
    this.offsets = offsetsOf(parts.tape.messages)
  }

  /** Begins as it was told to: at once, when somebody listens, or not yet. */
  start(): void {
    if (this.parts.start === 'at-once') this.play()
    if (this.parts.start === 'listener') this.waitForListener()
  }

  play(): void {
    if (this.state === 'playing' || this.state === 'ended') return
    this.state = 'playing'
    this.goOn()
  }

  pause(): void {
    if (this.state === 'ended') return
    this.elapsedMs = this.elapsedNow()
    this.state = 'paused'
    this.cancel()
  }

  /** Back to the first message. A playing tape goes on playing, an ended one waits to be played. */
  rewind(): void {
    this.cancel()
    this.next = 0
    this.elapsedMs = 0
    if (this.state === 'ended') this.state = 'paused'
    if (this.state === 'playing') this.goOn()
    if (this.state === 'waiting') this.waitForListener()
  }

  setSpeed(speed: TapeSpeed): void {
    this.elapsedMs = this.elapsedNow()
    this.speed = speed
    if (this.state === 'playing') this.goOn()
  }

  close(): void {
    this.cancel()
  }

  report(): TapeReport {
    const { tape } = this.parts
    return {
      file: tape.file,
      format: tape.format,
      state: this.state,
      speed: this.speed,
      position: { message: this.next, of: tape.messages.length },
      elapsed: { ms: Math.round(this.elapsedNow()), ofMs: this.offsets.at(-1) ?? 0 },
      instruments: [...tape.instruments],
    }
  }

  private waitForListener(): void {
    this.state = 'waiting'
    this.cancel = this.parts.clock.every(LOOK_AGAIN_MS, () => {
      if (!this.parts.audience.isListening()) return
      this.cancel()
      this.play()
    })
  }

  /** From here on, at the present speed. */
  private goOn(): void {
    this.cancel()
    this.sinceMs = this.parts.clock.nowMs()
    this.planNext()
  }

  private planNext(): void {
    if (this.next >= this.offsets.length) {
      this.elapsedMs = this.offsets.at(-1) ?? 0
      this.state = 'ended'
      return
    }
    // A timer knows whole milliseconds only.
    const delayMs = Math.ceil(Math.max(0, this.dueAtMs() - this.parts.clock.nowMs()))
    this.cancel = this.parts.clock.later(delayMs, () => this.tellWhatIsDue())
  }

  /** When the next message is due by the clock. */
  private dueAtMs(): number {
    if (this.speed === 'max') return -Infinity
    return this.sinceMs + ((this.offsets[this.next] ?? 0) - this.elapsedMs) / this.speed
  }

  private tellWhatIsDue(): void {
    const nowMs = this.parts.clock.nowMs()
    for (let told = 0; told < MESSAGES_PER_TURN && this.dueAtMs() <= nowMs; told++) {
      const message = this.parts.tape.messages[this.next]
      if (!message) break
      this.next += 1
      this.parts.audience.hear(message)
    }
    this.planNext()
  }

  private elapsedNow(): number {
    if (this.state !== 'playing') return this.elapsedMs
    if (this.speed === 'max') return this.offsets[this.next - 1] ?? 0
    const passed = (this.parts.clock.nowMs() - this.sinceMs) * this.speed
    return Math.min(this.elapsedMs + passed, this.offsets.at(-1) ?? 0)
  }
}

/** Recorded time before each message. Clocks of recorders go back now and then; a tape does not. */
function offsetsOf(messages: readonly TapeMessage[]): number[] {
  const first = messages[0]?.atMs ?? 0
  let latest = 0
  return messages.map(({ atMs }) => (latest = Math.max(latest, atMs - first)))
}
