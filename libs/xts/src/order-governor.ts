import type { Clock } from '@xts-bridge/contracts'

/** Who goes first when the second is full: cancels, then exits, then entries. */
export const ORDER_URGENCIES = ['cancel', 'exit', 'entry'] as const
export type OrderUrgency = (typeof ORDER_URGENCIES)[number]

/** What a governor did, for metrics. */
export interface GovernorListener {
  /** A call may go, so long after it asked. */
  onGranted?(urgency: OrderUrgency, waitedMs: number): void
  /** A call was turned away: no room in time, or pushed out of a full queue by a more urgent one. */
  onTurnedAway?(urgency: OrderUrgency): void
  /** A permit was used too late, and stopped at the instant of sending: the violation that did not happen. */
  onHeld?(): void
  /** The broker's own limiter refused a call, so fewer are let out until then. */
  onSlowedDown?(ordersPerSecond: number, untilMs: number): void
}

export interface OrderGovernorOptions {
  readonly clock: Clock
  readonly ordersPerSecond: number
  /** Between two sends, milliseconds; 0 (default) lets a burst out at once. */
  readonly minSpacingMs?: number | undefined
  /** When orders of this login went out before, as a restarted process knows from its journal. */
  readonly recentSendsAtMs?: readonly number[] | undefined
  /** How long a call may wait for room. */
  readonly maxWaitMs?: number | undefined
  /** How many calls may wait at once. */
  readonly maxWaiting?: number | undefined
  readonly listener?: GovernorListener | undefined
}

/** The broker's second, and what the way there may squeeze it by. */
const WINDOW_MS = 1_000 + 50
/** How long a permit keeps its place while its call looks for a connection; then others may have it. */
const PERMIT_MS = 250
const DEFAULT_MAX_WAIT_MS = 10_000
const DEFAULT_MAX_WAITING = 500
/** After a refusal nothing is let out for the broker's second, and half as much for this long. */
const SLOW_MS = 30_000

interface Waiter {
  readonly askedAtMs: number
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
  /** Ascending. */
  private readonly sentAtMs: number[]
  private readonly permits = new Set<SendPermit>()
  private readonly waiting: Record<OrderUrgency, Waiter[]> = { cancel: [], exit: [], entry: [] }
  private cancelWake: (() => void) | undefined
  private slow = { divisor: 1, untilMs: 0, pausedUntilMs: 0 }

  constructor(private readonly options: OrderGovernorOptions) {
    const { ordersPerSecond, minSpacingMs = 0, recentSendsAtMs = [] } = options
    if (!Number.isInteger(ordersPerSecond) || ordersPerSecond < 1)
      throw new Error(`ordersPerSecond must be a whole number of at least 1, not ${ordersPerSecond}`)
    if (!(minSpacingMs >= 0)) throw new Error(`minSpacingMs must not be negative, as ${minSpacingMs} is`)
    this.sentAtMs = [...recentSendsAtMs].sort((a, b) => a - b)
  }

  /** Resolves when the caller may send; undefined when there was no room in time, or too many wait already. */
  admit(urgency: OrderUrgency): Promise<SendPermit | undefined> {
    return new Promise((resolve) => {
      if (!this.hasPlaceToWait(urgency)) {
        this.options.listener?.onTurnedAway?.(urgency)
        resolve(undefined)
        return
      }
      const waiter: Waiter = {
        askedAtMs: this.options.clock.nowMs(),
        grant: resolve,
        cancelTimeout: this.options.clock.after(this.options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS, () => {
          this.waiting[urgency] = this.waiting[urgency].filter((other) => other !== waiter)
          this.options.listener?.onTurnedAway?.(urgency)
          resolve(undefined)
        }),
      }
      this.waiting[urgency].push(waiter)
      this.grantWhatFits()
    })
  }

  /**
   * The broker's limiter refused a call: nothing goes out for its second, and half as much for a while; again half as much
   * when that is refused too.
   */
  slowDown(): void {
    const { clock, ordersPerSecond, listener } = this.options
    const nowMs = clock.nowMs()
    const divisor = Math.min(this.divisor(nowMs) * 2, ordersPerSecond)
    this.slow = { divisor, untilMs: nowMs + SLOW_MS, pausedUntilMs: nowMs + WINDOW_MS }
    listener?.onSlowedDown?.(this.capacity(nowMs), this.slow.untilMs)
    this.wakeWhenRoomMayCome()
  }

