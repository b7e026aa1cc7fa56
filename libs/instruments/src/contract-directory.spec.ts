import { SEGMENTS, type ListedInstrument, type Segment } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { ContractDirectory } from './contract-directory'
import type { ListPage, OptionChainQuery, PageQuery } from './list-queries'
import { listed, listOf } from './testing/lists'

function option(name: string, expiry: string, strike: number, type: 'CE' | 'PE'): ListedInstrument {
  const symbol = `${name}${expiry.replaceAll('-', '')}${strike}${type}`
  return contract(symbol, name, { expiry, strike, instrumentType: type })
}

let token = 1
function contract(symbol: string, name: string, more: Partial<ListedInstrument>): ListedInstrument {
  return listed(symbol, (token += 1), { exchange: 'NFO', segment: 'NSEFO', name, ...more })
}

const LIST = listOf(
  contract('NIFTY31DEC26FUT', 'NIFTY', { expiry: '31-DEC-26', instrumentType: 'FUT' }),
  contract('NIFTY26NOV26FUT', 'NIFTY', { expiry: '26-NOV-26', instrumentType: 'FUT' }),
  contract('NIFTY26NOV31DECSPD', 'NIFTY', { expiry: '26-NOV-26', instrumentType: 'SPREAD' }),
  ...[24_600, 24_400, 24_500, 24_300].flatMap((strike) => [
    option('NIFTY', '26-NOV-26', strike, 'PE'),
    option('NIFTY', '26-NOV-26', strike, 'CE'),
  ]),
  option('NIFTY', '07-JAN-27', 24_500, 'CE'),
  option('NIFTYNXT50', '26-NOV-26', 70_000, 'CE'),
  listed('NIFTY', 26_000, { exchange: 'NSE_INDEX', instrumentType: 'INDEX' }),
  contract('SENSEX26NOV26FUT', 'SENSEX', {
    exchange: 'BFO',
    segment: 'BSEFO',
    expiry: '26-NOV-26',
    instrumentType: 'FUT',
  }),
  listed('RELIANCE', 2885),
)
const directory = ContractDirectory.of(LIST)

describe('expiries of an underlying', () => {
  it.each([
    [undefined, ['26-NOV-26', '31-DEC-26', '07-JAN-27']],
    ['futures', ['26-NOV-26', '31-DEC-26']],
    ['options', ['26-NOV-26', '07-JAN-27']],
  ] as const)('of kind %s come once each, by date', (kind, expected) => {
    expect(directory.expiries({ exchange: 'NFO', underlying: 'NIFTY', kind })).toEqual(expected)
  })

  it('are those of its contracts’ exchange when the index’s own is given', () => {
    expect(directory.expiries({ exchange: 'NSE_INDEX', underlying: ' nifty ' })).toHaveLength(3)
    expect(directory.expiries({ exchange: 'BSE_INDEX', underlying: 'SENSEX' })).toEqual(['26-NOV-26'])
  })

  it.each([
    ['NFO', 'SENSEX'],
    ['BFO', 'NIFTY'],
    ['MCX', 'NIFTY'],
    ['NSE', 'RELIANCE'],
    ['NFO', 'NIFT'],
    ['NFO', ''],
    ['NFO', 'constructor'],
  ] as const)('are none for %s %s', (exchange, underlying) => {
    expect(directory.expiries({ exchange, underlying })).toEqual([])
  })
})

