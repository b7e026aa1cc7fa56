import type { OrderSide, OrderTerms, OrderType } from '../matching/sim-order'
import { clientOfOrder, type Account } from '../state/account'
import { isSegmentName, SEGMENT_NAMES, type SegmentName } from '../universe/segments'
import { NOT_MAPPED, refusal, validationFailure, type Answer } from '../wire/envelopes'
import type { FieldReader } from './field-reader'

const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOPLIMIT', 'STOPMARKET'] as const
const ORDER_TYPE_WORDS: Readonly<Record<(typeof ORDER_TYPES)[number], OrderType>> = {
  MARKET: 'Market',
  LIMIT: 'Limit',
  STOPLIMIT: 'StopLimit',
  STOPMARKET: 'StopMarket',
}
/** What an order may be placed under. */
export const PRODUCTS = ['MIS', 'NRML', 'CNC', 'MTF'] as const
/** A modification repeats the product, of a cover or bracket order too. */
const PRODUCTS_REPEATED = [...PRODUCTS, 'CO', 'BO'] as const
const TIMES = ['DAY', 'IOC'] as const

/** The documented limit of the tag. */
const LONGEST_TAG = 20
/** Longer tags were seen to come back cut to this. */
const TAG_KEPT = 18

/** Names of the same fields in a placement and in a modification. */
const NAMES = {
  place: {
    orderType: 'orderType',
    productType: 'productType',
    timeInForce: 'timeInForce',
    quantity: 'orderQuantity',
    disclosedQuantity: 'disclosedQuantity',
    price: 'limitPrice',
    stopPrice: 'stopPrice',
  },
  modify: {
    orderType: 'modifiedOrderType',
    productType: 'modifiedProductType',
    timeInForce: 'modifiedTimeInForce',
    quantity: 'modifiedOrderQuantity',
    disclosedQuantity: 'modifiedDisclosedQuantity',
    price: 'modifiedLimitPrice',
    stopPrice: 'modifiedStopPrice',
  },
} as const

/** The terms of an order. Prices a type does not use are zero whatever was sent, as the broker's rows show them. */
export function readTerms(fields: FieldReader, call: keyof typeof NAMES): OrderTerms {
  const names = NAMES[call]
  const orderType = ORDER_TYPE_WORDS[fields.choice(names.orderType, ORDER_TYPES, true)]
  const productType = fields.choice(names.productType, call === 'place' ? PRODUCTS : PRODUCTS_REPEATED)
  const timeInForce = fields.choice(names.timeInForce, TIMES)
  const disclosedQuantity = fields.number(names.disclosedQuantity, { isWhole: true })
  const quantity = fields.number(names.quantity, { isWhole: true })
  const price = fields.number(names.price, { isSigned: true })
  const stopPrice = fields.number(names.stopPrice, { isSigned: true })
  if (quantity === 0) fields.refuse(names.quantity, 'must be larger than or equal to 1', 'number.min')
  const usesPrice = orderType === 'Limit' || orderType === 'StopLimit'
  const usesStop = orderType === 'StopLimit' || orderType === 'StopMarket'
  return {
    orderType,
    productType,
    timeInForce,
    quantity,
    disclosedQuantity,
    price: usesPrice ? price : 0,
    stopPrice: usesStop ? stopPrice : 0,
  }
}

/** The terms of the order a cover or bracket order begins with: MARKET or LIMIT, for the day. */
export function readEntryTerms(fields: FieldReader, productType: 'CO' | 'BO'): OrderTerms {
  const orderType = ORDER_TYPE_WORDS[fields.choice('orderType', ['LIMIT', 'MARKET'], true)]
  const quantity = fields.number('orderQuantity', { isWhole: true })
  const disclosedQuantity = fields.number('disclosedQuantity', { isWhole: true })
  const limitPrice = fields.number('limitPrice', { isSigned: true })
  if (quantity === 0) fields.refuse('orderQuantity', 'must be larger than or equal to 1', 'number.min')
  const price = orderType === 'Limit' ? limitPrice : 0
  return { orderType, productType, timeInForce: 'DAY', quantity, disclosedQuantity, price, stopPrice: 0 }
}

export function readSegmentName(fields: FieldReader): SegmentName | undefined {
  const name = fields.text('exchangeSegment')
  if (isSegmentName(name)) return name
  if (name !== '') {
    fields.refuse('exchangeSegment', `must be one of [${SEGMENT_NAMES.join(', ')}]`, 'any.allowOnly')
  }
  return undefined
}

export function readSide(fields: FieldReader): OrderSide {
  return fields.choice('orderSide', ['BUY', 'SELL'])
}

/** The order's tag: required though it may be empty, at most 20 characters, of which 18 come back. */
export function readTag(fields: FieldReader): string {
  return fields.text('orderUniqueIdentifier', { maxLength: LONGEST_TAG, mayBeEmpty: true }).slice(0, TAG_KEPT)
}

export interface OrderClient {
  readonly clientCode: string
  readonly echo: string
}

/**
 * Whose order it is; a dealer or pro login that sends no clientID has left out a required field, unless the call can do
 * without one and means the login's own.
 */
export function readOrderClient(
  account: Account,
  fields: FieldReader,
  need: 'required' | 'optional' = 'required',
): OrderClient | Answer {
  const clientID = fields.optionalText('clientID')
  const choice = clientOfOrder(account, clientID)
  switch (choice.kind) {
    case 'client':
      return { clientCode: choice.clientCode, echo: clientID ?? choice.clientCode }
    case 'missing':
      if (need === 'optional') return { clientCode: account.clientCodes[0], echo: account.clientCodes[0] }
      fields.refuse('clientID', 'is required', 'any.required')
      return validationFailure(fields.errors)
    case 'not-mapped':
      return refusal(undefined, NOT_MAPPED)
  }
}

export function isAnswer(value: object): value is Answer {
  return 'status' in value && 'body' in value
}