  /** For permits: counts a send now, if the second still has room for it. */
  take(permit: SendPermit): boolean {
    const nowMs = this.forgetTheOld()
    const keptItsPlace = this.permits.delete(permit) && nowMs >= this.slow.pausedUntilMs
    if (!keptItsPlace && this.room(nowMs) < 1) {
      this.options.listener?.onHeld?.()
      return false
    }
    this.sentAtMs.push(nowMs)
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

  /** A full queue makes room for a more urgent call by turning the newest of the least urgent away. */
  private hasPlaceToWait(urgency: OrderUrgency): boolean {
    if (this.waitingCount() < (this.options.maxWaiting ?? DEFAULT_MAX_WAITING)) return true
    const leastUrgent = ORDER_URGENCIES.findLast((other) => this.waiting[other].length > 0)
    if (leastUrgent === undefined || ORDER_URGENCIES.indexOf(leastUrgent) <= ORDER_URGENCIES.indexOf(urgency))
      return false
    const pushedOut = this.waiting[leastUrgent].pop()
    pushedOut?.cancelTimeout()
    this.options.listener?.onTurnedAway?.(leastUrgent)
    pushedOut?.grant(undefined)
    return true
  }

  private grantWhatFits(): void {
    const nowMs = this.forgetTheOld()
    while (this.room(nowMs) > 0) {
      const next = this.nextWaiter()
      if (next === undefined) break
      const permit = new SendPermit(nowMs, this)
      this.permits.add(permit)
      next.waiter.cancelTimeout()
      this.options.listener?.onGranted?.(next.urgency, nowMs - next.waiter.askedAtMs)
      next.waiter.grant(permit)
    }
    this.wakeWhenRoomMayCome()
  }

  private nextWaiter(): { readonly urgency: OrderUrgency; readonly waiter: Waiter } | undefined {
    for (const urgency of ORDER_URGENCIES) {
      const waiter = this.waiting[urgency].shift()
      if (waiter !== undefined) return { urgency, waiter }
    }
    return undefined
  }

  private room(nowMs: number): number {
    if (nowMs < this.slow.pausedUntilMs) return 0
    const { minSpacingMs = 0 } = this.options
    const last = this.sentAtMs.at(-1)
    const isTooSoon = last !== undefined && nowMs - last < minSpacingMs
    if (minSpacingMs > 0 && (isTooSoon || this.permits.size > 0)) return 0
    const room = this.capacity(nowMs) - this.sentAtMs.length - this.permits.size
    return minSpacingMs > 0 ? Math.min(1, room) : room
  }

  private capacity(nowMs: number): number {
    return Math.max(1, Math.floor(this.options.ordersPerSecond / this.divisor(nowMs)))
  }

  private divisor(nowMs: number): number {
    return nowMs < this.slow.untilMs ? this.slow.divisor : 1
  }

  private forgetTheOld(): number {
    const nowMs = this.options.clock.nowMs()
    this.clockWentBack(nowMs)
    let old = 0
    while ((this.sentAtMs[old] ?? Infinity) <= nowMs - WINDOW_MS) old += 1
    if (old > 0) this.sentAtMs.splice(0, old)
    for (const permit of this.permits) {
      const ageMs = nowMs - permit.grantedAtMs
      if (ageMs >= PERMIT_MS || ageMs < 0) this.permits.delete(permit)
    }
    return nowMs
  }

  /** A clock that was set back must not hold orders for as long as it was set back by. */
  private clockWentBack(nowMs: number): void {
    for (let index = this.sentAtMs.length - 1; (this.sentAtMs[index] ?? 0) > nowMs; index -= 1)
      this.sentAtMs[index] = nowMs
    const { pausedUntilMs, untilMs } = this.slow
    if (pausedUntilMs > nowMs + WINDOW_MS) this.slow.pausedUntilMs = nowMs + WINDOW_MS
    if (untilMs > nowMs + SLOW_MS) this.slow.untilMs = nowMs + SLOW_MS
  }

  private wakeWhenRoomMayCome(): void {
    this.cancelWake?.()
    this.cancelWake = undefined
    if (this.waitingCount() === 0) return
    const nowMs = this.options.clock.nowMs()
    const { pausedUntilMs, untilMs } = this.slow
    const momentsMs = [
      (this.sentAtMs[0] ?? Infinity) + WINDOW_MS,
      (this.sentAtMs.at(-1) ?? Infinity) + (this.options.minSpacingMs ?? 0),
      pausedUntilMs,
      untilMs,
      ...[...this.permits].map((permit) => permit.grantedAtMs + PERMIT_MS),
    ].filter((atMs) => atMs > nowMs)
    const waitMs = Math.max(1, Math.min(...momentsMs) - nowMs)
    if (!Number.isFinite(waitMs)) return
    this.cancelWake = this.options.clock.after(waitMs, () => this.grantWhatFits())
  }
}
