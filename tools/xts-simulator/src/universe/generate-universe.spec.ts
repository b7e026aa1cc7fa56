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
  it('has at least 100,000 instruments over the seven segments', () => {
    expect(universe.count).toBeGreaterThanOrEqual(100_000)
    expect(universe.segments).toEqual(['NSECM', 'NSEFO', 'BSECM', 'BSEFO', 'NSECD', 'BSECD', 'MCXFO'])
  })

  it.each(['NSECM', 'BSECM'] as const)('writes every row of %s with 22 columns', (segment) => {
    expect(new Set(rows(segment).map((columns) => columns.length))).toEqual(new Set([22]))
  })

  it.each(['NSEFO', 'BSEFO', 'NSECD', 'BSECD', 'MCXFO'] as const)(
    'writes options of %s with 23 columns, futures and spreads with 21, what they refer to with 18',
    (segment) => {
      const widths: Record<string, number> = { '1': 21, '2': 23, '4': 21, '16': 18 }
      const isWrong = (columns: string[]): boolean => columns.length !== widths[columns[2] ?? '']
      expect(rows(segment).filter(isWrong)).toEqual([])
    },
  )

  it.each(['NSECM', 'NSEFO', 'BSECM', 'BSEFO', 'NSECD', 'BSECD', 'MCXFO'] as const)(
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

  it('writes every InstrumentID by the formula: segment, expiry, token', () => {
    const isWrong = ([segment, token, type, , , , , id, , , , , , , , , expiry]: string[]): boolean => {
      const isDated = type === '1' || type === '2'
      return id !== instrumentId(segment as SegmentName, Number(token), isDated ? expiry : undefined)
    }
    expect(universe.segments.flatMap((segment) => rows(segment).filter(isWrong))).toEqual([])
  })

  it('lists rupee pairs by week and month and cross pairs by month, one lot each, worth 1000 units', () => {
    const terms = (description: string): (string | undefined)[] | undefined => {
      const row = rows('NSECD').find((columns) => columns[4] === description)
      return row && [row[5], row[10], row[11], row[12], row[13], row[14], row[15], row[16]]
    }
    // 27 November 2026 is a Friday and the last working day but one of its month is the 26th
    expect(terms('USDINR26NOVFUT')).toEqual([
      'FUTCUR', '10001', '0.0025', '1', '1000', '3100100000001', '', '2026-11-26T14:30:00',
    ]) // prettier-ignore
    expect(terms('USDINR26D04FUT')?.[7]).toBe('2026-12-04T14:30:00')
    expect(terms('EURUSD26DEC1.155PE')).toEqual([
      'OPTCUR', '10001', '0.0001', '1', '79743.3', '3100100000041', '', '2026-12-29T14:30:00',
    ]) // prettier-ignore
    expect(terms('USDJPY26NOVFUT')?.[4]).toBe('589.3000000000001')
    expect(terms('USDJPY26NOV26DECFUT')?.[5]).toBe('-1')
    expect(rows('NSECD').find((columns) => columns[4] === 'USDINR-UNDCUR')?.slice(0, 3)).toEqual([
      'NSECD', '1', '16',
    ]) // prettier-ignore
  })

  it('lists commodities in lots with the contract size as multiplier, and options on futures', () => {
    const row = (description: string): string[] =>
      rows('MCXFO').find((columns) => columns[4] === description) ?? []
    const gold = row('GOLD26DECFUT')
    expect([gold[5], gold[10], gold[11], gold[12], gold[13], gold[14], gold[15], gold[16]]).toEqual([
      'FUTCOM', '11', '1', '1', '100', '-1', 'GOLD', '2026-12-04T23:30:00',
    ]) // prettier-ignore
    const option = row('GOLD26NOV122500CE')
    expect([option[5], option[14], option[18]]).toEqual(['OPTFUT', gold[7], '3'])
    expect(row('CRUDEOIL26DECFUT')[16]).toBe('2026-12-18T23:30:00')
    expect(rows('MCXFO').find((columns) => columns[5] === 'COMDTY')).toEqual([
      'MCXFO', '1001', '16', 'GOLD', 'GOLD', 'COMDTY', 'GOLD-COMDTY', '5110010' + '0001001', '134860', '110340', '0', '1', '1', '1',
      'GOLD', 'GOLD', '1', '1',
    ]) // prettier-ignore
  })

  it('keeps every price of a band on the tick of its contract', () => {
    const isOff = ([, , , , , , , , high, low, , tick]: string[]): boolean =>
      [Number(high), Number(low)].some((price) => {
        const ticks = price / Number(tick)
        return Math.abs(ticks - Math.round(ticks)) > 1e-6
      })
    const contracts = (['NSECD', 'BSECD', 'MCXFO'] as const).flatMap(rows)
    expect(contracts.filter(isOff)).toEqual([])
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

  it('lists nothing in a segment that is not enabled', () => {
    const cash = universe.limitedTo(['BSECM'])
    expect(cash.segments).toEqual(['BSECM'])
    expect(cash.masterText(['NSEFO'])).toBe('')
    expect([cash.find('NSECM', 2885), cash.find('NSECM', 26_000)]).toEqual([undefined, undefined])
    expect(cash.indexList('NSECM')).toEqual([])
    expect(cash.find('BSECM', 500_325)?.name).toBe('RELIANCE')
  })

  it('writes the NSE indices as rows of NSECM where a gateway does so', () => {
    const text = universe.masterText(['NSECM'], { layout: '2026', hasIndexRows: true })
    // documented: the one sample line of such a gateway
    expect(text.split('\n')).toContain(
      'NSECM|26000|16|NIFTY 50|NIFTY 50-SPOT|SPOT|NIFTY 50-SPOT|1100100026000|0|0|0|0.05|1|1|undefined|NIFTY 50|1|1|NIFTY 50-SPOT|-1|-1|-1',
    )
  })
})

describe('questions to the universe', () => {
  it('names each series once', () => {
    expect(universe.seriesOf('NSEFO')).toEqual(
      expect.arrayContaining(['FUTIDX', 'OPTIDX', 'FUTSTK', 'OPTSTK']),
    )
    expect(new Set(universe.seriesOf('NSEFO')).size).toBe(4)
    expect(universe.limitedTo(['BSECM']).seriesOf('NSEFO')).toEqual([])
  })

  it('finds by symbol and series, and not a longer name', () => {
    const found = universe.named('NSEFO', 'NIFTY', 'FUTIDX')
    expect(new Set(found.map((row) => row.name))).toEqual(new Set(['NIFTY']))
    expect(found.filter((row) => row.instrumentType === 1)).toHaveLength(3)
  })

  it('searches in any case and stops at the limit', () => {
    expect(universe.search('relian', 3).map((row) => row.name)).toEqual(['RELIANCE', 'RELIANCE', 'RELIANCE'])
    const strike = universe.search('nifty 25500 ce', 100).map((row) => row.displayName)
    expect(strike).toContain('NIFTY 24NOV2026 CE 25500')
    expect(strike.every((name) => name.includes('CE') && name.includes('25500'))).toBe(true)
    expect([universe.search('no such thing', 3), universe.search('  ', 3)]).toEqual([[], []])
    expect(universe.search('E', 7)).toHaveLength(7)
  })

  it('finds a share of both exchanges by its ISIN', () => {
    expect(universe.withIsin('INE002A01018').map((row) => row.segment)).toEqual(['NSECM', 'BSECM'])
    expect(universe.withIsin('1')).toEqual([])
  })

  it('reaches its first and its last instrument, and no further', () => {
    expect([universe.at(0)?.segment, universe.at(0.999_999_9)?.segment]).toEqual(['NSECM', 'MCXFO'])
    expect(universe.at(1)).toBeUndefined()
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

  it('puts a currency option and a commodity option at their own underlying', () => {
    const parity = (segment: SegmentName, call: string, put: string): number => {
      const price = (description: string): number => {
        const row = rows(segment).find((columns) => columns[4] === description)
        const option = universe.find(segment, Number(row?.[1]))
        return option ? referencePrice(option, universe, TODAY) : Number.NaN
      }
      return price(call) - price(put)
    }
    expect(parity('NSECD', 'USDINR26DEC88.5CE', 'USDINR26DEC88.5PE')).toBeCloseTo(0.2, 3)
    // the December future of the gold that costs 122,600 today, with interest until the 4th
    const future = universe.named('MCXFO', 'GOLD', 'FUTCOM')[0]
    const spot = ((future?.bandHigh ?? 0) + (future?.bandLow ?? 0)) / 2
    expect(parity('MCXFO', 'GOLD26NOV122500CE', 'GOLD26NOV122500PE')).toBeCloseTo(spot - 122_500, 0)
  })
})
