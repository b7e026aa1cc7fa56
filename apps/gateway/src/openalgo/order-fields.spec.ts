import { readPlaceOrder, readSmartOrder } from './order-fields'
import { pythonDictText } from './python-text'
import { FieldsRefused } from './request-fields'

const ORDER = {
  apikey: 'key',
  strategy: 'test',
  symbol: 'RELIANCE',
  exchange: 'NSE',
  action: 'BUY',
  quantity: '10',
}
const SMART = { ...ORDER, position_size: '5' }

function problemText(read: (body: unknown) => unknown, body: unknown): string {
  try {
    read(body)
  } catch (error) {
    if (error instanceof FieldsRefused) return pythonDictText(error.problems)
    throw error
  }
  return 'accepted'
}
const refusalOfOrder = (change: Record<string, unknown>): string =>
  problemText(readPlaceOrder, { ...ORDER, ...change })
const refusalOfSmart = (change: Record<string, unknown>): string =>
  problemText(readSmartOrder, { ...SMART, ...change })

const EXCHANGE_LIST =
  'NSE, NFO, CDS, BSE, BFO, BCD, MCX, NCDEX, NCO, NSE_INDEX, BSE_INDEX, MCX_INDEX, GLOBAL_INDEX, CRYPTO'

describe('the body of placeorder', () => {
  it.each([
    [{ quantity: 0 }, "{'quantity': ['Quantity must be a positive number.']}"],
    [{ quantity: '-3' }, "{'quantity': ['Quantity must be a positive number.']}"],
    [
      { quantity: 1.5 },
      "{'quantity': ['Fractional quantity (1.5) is not allowed for non-crypto exchanges.']}",
    ],
    [{ quantity: 'abc' }, "{'quantity': ['Not a valid number.']}"],
    [{ quantity: '' }, "{'quantity': ['Not a valid number.']}"],
    [{ quantity: '0x10' }, "{'quantity': ['Not a valid number.']}"],
    [{ quantity: true }, "{'quantity': ['Not a valid number.']}"],
    [{ quantity: [10] }, "{'quantity': ['Not a valid number.']}"],
    [{ quantity: null }, "{'quantity': ['Field may not be null.']}"],
    [{ quantity: 'NaN' }, "{'quantity': ['Special numeric values (nan or infinity) are not permitted.']}"],
    [
      { quantity: '-Infinity' },
      "{'quantity': ['Special numeric values (nan or infinity) are not permitted.']}",
    ],
    [{ quantity: '1e999' }, "{'quantity': ['Special numeric values (nan or infinity) are not permitted.']}"],
    [{ price: -1 }, "{'price': ['Price must be a non-negative number.']}"],
    [{ trigger_price: '-0.05' }, "{'trigger_price': ['Trigger price must be a non-negative number.']}"],
    [{ exchange: 'nse' }, `{'exchange': ['Must be one of: ${EXCHANGE_LIST}.']}`],
    [{ action: 'Buy' }, "{'action': ['Must be one of: BUY, SELL, buy, sell.']}"],
    [{ pricetype: 'limit' }, "{'pricetype': ['Must be one of: MARKET, LIMIT, SL, SL-M.']}"],
    [{ product: 'mis' }, "{'product': ['Must be one of: MIS, NRML, CNC.']}"],
    [{ symbol: 5 }, "{'symbol': ['Not a valid string.']}"],
    [{ apikey: '' }, "{'apikey': ['Length must be between 1 and 256.']}"],
    [{ apikey: 'k'.repeat(257) }, "{'apikey': ['Length must be between 1 and 256.']}"],
    [{ disclosed_quantity: '1.0' }, "{'disclosed_quantity': ['Not a valid integer.']}"],
    [
      { disclosed_quantity: -1 },
      "{'disclosed_quantity': ['Disclosed quantity must be a non-negative integer.']}",
    ],
    [{ target: '100' }, "{'target': ['Unknown field.']}"],
    [{ client_order_id: 'mine' }, "{'client_order_id': ['Unknown field.']}"],
    [{ "it's": 1 }, "{\"it's\": ['Unknown field.']}"],
  ])('refuses %j', (change, text) => {
    expect(refusalOfOrder(change)).toBe(text)
  })

  it('names all six required fields of an empty body', () => {
    const missing = ['apikey', 'strategy', 'exchange', 'symbol', 'action', 'quantity']
      .map((field) => `'${field}': ['Missing data for required field.']`)
      .join(', ')
    expect(problemText(readPlaceOrder, {})).toBe(`{${missing}}`)
  })

  it('names every problem at once', () => {
    expect(refusalOfOrder({ quantity: 0, price: 'x', extra: 1 })).toBe(
      "{'quantity': ['Quantity must be a positive number.'], 'price': ['Not a valid number.'], 'extra': ['Unknown field.']}",
    )
  })

  it.each([[[]], ['text'], [5], [null], [undefined]])('refuses %j, which is no object', (body) => {
    expect(problemText(readPlaceOrder, body)).toBe("{'_schema': ['Invalid input type.']}")
  })

  it('does not take a key of every object for a field that was sent', () => {
    const body = JSON.parse('{"__proto__": {"quantity": 10}, "constructor": 1}') as unknown
    expect(problemText(readPlaceOrder, body)).toContain(
      "'__proto__': ['Unknown field.'], 'constructor': ['Unknown field.']",
    )
  })

  it('takes numbers as text, as the SDKs send them', () => {
    const order = readPlaceOrder({ ...ORDER, price: '12.5', trigger_price: ' 12 ', disclosed_quantity: '3' })
    expect(order).toMatchObject({ quantity: 10, price: 12.5, trigger_price: 12, disclosed_quantity: 3 })
  })

  it('fills in what was left out', () => {
    expect(readPlaceOrder(ORDER)).toMatchObject({
      pricetype: 'MARKET',
      product: 'MIS',
      price: 0,
      trigger_price: 0,
      disclosed_quantity: 0,
    })
  })

  it('takes an empty symbol, a whole number as decimal, and an underlying price of null', () => {
    const order = readPlaceOrder({ ...ORDER, symbol: '', disclosed_quantity: 1.0, underlying_ltp: null })
    expect(order).toMatchObject({ symbol: '', disclosed_quantity: 1 })
  })
})

describe('the body of placesmartorder', () => {
  it.each([
    [{ position_size: undefined }, "{'position_size': ['Not a valid number.']}"],
    [{ quantity: -1 }, "{'quantity': ['Quantity must be a non-negative number.']}"],
    [{ position_size: 'flat' }, "{'position_size': ['Not a valid number.']}"],
    [
      { position_size: '1.5' },
      "{'position_size': ['Fractional position_size (1.5) is not allowed for non-crypto exchanges.']}",
    ],
    [{ underlying_ltp: 1 }, "{'underlying_ltp': ['Unknown field.']}"],
    [
      { disclosed_quantity: 5 },
      "{'disclosed_quantity': ['A smart order cannot disclose a part of its quantity; leave it out or send 0.']}",
    ],
  ])('refuses %j', (change, text) => {
    expect(refusalOfSmart(change)).toBe(text)
  })

  it('refuses a body without position_size', () => {
    expect(problemText(readSmartOrder, ORDER)).toBe("{'position_size': ['Missing data for required field.']}")
  })

  it('takes a quantity of 0 and a short target', () => {
    expect(readSmartOrder({ ...SMART, quantity: 0, position_size: '-5' })).toMatchObject({
      quantity: 0,
      position_size: -5,
    })
  })
})
