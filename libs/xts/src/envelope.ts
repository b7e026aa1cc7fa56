import { isRecord, parseJson, type XtsRecord } from './fields'

/**
 * What one HTTP answer says, decided by its `type`, never by the code's first letter: `e-response-0010` is a success.
 * `unreadable` is everything that is not an envelope: HTML, an empty body, half a body. Source: MAPPING.md, "envelope".
 */
export type XtsAnswer =
  | { readonly kind: 'success'; readonly code: string; readonly result: unknown }
  | {
      readonly kind: 'error'
      readonly status: number
      readonly code: string
      readonly description: string
      readonly isSessionInvalid: boolean
    }
  | { readonly kind: 'unreadable'; readonly problem: string }

export function readEnvelope(status: number, text: string): XtsAnswer {
  const envelope = unwrap(parseJson(text))
  if (envelope === undefined) return { kind: 'unreadable', problem: describeText(status, text) }
  const code = textOf(envelope, 'code')
  if (envelope['type'] === 'success' || envelope['type'] === true)
    return status < 400
      ? { kind: 'success', code, result: envelope['result'] }
      : { kind: 'unreadable', problem: `HTTP ${status} with an envelope that says success` }
  const description = describeError(envelope)
  return {
    kind: 'error',
    status,
    code,
    description,
    isSessionInvalid: isSessionInvalid(status, code, description),
  }
}

const TYPES: readonly unknown[] = ['success', 'error', true, false]

/** The envelope itself, in an array of one, or under `data` as some rate-limit answers have it. */
function unwrap(value: unknown): XtsRecord | undefined {
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (!isRecord(single)) return undefined
  if (TYPES.includes(single['type'])) return single
  const wrapped = single['data']
  return isRecord(wrapped) && TYPES.includes(wrapped['type']) ? wrapped : undefined
}

function textOf(envelope: XtsRecord, name: string): string {
  const value = envelope[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** The broker's sentence; for a validation error also what is wrong with which field. */
function describeError(envelope: XtsRecord): string {
  const description = textOf(envelope, 'description')
  const result = envelope['result']
  const errors = isRecord(result) && Array.isArray(result['errors']) ? result['errors'] : []
  const messages = errors.flatMap((error) =>
    isRecord(error) && Array.isArray(error['messages']) ? error['messages'].map(String) : [],
  )
  return [description, ...messages].filter((part) => part !== '').join(': ')
}

/** Codes of the session family that speak of subscriptions, not of the token. */
const NOT_ABOUT_THE_TOKEN = ['e-session-0002', 'e-session-0004']
const TOKEN_WORDS =
  /invalid token|token to authenticate|token\/authorization not found|session (has been |is |has )?expired/i

/** True when the broker refused the token. A rate-limit refusal proves the opposite: the limiter runs after the login check. */
function isSessionInvalid(status: number, code: string, description: string): boolean {
  if (isRateLimit(status, code)) return false
  if (status === 401 || status === 403) return true
  const isTokenCode = /^e-(session|token)/.test(code) && !NOT_ABOUT_THE_TOKEN.includes(code)
  return isTokenCode || isSessionText(description)
}

/** True for a text that says the token or session is dead, as sockets say it too. */
export function isSessionText(text: string): boolean {
  return TOKEN_WORDS.test(text)
}

/** The broker's own limiter refused the call before anything was done with it. */
export function isRateLimit(status: number, code: string): boolean {
  return status === 429 || code === 'e-apirl-0004'
}

function describeText(status: number, text: string): string {
  const start = text.trim().slice(0, 60).replace(/\s+/g, ' ')
  if (start === '') return `HTTP ${status} with an empty body`
  return start.startsWith('<') ? `HTTP ${status} with HTML` : `HTTP ${status} with an unreadable body`
}
