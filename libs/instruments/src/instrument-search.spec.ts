import type { Exchange, ListedInstrument } from '@xts-bridge/contracts'
import { ContractDirectory } from './contract-directory'
import { InstrumentSearch } from './instrument-search'
import { MOST_FOUND, type SearchQuery } from './list-queries'
import { listed, listOf } from './testing/lists'

let token = 100
const cash = (symbol: string, name: string, more: Partial<ListedInstrument> = {}): ListedInstrument =>
  listed(symbol, (token += 1), { name, ...more })
const bse = (symbol: string, name: string): ListedInstrument =>
  cash(symbol, name, { exchange: 'BSE', segment: 'BSECM' })
const index = (symbol: string, name: string): ListedInstrument =>
  cash(symbol, name, { exchange: 'NSE_INDEX', instrumentType: 'INDEX' })

/** Futures and options of one underlying, as NSE lists them. */
function contracts(name: string, expiry: string, strikes: readonly number[]): readonly ListedInstrument[] {
  const start = name + expiry.replaceAll('-', '')
  const one = (end: string, more: Partial<ListedInstrument>): ListedInstrument =>
    cash(start + end, name, { exchange: 'NFO', segment: 'NSEFO', expiry, series: 'X', ...more })
  return [
    one('FUT', { instrumentType: 'FUT' }),
    ...strikes.flatMap((strike) =>
      ['CE', 'PE'].map((type) => one(`${strike}${type}`, { instrumentType: type, strike })),
    ),
  ]
}

const LIST = listOf(
  index('NIFTY', 'NIFTY 50'),
  index('BANKNIFTY', 'NIFTY BANK'),
  index('NIFTYNXT50', 'NIFTY NEXT 50'),
  cash('RELIANCE', 'RELIANCE INDUSTRIES LTD'),
  bse('RELIANCE', 'RELIANCE INDUSTRIES LTD.'),
  cash('RELINFRA', 'RELIANCE INFRASTRUCTURE LTD'),
  cash('RPOWER', 'RELIANCE POWER LTD'),
  cash('SBIN', 'STATE BANK OF INDIA'),
  cash('M&M', 'MAHINDRA & MAHINDRA LTD'),
  cash('BAJAJ-AUTO', 'BAJAJ AUTO LIMITED'),
  cash('CESC', 'CESC LIMITED'),
  cash('KEL-SM', 'KUNDAN EDIFICE LIMITED', { instrumentType: 'SM' }),
  listed('TATASTEEL', 3499, { name: 'TATA STEEL LIMITED' }),
  ...contracts('NIFTY', '26-NOV-26', [24_400, 24_450, 24_500, 24_550, 24_600]),
  ...contracts('NIFTY', '31-DEC-26', [24_000, 24_500]),
  ...contracts('BANKNIFTY', '24-NOV-26', [52_000, 52_100]),
  ...contracts('USDINR', '27-NOV-26', [84, 84.25]),
)

let search: InstrumentSearch
let pauses = 0
beforeAll(async () => {
  search = await InstrumentSearch.build(LIST, ContractDirectory.of(LIST), () => {
    pauses += 1
    return Promise.resolve()
  })
})

function found(text: string, more: Partial<SearchQuery> = {}): readonly string[] {
  return search.find({ text, ...more }).map(({ exchange, symbol }) => `${exchange}:${symbol}`)
}

describe('a search finds first', () => {
  it.each<[string, string, readonly string[]]>([
    ['the symbol itself, on each exchange that has it', 'RELIANCE', ['NSE:RELIANCE', 'BSE:RELIANCE']],
    ['a symbol in small letters', 'reliance', ['NSE:RELIANCE', 'BSE:RELIANCE']],
    ['what a symbol begins with', 'reli', ['NSE:RELIANCE', 'NSE:RELINFRA', 'BSE:RELIANCE', 'NSE:RPOWER']],
    [
      'the index before its contracts',
      'NIFTY',
      ['NSE_INDEX:NIFTY', 'NFO:NIFTY26NOV26FUT', 'NFO:NIFTY31DEC26FUT'],
    ],
    ['an index by its name', 'nifty 50', ['NSE_INDEX:NIFTY', 'NSE_INDEX:NIFTYNXT50']],
    ['words of a company’s name in any order', 'india state', ['NSE:SBIN']],
    ['a symbol with a sign in it', 'm&m', ['NSE:M&M']],
    ['a hyphen left out', 'bajaj auto', ['NSE:BAJAJ-AUTO']],
    ['a symbol of another series', 'kel-sm', ['NSE:KEL-SM']],
    ['text in the middle of a word', 'difi', ['NSE:KEL-SM']],
    ['an instrument by its token', '3499', ['NSE:TATASTEEL']],
  ])('%s', (_, text, expected) => {
    expect(found(text).slice(0, expected.length)).toEqual(expected)
  })
})

