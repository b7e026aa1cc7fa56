import type { OrderEvidence, OrderTerms } from '@xts-bridge/persistence'
import type { OrderFacts } from './order-state'

/**
 * The terms an order has now: those of its newest row, else those it was placed with. A stop that was triggered is a limit
 * or market order from then on; its trigger is spent, although rows keep it.
 */
export function termsOf({ order, lastRow }: OrderFacts): OrderTerms {
  const { product, validity, quantity, disclosedQuantity, price, triggerPrice, priceType } = order
  const placed = { product, validity, quantity, disclosedQuantity, price, triggerPrice, priceType }
  if (lastRow === undefined) return placed
  return {
    ...placed,
    priceType: lastRow.priceType,
    product: lastRow.product,
    validity: lastRow.validity,
    quantity: lastRow.quantity,
    price: hasPrice(lastRow.priceType) ? lastRow.price : 0,
    triggerPrice: hasTrigger(lastRow.priceType) ? lastRow.triggerPrice : 0,
  }
}

/** True when the row has these terms; rows do not tell the disclosed quantity. */
export function showsTerms(row: OrderEvidence, terms: OrderTerms): boolean {
  return (
    row.quantity === terms.quantity &&
    row.product === terms.product &&
    row.validity === terms.validity &&
    isPricedAs(row, terms)
  )
}

export function sameTerms(one: OrderTerms, other: OrderTerms): boolean {
  const names = ['priceType', 'product', 'validity', 'quantity', 'price', 'triggerPrice'] as const
  return names.every((name) => one[name] === other[name])
}

export function hasPrice(priceType: OrderTerms['priceType']): boolean {
  return priceType === 'LIMIT' || priceType === 'SL'
}

export function hasTrigger(priceType: OrderTerms['priceType']): boolean {
  return priceType === 'SL' || priceType === 'SL-M'
}

/** A stop that triggered meanwhile reads as what it became, and still names its trigger. */
function isPricedAs(row: OrderEvidence, { priceType, price, triggerPrice }: OrderTerms): boolean {
  const becomes = { SL: 'LIMIT', 'SL-M': 'MARKET', LIMIT: undefined, MARKET: undefined }[priceType]
  if (row.priceType !== priceType && row.priceType !== becomes) return false
  if (hasPrice(priceType) && row.price !== price) return false
  return !hasTrigger(priceType) || row.triggerPrice === triggerPrice
}
