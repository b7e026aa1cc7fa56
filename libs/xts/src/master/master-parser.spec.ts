import { MasterParser, parseMasterText } from './master-parser'
import {
  BSE_CURRENCY,
  COMMODITY,
  INDEX_FUTURE,
  INDEX_OPTION,
  OLD_CASH,
  OLD_FUTURE,
  OLD_OPTION,
  OLD_SPREAD,
  OLD_UNDERLYING,
} from './testing/rows'
import { BSE_CASH, BSE_SPOT, NSE_CASH, SME_CASH, SPREAD, STOCK_OPTION, withField } from './testing/rows'

/** The counts of one row that is refused. */
function refusalOf(row: string): unknown {
  const { counts, instruments } = parseMasterText(row)
  expect(instruments).toEqual([])
  expect(counts).toHaveLength(1)
  return counts[0]?.refused
}

describe('a row of the master becomes an instrument', () => {
  it.each([
    [
      'NSE equity',
      NSE_CASH,
      {
        exchange: 'NSE',
        symbol: 'RELIANCE',
        segment: 'NSECM',
        token: 2885,
        brokerSymbol: 'RELIANCE',
        name: 'RELIANCE INDUSTRIES LTD',
        instrumentType: 'EQ',
        lotSize: 1,
        tickSize: 0.1,
        freezeQuantity: 67_661,
        bandLow: 1312.2,
        bandHigh: 1603.6,
        multiplier: 1,
        series: 'EQ',
        isin: 'INE002A01018',
        description: 'RELIANCE-EQ',
        instrumentId: '1100100002885',
        priceNumerator: 1,
        priceDenominator: 1,
        underlyingInstrumentId: undefined,
      },
    ],
    [
      'NSE other series',
      SME_CASH,
      { exchange: 'NSE', symbol: 'KEL-SM', lotSize: 1200, instrumentType: 'SM' },
    ],
    [
      'BSE equity',
      BSE_CASH,
      {
        exchange: 'BSE',
        symbol: 'RELIANCE',
        segment: 'BSECM',
        token: 500_325,
        instrumentType: 'A',
        freezeQuantity: undefined,
      },
    ],
    [
      'BSE index',
      BSE_SPOT,
      {
        exchange: 'BSE_INDEX',
        symbol: 'SENSEX',
        segment: 'BSECM',
        token: 26_065,
        instrumentType: 'INDEX',
        tickSize: 0.05,
        lotSize: 1,
      },
    ],
    [
      'BSE index future',
      INDEX_FUTURE,
      {
        exchange: 'BFO',
        symbol: 'SENSEX29JAN26FUT',
        token: 1_143_697,
        brokerSymbol: 'SENSEX 29JAN2026',
        instrumentType: 'FUT',
        expiry: '29-JAN-26',
        strike: undefined,
        lotSize: 20,
        freezeQuantity: 500,
        bandHigh: 92_253.05,
        bandLow: 75_479.8,
        underlying: 'SENSEX',
        underlyingToken: undefined,
      },
    ],
    [
      'weekly index option',
      INDEX_OPTION,
      {
        symbol: 'SENSEX05MAR2692300CE',
        expiry: '05-MAR-26',
        strike: 92_300,
        instrumentType: 'CE',
        freezeQuantity: 1000,
      },
    ],
    [
      'NSE stock option',
      STOCK_OPTION,
      {
        exchange: 'NFO',
        symbol: 'NATIONALUM27JAN26335PE',
        brokerSymbol: 'NATIONALUM 27JAN2026 PE 335',
        instrumentType: 'PE',
        strike: 335,
        lotSize: 3750,
        freezeQuantity: 112_500,
        underlyingToken: 6364,
        underlyingInstrumentId: '1100100006364',
        description: 'NATIONALUM26JAN335PE',
        instrumentId: '2602700119476',
      },
    ],
    [
      'calendar spread',
      SPREAD,
      {
        symbol: 'SENSEX26FEB25MARSPD',
        instrumentType: 'SPREAD',
        expiry: '26-FEB-26',
        bandLow: -2507.1,
        bandHigh: 4178.5,
        underlying: undefined,
      },
    ],
    [
      '2022 cash',
      OLD_CASH,
      { symbol: 'HEIDELBERG', brokerSymbol: 'HEIDELBERG', token: 2316, priceNumerator: undefined },
    ],
    [
      'BSE currency future',
      BSE_CURRENCY,
      { exchange: 'BCD', symbol: 'USDINR27NOV26FUT', multiplier: 1000, freezeQuantity: 10_000 },
    ],
    [
      'commodity future that expires late in the day',
      COMMODITY,
      { exchange: 'MCX', symbol: 'GOLDPETAL30JUN26FUT', expiry: '30-JUN-26', freezeQuantity: 10_000 },
    ],
    [
      '2022 future',
      OLD_FUTURE,
      {
        exchange: 'CDS',
        symbol: 'USDINR16SEP22FUT',
        brokerSymbol: 'USDINR22916FUT',
        tickSize: 0.0025,
        multiplier: 1000,
        freezeQuantity: 10_000,
      },
    ],
    [
      '2022 option with a decimal strike',
      OLD_OPTION,
      { symbol: 'GBPUSD26AUG221.16CE', strike: 1.16, multiplier: 79_743.3 },
    ],
    ['2022 spread', OLD_SPREAD, { symbol: 'USDJPY22AUG22OCTSPD', instrumentType: 'SPREAD' }],
  ])('%s', (_, row, expected) => {
    const { instruments, counts } = parseMasterText(row)
    expect(instruments).toEqual([expect.objectContaining(expected)])
    expect(counts).toEqual([{ segment: row.slice(0, 5), rows: 1, instruments: 1, refused: {} }])
  })

  it('reads an index row of type 16 whatever its later columns hold', () => {
    const row =
      'NSECM|26000|16|NIFTY 50|NIFTY 50-SPOT|SPOT|NIFTY 50-SPOT|1100100026000|0|0|0|0.05|1|1|undefined|NIFTY 50|1'
    expect(parseMasterText(row).instruments).toEqual([
      expect.objectContaining({ exchange: 'NSE_INDEX', symbol: 'NIFTY', token: 26_000 }),
    ])
  })
})

