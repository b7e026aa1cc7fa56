import type { ListGate, Segment } from '@xts-bridge/contracts'
import { masterAnswer } from './master-answer'
import { cashText, contractText } from './rows'

export const NSE = cashText('NSECM', 200)
export const BSE = cashText('BSECM', 30)
/** The Indian date of these tests is 2026-11-20. */
export const FO = `${contractText('2026-11-26', 100)}\n${contractText('2026-12-31', 100, 60_000)}`

export const rowsOf = (text: string): string[] => text.split('\n')
/** The text with its columns changed in every row, or in the first so many. */
export function withFields(
  text: string,
  change: (fields: string[], at: number) => void,
  first = Infinity,
): string {
  return rowsOf(text)
    .map((row, at) => {
      const fields = row.split('|')
      if (at < first) change(fields, at)
      return fields.join('|')
    })
    .join('\n')
}
export const set =
  (column: number, value: string) =>
  (fields: string[]): void => {
    fields[column] = value
  }
const cut = (text: string, share: number): string => text.slice(0, Math.floor(text.length * share))

export interface Corruption {
  readonly what: string
  readonly segment?: Segment
  /** The rows, or the whole answer. */
  readonly serves: string | Buffer
  readonly gate: ListGate
  readonly found: RegExp
}

/** Nothing of these may replace the last good list. */
export const REFUSED: readonly Corruption[] = [
  // Answers that are no list at all.
  { what: 'nothing', serves: Buffer.from(''), gate: 'download', found: /empty body/ },
  { what: 'a web page', serves: Buffer.from('<html>Bad Gateway</html>'), gate: 'download', found: /HTML/ },
  {
    what: 'plain text',
    serves: Buffer.from('Service Unavailable'),
    gate: 'download',
    found: /unreadable body/,
  },
  { what: 'rows without an envelope', serves: Buffer.from(NSE), gate: 'download', found: /unreadable body/ },
  {
    what: 'a JSON error in place of the text',
    serves: Buffer.from('{"type":"error","code":"e-instrument-0010","description":"No data"}'),
    gate: 'download',
    found: /No data \(e-instrument-0010\)/,
  },
  {
    what: 'a refused token',
    serves: Buffer.from('{"type":"error","code":"e-session-0007","description":"Invalid Token"}'),
    gate: 'download',
    found: /Invalid Token/,
  },
  {
    what: 'a list of rows in place of the text',
    serves: masterAnswer(rowsOf(NSE)),
    gate: 'download',
    found: /not a text/,
  },
  { what: 'null in place of the text', serves: masterAnswer(null), gate: 'download', found: /not a text/ },
  { what: 'a number in place of the text', serves: masterAnswer(200), gate: 'download', found: /not a text/ },
  {
    what: 'an answer cut in the middle',
    serves: masterAnswer(NSE).subarray(0, 9_000),
    gate: 'download',
    found: /breaks off/,
  },
  {
    what: 'an answer without its last byte',
    serves: masterAnswer(NSE).subarray(0, -1),
    gate: 'download',
    found: /unreadable/,
  },
  {
    what: 'the beginning of an envelope',
    serves: Buffer.from('{"type":"success","code":'),
    gate: 'download',
    found: /unreadable/,
  },
  {
    what: 'UTF-16',
    serves: Buffer.from(masterAnswer(NSE).toString(), 'utf16le'),
    gate: 'download',
    found: /no list|UTF-8|unreadable/,
  },
  {
    what: 'bytes that are no UTF-8',
    serves: Buffer.from(masterAnswer(NSE).toString().replaceAll('S1', '\xe9'), 'latin1'),
    gate: 'download',
    found: /not UTF-8/,
  },
  {
    what: 'compressed bytes',
    serves: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]),
    gate: 'download',
    found: /UTF-8|unreadable/,
  },
  {
    what: 'two answers in one',
    serves: Buffer.concat([masterAnswer(NSE), masterAnswer(NSE)]),
    gate: 'download',
    found: /unreadable/,
  },
  // Lists that are not whole.
  { what: 'an empty text', serves: '', gate: 'row-count', found: /^0 instruments/ },
  { what: 'line ends only', serves: '\n\n\r\n\n', gate: 'row-count', found: /^0 instruments/ },
  { what: 'blanks', serves: '   \n\t', gate: 'row-count', found: /^0 instruments/ },
  {
    what: 'a header alone',
    serves: 'ExchangeSegment|ExchangeInstrumentID|InstrumentType|Name',
    gate: 'row-count',
    found: /^0 instruments/,
  },
  { what: 'half a segment', serves: cut(NSE, 0.5), gate: 'row-count', found: /^\d+ instruments/ },
  { what: 'four fifths of a segment', serves: cut(NSE, 0.8), gate: 'row-count', found: /^1\d\d instruments/ },
  { what: 'one row', serves: rowsOf(NSE)[0] ?? '', gate: 'row-count', found: /^1 instruments/ },
  {
    what: 'the second half',
    serves: NSE.slice(NSE.length / 2),
    gate: 'row-count',
    found: /^\d+ instruments/,
  },
  {
    what: 'nine copies of half of it',
    serves: Array(9).fill(cut(NSE, 0.5)).join('\n'),
    gate: 'row-count',
    found: /instruments/,
  },
  {
    what: 'twice as many as there were',
    serves: cashText('NSECM', 400),
    gate: 'row-count',
    found: /^400 instruments/,
  },
  // Rows of something else.
  { what: 'rows of another segment', serves: BSE, gate: 'segment', found: /30 rows of other segments/ },
  {
    what: 'rows of two segments',
    serves: `${NSE}\n${BSE}`,
    gate: 'segment',
    found: /30 rows of other segments/,
  },
  { what: 'contracts in place of shares', serves: FO, gate: 'segment', found: /202 rows of other segments/ },
  {
    what: 'a web page inside the text',
    serves: '<html>\n<body>Maintenance</body>\n</html>',
    gate: 'segment',
    found: /3 rows/,
  },
  { what: 'JSON inside the text', serves: '{"type":"error"}', gate: 'segment', found: /1 rows/ },
  {
    what: 'shuffled columns',
    serves: withFields(NSE, (fields) => fields.reverse()),
    gate: 'segment',
    found: /200 rows/,
  },
  { what: 'segments by number', serves: withFields(NSE, set(0, '1')), gate: 'segment', found: /200 rows/ },
  { what: 'another separator', serves: NSE.replaceAll('|', ','), gate: 'segment', found: /200 rows/ },
  {
    what: 'quoted fields',
    serves: NSE.replaceAll('|', '"|"').replaceAll('NSECM', '"NSECM'),
    gate: 'segment',
    found: /200 rows/,
  },
  {
    what: 'lines that ran together',
    serves: NSE.replaceAll('\n', ' '),
    gate: 'refused-rows',
    found: /line-too-long 1/,
  },
  // Rows whose columns are not what they were.
  {
    what: 'swapped columns',
    serves: withFields(NSE, (fields) => ([fields[1], fields[2]] = [fields[2] ?? '', fields[1] ?? ''])),
    gate: 'refused-rows',
    found: /unknown-instrument-type/,
  },
  {
    what: 'a column less',
    serves: withFields(NSE, (fields) => fields.pop()),
    gate: 'refused-rows',
    found: /wrong-field-count 200/,
  },
  {
    what: 'a column more',
    serves: withFields(NSE, (fields) => fields.splice(8, 0, '0')),
    gate: 'refused-rows',
    found: /wrong-field-count 200/,
  },
  {
    what: 'NaN everywhere',
    serves: withFields(NSE, (fields) => fields.fill('NaN', 8, 14)),
    gate: 'refused-rows',
    found: /bad-number 200/,
  },
  {
    what: 'words for numbers',
    serves: withFields(NSE, set(12, 'one')),
    gate: 'refused-rows',
    found: /bad-number 200/,
  },
  {
    what: 'decimal commas',
    serves: withFields(NSE, set(11, '0,05')),
    gate: 'refused-rows',
    found: /bad-number 200/,
  },
  {
    what: 'numbers that a spreadsheet ruined',
    serves: withFields(NSE, set(7, '1.10E+12')),
    gate: 'duplicate-key',
    found: /instrument-id-mismatch 200/,
  },
  {
    what: 'blank names',
    serves: withFields(NSE, set(3, '')),
    gate: 'refused-rows',
    found: /missing-name 200/,
  },
  {
    what: 'blank series',
    serves: withFields(NSE, set(5, '')),
    gate: 'refused-rows',
    found: /missing-series 200/,
  },
  {
    what: 'letters that are not plain',
    serves: withFields(NSE, set(3, 'CAFÉ')),
    gate: 'refused-rows',
    found: /not-plain-text 200/,
  },
  {
    what: 'test symbols only',
    serves: withFields(NSE, set(15, 'DUMMYSAN001')),
    gate: 'refused-rows',
    found: /test-symbol 200/,
  },
  {
    what: 'a twentieth of it unreadable',
    serves: withFields(NSE, set(12, 'x'), 10),
    gate: 'refused-rows',
    found: /10 of 200 rows \(bad-number 10\)/,
  },
  // Lots, ticks and keys.
  {
    what: 'negative lots',
    serves: withFields(NSE, set(12, '-1')),
    gate: 'lot-and-tick',
    found: /lot-not-positive 200/,
  },
  {
    what: 'lots of 0 here and there',
    serves: withFields(NSE, set(12, '0'), 4),
    gate: 'lot-and-tick',
    found: /4 of 200 rows/,
  },
  {
    what: 'zero ticks',
    serves: withFields(NSE, set(11, '0')),
    gate: 'lot-and-tick',
    found: /tick-not-positive 200/,
  },
  {
    what: 'negative multipliers',
    serves: withFields(NSE, set(13, '-1')),
    gate: 'lot-and-tick',
    found: /multiplier-not-positive 200/,
  },
  {
    what: 'one token for all',
    serves: withFields(NSE, (fields) => ((fields[1] = '7'), (fields[7] = '1100100000007'))),
    gate: 'duplicate-key',
    found: /conflicting-key 200/,
  },
  {
    what: 'a few tokens twice',
    serves: `${NSE}\n${withFields(rowsOf(NSE).slice(0, 3).join('\n'), set(3, 'OTHER'))}`,
    gate: 'duplicate-key',
    found: /conflicting-key 6/,
  },
  { what: 'every row twice', serves: `${NSE}\n${NSE}`, gate: 'duplicate-key', found: /duplicate-key 200/ },
  {
    what: 'tokens of another instrument',
    serves: withFields(NSE, set(7, '1100100009999')),
    gate: 'duplicate-key',
    found: /instrument-id-mismatch 200/,
  },
  // Contracts.
  {
    what: 'contracts that have all expired',
    segment: 'NSEFO',
    serves: contractText('2026-11-19', 201),
    gate: 'expiry',
    found: /the last one expired on 20261119/,
  },
  {
    what: 'a list of last month',
    segment: 'NSEFO',
    serves: `${contractText('2026-10-27', 100)}\n${contractText('2026-11-26', 100, 60_000)}`,
    gate: 'date',
    found: /101 of 202 contracts expired/,
  },
  {
    what: "yesterday's list",
    segment: 'NSEFO',
    serves: `${contractText('2026-11-19', 20, 90_000)}\n${FO}`,
    gate: 'date',
    found: /21 of 223 contracts expired/,
  },
  {
    what: 'expiries no calendar has',
    segment: 'NSEFO',
    serves: withFields(FO, set(16, '2026-13-45T14:30:00')),
    gate: 'refused-rows',
    found: /bad-expiry 202/,
  },
  {
    what: 'no expiries',
    segment: 'NSEFO',
    serves: withFields(FO, set(16, '')),
    gate: 'refused-rows',
    found: /missing-expiry 202/,
  },
  {
    what: 'ids of another expiry',
    segment: 'NSEFO',
    serves: FO.replaceAll('2026-11-26', '2026-11-27'),
    gate: 'duplicate-key',
    found: /instrument-id-mismatch 101/,
  },
  {
    what: 'options without a right',
    segment: 'NSEFO',
    serves: FO.replaceAll('|3|', '|9|'),
    gate: 'refused-rows',
    found: /unknown-option-type 200/,
  },
  {
    what: 'strikes below 0',
    segment: 'NSEFO',
    serves: FO.replace(/\|2(\d{4})\|3\|/g, '|-2$1|3|'),
    gate: 'refused-rows',
    found: /strike-not-positive/,
  },
  {
    what: 'no future',
    segment: 'NSEFO',
    serves: rowsOf(FO)
      .filter((row) => row.split('|')[2] !== '1')
      .join('\n'),
    gate: 'mandatory-symbols',
    found: /no NFO:NIFTY\*FUT/,
  },
  {
    what: 'no near future',
    segment: 'NSEFO',
    serves: contractText('2027-12-28', 200),
    gate: 'mandatory-symbols',
    found: /no NFO:NIFTY\*FUT/,
  },
  {
    what: 'a large share missing',
    serves: NSE.replace('|S7|', '|S7X|'),
    gate: 'mandatory-symbols',
    found: /no NSE:S7/,
  },
]
