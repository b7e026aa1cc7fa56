import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListedInstrument } from '@xts-bridge/contracts'
import fc from 'fast-check'
import type { Database } from '../database'
import { InstrumentTable } from './instrument-table'
import { openInstrumentsDatabase } from './open-instruments-database'

const VERSION = 'v20261120-1'

function listed(symbol: string, token: number, more: Partial<ListedInstrument> = {}): ListedInstrument {
  return {
    exchange: 'NSE',
    symbol,
    segment: 'NSECM',
    token,
    brokerSymbol: symbol,
    name: `${symbol} LTD`,
    instrumentType: 'EQ',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
    series: 'EQ',
    ...more,
  }
}

const OPTION = listed('GBPUSD26AUG221.16CE', 6045, {
  exchange: 'CDS',
  segment: 'NSECD',
  brokerSymbol: 'GBPUSD22AUG1.16CE',
  name: 'GBPUSD',
  instrumentType: 'CE',
  expiry: '26-AUG-22',
  strike: 1.16,
  tickSize: 0.0001,
  freezeQuantity: 10_000,
  bandLow: 0.0407,
  bandHigh: 0.0655,
  multiplier: 79_743.3,
  series: 'OPTCUR',
  underlying: 'GBPUSD',
  underlyingToken: 42,
  description: 'GBPUSD22AUG1.16CE',
  instrumentId: '3223800006045',
  underlyingInstrumentId: '3100100000042',
  priceNumerator: 1,
  priceDenominator: 1,
})

