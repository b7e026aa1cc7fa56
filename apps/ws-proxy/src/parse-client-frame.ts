import {
  ClientError,
  type ClientRequest,
  type ClientVerb,
  type NamedSymbol,
  type UnsubscribedSymbol,
} from './client-request'
import { parseMode } from './parse-mode'

type Fields = Readonly<Record<string, unknown>>

/** Every verb under each of its names. */
const VERBS = new Map<unknown, ClientVerb>([
  ['authenticate', 'authenticate'],
  ['auth', 'authenticate'],
  ['subscribe', 'subscribe'],
  ['unsubscribe', 'unsubscribe'],
  ['unsubscribe_all', 'unsubscribe-all'],
  ['subscribe_orders', 'subscribe-orders'],
  ['unsubscribe_orders', 'unsubscribe-orders'],
  ['get_broker_info', 'broker-info'],
  ['get_supported_brokers', 'supported-brokers'],
  ['ping', 'ping'],
])

/** Longest text of a client that is repeated in an answer. */
const MAX_ECHO_LENGTH = 64

/** Reads one frame of a client. Throws ClientError with the code and message that the ecosystem's clients know. */
export function parseClientFrame(text: string): ClientRequest {
  const fields = parseFields(text)
  const requestId = fields['request_id']
  try {
    return requestId === undefined ? parseRequest(fields) : { ...parseRequest(fields), requestId }
  } catch (error) {
    if (error instanceof ClientError) throw new ClientError(error.code, error.message, requestId)
    throw error
  }
}

function parseFields(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ClientError('INVALID_JSON', 'Invalid JSON message')
}

function parseRequest(fields: Fields): ClientRequest {
  const verb = verbOf(fields)
  switch (verb) {
    case 'authenticate':
      return { verb, apiKey: apiKeyOf(fields) }
    case 'subscribe':
      return parseSubscribe(fields)
    case 'unsubscribe':
      return parseUnsubscribe(fields)
    case 'ping':
      return { verb, timestamp: fields['timestamp'], pingId: fields['_pingId'] }
    case 'unsubscribe-all':
    case 'subscribe-orders':
    case 'unsubscribe-orders':
    case 'broker-info':
    case 'supported-brokers':
      return { verb }
  }
}

/** `action` names the verb, `type` where there is no action. */
function verbOf(fields: Fields): ClientVerb {
  const name = fields['action'] ?? fields['type']
  const verb = VERBS.get(name)
  if (verb !== undefined) return verb
  const shown = name === undefined || name === null ? 'None' : echo(name)
  throw new ClientError('INVALID_ACTION', `Invalid action: ${shown}`)
}

function apiKeyOf(fields: Fields): string {
  const apiKey = fields['api_key'] ?? fields['apikey']
  if (apiKey === undefined || apiKey === null || apiKey === '')
    throw new ClientError('AUTHENTICATION_ERROR', 'API key is required')
  if (typeof apiKey !== 'string' || apiKey.length > 256)
    throw new ClientError('AUTHENTICATION_ERROR', 'Invalid API key')
  return apiKey
}

function parseSubscribe(fields: Fields): ClientRequest {
  const mode = parseMode(fields['mode'] === undefined ? 'Quote' : fields['mode'])
  const entries = listOf(fields) ?? singleOf(fields)
  if (entries === undefined || entries.length === 0)
    throw new ClientError('INVALID_PARAMETERS', 'At least one symbol must be specified')
  return { verb: 'subscribe', mode, symbols: entries.flatMap((entry) => namedSymbol(entry) ?? []) }
}

function parseUnsubscribe(fields: Fields): ClientRequest {
  if (fields['unsubscribe_all'] === true) return { verb: 'unsubscribe-all' }
  const entries = listOf(fields) ?? singleOf(fields)
  if (entries === undefined || entries.length === 0)
    throw new ClientError('INVALID_PARAMETERS', 'Either symbols or unsubscribe_all is required')
  const symbols = entries.flatMap((entry) => unsubscribedSymbol(entry, fields['mode']) ?? [])
  return { verb: 'unsubscribe', symbols }
}

/** The list form; `instruments` is what the ecosystem's documentation calls it. */
function listOf(fields: Fields): readonly unknown[] | undefined {
  const list = fields['symbols'] ?? fields['instruments']
  if (list === undefined || list === null) return undefined
  return Array.isArray(list) ? (list as readonly unknown[]) : []
}

function singleOf(fields: Fields): readonly unknown[] | undefined {
  return namedSymbol(fields) && [fields]
}

/** An entry without a usable symbol and exchange is passed over, as clients of the ecosystem expect. */
function namedSymbol(entry: unknown): NamedSymbol | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const { symbol, exchange } = entry as Fields & { symbol?: unknown; exchange?: unknown }
  if (typeof symbol !== 'string' || typeof exchange !== 'string') return undefined
  if (symbol === '' || exchange === '' || symbol.length > 64 || exchange.length > 32) return undefined
  return { symbol, exchange }
}

/** The entry's own mode, else the frame's, else none. */
function unsubscribedSymbol(entry: unknown, frameMode: unknown): UnsubscribedSymbol | undefined {
  const named = namedSymbol(entry)
  if (named === undefined) return undefined
  const mode = (entry as Fields)['mode'] ?? frameMode
  return mode === undefined ? named : { ...named, mode: parseMode(mode) }
}

function echo(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.slice(0, MAX_ECHO_LENGTH)
}
