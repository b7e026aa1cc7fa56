import { isRateLimit, type XtsAnswer } from './envelope'

type XtsError = Extract<XtsAnswer, { kind: 'error' }>

interface Evidence {
  readonly evidence: string
  readonly holds: (error: XtsError) => boolean
}

/** HTTP 400 is how the order routes refuse before they take an order; 5xx and the rest say nothing of it. */
const REFUSAL_STATUS = 400

/**
 * What proves that the broker did not act on an order, a cancel or a change. What is not in this table leaves the order
 * unknown. Sources are sections of the protocol reference, summed up in MAPPING.md, "definite rejection".
 */
export const DEFINITE_REJECTIONS: readonly Evidence[] = [
  {
    evidence: 'protocol 8.1: the rate limiter refused it, "429 means not processed"; codes e-apirl-0004',
    holds: (error) => error.status < 500 && isRateLimit(error.status, error.code),
  },
  {
    evidence: 'protocol 1.11: the token was refused; checked before the route, at 400, 401 and 200',
    holds: (error) => error.status < 500 && error.isSessionInvalid,
  },
  {
    evidence:
      'protocol 2.4 "synchronous refusals (HTTP 400, type:error)", 2.2 validation, 2.6 cancel of a finished order',
    holds: (error) => error.status === REFUSAL_STATUS,
  },
  {
    evidence: 'protocol 1.3 and 2.4: the same refusals under HTTP 200, by the codes listed there',
    holds: (error) => error.status === 200 && REFUSAL_CODES.includes(error.code),
  },
]

const REFUSAL_CODES: readonly string[] = [
  'e-property-validation-failed',
  'e-orders-0002',
  'e-user-0001',
  'e-user-0002',
  'e-user-0003',
  'e-trade-00002',
  'e-portfolio-00005',
]

/** True when this error proves that nothing was done. */
export function isDefiniteRejection(error: XtsError): boolean {
  return DEFINITE_REJECTIONS.some(({ holds }) => holds(error))
}
