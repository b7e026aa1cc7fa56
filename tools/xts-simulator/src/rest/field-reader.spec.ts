import { FieldReader } from './field-reader'

describe('FieldReader', () => {
  it('takes a number written as text', () => {
    expect(new FieldReader({ quantity: '65' }, 'body').number('quantity')).toBe(65)
  })

  it('reports a wrong choice exactly as the broker does', () => {
    const fields = new FieldReader({ orderSide: 'Buy' }, 'body')
    fields.choice('orderSide', ['BUY', 'SELL'])
    // documented: the example of the protocol reference
    expect(fields.errors).toEqual([
      {
        field: ['orderSide'],
        location: 'body',
        messages: ['"orderSide" must be one of [BUY, SELL]'],
        types: ['any.allowOnly'],
      },
    ])
  })

  it('takes other spellings only where asked', () => {
    const fields = new FieldReader({ orderType: 'StopLimit' }, 'body')
    expect(fields.choice('orderType', ['LIMIT', 'STOPLIMIT'], true)).toBe('STOPLIMIT')
    expect(fields.errors).toEqual([])
  })

  it.each<[string, (fields: FieldReader) => unknown, string]>([
    ['a missing field', (fields) => fields.text('none'), 'any.required'],
    ['an empty text', (fields) => fields.text('empty'), 'any.empty'],
    ['a text that is too long', (fields) => fields.text('long', { maxLength: 3 }), 'string.max'],
    ['a number where a text belongs', (fields) => fields.text('number'), 'string.base'],
    ['a word where a number belongs', (fields) => fields.number('long'), 'number.base'],
    ['an empty text where a number belongs', (fields) => fields.number('empty'), 'number.base'],
    [
      'a fraction where a whole number belongs',
      (fields) => fields.number('fraction', { isWhole: true }),
      'number.integer',
    ],
    ['a negative quantity', (fields) => fields.number('negative'), 'number.min'],
    ['an object where a list belongs', (fields) => fields.list('object'), 'array.base'],
  ])('reports %s', (_, read, type) => {
    const fields = new FieldReader(
      { empty: '', long: 'abcd', number: 5, fraction: 1.5, negative: -1, object: {} },
      'query',
    )
    read(fields)
    expect(fields.errors.map((error) => [error.location, ...error.types])).toEqual([['query', type]])
  })

  it('tells the fields nobody asked for', () => {
    const fields = new FieldReader({ a: 'x', b: 1 }, 'body')
    fields.text('a')
    expect(fields.unknownFields()).toEqual(['b'])
  })

  it('reads a body that is no object as having no fields', () => {
    const fields = new FieldReader('nonsense', 'body')
    fields.text('a')
    expect(fields.errors).toHaveLength(1)
  })
})
