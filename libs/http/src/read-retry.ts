import type { HttpOutcome } from './http-call'

export interface RetryOptions {
  /** How often a read is sent again after the first attempt. */
  readonly retries: number
  /** Wait before the first retry. */
  readonly firstDelayMs: number
  /** By how much each further wait is longer than the one before. */
  readonly factor: number
  /** Chance in [0, 1), as a port. */
  readonly random: () => number
}

export const DEFAULT_RETRY: RetryOptions = {
  retries: 3,
  firstDelayMs: 1_000,
  factor: 2,
  random: Math.random,
}

/** At most this share is added to a delay, so that several processes do not come back in step. */
const JITTER = 0.25

/** 1, 2, 4 s (unless told otherwise) after the first, second and third attempt, never shorter: a rate limit needs its full second. */
export function retryDelayMs(options: RetryOptions, attempt: number): number {
  return options.firstDelayMs * options.factor ** (attempt - 1) * (1 + JITTER * options.random())
}

/** A read is worth another try when the network failed, the server did, or it asked to come back later. */
export function isWorthRetrying(outcome: HttpOutcome): boolean {
  if (outcome.kind !== 'answered') return true
  return outcome.status >= 500 || outcome.status === 429
}
