import type { Logger } from './logger'
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
}

const TOOK_MS_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]

/**
 * What a service does with each call to its broker: one line, and a `<prefix>_broker_call_ms` histogram by path and
 * status. A call without an answer is a warning; everything else is seen at debug level only.
 */
export function watchBrokerCalls(log: Logger, metrics: Metrics, prefix: string): (call: BrokerCall) => void {
  const duration = metrics.histogram({
    name: `${prefix}_broker_call_ms`,
    help: 'Time of one attempt of a call to the broker',
    labels: ['path', 'status'],
    buckets: TOOK_MS_BUCKETS,
  })
  return ({ method, path, outcome, status, reason, attempt, tookMs }) => {
    duration.observe({ path, status: status ?? outcome }, tookMs)
    const line = { method, path, outcome, status, reason, attempt, tookMs }
    if (outcome === 'answered') log.debug('broker call', line)
    else log.warn('broker call without an answer', line)
  }
}
