import type { LogFields, Logger } from './logger'
import type { Metrics } from './metrics'

/** One attempt of a call to the broker, as libs/http tells of it. `path` carries no query, so that there are few. */
export interface BrokerCall {
  readonly method: string
  readonly path: string
  readonly outcome: 'answered' | 'not-sent' | 'lost'
  readonly status?: number | undefined
  readonly reason?: string | undefined
  readonly attempt: number
  readonly tookMs: number
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly requestBody?: unknown
  readonly responseText?: string | undefined
}

const TOOK_MS_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]

/** More of an answer is not worth a line; a JSON answer is cut only as a whole. */
const LONGEST_ANSWER = 4_000

/**
 * What a service does with each call to its broker: one line (endpoint, parameters, status, attempt, time), and a
 * `<prefix>_broker_call_ms` histogram by path and status. At debug level the bodies follow, without secrets and without
 * what is a person's; `secrets` are the tokens in force, which an answer may quote anywhere.
 */
export function watchBrokerCalls(
  log: Logger,
  metrics: Metrics,
  prefix: string,
  secrets: () => readonly string[] = () => [],
): (call: BrokerCall) => void {
  const duration = metrics.histogram({
    name: `${prefix}_broker_call_ms`,
    help: 'Time of one attempt of a call to the broker',
    labels: ['path', 'status'],
    buckets: TOOK_MS_BUCKETS,
  })
  return (call) => {
    const { method, path, outcome, status, reason, attempt, tookMs, query } = call
    duration.observe({ path, status: status ?? outcome }, tookMs)
    const line = { method, path, query, outcome, status, reason, attempt, tookMs }
    if (outcome === 'answered') log.info('broker call', line)
    else log.warn('broker call without an answer', line)
    if (log.isDebugEnabled === true)
      log.debug('broker call bodies', { method, path, ...bodiesOf(call, secrets()) })
  }
}

/** The logger takes secrets out by the names of fields, so bodies are handed to it as records. */
function bodiesOf({ requestBody, responseText }: BrokerCall, secrets: readonly string[]): LogFields {
  if (responseText === undefined) return { request: requestBody }
  const text = secrets.reduce(
    (cleaned, secret) => (secret === '' ? cleaned : cleaned.replaceAll(secret, '[redacted]')),
    responseText,
  )
  return { request: requestBody, response: readable(text) }
}

function readable(text: string): unknown {
  if (text.length > LONGEST_ANSWER) return `${text.length} characters`
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text.slice(0, 200)
  }
}
