import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DiffCounts, ListedInstrument } from '@xts-bridge/contracts'
import { IndexFile, IndexFolder } from '@xts-bridge/instruments'
import { ListBuilder, type CheckedList } from './list-builder'
import { MOST_PATCHES, type ListMarks } from './list-marks'
import { parseMandatorySymbols } from './mandatory-symbols'
import { LIMITS } from './testing/house'
import { masterAnswer } from './testing/master-answer'
import { cashRow, cashText, contractRow, contractText, type Texts } from './testing/rows'

const SEGMENTS = ['NSECM', 'NSEFO', 'BSECM', 'NSE_INDEX'] as const
const DATES = { today: 20261120, soon: 20270104 }
const MANDATORY = 'NSE:S2,NSE:S19,BSE:S30,NFO:NIFTY*FUT,NSE_INDEX:NIFTY'
const LIMITS_OF_NIGHT = { ...LIMITS, mandatory: parseMandatorySymbols(MANDATORY) ?? [] }

interface Night {
  readonly checked: CheckedList
  readonly marks: ListMarks
  readonly diff: DiffCounts
  readonly list: IndexFile
  readonly changedRows: number
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-night-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const TODAY: Texts = {
  NSECM: cashText('NSECM', 60),
  NSEFO: [contractText('2026-11-26', 50), contractText('2026-12-29', 50, 60_000)].join('\n'),
  BSECM: cashText('BSECM', 50),
}

/** Builds a list with a builder of its own, as a night does with a thread. */
function night(
  version: string,
  texts: Texts,
  before?: { readonly version: string; readonly marks?: ListMarks },
  dates = DATES,
): Night {
  const builder = new ListBuilder()
  const lastGood = before && new IndexFolder(folder).path(before.version)
  if (lastGood !== undefined && before?.marks !== undefined) builder.know(lastGood, before.marks)
  for (const segment of ['NSECM', 'NSEFO', 'BSECM'] as const) {
    builder.begin(segment)
    const answer = masterAnswer(texts[segment] ?? '')
    for (let at = 0; at < answer.length; at += 700) builder.addBytes(answer.subarray(at, at + 700))
    builder.end()
  }
  builder.addIndices('NSE_INDEX', [{ name: 'NIFTY 50', token: 26_000 }])
  const checked = builder.check({ lastGood, segments: SEGMENTS, failed: [], dates, limits: LIMITS_OF_NIGHT })
  const meta = { version, broker: 'simulator', builtAtMs: 0, segments: checked.counts }
  const marks = builder.write(folder, { ...meta, expiries: checked.expiries })
  const diff = builder.compare()
  const list = IndexFile.read(new IndexFolder(folder).path(version))
  return { checked, marks, diff, list, changedRows: rowsToChange(builder) }
}

function rowsToChange(builder: ListBuilder): number {
  let rows = 0
  for (let text = builder.nextText('changed'); text !== undefined; text = builder.nextText('changed'))
    rows += (JSON.parse(text) as unknown[]).length
  return rows
}

function byKey(list: IndexFile): readonly ListedInstrument[] {
  const key = ({ segment, token }: ListedInstrument): string => `${segment} ${token}`
  return [...list.listed()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function replaced(text: string | undefined, line: string, by: string): string {
  if (text?.includes(line) !== true) throw new Error(`no such line: ${line}`)
  return text.replace(line, by)
}

describe('a night whose lines are known', () => {
  const first = (): Night => night('v20261119-1', TODAY)
  const both = (texts: Texts, dates = DATES): readonly [Night, Night] => {
    const { marks } = first()
    const before = { version: 'v20261119-1' }
    return [
      night('v20261120-1', texts, { ...before, marks }, dates),
      night('v20261120-2', texts, before, dates),
    ]
  }
  const expectSame = (known: Night, read: Night): void => {
    expect(known.checked).toEqual(read.checked)
    expect(known.diff).toEqual(read.diff)
    expect(known.changedRows).toBe(read.changedRows)
    expect(byKey(known.list)).toEqual(byKey(read.list))
  }

  it('gives the list that reading every line gives', () => {
    const [future, option] = [
      { token: 60_000, date: '2026-12-29' },
      { token: 50_004, date: '2026-11-26' },
    ]
    const [known, read] = both({
      NSECM: [cashRow('NSECM', 'NEW', 900), replaced(TODAY.NSECM, `${cashRow('NSECM', 'S9', 9)}\n`, '')].join(
        '\n',
      ),
      NSEFO: replaced(
        replaced(TODAY.NSEFO, contractRow(future), contractRow(future).replace('|65|1|', '|75|1|')),
        contractRow({ ...option, strike: 20_150 }),
        contractRow({ ...option, strike: 21_111 }),
      ),
      BSECM: TODAY.BSECM ?? '',
    })
    expectSame(known, read)
    expect(known.diff).toMatchObject({ added: 1, removed: 1, changed: 2 })
    expect([known.marks.patches, read.marks.patches]).toEqual([1, 0])
  })

  it('keeps the rows of a segment that a gate refuses, and knows its lines the night after', () => {
    const half: Texts = { ...TODAY, NSECM: cashText('NSECM', 30) }
    const [known, read] = both(half)
    expectSame(known, read)
    expect(known.checked.failures.map(({ segment, gate }) => [segment, gate])).toEqual([
      ['NSECM', 'row-count'],
    ])
    const after = night('v20261121-1', TODAY, { version: 'v20261120-1', marks: known.marks })
    expect(after.checked.failures).toEqual([])
    expect(byKey(after.list)).toEqual(byKey(first().list))
    expect(after.diff).toMatchObject({ added: 0, removed: 0, changed: 0 })
  })

  it('finds contracts expired and mandatory symbols gone among lines that came again', () => {
    const [expired, read] = both(TODAY, { today: 20261201, soon: 20270104 })
    expectSame(expired, read)
    expect(expired.checked.failures.map(({ gate }) => gate)).toContain('date')
    const [gone, readToo] = both({
      ...TODAY,
      NSECM: replaced(TODAY.NSECM, cashRow('NSECM', 'S19', 19), cashRow('NSECM', 'S190', 190)),
    })
    expectSame(gone, readToo)
    expect(gone.checked.failures.map(({ found }) => found)).toEqual(['no NSE:S19'])
  })

  it('counts rows that share a key with one that came again', () => {
    const [known, read] = both({
      ...TODAY,
      BSECM: [TODAY.BSECM, cashRow('BSECM', 'S4', 4, 7)].join('\n'),
    })
    expect(known.checked.counts).toEqual(read.checked.counts)
    expect(byKey(known.list)).toEqual(byKey(read.list))
  })

  it('is written anew after some patches, and never with the marks of another list', () => {
    let before = { version: 'v20261119-1', marks: first().marks }
    for (let patch = 1; patch <= MOST_PATCHES + 1; patch += 1) {
      const version = `v20261120-${patch}`
      before = { version, marks: night(version, TODAY, before).marks }
      expect(before.marks.patches).toBe(patch > MOST_PATCHES ? 0 : patch)
    }
    const foreign = { ...before.marks, version: 'v20260101-1' }
    expect(night('v20261121-1', TODAY, { ...before, marks: foreign }).marks.patches).toBe(0)
  })
})
