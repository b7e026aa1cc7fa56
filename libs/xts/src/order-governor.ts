import type { Clock } from '@xts-bridge/contracts'

/** Who goes first when the second is full: cancels, then exits, then entries. */
export const ORDER_URGENCIES = ['cancel', 'exit', 'entry'] as const
export type OrderUrgency = (typeof ORDER_URGENCIES)[number]

export interface OrderGovernorOptions {
  readonly clock: Clock
  readonly ordersPerSecond: number
  /** When orders of this login went out before, as a restarted process knows from its journal. */
  readonly recentSendsAtMs?: readonly number[] | undefined
  /** How long a call may wait for room. */
  readonly maxWaitMs?: number | undefined
  /** How many calls may wait at once. */
  readonly maxWaiting?: number | undefined
}

/** The broker's second, and what the way there may squeeze it by. */
const WINDOW_MS = 1_000 + 50
/** How long a permit keeps its place while its call looks for a connection; then others may have it. */
const PERMIT_MS = 250
const DEFAULT_MAX_WAIT_MS = 10_000
const DEFAULT_MAX_WAITING = 500

interface Waiter {
  readonly grant: (permit: SendPermit | undefined) => void
  readonly cancelTimeout: () => void
}

/** The right to send one order, used at the instant its first byte is written. */
export class SendPermit {
  private state: 'granted' | 'sent' | 'late' | 'returned' = 'granted'

  constructor(
    readonly grantedAtMs: number,
    private readonly governor: { take(permit: SendPermit): boolean; giveBack(permit: SendPermit): void },
  ) {}

  /** Counts the send. Throws when the permit came too late and the second is full by now: nothing may be sent. */
  use(): void {
    this.state = this.governor.take(this) ? 'sent' : 'late'
    if (this.state === 'late') throw new Error('the order rate limit left no room at the instant of sending')
  }

  /** True when the call must ask for a new permit. */
  get isLate(): boolean {
    return this.state === 'late'
  }

  /** Gives the place back when nothing was sent; harmless otherwise. */
  release(): void {
    if (this.state !== 'granted') return
    this.state = 'returned'
    this.governor.giveBack(this)
  }
}

/**
 * Never lets more than `ordersPerSecond` orders out in any sliding second, counted when each is written, not when it was
 * asked for: a permit is provisional until it is used. One governor per broker login.
 */
export class OrderGovernor {
  private sentAtMs: number[]
  private readonly permits = new Set<SendPermit>()
  private readonly waiting: Record<OrderUrgency, Waiter[]> = { cancel: [], exit: [], entry: [] }
  private cancelWake: (() => void) | undefined

  constructor(private readonly options: OrderGovernorOptions) {
    if (!Number.isInteger(options.ordersPerSecond) || options.ordersPerSecond < 1)
      throw new Error(`ordersPerSecond must be a whole number of at least 1, not ${options.ordersPerSecond}`)
    this.sentAtMs = [...(options.recentSendsAtMs ?? [])].sort((a, b) => a - b)
  }

  /** Resolves when the caller may send; undefined when there was no room in time, or too many wait already. */
  admit(urgency: OrderUrgency): Promise<SendPermit | undefined> {
    return new Promise((resolve) => {
      if (this.waitingCount() >= (this.options.maxWaiting ?? DEFAULT_MAX_WAITING)) {
        resolve(undefined)
        return
      }
      const waiter: Waiter = {
        grant: resolve,
        cancelTimeout: this.options.clock.after(this.options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS, () => {
          this.waiting[urgency] = this.waiting[urgency].filter((other) => other !== waiter)
          resolve(undefined)
        }),
      }
      this.waiting[urgency].push(waiter)
      this.grantWhatFits()
    })
  }

  /** For permits: counts a send now, if the second still has room for it. */
  take(permit: SendPermit): boolean {
    this.forgetTheOld()
    const keptItsPlace = this.permits.delete(permit)
    if (!keptItsPlace && this.room() < 1) return false
    this.sentAtMs.push(this.options.clock.nowMs())
    return true
  }

  /** For permits: frees the place of a call that was not sent. */
  giveBack(permit: SendPermit): void {
    if (this.permits.delete(permit)) this.grantWhatFits()
  }

  /** How many calls wait for room. */
  waitingCount(): number {
    return ORDER_URGENCIES.reduce((sum, urgency) => sum + this.waiting[urgency].length, 0)
  }

  private grantWhatFits(): void {
    this.forgetTheOld()
    while (this.room() > 0) {
      const waiter = this.nextWaiter()
      if (waiter === undefined) return
      const permit = new SendPermit(this.options.clock.nowMs(), this)
      this.permits.add(permit)
      waiter.cancelTimeout()
      waiter.grant(permit)
    }
    this.wakeWhenRoomMayCome()
  }

  private nextWaiter(): Waiter | undefined {
    for (const urgency of ORDER_URGENCIES) {
      const waiter = this.waiting[urgency].shift()
      if (waiter !== undefined) return waiter
    }
    return undefined
  }

  private room(): number {
    return this.options.ordersPerSecond - this.sentAtMs.length - this.permits.size
  }

  private forgetTheOld(): void {
    const nowMs = this.options.clock.nowMs()
    // A clock that was set back must not hold orders for as long as it was set back by.
    this.sentAtMs = this.sentAtMs
      .map((atMs) => Math.min(atMs, nowMs))
      .filter((atMs) => atMs > nowMs - WINDOW_MS)
    for (const permit of this.permits) {
      const ageMs = nowMs - permit.grantedAtMs
      if (ageMs >= PERMIT_MS || ageMs < 0) this.permits.delete(permit)
    }
  }

  private wakeWhenRoomMayCome(): void {
    this.cancelWake?.()
    this.cancelWake = undefined
    if (this.waitingCount() === 0) return
    const nowMs = this.options.clock.nowMs()
    const roomAtMs = [
      ...this.sentAtMs.map((atMs) => atMs + WINDOW_MS),
      ...[...this.permits].map((permit) => permit.grantedAtMs + PERMIT_MS),
    ]
    const waitMs = Math.max(1, Math.min(...roomAtMs) - nowMs)
    this.cancelWake = this.options.clock.after(waitMs, () => this.grantWhatFits())
  }
}
