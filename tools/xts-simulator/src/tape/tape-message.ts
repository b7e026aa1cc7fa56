/**
 * One message that market-data sockets get, as it was recorded. `to` says who: `*` everybody, `1507` who subscribed
 * that code to anything, `1501:1:26000` (code, segment number, token) who subscribed exactly this.
 */
export interface TapeMessage {
  /** Epoch milliseconds of the recording; only the differences matter. */
  readonly atMs: number
  readonly to: string
  /** `1501-json-full`, `1501-json-partial`, `xts-binary-packet`, … */
  readonly event: string
  /** A text, or the bytes of a binary packet: exactly what the socket was given. */
  readonly payload: string | Buffer
}

/** The form in which a socket gets its messages. */
export type TapeForm = 'full' | 'partial' | 'binary'

export const BINARY_EVENT = 'xts-binary-packet'
export const EVERYBODY = '*'

const JSON_EVENT = /^(\d{4})-json-(full|partial)$/
/** Price bands: sent to every socket, subscribed or not, and often about no instrument at all. */
const NOISE_CODE = 1105
/** `t:1_26000`, at the start of every partial text. */
const PARTIAL_TARGET = /^t:(\d+)_(\d+)(?:,|$)/

/** What an event's name says: its form and, in JSON events, its message code; undefined for other events. */
export function readEventName(event: string): { form: TapeForm; code?: number } | undefined {
  if (event === BINARY_EVENT) return { form: 'binary' }
  const match = JSON_EVENT.exec(event)
  if (!match) return undefined
  return { form: match[2] === 'full' ? 'full' : 'partial', code: Number(match[1]) }
}

/** Who a captured JSON message was for, by what it is about; undefined when the text does not say. */
export function audienceOf(event: string, text: string): string | undefined {
  const name = readEventName(event)
  if (name?.code === undefined) return undefined
  if (name.code === NOISE_CODE) return EVERYBODY
  const target = name.form === 'partial' ? partialTarget(text) : fullTarget(text)
  if (!target) return undefined
  // An index by its name (1504), or a notice to a whole segment (1507).
  return target.token === 0 ? String(name.code) : `${name.code}:${target.segment}:${target.token}`
}

interface Target {
  readonly segment: number
  readonly token: number
}

function partialTarget(text: string): Target | undefined {
  const match = PARTIAL_TARGET.exec(text)
  if (match) return { segment: Number(match[1]), token: Number(match[2]) }
  return text.startsWith('t:') ? { segment: 0, token: 0 } : undefined
}

function fullTarget(text: string): Target | undefined {
  const message = readObject(text)
  if (!message) return undefined
  const segment = Number(message['ExchangeSegment'])
  const token = Number(message['ExchangeInstrumentID'])
  return Number.isInteger(segment) && Number.isInteger(token) ? { segment, token } : undefined
}

/** A JSON object, or undefined for any other text. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
