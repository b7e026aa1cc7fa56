import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListedInstrument } from '@xts-bridge/contracts'
import fc from 'fast-check'
import type { Database } from '../database'
import { instrumentTexts, type TableStatement } from './instrument-rows'
import { InstrumentTable } from './instrument-table'
import { openInstrumentsDatabase } from './open-instruments-database'

const FIRST = 'v20261120-1'
const NEXT = 'v20261120-2'

function share(symbol: string, token: number, lotSize = 1): ListedInstrument {
  return {
    ...{ exchange: 'NSE', symbol, segment: 'NSECM', token, brokerSymbol: symbol, name: symbol },
    ...{ instrumentType: 'EQ', lotSize, tickSize: 0.05, multiplier: 1, series: 'EQ' },
  }
}

let folder: string
let database: Database
let statements: TableStatement[]
let table: InstrumentTable

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'change-rows-'))
  database = await openInstrumentsDatabase(join(folder, 'instruments.sqlite'))
  statements = []
  table = new InstrumentTable(database, { onStatement: (statement) => statements.push(statement) })
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

const rowsOf = async (broker: string): Promise<string[]> => {
  const rows = await database.query<{ symbol: string; token: string; lotsize: number }[]>(
    `SELECT symbol, token, lotsize FROM symbol_token JOIN symbol_detail USING (broker, brexchange, token)
     WHERE broker = ? ORDER BY symbol`,
    [broker],
  )
  return rows.map(({ symbol, token, lotsize }) => `${symbol}:${token}:${lotsize}`)
}

/** What a comparison of the two lists would hand over. */
function changesBetween(older: readonly ListedInstrument[], newer: readonly ListedInstrument[]) {
  const changed = newer.filter((one) => !older.some((other) => JSON.stringify(other) === JSON.stringify(one)))
  const removed = older.filter((one) => !newer.some(({ token }) => token === one.token))
  return {
    ...{ from: FIRST, version: NEXT, count: newer.length, changed: instrumentTexts(changed) },
    removed: [JSON.stringify(removed.map(({ segment, token }) => [segment, token]))],
  }
}

describe('the rows of a broker change by what differs', () => {
  it('and only that is written', async () => {
    const older = [share('A', 1), share('B', 2), share('C', 3)]
    const newer = [share('A', 1), share('B', 2, 5), share('D', 4)]
    await table.replace('ours', { version: FIRST, instruments: older })
    await table.replace('other', { version: FIRST, instruments: older })
    expect(await table.change('ours', changesBetween(older, newer))).toEqual({
      inserted: 2,
      updated: 1,
      deleted: 2,
    })
    expect(await rowsOf('ours')).toEqual(['A:1:1', 'B:2:5', 'D:4:1'])
    expect(await rowsOf('other')).toEqual(['A:1:1', 'B:2:1', 'C:3:1'])
    expect([await table.version('ours'), await table.version('other')]).toEqual([NEXT, FIRST])
  })

  it('also when two instruments trade their symbols', async () => {
    const older = [share('A', 1), share('B', 2)]
    const newer = [share('B', 1), share('A', 2)]
    await table.replace('ours', { version: FIRST, instruments: older })
    await table.change('ours', changesBetween(older, newer))
    expect(await rowsOf('ours')).toEqual(['A:2:1', 'B:1:1'])
  })

  it.each([
    ['the rows are of another version', { from: 'v20261101-1' }],
    ['they do not come to the number of the list', { count: 3 }],
  ])('or not at all when %s', async (_, wrong) => {
    const older = [share('A', 1), share('B', 2)]
    await table.replace('ours', { version: FIRST, instruments: older })
    const changes = changesBetween(older, [share('A', 1, 7), share('B', 2)])
    expect(await table.change('ours', { ...changes, ...wrong })).toBe(false)
    expect(await rowsOf('ours')).toEqual(['A:1:1', 'B:2:1'])
    expect(await table.version('ours')).toBe(FIRST)
  })

  it('or not at all when the disk refuses half-way', async () => {
    await table.replace('ours', { version: FIRST, instruments: [share('A', 1)] })
    function* broken(): Generator<string> {
      yield JSON.stringify([share('A', 1, 9)])
      throw new Error('the thread died')
    }
    const changes = { from: FIRST, version: NEXT, count: 1, changed: broken(), removed: [] }
    await expect(table.change('ours', changes)).rejects.toThrow('the thread died')
    expect(await rowsOf('ours')).toEqual(['A:1:1'])
  })

  it('to the same rows as a whole replacement would, whatever the two lists', async () => {
    const list = fc
      .uniqueArray(
        fc.record({ token: fc.integer({ min: 1, max: 6 }), lot: fc.integer({ min: 1, max: 3 }) }),
        {
          selector: ({ token }) => token,
          maxLength: 6,
        },
      )
      .chain((rows) =>
        fc
          .shuffledSubarray(['A', 'B', 'C', 'D', 'E', 'F'], {
            minLength: rows.length,
            maxLength: rows.length,
          })
          .map((symbols) => rows.map(({ token, lot }, at) => share(symbols[at] ?? '', token, lot))),
      )
    await fc.assert(
      fc.asyncProperty(list, list, async (older, newer) => {
        await table.replace('ours', { version: FIRST, instruments: older })
        await table.replace('whole', { version: NEXT, instruments: newer })
        await table.change('ours', changesBetween(older, newer))
        expect(await rowsOf('ours')).toEqual(await rowsOf('whole'))
      }),
      { numRuns: 40 },
    )
  })

  it('and each statement says what for, how many rows and how long', async () => {
    await table.replace('ours', { version: FIRST, instruments: [share('A', 1), share('B', 2)] })
    expect(statements.map(({ purpose, rows }) => `${purpose}: ${rows}`)).toEqual([
      'make room for staged rows: 0',
      'empty staged rows: 0',
      'stage rows: 2',
      'remove what the list no longer has from symbol_token: 0',
      'change what differs in symbol_token: 0',
      'add what is new to symbol_token: 2',
      'remove what the list no longer has from symbol_detail: 0',
      'change what differs in symbol_detail: 0',
      'add what is new to symbol_detail: 2',
      'empty staged rows: 2',
      'name the version of the rows: 1',
    ])
    expect(statements.every(({ tookMs }) => tookMs >= 0)).toBe(true)
  })
})