describe('the instrument table', () => {
  let folder: string
  let database: Database
  let table: InstrumentTable

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'instrument-table-'))
    database = await openInstrumentsDatabase(join(folder, 'instruments.sqlite'))
    table = new InstrumentTable(database)
  })

  afterEach(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  const symbolsOf = async (broker: string): Promise<string[]> => {
    const rows = await database.query<{ symbol: string }[]>(
      'SELECT symbol FROM symbol_token WHERE broker = ? ORDER BY symbol',
      [broker],
    )
    return rows.map(({ symbol }) => symbol)
  }
  const replace = (
    broker: string,
    ...instruments: ListedInstrument[]
  ): ReturnType<InstrumentTable['replace']> => table.replace(broker, { version: VERSION, instruments })

  it('keeps every column, the known ones and ours beside them', async () => {
    await replace('jainam', OPTION)
    expect(await database.query('SELECT * FROM symbol_token')).toEqual([
      {
        id: 1,
        broker: 'jainam',
        symbol: 'GBPUSD26AUG221.16CE',
        brsymbol: 'GBPUSD22AUG1.16CE',
        name: 'GBPUSD',
        token: '6045',
        exchange: 'CDS',
        brexchange: 'NSECD',
        expiry: '26-AUG-22',
        strike: 1.16,
        lotsize: 1,
        instrumenttype: 'CE',
        tick_size: 0.0001,
      },
    ])
    expect(await database.query('SELECT * FROM symbol_detail')).toEqual([
      {
        broker: 'jainam',
        brexchange: 'NSECD',
        token: '6045',
        freeze_quantity: 10_000,
        band_low: 0.0407,
        band_high: 0.0655,
        series: 'OPTCUR',
        multiplier: 79_743.3,
        isin: null,
        underlying: 'GBPUSD',
        underlying_token: '42',
        description: 'GBPUSD22AUG1.16CE',
        instrument_id: '3223800006045',
        underlying_instrument_id: '3100100000042',
        price_numerator: 1,
        price_denominator: 1,
      },
    ])
  })

  it('says which version its rows are, per broker', async () => {
    expect(await table.version('jainam')).toBeUndefined()
    await replace('jainam', listed('TCS', 1))
    await table.replace('other', { version: 'v20261119-2', instruments: [] })
    expect(await table.version('jainam')).toBe(VERSION)
    expect(await table.version('other')).toBe('v20261119-2')
  })

  it('touches only what differs', async () => {
    await replace('jainam', listed('TCS', 1), listed('INFY', 2), listed('OLD', 3))
    const before = await database.query<{ id: number }[]>("SELECT id FROM symbol_token WHERE symbol = 'TCS'")
    const changes = await replace(
      'jainam',
      listed('TCS', 1),
      listed('INFY', 2, { lotSize: 5 }),
      listed('NEW', 4),
    )
    expect(changes).toEqual({ inserted: 2, updated: 1, deleted: 2 })
    expect(await symbolsOf('jainam')).toEqual(['INFY', 'NEW', 'TCS'])
    expect(await database.query("SELECT id FROM symbol_token WHERE symbol = 'TCS'")).toEqual(before)
    expect(
      await replace('jainam', listed('TCS', 1), listed('INFY', 2, { lotSize: 5 }), listed('NEW', 4)),
    ).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 0,
    })
  })

  it('notices a value that appears or goes away', async () => {
    await replace('jainam', listed('TCS', 1, { bandLow: 10 }))
    expect(await replace('jainam', listed('TCS', 1))).toMatchObject({ updated: 1 })
    expect(await replace('jainam', listed('TCS', 1, { bandLow: 11 }))).toMatchObject({ updated: 1 })
  })

  it('lets two instruments trade their symbols or their tokens', async () => {
    await replace('jainam', listed('A', 1), listed('B', 2))
    await replace('jainam', listed('B', 1), listed('A', 2))
    expect(await database.query('SELECT symbol, token FROM symbol_token ORDER BY token')).toEqual([
      { symbol: 'B', token: '1' },
      { symbol: 'A', token: '2' },
    ])
  })

  it('leaves the rows of another broker alone', async () => {
    await replace('other', listed('TCS', 1), listed('INFY', 2))
    await replace('jainam', listed('TCS', 1), listed('WIPRO', 9))
    await replace('jainam', listed('WIPRO', 9))
    expect(await symbolsOf('other')).toEqual(['INFY', 'TCS'])
    expect(await symbolsOf('jainam')).toEqual(['WIPRO'])
    expect(await table.count('other')).toBe(2)
  })

  it.each([
    ['token', [listed('TCS', 1), listed('INFY', 1)]],
    ['symbol', [listed('TCS', 1), listed('TCS', 2)]],
  ])('changes nothing when two instruments share a %s', async (_, instruments) => {
    await replace('jainam', listed('OLD', 7))
    await expect(table.replace('jainam', { version: 'v20261121-1', instruments })).rejects.toThrow('UNIQUE')
    expect(await symbolsOf('jainam')).toEqual(['OLD'])
    expect(await table.version('jainam')).toBe(VERSION)
  })

  it('changes nothing when the list breaks off half-way', async () => {
    await replace('jainam', listed('OLD', 7))
    function* broken(): Generator<ListedInstrument> {
      for (let token = 1; token < 5_000; token += 1) yield listed(`S${token}`, token)
      throw new Error('the index file went away')
    }
    await expect(table.replace('jainam', { version: 'v20261121-1', instruments: broken() })).rejects.toThrow(
      'went away',
    )
    expect(await symbolsOf('jainam')).toEqual(['OLD'])
    expect(await replace('jainam', listed('NEW', 8))).toMatchObject({ inserted: 2, deleted: 2 })
  })

  it('shows another connection the old rows or the new ones, never a mix', async () => {
    const lists = ['X', 'Y'].map((prefix) =>
      Array.from({ length: 3_000 }, (_, token) => listed(`${prefix}${token}`, token)),
    )
    await replace('jainam', ...(lists[1] ?? []))
    const reader = await openInstrumentsDatabase(join(folder, 'instruments.sqlite'))
    const seen: number[] = []
    let isSwapping = true
    const reading = (async (): Promise<void> => {
      while (isSwapping) {
        const [row] = await reader.query<{ xs: number }[]>(
          "SELECT count(*) FILTER (WHERE symbol LIKE 'X%') AS xs FROM symbol_token",
        )
        seen.push(row?.xs ?? -1)
      }
    })()
    for (let round = 0; round < 10; round += 1) await replace('jainam', ...(lists[round % 2] ?? []))
    isSwapping = false
    await reading
    await reader.close()
    expect(seen.filter((count) => count !== 0 && count !== 3_000)).toEqual([])
    expect(seen.length).toBeGreaterThan(10)
  })

  it('ends at the new list whatever the old one was', async () => {
    const entry = fc.record({
      symbol: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      lotSize: fc.integer({ min: 1, max: 3 }),
    })
    const list = fc
      .uniqueArray(entry, { selector: ({ symbol }) => symbol, maxLength: 5 })
      .chain((entries) =>
        fc
          .shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: entries.length, maxLength: entries.length })
          .map((tokens) =>
            entries.map(({ symbol, lotSize }, at) => listed(symbol, tokens[at] ?? 0, { lotSize })),
          ),
      )
    await fc.assert(
      fc.asyncProperty(list, async (instruments) => {
        await replace('jainam', ...instruments)
        const rows = await database.query(
          'SELECT symbol, token, lotsize FROM symbol_token JOIN symbol_detail USING (broker, brexchange, token) ORDER BY symbol',
        )
        const expected = instruments
          .map(({ symbol, token, lotSize }) => ({ symbol, token: String(token), lotsize: lotSize }))
          .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
        expect(rows).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})
