import { SEGMENTS, type ListedInstrument } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { ContractDirectory } from './contract-directory'
import { IndexFile } from './index-file'
import { patchIndex, type RowSource } from './index-patch'
import { listed, listOf, metaOf } from './testing/lists'

/** What becomes of an older row, or the row that is new. */
type Fate = 'stays' | 'goes' | { readonly becomes: Partial<ListedInstrument> }

const CHANGES: readonly Partial<ListedInstrument>[] = [
  { lotSize: 75 },
  { tickSize: 0.1 },
  { strike: 24_550 },
  { bandLow: 250_000.12, bandHigh: -0 },
  { name: 'ANOTHER NAME' },
  { brokerSymbol: 'ANOTHER DISPLAY NAME' },
  { underlying: 'Nifty 50', underlyingToken: 26_000 },
]

function option(number: number): ListedInstrument {
  const strike = 100 + number * 50
  return listed(`NIFTY26NOV26${strike}CE`, number, {
    ...{ exchange: 'NFO', segment: 'NSEFO', name: 'NIFTY', series: 'OPTIDX', instrumentType: 'CE', strike },
    ...{ expiry: '26-NOV-26', brokerSymbol: `NIFTY 26NOV2026 CE ${strike}`, freezeQuantity: 1_800 },
    description: `NIFTY26NOV${strike}CE`,
  })
}

function instrumentOf(number: number): ListedInstrument {
  return number % 3 === 0 ? listed(`SHARE${number}`, number, { isin: 'INE002A01018' }) : option(number)
}

function rowsOf(fates: readonly Fate[]): RowSource[] {
  return fates.flatMap((fate, row) => {
    if (fate === 'goes') return []
    return [fate === 'stays' ? row : { ...instrumentOf(row), ...fate.becomes }]
  })
}

function patched(older: IndexFile, rows: readonly RowSource[]): IndexFile {
  return IndexFile.decode(patchIndex(older, rows, metaOf('v20261121-1')), 'memory')
}

function plain(list: IndexFile): readonly ListedInstrument[] {
  return [...list.listed()]
}

function inOrder(list: IndexFile): readonly (string | undefined)[] {
  return Array.from({ length: list.count }, (_, at) => list.rows.symbol(list.rowInOrder(at) ?? -1))
}

describe('a patched index', () => {
  it('is the list that is written anew, whatever stays, goes, changes or comes', () => {
    const fate = fc.oneof(
      fc.constantFrom<Fate>('stays', 'stays', 'goes'),
      fc.constantFrom(...CHANGES).map((becomes): Fate => ({ becomes })),
    )
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 60 }), fc.nat(20), (fates, added) => {
        const older = listOf(...fates.map((_, row) => instrumentOf(row)))
        const fresh = Array.from({ length: added }, (_, at) => instrumentOf(fates.length + at))
        const rows = [...rowsOf(fates), ...fresh]
        const wanted = rows.map((row) => (typeof row === 'number' ? instrumentOf(row) : row))
        const list = patched(older, rows)
        const anew = listOf(...wanted)
        expect(plain(list)).toEqual(plain(anew))
        expect(inOrder(list)).toEqual(inOrder(anew))
        expect(list.meta.version).toBe('v20261121-1')
        wanted.forEach(({ exchange, segment, symbol, token }, row) => {
          expect(list.rowOf(exchange, symbol)).toBe(row)
          expect(list.rowOfToken(SEGMENTS[segment], token)).toBe(row)
          expect(list.hasSameRow(row, anew, row)).toBe(true)
        })
      }),
    )
  })

  it('may be patched again, night after night', () => {
    let list = listOf(...Array.from({ length: 40 }, (_, row) => instrumentOf(row)))
    for (let night = 1; night <= 5; night += 1) {
      const rows: RowSource[] = Array.from({ length: list.count }, (_, row) => row).slice(1)
      list = patched(list, [...rows, instrumentOf(39 + night)])
    }
    expect(plain(list)).toEqual(
      plain(listOf(...Array.from({ length: 40 }, (_, row) => instrumentOf(row + 5)))),
    )
  })

  it('answers about contracts without families that nobody is of any more', () => {
    const list = patched(listOf(option(1), option(2)), [
      { ...option(1), lotSize: 75 },
      { ...option(2), lotSize: 75 },
    ])
    const chain = ContractDirectory.of(list).optionChain({
      ...{ exchange: 'NFO', underlying: 'NIFTY', expiry: '26-NOV-26' },
    })
    expect(chain.strikes.map(({ strike, call }) => [strike, call?.lotSize])).toEqual([
      [150, 75],
      [200, 75],
    ])
  })

  it('is refused when two of its instruments share a key', () => {
    const older = listOf(option(1), option(2))
    const meta = metaOf('v20261121-1')
    const sameToken = { ...option(3), token: 1 }
    const sameSymbol = { ...option(3), symbol: option(1).symbol }
    expect(() => patchIndex(older, [0, sameToken], meta)).toThrow('share the key NSEFO:1')
    expect(() => patchIndex(older, [0, sameSymbol], meta)).toThrow('share the key NFO:NIFTY26NOV26150CE')
    expect(() => patchIndex(older, [option(3), sameToken, { ...option(4), token: 1 }], meta)).toThrow('share')
    expect(() => patchIndex(older, [0, 0], meta)).toThrow('used twice')
  })
})
