import { nearMatches } from './near-matches'
import { listed, listOf } from './testing/lists'

const future = (symbol: string, token: number) => listed(symbol, token, { exchange: 'NFO', segment: 'NSEFO' })
const list = listOf(
  listed('RELIANCE', 1),
  listed('RELINFRA', 2),
  listed('TCS', 3),
  listed('M&M', 4),
  future('NIFTY29DEC26FUT', 5),
  future('NIFTY29DEC2625000CE', 6),
  future('NIFTY29DEC2625000PE', 7),
  future('NIFTY29DEC2625100CE', 8),
  future('NIFTY29DEC2625100PE', 9),
  future('NIFTY29DEC2625200CE', 10),
  listed('NIFTY', 11, { exchange: 'NSE_INDEX' }),
)

describe('near matches of an unknown symbol', () => {
  it.each([
    ['one letter wrong', 'RELIANSE', 'RELIANCE'],
    ['one letter missing', 'RELANCE', 'RELIANCE'],
    ['one letter too many', 'RELLIANCE', 'RELIANCE'],
    ['two letters swapped', 'RELIACNE', 'RELIANCE'],
    ['small letters', 'reliance', 'RELIANCE'],
    ['blanks around it', ' TCS ', 'TCS'],
    ['a missing ampersand', 'MM', 'M&M'],
  ])('with %s begin with the right one', (_, symbol, match) => {
    expect(nearMatches(list, { exchange: 'NSE', symbol })[0]).toBe(match)
  })

  it('name the exchange that has the symbol', () => {
    expect(nearMatches(list, { exchange: 'NSE', symbol: 'NIFTY' })).toContain('NIFTY on NSE_INDEX')
  })

  it('are the contracts that begin alike, at most five', () => {
    const near = nearMatches(list, { exchange: 'NFO', symbol: 'NIFTY29DEC2625150CE' })
    expect(near).toHaveLength(5)
    expect(near).toContain('NIFTY29DEC2625100CE')
  })

  it.each(['', '   ', 'ZZZZZZ', '☃'.repeat(10), 'X'.repeat(5_000)])('are none for %j', (symbol) => {
    expect(nearMatches(list, { exchange: 'MCX', symbol })).toEqual([])
  })
})
