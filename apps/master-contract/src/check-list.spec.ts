import type { Segment, SegmentCount } from '@xts-bridge/contracts'
import { problemsOfList } from './check-list'

const count = (segment: string, rows: number, refused: Record<string, number> = {}): SegmentCount => ({
  segment,
  rows,
  instruments: rows - Object.values(refused).reduce((sum, number) => sum + number, 0),
  refused,
})
const ASKED: Segment[] = ['NSECM', 'NSEFO']
const problems = (counts: SegmentCount[], lastGood: SegmentCount[] = []): readonly string[] =>
  problemsOfList({ asked: ASKED, counts, lastGood })

describe('a list may replace the last good one', () => {
  it.each<[string, SegmentCount[], SegmentCount[]]>([
    ['when it is the first', [count('NSECM', 10), count('NSEFO', 10), count('NSE_INDEX', 2)], []],
    ['when a segment was empty before too', [count('NSECM', 10)], [count('NSECM', 10), count('NSEFO', 0)]],
    ['when half of a segment is still there', [count('NSECM', 5)], [count('NSECM', 10)]],
    ['when a segment nobody asks for any more is gone', [count('NSECM', 5)], [count('MCXFO', 10)]],
    [
      'when rows are refused that a sound list has',
      [count('NSECM', 10, { 'test-symbol': 5, 'underlying-reference': 4 })],
      [],
    ],
    ['when a tenth of its rows is refused', [count('NSECM', 10, { 'bad-number': 1 })], []],
  ])('%s', (_, counts, lastGood) => {
    expect(problems(counts, lastGood)).toEqual([])
  })
})

describe('a list must not replace the last good one', () => {
  it.each<[string, SegmentCount[], SegmentCount[], string[]]>([
    ['when it is empty', [], [], ['the list has not one instrument']],
    [
      'when every row is refused',
      [count('NSECM', 10, { 'bad-number': 7, 'tick-not-positive': 3 })],
      [],
      [
        'not one of the 10 rows of NSECM is an instrument (bad-number 7, tick-not-positive 3)',
        'the list has not one instrument',
      ],
    ],
    [
      'when more than a tenth of a segment is refused',
      [count('NSECM', 10, { 'lot-not-positive': 2 }), count('NSEFO', 3)],
      [],
      ['2 of the 10 rows of NSECM are refused (lot-not-positive 2)'],
    ],
    [
      'when less than half of a segment is left',
      [count('NSECM', 4)],
      [count('NSECM', 10)],
      ['NSECM has 4 instruments and the last good list had 10'],
    ],
    [
      'when a segment that had rows is empty',
      [count('NSECM', 10)],
      [count('NSECM', 10), count('NSEFO', 3)],
      ['NSEFO has 0 instruments and the last good list had 3'],
    ],
    [
      'when the indices are gone',
      [count('NSECM', 10)],
      [count('NSE_INDEX', 110)],
      ['NSE_INDEX has 0 instruments and the last good list had 110'],
    ],
    [
      'when rows are of a segment nobody asked for',
      [count('NSECM', 10), count('BSECM', 4), count('unknown', 1, { 'unknown-segment': 1 })],
      [],
      [
        '4 rows are of segment "BSECM", which was not asked for',
        '1 rows are of segment "unknown", which was not asked for',
      ],
    ],
  ])('%s', (_, counts, lastGood, expected) => {
    expect(problems(counts, lastGood)).toEqual(expected)
  })
})
