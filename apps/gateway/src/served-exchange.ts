import { EXCHANGES, type Exchange } from '@xts-bridge/contracts'
import type { OpenAlgoExchange } from './openalgo/order-fields'
import { Refusal } from './openalgo/refusal'

/** The exchange, if the broker serves it. Throws a 400 that says so otherwise. */
export function servedExchange(exchange: OpenAlgoExchange): Exchange {
  const served = EXCHANGES.find((name) => name === exchange)
  if (served !== undefined) return served
  const message = `Exchange '${exchange}' is not served by this broker; it serves ${EXCHANGES.join(', ')}.`
  throw new Refusal(400, { status: 'error', message })
}
