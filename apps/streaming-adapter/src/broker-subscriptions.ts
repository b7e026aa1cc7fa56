import { RetryDelay, sleep, type Clock } from '@xts-bridge/contracts'
import type { CallOutcome, MarketUpdate } from '@xts-bridge/xts'
import { EarliestAlarm } from './earliest-alarm'
import { instrumentKey, type InstrumentRef } from './instrument-key'

/**
 * The part of the broker's market API that subscribes. It takes back and repeats what was subscribed already; an
 * instrument that the broker does not know is reported to `refuse` and left out.
 */
export interface SubscriptionCalls {
  subscribe(refs: readonly InstrumentRef[]): Promise<CallOutcome<readonly MarketUpdate[]>>
  unsubscribe(refs: readonly InstrumentRef[]): Promise<CallOutcome<undefined>>
}

export interface BrokerSubscriptionsOptions {
  readonly calls: SubscriptionCalls
  readonly clock: Clock
  /** Every instrument that has readers, asked for anew at each step. */
  readonly wanted: () => Iterable<InstrumentRef>
  readonly isWanted: (ref: InstrumentRef) => boolean
  /** The values the broker answered a subscription with. */
  readonly onSnapshot: (updates: readonly MarketUpdate[]) => void
  readonly onDropped: (ref: InstrumentRef) => void
  readonly onRefused: (ref: InstrumentRef, reason: string) => void
  readonly onSessionInvalid: (epoch: number | undefined, brokerDescription: string) => void
  /** Everything wanted is subscribed, for the first time since the connection came up. */
  readonly onReplayed: () => void
  readonly timing: SubscriptionTiming
}

export interface SubscriptionTiming {
  /** Demand that arrives within this time goes out in one call. */
  readonly collectMs: number
  /** How long an instrument without readers stays subscribed. */
  readonly lingerMs: number
  /** Between two calls; the broker asks for 100 ms or more. */
  readonly pauseMs: number
  readonly batchSize: number
}

/** Codes of the broker's answer to a subscription: xts MAPPING.md, "subscription". */
/** Still so after it was taken back: then it is subscribed, and only its snapshot is missing. */
const ALREADY_SUBSCRIBED = 'e-session-0002'
const LIMIT_REACHED = 'e-session-0004'
const RATE_LIMITED = 'e-apirl-0004'

type StepResult = 'go-on' | 'retry-later' | 'wait-for-session'

/**
 * Makes what the broker has equal to what is wanted: subscribes in batches, unsubscribes after a linger, replays
 * everything after a reconnect. One call is in flight at a time.
 */
export class BrokerSubscriptions {
  private readonly held = new Map<number, InstrumentRef>()
  /** Held on an older connection and unwanted since: taken back after its linger, and subscribed anew when wanted. */
  private readonly doubtful = new Set<number>()
  private readonly refused = new Map<number, string>()
  private readonly unwantedSinceMs = new Map<number, number>()
  private readonly retryDelay = new RetryDelay()
  /** Counts connections: what was learned on an older one is not believed on a newer. */
  private connection = 0
  private isLive = false
  private isReplayed = false
  private isRunning = false
  private readonly alarm: EarliestAlarm

  constructor(private readonly options: BrokerSubscriptionsOptions) {
    this.alarm = new EarliestAlarm(options.clock, () => void this.reconcile())
  }

  get heldCount(): number {
    return this.isLive ? this.held.size - this.doubtful.size : 0
  }

  isHeld(ref: InstrumentRef): boolean {
    return this.isLive && this.isHeldSurely(instrumentKey(ref))
  }

  get refusedCount(): number {
    return this.refused.size
  }

  /** The broker's socket is joined: everything wanted is subscribed again, because nothing says what survived. */
  connectionUp(): void {
    this.connection += 1
    this.isLive = true
    this.isReplayed = false
    this.doubtful.clear()
    for (const [key, ref] of this.held) {
      if (this.options.isWanted(ref)) this.held.delete(key)
      else this.doubtful.add(key)
    }
    this.refused.clear()
    this.retryDelay.reset()
    this.alarm.holdOff(0)
    this.alarm.ringWithin(0)
  }

  connectionDown(): void {
    this.isLive = false
    this.alarm.silence()
  }

  /** What is wanted changed. */
  demandChanged(): void {
    if (this.isLive) this.alarm.ringWithin(this.options.timing.collectMs)
  }

  /** The broker does not take this instrument; it is not asked for again until `forgetRefusals`. */
  refuse(ref: InstrumentRef, reason: string): void {
    this.refused.set(instrumentKey(ref), reason)
    this.options.onRefused(ref, reason)
  }

  /** Lets refused instruments be tried again, for instance with a new instrument list. */
  forgetRefusals(): void {
    this.refused.clear()
    this.demandChanged()
  }

  private async reconcile(): Promise<void> {
    if (this.isRunning || !this.isLive) return
    this.isRunning = true
    try {
      const result = await this.nextStep()
      this.planNext(result)
    } finally {
      this.isRunning = false
    }
  }

  private planNext(result: StepResult | 'done'): void {
    if (!this.isLive || result === 'wait-for-session') return
    const { pauseMs } = this.options.timing
    if (result === 'retry-later') return this.stepAgainAfter(this.retryDelay.nextMs())
    this.retryDelay.reset()
    if (!this.isReplayed && this.missing().length === 0) {
      this.isReplayed = true
      this.options.onReplayed()
    }
    if (result === 'go-on') this.stepAgainAfter(pauseMs)
    else this.wakeForLinger()
  }

