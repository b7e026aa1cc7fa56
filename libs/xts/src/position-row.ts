import {
  optionalAmount,
  optionalText,
  requiredAmount,
  requiredCount,
  requiredText,
  requiredWhole,
  type XtsRecord,
} from './fields'
import { fromXtsProduct, fromXtsSegmentName } from './mapping'
import type { BrokerPosition } from './model'
import { Unreadable } from './unreadable'

/**
 * Reads a row of the position book, or the payload of a `position` event, which names the same things otherwise (message
 * 9002). Quantities must be there and whole; an average may be missing or NaN, and is then 0, as nothing was traded.
 * Throws Unreadable, or NotOurs.
 */
export function parsePositionRow(row: XtsRecord): BrokerPosition {
  const segment = fromXtsSegmentName(requiredText(row, 'ExchangeSegment'))
  const product = fromXtsProduct(requiredText(row, 'ProductType'))
  const multiplier = requiredAmount(row, 'Multiplier')
  if (multiplier <= 0) throw new Unreadable(`Multiplier is not positive: ${multiplier}`)
  return {
    clientID: optionalText(row, 'AccountID', 'ClientID') ?? '',
    segment,
    token: requiredWhole(row, 'ExchangeInstrumentId', 'ExchangeInstrumentID'),
    product,
    quantity: requiredWhole(row, 'Quantity', 'NetPosition'),
    buyQuantity: requiredCount(row, 'OpenBuyQuantity', 'LongPosition'),
    sellQuantity: requiredCount(row, 'OpenSellQuantity', 'ShortPosition'),
    buyAveragePrice: optionalAmount(row, 'BuyAveragePrice') ?? 0,
    sellAveragePrice: optionalAmount(row, 'SellAveragePrice') ?? 0,
    multiplier,
  }
}
