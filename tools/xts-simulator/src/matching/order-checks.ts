import type { ListedInstrument } from '../universe/listed-instrument'
import { isCashSegment } from '../universe/segments'
import { toUnits } from './order-book'
import type { OrderSide, OrderTerms } from './sim-order'

/** Refused with the answer to the request itself: the gateway never takes such an order. */
export function gatewayRefusal(terms: OrderTerms, instrument: ListedInstrument): string | undefined {
  if (terms.quantity % instrument.lotSize !== 0)
    return 'Gateway:Supplied Quantity is not in multiple of LotSize.'
  return undefined
}

/** Rejected after the acknowledgement, by an event: what the risk system and the exchange look at. */
export function exchangeRejection(
  terms: OrderTerms,
  side: OrderSide,
  instrument: ListedInstrument,
): string | undefined {
  if (instrument.isIndex) return 'OEMS:Instrument is not tradeable'
  return (
    disclosureRejection(terms, instrument) ??
    freezeRejection(terms, instrument) ??
    priceRejection(terms, instrument) ??
    stopRejection(terms, side)
  )
}

/** The most one order may be for: NSE states its limit plus one, BSE plainly (minus one when it ends in 1). 0 = no limit. */
export function largestOrder(instrument: ListedInstrument): number | undefined {
  const { freezeQuantity, segment } = instrument
  if (freezeQuantity <= 0) return undefined
  if (segment.startsWith('BSE')) return freezeQuantity % 10 === 1 ? freezeQuantity - 1 : freezeQuantity
  return freezeQuantity - 1
}

/** Derivatives are always shown whole. */
function disclosureRejection(terms: OrderTerms, { segment }: ListedInstrument): string | undefined {
  if (terms.disclosedQuantity === 0) return undefined
  if (!isCashSegment(segment)) return 'OEMS:Disclosed quantity is not allowed in this segment'
  return terms.disclosedQuantity > terms.quantity
    ? 'OEMS:Disclosed quantity is more than the order quantity'
    : undefined
}

function freezeRejection(terms: OrderTerms, instrument: ListedInstrument): string | undefined {
  const largest = largestOrder(instrument)
  if (largest === undefined || terms.quantity <= largest) return undefined
  return `Gateway:Freeze Quantity: Required Limit[${terms.quantity}] Freeze Quantity Limit[${largest}]`
}

function priceRejection(terms: OrderTerms, instrument: ListedInstrument): string | undefined {
  const prices = pricesOf(terms)
  const isSpread = instrument.bandLow < 0
  if (!isSpread && prices.some((price) => price <= 0)) return 'OEMS:Order price is not valid'
  const tickUnits = toUnits(instrument.tickSize)
  if (prices.some((price) => toUnits(price) % tickUnits !== 0))
    return 'OEMS:Order price is not in multiple of tick size'
  return prices.some((price) => isOutsideBand(price, instrument))
    ? 'Price should be within LowPriceRange and HighPriceRange'
    : undefined
}

function pricesOf(terms: OrderTerms): number[] {
  switch (terms.orderType) {
    case 'Market':
      return []
    case 'Limit':
      return [terms.price]
    case 'StopMarket':
      return [terms.stopPrice]
    case 'StopLimit':
      return [terms.price, terms.stopPrice]
  }
}

function isOutsideBand(price: number, instrument: ListedInstrument): boolean {
  const { bandHigh, bandLow } = instrument
  return bandHigh > bandLow && (price > bandHigh || price < bandLow)
}

/** The limit of a stop order lies behind its trigger, or it could never trade when triggered. */
function stopRejection(terms: OrderTerms, side: OrderSide): string | undefined {
  if (terms.orderType !== 'StopLimit') return undefined
  if (side === 'BUY' && terms.price < terms.stopPrice)
    return 'OEMS:Limit price is below the trigger price of a buy stop order'
  if (side === 'SELL' && terms.price > terms.stopPrice)
    return 'OEMS:Limit price is above the trigger price of a sell stop order'
  return undefined
}