  private stepAgainAfter(delayMs: number): void {
    this.alarm.holdOff(delayMs)
    this.alarm.ringWithin(delayMs)
  }

  /** One call to the broker, or `done` when nothing is left to do now. */
  private async nextStep(): Promise<StepResult | 'done'> {
    const missing = this.missing()
    if (missing.length > 0) return this.subscribe(missing)
    const surplus = this.surplus()
    if (surplus.length > 0) return this.unsubscribe(surplus)
    return 'done'
  }

  private isHeldSurely(key: number): boolean {
    return this.held.has(key) && !this.doubtful.has(key)
  }

  private missing(): readonly InstrumentRef[] {
    const batch: InstrumentRef[] = []
    for (const ref of this.options.wanted()) {
      const key = instrumentKey(ref)
      if (this.isHeldSurely(key) || this.refused.has(key)) continue
      batch.push({ segment: ref.segment, token: ref.token })
      if (batch.length === this.options.timing.batchSize) break
    }
    return batch
  }

  private surplus(): readonly InstrumentRef[] {
    const { clock, timing, isWanted } = this.options
    const lingeredSinceMs = clock.nowMs() - timing.lingerMs
    const batch: InstrumentRef[] = []
    for (const [key, ref] of this.held) {
      if (isWanted(ref)) {
        this.unwantedSinceMs.delete(key)
        continue
      }
      const sinceMs = this.unwantedSinceMs.get(key) ?? clock.nowMs()
      this.unwantedSinceMs.set(key, sinceMs)
      if (sinceMs <= lingeredSinceMs && batch.length < timing.batchSize) batch.push(ref)
    }
    return batch
  }

  private wakeForLinger(): void {
    if (this.unwantedSinceMs.size === 0) return
    const { clock, timing } = this.options
    const earliestMs = Math.min(...this.unwantedSinceMs.values())
    this.alarm.ringWithin(Math.max(0, earliestMs + timing.lingerMs - clock.nowMs()))
  }

  private async subscribe(refs: readonly InstrumentRef[]): Promise<StepResult> {
    const connection = this.connection
    const outcome = await this.options.calls.subscribe(refs)
    if (connection !== this.connection || !this.isLive) return 'go-on'
    switch (outcome.kind) {
      case 'ok':
        this.options.onSnapshot(outcome.value)
        return this.hold(refs)
      case 'not-sent':
        return outcome.isSessionMissing ? 'wait-for-session' : 'retry-later'
      case 'unknown':
        return 'retry-later'
      case 'rejected':
        return this.answerRejected(refs, outcome)
    }
  }

  private async answerRejected(
    refs: readonly InstrumentRef[],
    outcome: Extract<CallOutcome<unknown>, { kind: 'rejected' }>,
  ): Promise<StepResult> {
    const { brokerCode, brokerDescription } = outcome
    if (outcome.isSessionInvalid) {
      this.options.onSessionInvalid(outcome.epoch, brokerDescription)
      return 'wait-for-session'
    }
    if (brokerCode === RATE_LIMITED) return 'retry-later'
    if (brokerCode === ALREADY_SUBSCRIBED) return this.hold(refs)
    if (brokerCode === LIMIT_REACHED && refs.length === 1) return this.refuseMissing(brokerDescription)
    return this.narrowDown(refs, `${brokerDescription} (${brokerCode})`)
  }

  /** The broker refuses a batch as a whole: halves are tried until what it refuses stands alone. */
  private async narrowDown(refs: readonly InstrumentRef[], reason: string): Promise<StepResult> {
    if (refs.length === 1) {
      for (const ref of refs) this.refuse(ref, reason)
      return 'go-on'
    }
    const middle = Math.ceil(refs.length / 2)
    for (const half of [refs.slice(0, middle), refs.slice(middle)]) {
      await sleep(this.options.clock, this.options.timing.pauseMs)
      if (!this.isLive) return 'go-on'
      const result = await this.subscribe(half)
      if (result !== 'go-on') return result
    }
    return 'go-on'
  }

  /** The session holds no more instruments: what is still missing is refused without asking for each. */
  private refuseMissing(reason: string): StepResult {
    for (const ref of this.options.wanted())
      if (!this.isHeldSurely(instrumentKey(ref))) this.refuse(ref, reason)
    return 'go-on'
  }

  private hold(refs: readonly InstrumentRef[]): StepResult {
    for (const ref of refs) {
      const key = instrumentKey(ref)
      if (this.refused.has(key)) continue
      this.held.set(key, ref)
      this.doubtful.delete(key)
    }
    return 'go-on'
  }

  private async unsubscribe(refs: readonly InstrumentRef[]): Promise<StepResult> {
    const connection = this.connection
    const outcome = await this.options.calls.unsubscribe(refs)
    if (connection !== this.connection) return 'go-on'
    if (outcome.kind === 'not-sent') return outcome.isSessionMissing ? 'wait-for-session' : 'retry-later'
    // Rejected or unknown: taken as gone. Should it still be there, a later wish meets "already subscribed".
    for (const ref of refs) {
      this.held.delete(instrumentKey(ref))
      this.doubtful.delete(instrumentKey(ref))
      this.unwantedSinceMs.delete(instrumentKey(ref))
      this.options.onDropped(ref)
    }
    return 'go-on'
  }
}
