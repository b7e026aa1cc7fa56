import { AppError, type ErrorCode, type ErrorKind } from '@xts-bridge/contracts'
import { pythonDictText } from './python-text'
import { objectOf, Refusal, type ErrorBody } from './refusal'
import { FieldsRefused } from './request-fields'

/** How an endpoint words a broken schema: the printed dictionary as text, or an object. OpenAlgo has both families. */
export type ProblemForm = 'text' | 'object'

/**
 * HTTP status by kind of error. 4xx: nothing was sent, or the broker said no. 503: could not be done now, nothing was
 * sent. 504: it may have been sent, and must not be sent again before it was looked up. 500: our bug.
 */
const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  refused: 400,
  rejected: 400,
  unavailable: 503,
  unknown: 504,
  internal: 500,
}

/** Codes whose status differs from that of their kind. */
const STATUS_OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  KEY_MISSING: 403,
  KEY_INVALID: 403,
  SCOPE_MISSING: 403,
  ACCOUNT_NOT_ALLOWED: 403,
  CLIENT_NOT_ALLOWED: 403,
  ORDER_NOT_FOUND: 404,
}

/** Turns whatever a story threw into the answer. Anything that is neither a Refusal nor known is passed on as it is. */
export function refusalFrom(error: unknown, form: ProblemForm): unknown {
  if (error instanceof FieldsRefused) {
    const message = form === 'text' ? pythonDictText(error.problems) : objectOf(error.problems)
    return new Refusal(400, { status: 'error', message }, { cause: error })
  }
  if (error instanceof AppError) return refusalOfAppError(error)
  return error
}

function refusalOfAppError(error: AppError): Refusal {
  const { code, kind, details } = error
  const near = code === 'INSTRUMENT_NOT_FOUND' ? { near: details['near'] ?? [] } : {}
  const body: ErrorBody = { status: 'error', message: sentenceOf(error), code, ...near }
  return new Refusal(STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind], body, { cause: error })
}

function sentenceOf(error: AppError): string {
  const { symbol, exchange, brokerDescription } = error.details
  switch (error.code) {
    case 'KEY_MISSING':
    case 'KEY_INVALID':
      return 'Invalid openalgo apikey'
    case 'BROKER_REJECTED':
      return typeof brokerDescription === 'string' ? brokerDescription : error.message
    case 'INSTRUMENT_NOT_FOUND':
      return (
        `Symbol '${String(symbol)}' not found for exchange '${String(exchange)}'. ` +
        'Please verify the symbol name and ensure master contracts are downloaded.'
      )
    default:
      return error.message
  }
}

/**
 * The answer to an order whose fate is not known: 504, the ids it can be found by, and the plain words not to resend.
 * Any other error is passed on as it is.
 */
export function orderRefusalFrom(error: unknown, clientOrderId: string): unknown {
  if (!(error instanceof AppError) || error.kind !== 'unknown') return refusalFrom(error, 'text')
  const { orderId } = error.details
  const warning = error.code === 'REPLY_LOST' ? ' Do not send it again before you have looked it up.' : ''
  const message = error.message + warning
  const ids = { ...(typeof orderId === 'string' && { orderid: orderId }), client_order_id: clientOrderId }
  return new Refusal(504, { status: 'error', message, code: error.code, ...ids }, { cause: error })
}
