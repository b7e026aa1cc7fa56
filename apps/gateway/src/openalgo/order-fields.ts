import { PRICE_TYPES, PRODUCTS } from '@xts-bridge/contracts'
import {
  choiceField,
  FieldsRefused,
  numberField,
  optional,
  readFields,
  textField,
  wholeNumberField,
  type Values,
} from './request-fields'

/** Exchanges OpenAlgo's API knows; the broker serves fewer (contracts, EXCHANGES). */
export const OPENALGO_EXCHANGES = [
  'NSE',
  'NFO',
  'CDS',
  'BSE',
  'BFO',
  'BCD',
  'MCX',
  'NCDEX',
  'NCO',
  'NSE_INDEX',
  'BSE_INDEX',
  'MCX_INDEX',
  'GLOBAL_INDEX',
  'CRYPTO',
] as const
export type OpenAlgoExchange = (typeof OPENALGO_EXCHANGES)[number]

export const apiKeyField = textField({ min: 1, max: 256 })

const atLeastZero = (otherwise: string): { isAllowed: (value: number) => boolean; otherwise: string } => ({
  isAllowed: (value) => value >= 0,
  otherwise,
})

const namedFields = {
  apikey: apiKeyField,
  strategy: textField(),
  exchange: choiceField(OPENALGO_EXCHANGES),
  symbol: textField(),
  action: choiceField(['BUY', 'SELL', 'buy', 'sell']),
}

const pricedFields = {
  pricetype: optional(choiceField(PRICE_TYPES), 'MARKET'),
  product: optional(choiceField(PRODUCTS), 'MIS'),
  price: optional(numberField(atLeastZero('Price must be a non-negative number.')), 0),
  trigger_price: optional(numberField(atLeastZero('Trigger price must be a non-negative number.')), 0),
  disclosed_quantity: optional(
    wholeNumberField(atLeastZero('Disclosed quantity must be a non-negative integer.')),
    0,
  ),
}

const placeOrderFields = {
  ...namedFields,
  quantity: numberField({
    isAllowed: (value) => value > 0,
    otherwise: 'Quantity must be a positive number.',
  }),
  ...pricedFields,
  /** Options tools send it along; it has no effect on the order. */
  underlying_ltp: optional(numberField(), 0),
}
export type PlaceOrderRequest = Values<typeof placeOrderFields>

const smartOrderFields = {
  ...namedFields,
  quantity: numberField(atLeastZero('Quantity must be a non-negative number.')),
  position_size: numberField(),
  ...pricedFields,
}
export type SmartOrderRequest = Values<typeof smartOrderFields>

/** Body of `placeorder`. Throws FieldsRefused. */
export function readPlaceOrder(body: unknown): PlaceOrderRequest {
  const request = readFields(placeOrderFields, withoutNullUnderlying(body))
  refuseFraction('quantity', request.quantity)
  return request
}

/** Body of `placesmartorder`. Throws FieldsRefused. */
export function readSmartOrder(body: unknown): SmartOrderRequest {
  const request = readFields(smartOrderFields, body)
  refuseFraction('quantity', request.quantity)
  // OpenAlgo's adapters cut the fraction off; half a share that nobody asked for is worse than a refusal.
  refuseFraction('position_size', request.position_size)
  if (request.disclosed_quantity > 0) {
    const text = 'A smart order cannot disclose a part of its quantity; leave it out or send 0.'
    throw new FieldsRefused(new Map([['disclosed_quantity', [text]]]))
  }
  return request
}

function refuseFraction(field: string, value: number): void {
  if (Number.isInteger(value)) return
  const text = `Fractional ${field} (${value}) is not allowed for non-crypto exchanges.`
  throw new FieldsRefused(new Map([[field, [text]]]))
}

/** `underlying_ltp` is the one field that may be null. */
function withoutNullUnderlying(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('underlying_ltp' in body)) return body
  if (body.underlying_ltp !== null) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'underlying_ltp'))
}
