import { parseMasterRow, type ListedInstrument } from '../universe/listed-instrument'
import { exchangeRejection, gatewayRefusal, largestOrder } from './order-checks'
import type { OrderTerms } from './sim-order'

const nifty = parseMasterRow(
  'NSEFO|49229|1|NIFTY|NIFTY26JANFUT|FUTIDX|NIFTY-FUTIDX|2602700049229|28369.8|23211.8|1801|0.1|65|1|-1|Nifty 50|2026-01-27T14:30:00|NIFTY 27JAN2026|1|1|NIFTY26JANFUT',
) as ListedInstrument

const terms = (changes: Partial<OrderTerms>): OrderTerms => ({
  orderType: 'Limit',
  productType: 'NRML',
  timeInForce: 'DAY',
  quantity: 65,
  disclosedQuantity: 0,
  price: 25_700,
  stopPrice: 0,
  ...changes,
})

describe('order checks', () => {
  it('passes a good order', () => {
    expect(gatewayRefusal(terms({}), nifty)).toBeUndefined()
    expect(exchangeRejection(terms({}), 'BUY', nifty)).toBeUndefined()
  })

  it('refuses a quantity that is no multiple of the lot in the gateway', () => {
    expect(gatewayRefusal(terms({ quantity: 66 }), nifty)).toBe(
      'Gateway:Supplied Quantity is not in multiple of LotSize.',
    )
  })

  it.each<[string, Partial<OrderTerms>, string]>([
    [
      'above the freeze limit',
      { quantity: 65 * 28 },
      'Gateway:Freeze Quantity: Required Limit[1820] Freeze Quantity Limit[1800]',
    ],
    ['off the tick', { price: 25_700.05 }, 'OEMS:Order price is not in multiple of tick size'],
    ['above the band', { price: 28_370 }, 'Price should be within LowPriceRange and HighPriceRange'],
    ['below the band', { price: 23_211.7 }, 'Price should be within LowPriceRange and HighPriceRange'],
    ['without a price', { price: 0 }, 'OEMS:Order price is not valid'],
    [
      'with a trigger off the tick',
      { orderType: 'StopMarket', stopPrice: 25_700.03 },
      'OEMS:Order price is not in multiple of tick size',
    ],
    [
      'with a limit before its trigger',
      { orderType: 'StopLimit', stopPrice: 25_701 },
      'OEMS:Limit price is below the trigger price of a buy stop order',
    ],
  ])('rejects a buy %s', (_, changes, reason) => {
    expect(exchangeRejection(terms(changes), 'BUY', nifty)).toBe(reason)
  })

  it('does not look at the price of a market order', () => {
    expect(exchangeRejection(terms({ orderType: 'Market', price: 0 }), 'SELL', nifty)).toBeUndefined()
  })

  it('rejects every order on an index', () => {
    expect(exchangeRejection(terms({}), 'BUY', { ...nifty, isIndex: true })).toBe(
      'OEMS:Instrument is not tradeable',
    )
  })

  it('reads freeze limits by the convention of each exchange', () => {
    expect(largestOrder(nifty)).toBe(1800)
    expect(largestOrder({ ...nifty, segment: 'BSEFO', freezeQuantity: 1000 })).toBe(1000)
    expect(largestOrder({ ...nifty, segment: 'BSEFO', freezeQuantity: 901 })).toBe(900)
    expect(largestOrder({ ...nifty, freezeQuantity: 0 })).toBeUndefined()
  })
})