describe('an option chain', () => {
  const chain = (more: Partial<OptionChainQuery> = {}): ReturnType<ContractDirectory['optionChain']> =>
    directory.optionChain({ exchange: 'NFO', underlying: 'NIFTY', expiry: '26-NOV-26', ...more })
  const strikes = (more: Partial<OptionChainQuery>): readonly number[] =>
    chain(more).strikes.map(({ strike }) => strike)

  it('has each strike once, upwards, with its call and put', () => {
    expect(strikes({})).toEqual([24_300, 24_400, 24_500, 24_600])
    expect(chain().strikes[2]).toMatchObject({
      strike: 24_500,
      call: { symbol: 'NIFTY26NOV2624500CE' },
      put: { symbol: 'NIFTY26NOV2624500PE' },
    })
    expect(chain()).not.toHaveProperty('atTheMoney')
  })

  it('has no side that is not listed', () => {
    expect(chain({ expiry: '07-JAN-27' }).strikes).toEqual([
      { strike: 24_500, call: expect.objectContaining({ expiry: '07-JAN-27' }) },
    ])
  })

  it.each([
    [24_449, 24_400],
    [24_450, 24_400],
    [24_451, 24_500],
    [1, 24_300],
    [1e9, 24_600],
  ])('at %d has %d at the money', (around, atTheMoney) => {
    expect(chain({ around }).atTheMoney).toBe(atTheMoney)
  })

  it.each([
    [24_500, 1, [24_400, 24_500, 24_600]],
    [24_600, 1, [24_500, 24_600]],
    [24_300, 2, [24_300, 24_400, 24_500]],
    [24_400, 100, [24_300, 24_400, 24_500, 24_600]],
    [24_400, 0, [24_400]],
  ])('around %d has %d strikes on each side', (around, strikeCount, expected) => {
    expect(strikes({ around, strikeCount })).toEqual(expected)
  })

  it.each([
    { expiry: '27-NOV-26' },
    { underlying: 'NIFTYNXT' },
    { exchange: 'BFO' },
    { expiry: 'soon' },
  ] as const)('is empty for %j', (other) => {
    expect(chain({ ...other, around: 24_500 })).toEqual({ atTheMoney: undefined, strikes: [] })
  })
})

describe('pages', () => {
  const symbolsOf = (page: ListPage): readonly string[] => page.instruments.map(({ symbol }) => symbol)

  it('go through an exchange by symbol', () => {
    const first = directory.page({ exchange: 'BFO', limit: 10 })
    expect(symbolsOf(first)).toEqual(['SENSEX26NOV26FUT'])
    expect(first.next).toBeUndefined()
    expect(symbolsOf(directory.page({ exchange: 'NSE_INDEX', limit: 1 }))).toEqual(['NIFTY'])
  })

  it('are empty for an exchange, a segment or a position that has nothing', () => {
    for (const query of [
      { exchange: 'MCX' },
      { segment: 'MCXFO' },
      { from: 1e6 },
      { exchange: 'NSE', from: 1e6 },
    ] as const) {
      expect(directory.page({ ...query, limit: 5 })).toEqual({ instruments: [] })
    }
    expect(directory.page({ exchange: 'NSE', segment: 'NSEFO', limit: 5 }).instruments).toEqual([])
  })

  it('give each instrument that fits exactly once, whatever their size', () => {
    const segments = Object.keys(SEGMENTS) as Segment[]
    const query = fc.record({
      limit: fc.integer({ min: 1, max: 40 }),
      exchange: fc.constantFrom(undefined, 'NFO', 'NSE', 'NSE_INDEX', 'BFO', 'CDS'),
      segment: fc.constantFrom(undefined, ...segments),
    }) as fc.Arbitrary<PageQuery>
    fc.assert(
      fc.property(query, (asked) => {
        const seen: string[] = []
        for (let from: number | undefined = 0, rounds = 0; from !== undefined; rounds += 1) {
          const page = directory.page(rounds === 0 ? asked : { ...asked, from })
          expect(page.instruments.length).toBeLessThanOrEqual(asked.limit)
          seen.push(...symbolsOf(page))
          from = page.next
        }
        const fitting = [...LIST.listed()].filter(
          ({ exchange, segment }) =>
            (asked.exchange ?? exchange) === exchange && (asked.segment ?? segment) === segment,
        )
        expect([...seen].sort()).toEqual(fitting.map(({ symbol }) => symbol).sort())
      }),
      { numRuns: 60 },
    )
  })
})

it('is the same when made in steps', async () => {
  let pauses = 0
  const inSteps = await ContractDirectory.inSteps(LIST, () => {
    pauses += 1
    return Promise.resolve()
  })
  expect(pauses).toBeGreaterThan(0)
  expect(inSteps.underlyings).toEqual(directory.underlyings)
})
