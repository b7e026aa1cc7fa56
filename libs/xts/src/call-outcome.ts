import type { HttpOutcome } from '@xts-bridge/http'
import { isDefiniteRejection } from './definite-rejection'
import { readEnvelope, type XtsAnswer } from './envelope'
import type { CallOutcome } from './model'
import { Unreadable } from './unreadable'

type Reader<T> = (result: unknown) => T

interface OutcomeOptions<T> {
  /** Reads `result` of a success; throws Unreadable when it is not what the call answers with. */
  readonly read: Reader<T>
  /** Epoch of the token that was sent. */
  readonly epoch?: number | undefined
}

/** The outcome of a call that changes something: a rejection needs definite evidence, all else is unknown. */
export function outcomeOfChange<T>(http: HttpOutcome, options: OutcomeOptions<T>): CallOutcome<T> {
  return outcomeOf(http, options, isDefiniteRejection)
}

/** The outcome of a read or a login: any readable error is the broker's answer, as nothing can have been half done. */
export function outcomeOfRead<T>(http: HttpOutcome, options: OutcomeOptions<T>): CallOutcome<T> {
  return outcomeOf(http, options, (error) => error.status < 500)
}

/** No token, so no call. */
export const SESSION_MISSING = {
  kind: 'not-sent',
  reason: 'there is no live session with the broker',
  isSessionMissing: true,
} as const satisfies CallOutcome<never>

type XtsError = Extract<XtsAnswer, { kind: 'error' }>

function outcomeOf<T>(
  http: HttpOutcome,
  options: OutcomeOptions<T>,
  isRejection: (error: XtsError) => boolean,
): CallOutcome<T> {
  if (http.kind === 'not-sent') return { kind: 'not-sent', reason: http.reason, isSessionMissing: false }
  if (http.kind === 'lost') return { kind: 'unknown', reason: http.reason }
  const answer = readEnvelope(http.status, http.text)
  switch (answer.kind) {
    case 'unreadable':
      return { kind: 'unknown', reason: answer.problem }
    case 'error':
      return isRejection(answer) ? rejected(answer, options.epoch) : unknownError(answer)
    case 'success':
      return readResult(answer.result, options.read)
  }
}

function rejected(error: XtsError, epoch: number | undefined): CallOutcome<never> {
  return {
    kind: 'rejected',
    brokerCode: error.code,
    brokerDescription: error.description || `HTTP ${error.status}`,
    isSessionInvalid: error.isSessionInvalid,
    ...(epoch === undefined ? {} : { epoch }),
  }
}

function unknownError(error: XtsError): CallOutcome<never> {
  const words = [error.code, error.description].filter((part) => part !== '').join(' ')
  return { kind: 'unknown', reason: `HTTP ${error.status}: ${words || 'an error without a text'}` }
}

function readResult<T>(result: unknown, read: Reader<T>): CallOutcome<T> {
  try {
    return { kind: 'ok', value: read(result) }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unknown', reason: error.message }
    throw error
  }
}
