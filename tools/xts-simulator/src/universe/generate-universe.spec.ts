import { generateUniverse } from './generate-universe'
import { instrumentId } from './master-rows'
import { referencePrice } from './reference-price'
import type { SegmentName } from './segments'

const TODAY = '2026-11-20'
const universe = generateUniverse(7, TODAY)
const cells = new Map(
  universe.segments.map((segment) => [
    segment,
    universe
      .masterText([segment])
      .split('\n')
      .map((row) => row.split('|')),
  ]),
)
const rows = (segment: SegmentName): string[][] => cells.get(segment) ?? []

describe('the generated universe', () => {
  it('has at least 100,000 instruments over the four segments', () => {
    expect(universe.count).toBeGreaterThanOrEqual(100_000)
    expect(universe.segments).toEqual(['NSECM', 'NSEFO', 'BSECM', 'BSEFO'])
  })

  it.each(['NSECM', 'BSECM'] as const)('writes every row of %s with 22 columns', (segment) => {
    expect(new Set(rows(segment).map((columns) => columns.length))).toEqual(new Set([22]))
  })

  it.each(['NSEFO', 'BSEFO'] as const)(
    'writes options of %s with 23 columns, futures and spreads with 21',
    (segment) => {
      const isWrong = (columns: string[]): boolean => columns.length !== (columns[2] === '2' ? 23 : 21)
      expect(rows(segment).filter(isWrong)).toEqual([])
    },
  )

  it.each(['NSECM', 'NSEFO', 'BSECM', 'BSEFO'] as const)(
    'gives each instrument of %s a token of its own',
    (segment) => {
      const tokens = rows(segment).map((columns) => columns[1])
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens).toHaveLength(universe.countOf(segment))
    },
  )

  it('finds the well-known shares under their real tokens', () => {
    const names = [2885, 3045, 1594, 11536, 1333].map((token) => universe.find('NSECM', token)?.name)
    expect(names).toEqual(['RELIANCE', 'SBIN', 'INFY', 'TCS', 'HDFCBANK'])
  })

  it('lists only contracts that have not expired', () => {
    const expiries = rows('NSEFO').map((columns) => columns[16]?.slice(0, 10) ?? '')
    expect(expiries.every((expiry) => expiry >= TODAY)).toBe(true)
    expect(expiries).toContain('2026-11-24')
  })

  it('has futures, spreads and options of NIFTY, BANKNIFTY and SENSEX', () => {
    const kinds = (segment: SegmentName, name: string): Set<string | undefined> =>
      new Set(
        rows(segment)
          .filter((columns) => columns[3] === name)
          .map((columns) => columns[2]),
      )
    expect(kinds('NSEFO', 'NIFTY')).toEqual(new Set(['1', '2', '4']))
    expect(kinds('NSEFO', 'BANKNIFTY')).toEqual(new Set(['1', '2', '4']))
    expect(kinds('BSEFO', 'SENSEX')).toEqual(new Set(['1', '2', '4']))
  })

  it('states the NSE freeze limit plus one and the BSE limit plainly', () => {
    const freeze = (segment: SegmentName, description: string): string | undefined =>
      rows(segment).find((columns) => columns[4] === description)?.[10]
    expect(freeze('NSEFO', 'NIFTY26NOVFUT')).toBe('1801')
    expect(freeze('BSEFO', 'SENSEX26NOVFUT')).toBe('500')
    expect(freeze('BSEFO', 'SENSEX26NOV83800CE')).toBe('1000')
  })

  it('has several series and the test symbols of the exchange', () => {
    const series = new Set(rows('NSECM').map((columns) => columns[5]))
    for (const name of ['EQ', 'BE', 'SM', 'SG', 'GS', 'N1']) expect(series).toContain(name)
    expect(rows('NSECM').some((columns) => columns[3] === '011NSETEST')).toBe(true)
  })

  it('lists NSE indices by name and BSE indices as SPOT rows', () => {
    expect(universe.indexList('NSECM')).toContain('NIFTY 50_26000')
    expect(universe.indexList('BSECM')).toContain('SENSEX_26065')
    expect(universe.find('NSECM', 26000)?.isIndex).toBe(true)
    expect(universe.find('BSECM', 26065)?.isIndex).toBe(true)
  })

  it('builds the same world from the same seed, and another from another', () => {
    const small = (seed: number): string => generateUniverse(seed, TODAY, 'small').masterText(['NSECM'])
    const first = small(3)
    expect(small(4)).not.toBe(first)
    expect(small(3)).toBe(first)
  })

  it('knows nothing of tokens it never listed', () => {
    expect(universe.find('NSECM', 99)).toBeUndefined()
    expect(universe.find('MCXFO', 2885)).toBeUndefined()
  })
})

describe('instrumentId', () => {
  it('is segment, year digit and day of year, and eight digits of token', () => {
    // documented: 24 February is day 55, 16 September 2022 is day 259
    expect(instrumentId('NSEFO', 96594, '2026-02-24')).toBe('2605500096594')
    expect(instrumentId('NSECD', 4429, '2022-09-16')).toBe('3225900004429')
  })

  it('has 1001 in the middle for shares and spreads', () => {
    expect(instrumentId('BSECM', 500325)).toBe('11100100500325')
  })
})

describe('referencePrice', () => {
  it('is the middle of the band of a share', () => {
    const reliance = universe.find('NSECM', 2885)
    expect(reliance && referencePrice(reliance, universe, TODAY)).toBeCloseTo(1457.9, 6)
  })

  it('puts call minus put of one strike at spot minus strike', () => {
    const price = (description: string): number => {
      const row = rows('NSEFO').find((columns) => columns[4] === description)
      const option = universe.find('NSEFO', Number(row?.[1]))
      return option ? referencePrice(option, universe, TODAY) : Number.NaN
    }
    expect(price('NIFTY26D0125500CE') - price('NIFTY26D0125500PE')).toBeCloseTo(200, 1)
  })
})
