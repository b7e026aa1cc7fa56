import { placeOrderSchema, type Instrument, type PlaceOrder } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { approveOrder, checkTarget, isOnTick } from './approve-order'
import { codeThrown, NIFTY_INDEX, NIFTY_OPTION, RELIANCE } from './testing/house'

function order(change: Partial<PlaceOrder> = {}): PlaceOrder {
  const { exchange, symbol } = NIFTY_OPTION
  return placeOrderSchema.parse({
    ...{ exchange, symbol, side: 'BUY', quantity: 65, priceType: 'LIMIT', price: 100 },
    ...change,
  })
}

const ORIGIN = { clientOrderId: 'mine', instrumentsVersion: 'v20261120-1' }

describe('approving an order', () => {
  it('passes an order that fits its instrument, with everything the broker is told', () => {
    expect(approveOrder(order({ clientID: 'CLI7' }), NIFTY_OPTION, ORIGIN)).toMatchObject({
      clientOrderId: 'mine',
      instrumentsVersion: 'v20261120-1',
      clientID: 'CLI7',
      segment: 'NSEFO',
      token: 48225,
      quantity: 65,
      price: 100,
    })
  })

  it.each([1, 64, 66, 129])('refuses %i, which is no multiple of the lot of 65', (quantity) => {
    expect(codeThrown(() => approveOrder(order({ quantity }), NIFTY_OPTION))).toBe(
      'ORDER_QUANTITY_NOT_LOT_MULTIPLE',
    )
  })

  it('takes the freeze quantity itself and refuses one lot more', () => {
    const instrument: Instrument = { ...NIFTY_OPTION, freezeQuantity: 650 }
    expect(codeThrown(() => approveOrder(order({ quantity: 650 }), instrument))).toBeUndefined()
    expect(codeThrown(() => approveOrder(order({ quantity: 715 }), instrument))).toBe(
      'ORDER_QUANTITY_ABOVE_FREEZE',
    )
  })

  it('takes prices at the ends of the band', () => {
    expect(codeThrown(() => approveOrder(order({ price: 0.05 }), NIFTY_OPTION))).toBeUndefined()
    expect(codeThrown(() => approveOrder(order({ price: 5_000 }), NIFTY_OPTION))).toBeUndefined()
  })

  it('checks the trigger like the price, and names it', () => {
    const stop = order({ priceType: 'SL', price: 100, triggerPrice: 99.97 })
    const high = order({ priceType: 'SL', price: 100, triggerPrice: 5_000.05 })
    expect(() => approveOrder(stop, NIFTY_OPTION)).toThrow('triggerPrice 99.97')
    expect(codeThrown(() => approveOrder(high, NIFTY_OPTION))).toBe('ORDER_PRICE_OUTSIDE_BAND')
  })

  it('does not look at the price of a market order', () => {
    expect(
      codeThrown(() => approveOrder(order({ priceType: 'MARKET', price: 0 }), NIFTY_OPTION)),
    ).toBeUndefined()
  })

  it('takes any price where the list states no band, and any quantity where it states no freeze', () => {
    const open: Instrument = { ...RELIANCE, bandLow: undefined, bandHigh: undefined }
    expect(
      codeThrown(() => approveOrder(order({ price: 99_999.95, quantity: 900_000 }), open)),
    ).toBeUndefined()
  })

  it('refuses an index', () => {
    expect(codeThrown(() => approveOrder(order(), NIFTY_INDEX))).toBe('INSTRUMENT_NOT_TRADABLE')
  })

  it('names several problems at once', () => {
    const wrong = order({ priceType: 'SL', price: 100.01, triggerPrice: 9_000.02, quantity: 10 })
    expect(codeThrown(() => approveOrder(wrong, NIFTY_OPTION))).toBe('ORDER_INVALID')
    expect(() => approveOrder(wrong, NIFTY_OPTION)).toThrow(
      /lot size 65.*price 100.01.*triggerPrice 9000.02/s,
    )
  })
})

describe('checking a target', () => {
  it('refuses a target, and a quantity for when flat, that are no multiples of the lot', () => {
    const prices = { price: 0, triggerPrice: 0 }
    expect(codeThrown(() => checkTarget({ ...prices, targetPosition: -66 }, NIFTY_OPTION))).toBe(
      'ORDER_QUANTITY_NOT_LOT_MULTIPLE',
    )
    const whenFlat = { ...prices, targetPosition: 0, whenFlatQuantity: 1 }
    expect(() => checkTarget(whenFlat, NIFTY_OPTION)).toThrow('quantity 1')
  })

  it('takes a target above the freeze limit, because it is sliced', () => {
    const target = { price: 0, triggerPrice: 0, targetPosition: -6_500 }
    expect(codeThrown(() => checkTarget(target, NIFTY_OPTION))).toBeUndefined()
  })
})

describe('the tick', () => {
  it.each([
    [0.15, 0.05],
    [1.1, 0.05],
    [2853.55, 0.05],
    [0.07, 0.01],
    [83.2525, 0.0025],
    [99_999_999.95, 0.05],
    [4.35, 0.01],
  ])('%d is a multiple of %d', (price, tick) => {
    expect(isOnTick(price, tick)).toBe(true)
  })

  it.each([
    [0.16, 0.05],
    [0.150001, 0.05],
    [0.15000000001, 0.05],
    [83.2526, 0.0025],
    [1, 0.3],
  ])('%d is no multiple of %d', (price, tick) => {
    expect(isOnTick(price, tick)).toBe(false)
  })

  it('agrees with whole numbers for every price of up to four decimals', () => {
    const ticks = fc.constantFrom(25, 100, 500, 1_000, 2_500, 10_000)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), ticks, (units, tick) => {
        return isOnTick(units / 10_000, tick / 10_000) === (units % tick === 0)
      }),
    )
  })
})
