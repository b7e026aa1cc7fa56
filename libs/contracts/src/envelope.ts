import { z } from 'zod'
import { AppError, type ErrorDetails } from './app-error'
import { isErrorCode, type ErrorCode, type ErrorKind } from './error-table'
import { describeProblems } from './problems'

/** Version of the envelopes; a service refuses any other. */
export const ENVELOPE_VERSION = 1

export const requestEnvelope = z.strictObject({
  v: z.literal(ENVELOPE_VERSION),
  id: z.string().min(1).max(64),
  apiKey: z.string().max(256).optional(),
  deadlineAtMs: z.number().int().positive().optional(),
  clientOrderId: z.string().min(1).max(64).optional(),
  data: z.unknown(),
})

/** One request on the bus: `{ v, id, apiKey?, deadlineAtMs?, clientOrderId?, data }`. */
export type RequestEnvelope = z.infer<typeof requestEnvelope>

export interface ReplyError {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: string
  readonly details: ErrorDetails
}

/** One reply on the bus; `id` is the request's, or empty when it could not be read. */
export type ReplyEnvelope =
  | {
      readonly v: number
      readonly id: string
      readonly atMs: number
      readonly ok: true
      readonly data: unknown
    }
  | {
      readonly v: number
      readonly id: string
      readonly atMs: number
      readonly ok: false
      readonly error: ReplyError
    }

/** Parses the body frame of a request. Throws ENVELOPE_MALFORMED, naming what is wrong. */
export function parseRequestEnvelope(body: string): RequestEnvelope {
  const envelope = parseJson(body)
  if (isSoundEnvelope(envelope)) return envelope
  const parsed = requestEnvelope.safeParse(envelope)
  if (parsed.success) return parsed.data
  const problem = describeProblems(parsed.error, envelope)
    .map((p) => `${p.field}: ${p.message}`)
    .join('; ')
  throw new AppError('ENVELOPE_MALFORMED', { problem })
}

const ENVELOPE_FIELDS = new Set(Object.keys(requestEnvelope.shape))

/** What `requestEnvelope` accepts, decided without it: every request of the bus comes by here, and the schema costs more
 * than the rest of the reading. Its refusals, which must name what is wrong, are left to the schema. */
export function isSoundEnvelope(value: unknown): value is RequestEnvelope {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('data' in value)) return false
  for (const name in value) if (!ENVELOPE_FIELDS.has(name)) return false
  const { v, id, apiKey, deadlineAtMs, clientOrderId } = value as Readonly<Record<string, unknown>>
  const isNamed = v === ENVELOPE_VERSION && id !== undefined && isTextOrNone(id, 1, 64)
  return (
    isNamed &&
    isTextOrNone(apiKey, 0, 256) &&
    isTextOrNone(clientOrderId, 1, 64) &&
    isInstantOrNone(deadlineAtMs)
  )
}

function isTextOrNone(value: unknown, min: number, max: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length >= min && value.length <= max)
}

function isInstantOrNone(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) > 0)
}

/** The request's id if one can be read from a body that is otherwise malformed, else an empty string. */
export function salvageRequestId(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string')
      return value.id
    return ''
  } catch (cause) {
    if (cause instanceof SyntaxError) return ''
    throw cause
  }
}

export function okReply(id: string, atMs: number, data: unknown): ReplyEnvelope {
  return { v: ENVELOPE_VERSION, id, atMs, ok: true, data }
}

export function errorReply(id: string, atMs: number, error: AppError): ReplyEnvelope {
  const { kind, code, message, details } = error
  return { v: ENVELOPE_VERSION, id, atMs, ok: false, error: { kind, code, message, details } }
}

/** Turns a reply's error back into the AppError it was; a code this side does not know becomes INTERNAL. */
export function errorFromReply(error: ReplyError): AppError {
  const code: ErrorCode = isErrorCode(error.code) ? error.code : 'INTERNAL'
  return new AppError(code, { ...error.details, remoteCode: error.code })
}

const eventEnvelope = z.object({
  v: z.literal(ENVELOPE_VERSION),
  epoch: z.string().min(1),
  seq: z.number().int().nonnegative(),
  atMs: z.number().int(),
  data: z.unknown(),
})

/**
 * One event on the bus. `seq` grows by one per event of the publisher, `epoch` names the life of the counter;
 * a heartbeat repeats the last `seq`, so that a lost last event is noticed.
 */
export type EventEnvelope = z.infer<typeof eventEnvelope>

/** Topic of the heartbeat that every event publisher sends each second. */
export const HEARTBEAT_TOPIC = 'heartbeat'
export const HEARTBEAT_INTERVAL_MS = 1_000

/** Parses the body frame of an event. Throws ENVELOPE_MALFORMED. */
export function parseEventEnvelope(body: string): EventEnvelope {
  const parsed = eventEnvelope.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  throw new AppError('ENVELOPE_MALFORMED', { problem: 'not an event envelope' })
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new AppError('ENVELOPE_MALFORMED', { problem: 'the body is not JSON' }, { cause })
  }
}
