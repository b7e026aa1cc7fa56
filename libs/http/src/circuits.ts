import type { Clock } from '@xts-bridge/contracts'
import CircuitBreaker from 'opossum'
import { CALL_FAMILIES, type CallFamily, type HttpOutcome } from './http-call'

export interface BreakerOptions {
  /** Calls of one family within 10 s before its breaker may open. */
  readonly minimumCalls: number
  /** It opens when more than this share of them failed. */
  readonly failurePercent: number
  /** How long it stays open before the first probe, and between probes. */
  readonly probeAfterMs: number
}

export const DEFAULT_BREAKER: BreakerOptions = { minimumCalls: 5, failurePercent: 50, probeAfterMs: 5_000 }

type Attempt = () => Promise<HttpOutcome>
type Breaker = CircuitBreaker<[Attempt], HttpOutcome>

interface CircuitsOptions {
  readonly clock: Clock
  readonly breaker: BreakerOptions
  /** A harmless read of the same server, past every breaker. */
  readonly probe: () => Promise<HttpOutcome>
}

const ROLLING_WINDOW_MS = 10_000
/** opossum's own half-open state would let the next call try, and that could be an order; it is never reached. */
const NEVER_MS = 2 ** 31 - 1

const OPEN_REASON = 'the broker has not been answering; calls are held back until a probe is answered'

/** A failure that counts, with the outcome to hand back. */
class CountedFailure extends Error {
  constructor(readonly outcome: HttpOutcome) {
    super('the call failed')
  }
}

/**
 * One circuit breaker per call family. opossum counts and opens; how a breaker closes again is decided here: a probe
 * read, sent on its own once `probeAfterMs` has passed, closes every open breaker when it is answered below 500.
 * So an order is never the one that tries. Exits pass an open breaker, since a cancel that may work beats none.
 */
export class Circuits {
  private readonly breakers: Readonly<Record<CallFamily, Breaker>>
  private cancelProbe: (() => void) | undefined
  private isClosed = false

  constructor(private readonly options: CircuitsOptions) {
    this.breakers = { entry: this.breaker('entry'), exit: this.breaker('exit'), read: this.breaker('read') }
  }

  /** Runs the attempt, or answers `not-sent` when the family's breaker is open. */
  async run(family: CallFamily, attempt: Attempt): Promise<HttpOutcome> {
    const breaker = this.breakers[family]
    if (breaker.opened) {
      if (family === 'exit') return attempt()
      return { kind: 'not-sent', reason: OPEN_REASON, isHeldBack: true }
    }
    try {
      return await breaker.fire(attempt)
    } catch (error) {
      if (error instanceof CountedFailure) return error.outcome
      throw error
    }
  }

  isOpen(family: CallFamily): boolean {
    return this.breakers[family].opened
  }

  close(): void {
    this.isClosed = true
    this.cancelProbe?.()
    for (const family of CALL_FAMILIES) this.breakers[family].shutdown()
  }

  private breaker(family: CallFamily): Breaker {
    const breaker: Breaker = new CircuitBreaker(countFailures, {
      name: family,
      timeout: false,
      resetTimeout: NEVER_MS,
      volumeThreshold: this.options.breaker.minimumCalls,
      errorThresholdPercentage: this.options.breaker.failurePercent,
      rollingCountTimeout: ROLLING_WINDOW_MS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    })
    breaker.on('open', () => this.scheduleProbe())
    return breaker
  }

  private scheduleProbe(): void {
    this.cancelProbe?.()
    this.cancelProbe = this.options.clock.after(this.options.breaker.probeAfterMs, () => void this.probe())
  }

  private async probe(): Promise<void> {
    const outcome = await this.options.probe()
    if (this.isClosed) return
    if (isFailure(outcome)) {
      this.scheduleProbe()
      return
    }
    for (const family of CALL_FAMILIES) this.breakers[family].close()
  }
}

async function countFailures(attempt: Attempt): Promise<HttpOutcome> {
  const outcome = await attempt()
  if (isFailure(outcome)) throw new CountedFailure(outcome)
  return outcome
}

/** What says that the server is in trouble. A 4xx is an answer, and so is a rate-limit refusal. */
function isFailure(outcome: HttpOutcome): boolean {
  if (outcome.kind === 'answered') return outcome.status >= 500
  return !isHeldBack(outcome)
}

/** True for a call that was stopped on our side. */
export function isHeldBack(outcome: HttpOutcome): boolean {
  return outcome.kind === 'not-sent' && outcome.isHeldBack === true
}