describe('a search takes a contract apart', () => {
  it.each<[string, readonly string[]]>([
    ['NIFTY 26NOV 24500 CE', ['NFO:NIFTY26NOV2624500CE']],
    ['nifty 24500 ce 26 nov', ['NFO:NIFTY26NOV2624500CE']],
    ['NIFTY 26-NOV-26 24500 CALL', ['NFO:NIFTY26NOV2624500CE']],
    ['NIFTY 24500 PE', ['NFO:NIFTY26NOV2624500PE', 'NFO:NIFTY31DEC2624500PE']],
    ['NIFTY DEC 24500 PUT', ['NFO:NIFTY31DEC2624500PE']],
    ['NIFTY DEC26 FUT', ['NFO:NIFTY31DEC26FUT']],
    ['nifty futures', ['NFO:NIFTY26NOV26FUT', 'NFO:NIFTY31DEC26FUT']],
    ['NIFTY26NOV24500CE', ['NFO:NIFTY26NOV2624500CE']],
    ['NIFTY26NOV2624500PE', ['NFO:NIFTY26NOV2624500PE']],
    ['USDINR 84.25 CE', ['NFO:USDINR27NOV2684.25CE']],
    ['BANKNIFTY 26NOV 52000 CE', ['NFO:BANKNIFTY24NOV2652000CE']],
    ['BANKNFTY 52000 CE', ['NFO:BANKNIFTY24NOV2652000CE']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('by the beginning of its symbol', () => {
    expect(found('NIFTY26NOV26244')).toEqual([
      'NFO:NIFTY26NOV2624400CE',
      'NFO:NIFTY26NOV2624400PE',
      'NFO:NIFTY26NOV2624450CE',
      'NFO:NIFTY26NOV2624450PE',
    ])
  })

  it('by the beginning of its strike when no such strike is listed', () => {
    expect(new Set(found('NIFTY 26NOV 244 CE'))).toEqual(
      new Set(['NFO:NIFTY26NOV2624400CE', 'NFO:NIFTY26NOV2624450CE']),
    )
  })

  it('without a name only by a whole strike', () => {
    expect(found('52100')).toEqual(['NFO:BANKNIFTY24NOV2652100CE', 'NFO:BANKNIFTY24NOV2652100PE'])
    expect(found('5210')).toEqual([])
  })

  it('and shows the strikes in the middle first', () => {
    expect(found('NIFTY 26NOV CE')).toEqual(
      [24_500, 24_450, 24_550, 24_400, 24_600].map((strike) => `NFO:NIFTY26NOV26${strike}CE`),
    )
  })

  it('but takes a word alone for the beginning of a name', () => {
    expect(found('CE')[0]).toBe('NSE:CESC')
  })
})

describe('a search forgives', () => {
  it.each([
    ['two letters swapped', 'RELAINCE', 'NSE:RELIANCE'],
    ['a wrong letter', 'TATASTEEK', 'NSE:TATASTEEL'],
    ['a letter missing', 'TATSTEEL', 'NSE:TATASTEEL'],
    ['a letter too many', 'SBINN', 'NSE:SBIN'],
    ['a wrong letter in a company’s name', 'mahendra', 'NSE:M&M'],
  ])('%s', (_, text, first) => {
    expect(found(text)[0]).toBe(first)
  })
})

describe('a search finds nothing', () => {
  it.each([
    '',
    '   ',
    ',;',
    'ZZZZZZ',
    '\u0000',
    '☃'.repeat(50),
    'X'.repeat(5_000),
    '99999999',
    '12.5.6',
    '(.*)',
    '__proto__',
  ])('for %j', (text) => {
    expect(found(text)).toEqual([])
  })

  it('on an exchange that has none of it', () => {
    expect(found('RELIANCE', { exchange: 'MCX' })).toEqual([])
    expect(found('3499', { exchange: 'BSE' })).toEqual([])
    expect(found('NIFTY26NOV26', { exchange: 'NSE' })).toEqual([])
  })

  it('when one word fits nothing', () => {
    expect(found('RELIANCE ZZZZZZ')).toEqual([])
    expect(found('NIFTY 26OCT 24500 CE')).toEqual([])
    expect(found('SBIN 24500 CE')).toEqual([])
  })
})

describe('a search keeps to', () => {
  it.each<[Exchange, readonly string[]]>([
    ['BSE', ['BSE:RELIANCE']],
    ['NSE', ['NSE:RELIANCE', 'NSE:RPOWER', 'NSE:RELINFRA']],
  ])('the exchange %s', (exchange, expected) => {
    expect(found('reliance', { exchange })).toEqual(expected)
  })

  it('the limit, whatever it is', () => {
    expect(found('NIFTY', { limit: 2 })).toHaveLength(2)
    expect(found('NIFTY', { limit: 0 })).toHaveLength(1)
    expect(found('NIFTY', { limit: -5 })).toHaveLength(1)
    const many = listOf(...Array.from({ length: 700 }, (_, at) => listed(`A${at}`, at)))
    return InstrumentSearch.build(many, ContractDirectory.of(many), () => Promise.resolve()).then((wide) => {
      expect(wide.find({ text: 'A', limit: 10_000 })).toHaveLength(MOST_FOUND)
    })
  })

  it('each instrument once', () => {
    for (const text of ['RELIANCE', 'NIFTY', 'NIFTY26NOV2624500CE']) {
      expect(new Set(found(text)).size).toBe(found(text).length)
    }
  })
})

it('is made in steps, between which other work is done', () => {
  expect(pauses).toBeGreaterThan(1)
})

it('finds nothing in an empty list', async () => {
  const empty = listOf()
  const none = await InstrumentSearch.build(empty, ContractDirectory.of(empty), () => Promise.resolve())
  expect(none.find({ text: 'RELIANCE' })).toEqual([])
})