describe('numbers of the master are cleaned', () => {
  const only = (row: string): unknown => parseMasterText(row).instruments[0]

  it('leaves out a band that is NaN or zero', () => {
    expect(only(withField(withField(NSE_CASH, 8, 'NaN'), 9, 'NaN'))).toMatchObject({
      bandLow: undefined,
      bandHigh: undefined,
    })
    expect(only(withField(withField(NSE_CASH, 8, '0'), 9, '0'))).toMatchObject({ bandHigh: undefined })
  })

  it('drops what floating point left behind', () => {
    expect(only(withField(OLD_FUTURE, 13, '589.3000000000001'))).toMatchObject({ multiplier: 589.3 })
    expect(only(withField(NSE_CASH, 10, '105259.99999999999'))).toMatchObject({ freezeQuantity: 105_259 })
    expect(only(withField(NSE_CASH, 11, '0.05000000001'))).toMatchObject({ tickSize: 0.05 })
  })

  it.each([
    ['NSEFO', '1801', 1800],
    ['NSEFO', '5626', 5625],
    ['BSEFO', '1000', 1000],
    ['BSEFO', '901', 900],
    ['NSEFO', '0', undefined],
    ['NSEFO', '1', undefined],
  ])('%s freeze quantity %s means at most %s', (segment, stated, limit) => {
    const row = segment === 'NSEFO' ? STOCK_OPTION : INDEX_OPTION
    expect(only(withField(row, 10, stated))).toMatchObject({ freezeQuantity: limit })
  })
})

