import { isRecord, optionalText, parseJson } from './fields'
import { quoted, Unreadable } from './unreadable'

/**
 * What a broker's browser login handed over: something to log in with, or a session that is open already. `unreadable`
 * says why, and repeats nothing that could be a token.
 */
export type CallbackSession =
  | { readonly kind: 'access-token'; readonly accessToken: string; readonly userId?: string | undefined }
  | { readonly kind: 'token'; readonly token: string; readonly userId: string }
  | { readonly kind: 'unreadable'; readonly problem: string }

/** URL-encoded JSON text, encoded once or twice, each way: no broker is known to wrap deeper. */
const MOST_WRAPPINGS = 5
const LONGEST_TEXT = 16_384
/** Tokens travel in headers. */
const TOKEN_TEXT = /^[\x21-\x7e]{1,4096}$/

/** Reads the field `session` that the broker's page sends to the return URL. Source: MAPPING.md, "browser login". */
export function readCallbackSession(text: string): CallbackSession {
  try {
    return readRecord(unwrapped(text))
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', problem: error.message }
    throw error
  }
}

function unwrapped(text: string): Readonly<Record<string, unknown>> {
  if (text.length > LONGEST_TEXT) throw new Unreadable(`the session is ${text.length} characters long`)
  let value: unknown = text.trim()
  for (let layer = 0; layer < MOST_WRAPPINGS; layer += 1) {
    if (isRecord(value)) return value
    if (typeof value !== 'string') break
    value = parseJson(value) ?? urlDecoded(value)
  }
  if (isRecord(value)) return value
  throw new Unreadable('the session is no JSON object')
}

function urlDecoded(text: string): string {
  if (!text.includes('%')) throw new Unreadable('the session is no JSON object')
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Unreadable('the session is not URL-encoded as it should be')
  }
}

function readRecord(record: Readonly<Record<string, unknown>>): CallbackSession {
  const accessToken = tokenOf(record, 'accessToken')
  const userId = optionalText(record, 'userID')
  if (accessToken !== undefined)
    return { kind: 'access-token', accessToken, ...(userId === undefined ? {} : { userId }) }
  const token = tokenOf(record, 'token')
  if (token === undefined) throw new Unreadable(refusalOf(record) ?? 'the session holds no token')
  if (userId === undefined) throw new Unreadable('the session holds a token without its userID')
  return { kind: 'token', token, userId }
}

function tokenOf(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || !TOKEN_TEXT.test(value)) throw new Unreadable(`${name} is no token`)
  return value
}

/** The broker may say in the same place why it refuses. */
function refusalOf(record: Readonly<Record<string, unknown>>): string | undefined {
  const words = optionalText(record, 'description', 'message')
  return words === undefined ? undefined : `the broker says: ${quoted(words)}`
}
