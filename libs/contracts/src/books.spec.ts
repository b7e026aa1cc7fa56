import { bookSchema, convertPositionSchema, isAboutOrder, openPositionSchema, positionsSchema } from './books'
import { orderHistorySchema } from './order'

const fieldsOf = (
  schema: typeof bookSchema | typeof convertPositionSchema,
  data: unknown,
): readonly string[] =>
  (schema.safeParse(data).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : issue.path.map(String),
  )

describe('the book requests', () => {
  it('are answered from what is known unless asked afresh', () => {
    expect(bookSchema.parse({})).toEqual({ fresh: false })
    expect(positionsSchema.parse({ clientID: 'CLI7' })).toEqual({
      clientID: 'CLI7',
      fresh: false,
      native: false,
    })
    expect(orderHistorySchema.parse({ orderId: 'o1' })).toEqual({ orderId: 'o1', fresh: false })
  })

  it('refuse every field that is wrong, at once', () => {
    expect(fieldsOf(bookSchema, { account: 'A B', clientID: '', fresh: 1, native: true })).toEqual([
      'account',
      'clientID',
      'fresh',
      'native',
    ])
  })

  it.each(['exchange', 'symbol', 'product'])('book.open-position needs %s', (field) => {
    const whole = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS' }
    expect(openPositionSchema.safeParse(whole).success).toBe(true)
    expect(openPositionSchema.safeParse({ ...whole, [field]: undefined }).success).toBe(false)
  })
})

describe('position.convert', () => {
  const WHOLE = { exchange: 'NSE', symbol: 'SBIN', fromProduct: 'MIS', toProduct: 'CNC', quantity: 5 }

  it('takes the whole position unless told otherwise', () => {
    expect(convertPositionSchema.parse(WHOLE)).toEqual({ ...WHOLE, isDayWise: false })
  })

  it.each(['exchange', 'symbol', 'fromProduct', 'toProduct', 'quantity'])('needs %s', (field) => {
    expect(fieldsOf(convertPositionSchema, { ...WHOLE, [field]: undefined })).toEqual([field])
  })

  it.each([
    [{ quantity: 0 }, 'quantity'],
    [{ quantity: -5 }, 'quantity'],
    [{ quantity: 1.5 }, 'quantity'],
    [{ quantity: '5' }, 'quantity'],
    [{ toProduct: 'MIS' }, 'toProduct'],
    [{ toProduct: 'BO' }, 'toProduct'],
    [{ side: 'BUY' }, 'side'],
  ])('refuses %j', (change, field) => {
    expect(fieldsOf(convertPositionSchema, { ...WHOLE, ...change })).toEqual([field])
  })
})

it.each([
  [{ order: { orderId: 'o1' } }, true],
  [{ difference: { type: 'fills-missing' }, foundAtMs: 1 }, false],
  [{ order: undefined }, false],
  [null, false],
  ['order', false],
])('tells whether an event %j is about one order: %s', (data, isIt) => {
  expect(isAboutOrder(data)).toBe(isIt)
})
