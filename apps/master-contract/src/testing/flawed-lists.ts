import { NSE, rowsOf, set, withFields } from './corruptions'
import { cashRow, cashText } from './rows'

/** These are taken: what is wrong with them is counted, and the rest is right. */
export const TAKEN: readonly {
  what: string
  serves: string
  instruments: number
  refused: Record<string, number>
}[] = [
  {
    what: 'one unreadable row',
    serves: withFields(NSE, set(12, 'x'), 1),
    instruments: 199,
    refused: { 'bad-number': 1 },
  },
  {
    what: 'one row with a lot of 0',
    serves: withFields(NSE, set(12, '0'), 1),
    instruments: 199,
    refused: { 'lot-not-positive': 1 },
  },
  {
    what: 'one row twice',
    serves: `${NSE}\n${rowsOf(NSE)[0] ?? ''}`,
    instruments: 200,
    refused: { 'duplicate-key': 1 },
  },
  {
    what: 'one row of another segment',
    serves: `${NSE}\n${cashRow('BSECM', 'X', 99)}`,
    instruments: 200,
    refused: {},
  },
  {
    what: 'a header',
    serves: `ExchangeSegment|ExchangeInstrumentID\n${NSE}`,
    instruments: 200,
    refused: { 'header-line': 1 },
  },
  { what: 'Windows line ends', serves: NSE.replaceAll('\n', '\r\n'), instruments: 200, refused: {} },
  { what: 'empty lines between rows', serves: NSE.replaceAll('\n', '\n\n'), instruments: 200, refused: {} },
  { what: 'a byte order mark', serves: `\ufeff${NSE}`, instruments: 200, refused: {} },
  {
    what: 'bands of NaN',
    serves: withFields(NSE, (fields) => fields.fill('NaN', 8, 10)),
    instruments: 200,
    refused: {},
  },
  { what: 'rows in another order', serves: rowsOf(NSE).reverse().join('\n'), instruments: 200, refused: {} },
  { what: 'a tenth less', serves: cashText('NSECM', 180), instruments: 180, refused: {} },
  { what: 'half as many again', serves: cashText('NSECM', 300), instruments: 300, refused: {} },
]
