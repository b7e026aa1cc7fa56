import type { PriceType } from '@xts-bridge/contracts'

interface AskedPrices {
  readonly pricetype: PriceType
  readonly price: number
  readonly trigger_price: number
}

/**
 * The prices an order of this type has. Tools of the ecosystem send a price with market orders as well, where it means
 * nothing; the bus refuses it there, so it is left out here. A price that is needed and missing is refused by the bus.
 */
export function pricesOf({ pricetype, price, trigger_price }: AskedPrices): {
  readonly price: number
  readonly triggerPrice: number
} {
  return {
    price: pricetype === 'LIMIT' || pricetype === 'SL' ? price : 0,
    triggerPrice: pricetype === 'SL' || pricetype === 'SL-M' ? trigger_price : 0,
  }
}
