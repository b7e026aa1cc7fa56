import { differences, shapeOf } from './sample-shape'

const AT_MS = Date.parse('2021-01-27T12:00:00+05:30')
const compare = (sample: unknown, emitted: unknown): string[] =>
  differences(shapeOf(sample, AT_MS), shapeOf(emitted, AT_MS))

describe('the comparison of payloads', () => {
  it('finds nothing between payloads that differ in values alone', () => {
    expect(
      compare({ Price: 1, Name: 'a', Rows: [{ Size: 1 }] }, { Price: 2.5, Name: 'b', Rows: [{ Size: 9 }] }),
    ).toEqual([])
  })

  it('takes a plain number that happens to be whole, or to have two decimals', () => {
    expect(compare({ a: '18465.2', b: '715.175' }, { a: '1300', b: '82.50' })).toEqual([])
  })

  it('takes two decimals with or without commas where the sample is too small to tell', () => {
    expect(compare({ a: '0.05', b: '47.80' }, { a: '1234.05', b: '1,247.80' })).toEqual([])
  })

  it.each<[string, unknown, unknown, string[]]>([
    ['a field that is gone', { a: 1, b: 2 }, { a: 1 }, ['- b (number)']],
    ['a field that is new', { a: 1 }, { a: 1, b: null }, ['+ b (null)']],
    ['a number in a text', { a: 1 }, { a: '1' }, ['a: number -> whole number in text']],
    ['money without commas', { a: '1,485.00' }, { a: '1485.0' }, ['a: money, two decimals, commas -> plain number in text']],
    ['a quantity with decimals', { a: '75' }, { a: '75.00' }, ['a: whole number in text -> money, two decimals, commas']],
    ['another date style', { a: '2021-04-29T09:48:06' }, { a: '29-04-2021 09:48:06' }, ['a: ISO, whole seconds -> dd-MM-yyyy HH:mm:ss']],
    ['another word of an enumeration', { OrderSide: 'Sell' }, { OrderSide: 'SELL' }, ['OrderSide: = "Sell" -> = "SELL"']],
    ['another base of time', { LastUpdateTime: 1296226959 }, { LastUpdateTime: 1611748800 }, ['LastUpdateTime: seconds since 1980 in India -> seconds since 1970 in India']],
    ['a field out of order', { a: 1, b: 2, c: 3 }, { b: 2, c: 3, a: 1 }, ['a stands elsewhere']],
    ['a shorter list', { a: [1, 2] }, { a: [1] }, ['a: list of 2 -> list of 1']],
    ['a field inside JSON inside a text', { a: '{"b":1}' }, { a: '{"c":1}' }, ['- a.b (number)', '+ a.c (number)']],
    ['a key of a partial text', 't:1_2885,ltp:5,ltq:1', 't:1_2885,ltq:1', ['- ltp (number)']],
  ])('finds %s', (_, sample, emitted, expected) => {
    expect(compare(sample, emitted)).toEqual(expected)
  }) // prettier-ignore
})
