import { AppError } from './app-error'
import { placeOrderSchema, smartOrderSchema } from './order'
import { parseRequest } from './problems'

const limit = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  side: 'BUY',
  quantity: 10,
  priceType: 'LIMIT',
  product: 'MIS',
  price: 1300.5,
}

const messagesOf = (schema: Parameters<typeof parseRequest>[0], data: unknown): string => {
  try {
    parseRequest(schema, data)
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.message : String(error)
  }
}

describe('order.place', () => {
  it('fills in what was left out', () => {
    const market = { exchange: 'NSE', symbol: 'RELIANCE', side: 'SELL', quantity: 1 }
    expect(parseRequest(placeOrderSchema, market)).toEqual({
      ...market,
      priceType: 'MARKET',
      product: 'MIS',
      validity: 'DAY',
      price: 0,
      triggerPrice: 0,
      disclosedQuantity: 0,
    })
  })

  it.each(['exchange', 'symbol', 'side', 'quantity'])(
    'refuses a request without %s and names it',
    (field) => {
      const { [field as keyof typeof limit]: _, ...rest } = limit
      expect(messagesOf(placeOrderSchema, rest)).toContain(`${field} is missing`)
    },
  )

  it.each([
    [{ quantity: 0 }, 'quantity must be greater than 0'],
    [{ quantity: -5 }, 'quantity'],
    [{ quantity: 1.5 }, 'quantity must be a whole number'],
    [{ quantity: '10' }, 'quantity'],
    [{ quantity: null }, 'quantity'],
    [{ price: 0 }, 'price must be greater than 0 for a LIMIT order'],
    [{ price: -1 }, 'price'],
    [{ price: Number.NaN }, 'price'],
    [{ triggerPrice: 5 }, 'triggerPrice must be 0 or left out for a LIMIT order'],
    [{ priceType: 'SL' }, 'triggerPrice must be greater than 0 for a SL order'],
    [{ priceType: 'MARKET' }, 'price must be 0 or left out for a MARKET order'],
    [{ priceType: 'limit' }, 'priceType'],
    [{ side: 'Buy' }, 'side'],
    [{ product: 'BO' }, 'product'],
    [{ exchange: 'NYSE' }, 'exchange'],
    [{ validity: 'GTC' }, 'validity'],
    [{ account: 'No Such' }, 'account must be 1 to 32 characters'],
    [{ symbol: '' }, 'symbol'],
    [{ stoploss: 3 }, 'stoploss is not a known field'],
  ])('refuses %j and says why', (change, sentence) => {
    expect(messagesOf(placeOrderSchema, { ...limit, ...change })).toContain(sentence)
  })

  it('names all problems at once', () => {
    const message = messagesOf(placeOrderSchema, {
      exchange: 'NYSE',
      symbol: 'X',
      side: 'HOLD',
      quantity: -1,
    })
    expect(message).toEqual(expect.stringMatching(/exchange.*side.*quantity/s))
  })
})

describe('order.smart', () => {
  const target = { exchange: 'NFO', symbol: 'NIFTY27JAN26FUT', targetPosition: -65, product: 'NRML' }

  it('accepts a negative target', () => {
    expect(parseRequest(smartOrderSchema, target)).toMatchObject({ targetPosition: -65, priceType: 'MARKET' })
  })

  it.each([
    [{ targetPosition: undefined }, 'targetPosition is missing'],
    [{ targetPosition: 1.5 }, 'targetPosition must be a whole number'],
    [{ targetPosition: '65' }, 'targetPosition'],
    [{ quantity: 65 }, 'quantity is not a known field'],
    [{ whenFlat: { side: 'BUY' } }, 'whenFlat.quantity is missing'],
  ])('refuses %j and says why', (change, sentence) => {
    expect(messagesOf(smartOrderSchema, { ...target, ...change })).toContain(sentence)
  })
})
