import type { ListedInstrument, SegmentCount } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { KnownLines, type EarlierList } from './known-lines'
import { MasterParser, parseMasterText, type MasterList } from './master-parser'

interface Row {
  readonly token: number
  readonly name: string
  readonly series: string
  readonly lot: number
}

function lineOf({ token, name, series, lot }: Row): string {
  const id = `111001${String(token).padStart(8, '0')}`
  return `BSECM|${token}|8|${name}|${name}-${series}|${series}|${name}-${series}|${id}|120|80|0|0.05|${lot}|1|${name}|INE002A01018|1|1|${name} LTD|100|-1|-1`
}

const ACME: Row = { token: 1, name: 'ACME', series: 'A', lot: 1 }

function parse(rows: readonly Row[], known?: KnownLines, pieceLength = 50): MasterList {
  const parser = new MasterParser({ isMarking: true, known })
  const text = rows.map(lineOf).join('\r\n')
  for (let at = 0; at < text.length; at += pieceLength) parser.addText(text.slice(at, at + pieceLength))
  return parser.finish()
}

/** A list in memory, with the lines it was read from. */
function earlier({ instruments, marks }: MasterList): { list: EarlierList; known: KnownLines } {
  const rowWhere = (fits: (one: ListedInstrument) => boolean): number | undefined => {
    const row = instruments.findIndex(fits)
    return row === -1 ? undefined : row
  }
  const list: EarlierList = {
    listedAt: (row) => instruments[row] ?? fail('a row that is not there'),
    rowOfKey: (segment, token) => rowWhere((one) => one.segment === segment && one.token === token),
    rowOfSymbol: (exchange, symbol) => rowWhere((one) => one.exchange === exchange && one.symbol === symbol),
  }
  if (marks === undefined) return fail('no marks')
  return { list, known: new KnownLines({ list, marks, segment: 'BSECM', firstRow: 0 }) }
}

function fail(what: string): never {
  throw new Error(what)
}

/** Kept rows and new instruments together, by token. */
function whole({ instruments, kept = [] }: MasterList, list: EarlierList): readonly ListedInstrument[] {
  return [...kept.map((row) => list.listedAt(row)), ...instruments].sort((a, b) => a.token - b.token)
}

/** Lines of one key are `duplicate` or `conflicting` by their order, in which a known one counts as the first. */
function tallied(counts: readonly SegmentCount[]): unknown {
  return counts.map(({ refused, ...count }) => {
    const { 'duplicate-key': same = 0, 'conflicting-key': other = 0, ...rest } = refused
    return { ...count, refused: { ...rest, keys: same + other } }
  })
}

describe('a line that comes again', () => {
  it('is not read, and what it gave is named by its row', () => {
    const { known } = earlier(parse([ACME, { ...ACME, token: 2, name: 'BETA' }]))
    const list = parse([ACME, { ...ACME, token: 2, name: 'BETA', lot: 5 }], known)
    expect(list.kept).toEqual([0])
    expect(list.instruments.map(({ symbol, lotSize }) => [symbol, lotSize])).toEqual([['BETA', 5]])
    expect(list.counts).toEqual([{ segment: 'BSECM', rows: 2, instruments: 2, refused: {} }])
  })

  it('is known again the night after, and so is the one that was new', () => {
    const first = earlier(parse([ACME]))
    const second = parse([ACME, { ...ACME, token: 2, name: 'BETA' }], first.known)
    const instruments = [...whole(second, first.list)]
    const third = earlier({ ...second, instruments })
    expect(parse([{ ...ACME, token: 2, name: 'BETA' }, ACME], third.known).kept).toEqual([1, 0])
  })

  it('twice in one list is refused once, as a duplicate', () => {
    const { known } = earlier(parse([ACME]))
    expect(parse([ACME, ACME], known).counts).toEqual([
      { segment: 'BSECM', rows: 2, instruments: 1, refused: { 'duplicate-key': 1 } },
    ])
  })

  it('beside another one of its key is refused like that one', () => {
    const { known } = earlier(parse([ACME]))
    const list = parse([ACME, { ...ACME, lot: 7 }], known)
    expect([list.kept, list.instruments]).toEqual([[], []])
    expect(list.counts).toEqual([
      { segment: 'BSECM', rows: 2, instruments: 0, refused: { 'conflicting-key': 2 } },
    ])
  })

  it('gives its symbol to the only equity that wants it', () => {
    const { known } = earlier(parse([{ ...ACME, series: 'F' }]))
    const list = parse(
      [
        { ...ACME, series: 'F' },
        { ...ACME, token: 2 },
      ],
      known,
    )
    expect(list.kept).toEqual([])
    expect(list.instruments.map(({ symbol, token }) => [token, symbol]).sort()).toEqual([
      [1, 'ACME-1'],
      [2, 'ACME'],
    ])
    expect(list.counts[0]?.renamed).toBe(1)
  })

  it('makes no difference to the list, whatever else is in it', () => {
    const row = fc.record({
      token: fc.integer({ min: 1, max: 12 }),
      name: fc.constantFrom('ACME', 'BETA', 'ACME-3', 'GAMMA', 'DELTA', 'BETA-7', 'NSETEST'),
      series: fc.constantFrom('A', 'A', 'F', 'G'),
      lot: fc.constantFrom(1, 1, 1, 5, -1),
    })
    const rows = fc.array(row, { maxLength: 14 })
    fc.assert(
      fc.property(rows, rows, fc.nat(14), fc.integer({ min: 1, max: 400 }), (before, added, stay, length) => {
        const { known, list } = earlier(parse(before))
        const today = [...before.slice(0, stay), ...added]
        const withKnown = parse(today, known, length)
        const withoutKnown = parseMasterText(today.map(lineOf).join('\r\n'))
        expect(whole(withKnown, list)).toEqual(whole(withoutKnown, list))
        expect(tallied(withKnown.counts)).toEqual(tallied(withoutKnown.counts))
        expect(withKnown.marks?.high).toHaveLength(withoutKnown.instruments.length)
      }),
      { numRuns: 400 },
    )
  })
})