describe('a row that is no instrument is counted with its reason', () => {
  it.each([
    ['a test symbol', withField(NSE_CASH, 3, '011NSETEST'), 'test-symbol'],
    ['a dummy ISIN', withField(NSE_CASH, 15, 'DUMMYSAN001'), 'test-symbol'],
    ['an underlying the derivatives refer to', OLD_UNDERLYING, 'underlying-reference'],
    [
      'a commodity the derivatives refer to, in whatever layout',
      'MCXFO|5|16|GOLD|GOLD-COMDTY|COMDTY|GOLD-COMDTY|51100100000005|0|0|0|1|1|1|undefined|1|1|GOLD',
      'underlying-reference',
    ],
    ['a currency row of BSE that is no contract', withField(BSE_CURRENCY, 4, 'USDINR'), 'placeholder'],
    [
      'a currency row of BSE with two legs',
      withField(BSE_CURRENCY, 4, 'USDINR26NOV26DECFUT1'),
      'placeholder',
    ],
    ['a line a hundred times too long', NSE_CASH.padEnd(20_000, 'X'), 'line-too-long'],
    ['a price numerator of letters', withField(NSE_CASH, 16, 'one'), 'bad-number'],
    ['a price numerator of zero', withField(NSE_CASH, 16, '0'), 'bad-number'],
    ['a price numerator without denominator', withField(NSE_CASH, 17, ''), 'bad-number'],
    ['an unknown instrument type', withField(NSE_CASH, 2, '9'), 'unknown-instrument-type'],
    ['a future in a cash segment', withField(NSE_CASH, 2, '1'), 'unknown-instrument-type'],
    ['an equity in a derivatives segment', withField(INDEX_FUTURE, 2, '8'), 'unknown-instrument-type'],
    ['a cut row', NSE_CASH.split('|').slice(0, 20).join('|'), 'wrong-field-count'],
    ['a row cut in its stable columns', NSE_CASH.split('|').slice(0, 9).join('|'), 'wrong-field-count'],
    ['a row with a column too many', `${NSE_CASH}|1`, 'wrong-field-count'],
    ['a future with the columns of an option', withField(INDEX_OPTION, 2, '1'), 'wrong-field-count'],
    ['an option with the columns of a future', withField(INDEX_FUTURE, 2, '2'), 'wrong-field-count'],
    ['a character outside ASCII', withField(NSE_CASH, 3, 'RELIÄNCE'), 'not-plain-text'],
    ['a control character', withField(NSE_CASH, 3, 'RELI\u0000'), 'not-plain-text'],
    ['no name', withField(NSE_CASH, 3, ''), 'missing-name'],
    ['the word undefined as its name', withField(NSE_CASH, 3, 'undefined'), 'missing-name'],
    ['no series', withField(NSE_CASH, 5, ''), 'missing-series'],
    ['a token of letters', withField(NSE_CASH, 1, '28X5'), 'bad-token'],
    ['a negative token', withField(NSE_CASH, 1, '-2885'), 'bad-token'],
    ['a token of nine digits', withField(NSE_CASH, 1, '123456789'), 'bad-token'],
    ['an InstrumentID of another token', withField(NSE_CASH, 1, '2886'), 'instrument-id-mismatch'],
    ['an InstrumentID a spreadsheet broke', withField(NSE_CASH, 7, '1.1001E12'), 'instrument-id-mismatch'],
    [
      'an InstrumentID of another expiry',
      withField(INDEX_FUTURE, 16, '2026-01-30T00:00:00'),
      'instrument-id-mismatch',
    ],
    ['a tick of NaN', withField(NSE_CASH, 11, 'NaN'), 'bad-number'],
    ['an empty tick', withField(NSE_CASH, 11, ''), 'bad-number'],
    ['a lot of words', withField(NSE_CASH, 12, 'one'), 'bad-number'],
    ['a lot of one and a half', withField(NSE_CASH, 12, '1.5'), 'bad-number'],
    ['a band in hexadecimal', withField(NSE_CASH, 8, '0x10'), 'bad-number'],
    ['a band without end', withField(NSE_CASH, 8, 'Infinity'), 'bad-number'],
    ['a negative freeze quantity', withField(NSE_CASH, 10, '-5'), 'bad-number'],
    ['a lot of zero', withField(NSE_CASH, 12, '0'), 'lot-not-positive'],
    ['a negative lot', withField(INDEX_OPTION, 12, '-20'), 'lot-not-positive'],
    ['a tick of zero', withField(NSE_CASH, 11, '0'), 'tick-not-positive'],
    ['a negative tick', withField(NSE_CASH, 11, '-0.05'), 'tick-not-positive'],
    ['a tick below a hundredth of a paisa', withField(NSE_CASH, 11, '0.00001'), 'tick-not-positive'],
    ['a multiplier of zero', withField(OLD_FUTURE, 13, '0'), 'multiplier-not-positive'],
    ['a band upside down', withField(NSE_CASH, 9, '1700'), 'band-upside-down'],
    ['no expiry', withField(INDEX_FUTURE, 16, ''), 'missing-expiry'],
    ['the word undefined as its expiry', withField(INDEX_FUTURE, 16, 'undefined'), 'missing-expiry'],
    ['an expiry no calendar has', withField(INDEX_FUTURE, 16, '2026-02-30T00:00:00'), 'bad-expiry'],
    ['an expiry in another form', withField(INDEX_FUTURE, 16, '29-Jan-2026'), 'bad-expiry'],
    ['an option type that is neither call nor put', withField(INDEX_OPTION, 18, '5'), 'unknown-option-type'],
    ['no option type', withField(INDEX_OPTION, 18, ''), 'unknown-option-type'],
    ['a strike of zero', withField(INDEX_OPTION, 17, '0'), 'strike-not-positive'],
    ['a negative strike', withField(INDEX_OPTION, 17, '-92300'), 'strike-not-positive'],
    ['a strike that is no number', withField(INDEX_OPTION, 17, 'ATM'), 'bad-number'],
  ])('%s', (_, row, reason) => {
    expect(refusalOf(row)).toEqual({ [reason]: 1 })
  })

  it.each(['<!DOCTYPE html>', 'FOO|1|8|X', '1|2885|8|RELIANCE', 'null', '{"type":"error"}'])(
    '%s is of no segment we know',
    (line) => {
      expect(parseMasterText(line).counts).toEqual([
        { segment: 'unknown', rows: 1, instruments: 0, refused: { 'unknown-segment': 1 } },
      ])
    },
  )

  it('a header line is counted with the rows it heads', () => {
    const header = 'ExchangeSegment|ExchangeInstrumentID|InstrumentType|Name'
    expect(parseMasterText(`${header}\n${NSE_CASH}`).counts).toEqual([
      { segment: 'NSECM', rows: 2, instruments: 1, refused: { 'header-line': 1 } },
    ])
  })

  it('a header line that heads nothing is no list', () => {
    const header = 'ExchangeSegment|ExchangeInstrumentID|InstrumentType|Name'
    expect(parseMasterText(`${header}\r\n`).counts).toEqual([
      { segment: 'unknown', rows: 1, instruments: 0, refused: { 'header-line': 1 } },
    ])
  })

  it('a text in UTF-16 has no row that can be read, and all are counted', () => {
    const { instruments, counts } = parseMasterText(Buffer.from(`${NSE_CASH}\n${SME_CASH}\n`, 'utf16le'))
    expect(instruments).toEqual([])
    expect(counts.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThanOrEqual(2)
    expect(counts.flatMap(({ refused }) => Object.keys(refused))).toEqual(['not-plain-text'])
  })

  it('a line that never ends does not grow without end', () => {
    const parser = new MasterParser()
    for (let piece = 0; piece < 500; piece += 1) parser.addText('<td>'.repeat(1_000))
    parser.addText(`\n${NSE_CASH}`)
    const { counts } = parser.finish()
    expect(counts).toEqual([
      { segment: 'unknown', rows: 1, instruments: 0, refused: { 'line-too-long': 1 } },
      { segment: 'NSECM', rows: 1, instruments: 1, refused: {} },
    ])
  })

  it('a row that comes twice is one instrument', () => {
    const { instruments, counts } = parseMasterText(`${NSE_CASH}\n${NSE_CASH}`)
    expect(instruments).toHaveLength(1)
    expect(counts).toEqual([{ segment: 'NSECM', rows: 2, instruments: 1, refused: { 'duplicate-key': 1 } }])
  })

  it('rows that differ under one token are all refused, however many', () => {
    const other = withField(NSE_CASH, 12, '10')
    const { instruments, counts } = parseMasterText([NSE_CASH, SME_CASH, other, NSE_CASH].join('\n'))
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['KEL-SM'])
    expect(counts).toEqual([{ segment: 'NSECM', rows: 4, instruments: 1, refused: { 'conflicting-key': 3 } }])
  })

  it('keeps the first refused row of each reason as a sample', () => {
    const { samples } = parseMasterText(`${withField(NSE_CASH, 12, '0')}\n${withField(SME_CASH, 12, '0')}`)
    expect(samples).toEqual({ 'NSECM lot-not-positive': withField(NSE_CASH, 12, '0').slice(0, 160) })
  })
})
