import { parseAmount, roundPrice } from './numbers'

it.each([
  [101.5, 101.5],
  [0, 0],
  [-75, -75],
  ['2,853.50', 2853.5],
  ['8206.25', 8206.25],
  ['-8,206.25', -8206.25],
  ['12,34,567.80', 1234567.8],
  ['129.34999999999854', 129.34999999999854],
  ['0.00', 0],
  [' 65 ', 65],
  ['.5', 0.5],
  ['1e3', 1000],
])('reads %j as %d', (value, expected) => {
  expect(parseAmount(value)).toBe(expected)
})

it.each([undefined, null, '', '   ', 'NaN'])('takes %j for none', (value) => {
  expect(parseAmount(value)).toBeUndefined()
})

it.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  'abc',
  '12a',
  '1.2.3',
  '--5',
  ',',
  '.',
  '-',
  '1,2',
  ',500',
  '1e999',
  '0x10',
  'Infinity',
  true,
  {},
  [],
])('finds %p unreadable', (value) => {
  expect(parseAmount(value)).toBe('unreadable')
})

it('rounds a computed price to the four decimals that an exchange quotes', () => {
  expect(roundPrice(0.1 + 0.2)).toBe(0.3)
  expect(roundPrice(82.5325)).toBe(82.5325)
})
