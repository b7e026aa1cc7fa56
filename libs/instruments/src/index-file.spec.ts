import { EXCHANGES, SEGMENTS, type ListedInstrument, type Segment } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { checksumOf } from './checksum'
import { IndexFile } from './index-file'
import { HEADER } from './index-layout'
import { encodeIndex } from './index-writer'
import type { ListMeta } from './list-meta'

const META: ListMeta = {
  version: 'v20261120-1',
  broker: 'simulator',
  builtAtMs: 1_795_000_000_000,
  segments: [{ segment: 'NSECM', rows: 2, instruments: 1, refused: { 'test-symbol': 1 } }],
}

const RELIANCE: ListedInstrument = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  segment: 'NSECM',
  token: 2885,
  brokerSymbol: 'RELIANCE',
  name: 'RELIANCE INDUSTRIES LTD-EQ',
  instrumentType: 'EQ',
  lotSize: 1,
  tickSize: 0.1,
  freezeQuantity: 67_662,
  bandLow: 1312.2,
  bandHigh: 1603.6,
  multiplier: 1,
  series: 'EQ',
  isin: 'INE002A01018',
}

function encode(instruments: readonly ListedInstrument[]): Buffer {
  return encodeIndex(instruments, META)
}

describe('an index file', () => {
  it('gives back an instrument by symbol and by token', () => {
    const list = IndexFile.decode(encode([RELIANCE]), 'memory')
    const { series: _, isin: __, ...instrument } = RELIANCE
    expect(list.find({ exchange: 'NSE', symbol: 'RELIANCE' })).toEqual(instrument)
    expect(list.byToken('NSECM', 2885)).toEqual(instrument)
    expect(list.listedByToken('NSECM', 2885)).toMatchObject(instrument)
    expect(list.listedAt(0)).toEqual(RELIANCE)
    expect(list.meta).toEqual(META)
  })

  it('knows no instrument by the token of another segment or the symbol of another exchange', () => {
    const list = IndexFile.decode(encode([RELIANCE]), 'memory')
    expect(list.byToken('BSECM', 2885)).toBeUndefined()
    expect(list.listedByToken('BSECM', 2885)).toBeUndefined()
    expect(list.find({ exchange: 'BSE', symbol: 'RELIANCE' })).toBeUndefined()
  })

  it('knows no instrument by the beginning of its symbol', () => {
    const listed = Array.from({ length: 200 }, (_, at) => ({ ...RELIANCE, symbol: `S${at}LONG`, token: at }))
    const list = IndexFile.decode(encode(listed), 'memory')
    for (let at = 0; at < 200; at += 1) {
      expect(list.find({ exchange: 'NSE', symbol: `S${at}` })).toBeUndefined()
      expect(list.find({ exchange: 'NSE', symbol: `S${at}LONGER` })).toBeUndefined()
    }
  })

  it('may be empty', () => {
    const list = IndexFile.decode(encode([]), 'memory')
    expect(list.count).toBe(0)
    expect(list.find({ exchange: 'NSE', symbol: 'RELIANCE' })).toBeUndefined()
  })

  it('reads bytes that start off an 8-byte boundary', () => {
    const bytes = encode([RELIANCE])
    const shifted = Buffer.concat([Buffer.from([1]), bytes]).subarray(1)
    expect(IndexFile.decode(shifted, 'memory').count).toBe(1)
  })

  it('gives back any list of instruments, each by both keys', () => {
    fc.assert(
      fc.property(listOfInstruments(), (instruments) => {
        const list = IndexFile.decode(encode(instruments), 'memory')
        expect(list.count).toBe(instruments.length)
        instruments.forEach((instrument, row) => {
          expect(list.listedAt(row)).toEqual(instrument)
          expect(list.find(instrument)).toBe(list.byToken(instrument.segment, instrument.token))
        })
      }),
      { numRuns: 150 },
    )
  })
})

const WEEKLY: ListedInstrument = {
  exchange: 'NFO',
  symbol: 'NIFTY17FEB2625700PE',
  segment: 'NSEFO',
  token: 48_225,
  brokerSymbol: 'NIFTY 17FEB2026 PE 25700',
  name: 'NIFTY',
  instrumentType: 'PE',
  expiry: '17-FEB-26',
  strike: 25_700,
  lotSize: 65,
  tickSize: 0.05,
  freezeQuantity: 1_800,
  bandLow: 0.05,
  bandHigh: 205.3,
  multiplier: 1,
  series: 'OPTIDX',
  description: 'NIFTY2621725700PE',
  underlying: 'Nifty 50',
  instrumentId: '2604800048225',
  priceNumerator: 1,
  priceDenominator: 1,
}

describe('texts that follow from the other columns', () => {
  const decimal = { strike: 1.16, symbol: 'GBPUSD26AUG221.16CE', name: 'GBPUSD', instrumentType: 'CE' }
  it.each<[string, Partial<ListedInstrument>]>([
    ['a weekly option', {}],
    ['a monthly option', { description: 'NIFTY26FEB25700PE' }],
    [
      'a decimal strike',
      { ...decimal, brokerSymbol: 'GBPUSD 17FEB2026 CE 1.16', description: 'GBPUSD26FEB1.16CE' },
    ],
    [
      'a future',
      {
        strike: undefined,
        instrumentType: 'FUT',
        brokerSymbol: 'NIFTY 17FEB2026',
        description: 'NIFTY26FEBFUT',
      },
    ],
    ['a spread', { strike: undefined, instrumentType: 'SPREAD', instrumentId: '2100100048225' }],
    ['none of them', { brokerSymbol: 'X', description: undefined, instrumentId: '1' }],
    [
      'texts of another contract',
      { brokerSymbol: 'NIFTY 18FEB2026 PE 25700', instrumentId: '2604900048225' },
    ],
  ])('come back of %s', (_, change) => {
    const instrument = { ...WEEKLY, ...change }
    expect(IndexFile.decode(encode([instrument]), 'memory').listedAt(0)).toEqual(instrument)
  })

  it('take no room when they have their usual form', () => {
    const usual = Array.from({ length: 100 }, (_, at) => ({
      ...WEEKLY,
      strike: 20_000 + at * 50,
      symbol: `NIFTY17FEB26${20_000 + at * 50}PE`,
      token: 50_000 + at,
      brokerSymbol: `NIFTY 17FEB2026 PE ${20_000 + at * 50}`,
      description: `NIFTY26217${20_000 + at * 50}PE`,
      instrumentId: `26048000${50_000 + at}`,
    }))
    const odd = usual.map((one) => ({ ...one, brokerSymbol: `${one.brokerSymbol}!` }))
    expect(encode(odd).length - encode(usual).length).toBe(
      odd.reduce((sum, { brokerSymbol }) => sum + brokerSymbol.length + 1, 0),
    )
  })
})

describe('a damaged index file is refused', () => {
  const whole = encode([RELIANCE, { ...RELIANCE, symbol: 'TCS', token: 11_536 }])

  it('when it is cut anywhere', () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => IndexFile.decode(whole.subarray(0, length), 'cut.index')).toThrow(/cut\.index is damaged/)
    }
  })

  it('when any byte differs', () => {
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x40
      expect(() => IndexFile.decode(changed, 'changed.index')).toThrow(/changed\.index is damaged/)
    }
  })

  it('when it has bytes too many', () => {
    const longer = Buffer.concat([whole, Buffer.from([0])])
    expect(() => IndexFile.decode(longer, 'long.index')).toThrow(/should have/)
  })

  it('when it is of another format, which it names', () => {
    const older = Buffer.from(whole)
    older.write('XBINDEX1')
    expect(() => IndexFile.decode(older, 'old.index')).toThrow(/format "XBINDEX1".*reads XBINDEX2/)
  })

  it('when its tables could not end a search, even if the checksum is right', () => {
    for (const slots of [0, 2, 12]) {
      const changed = Buffer.alloc(whole.length + (slots - whole.readUInt32LE(HEADER.tableSlots)) * 12)
      whole.copy(changed)
      changed.writeUInt32LE(changed.length, HEADER.fileBytes)
      changed.writeUInt32LE(slots, HEADER.tableSlots)
      changed.writeUInt32LE(checksumOf(changed), HEADER.checksum)
      expect(() => IndexFile.decode(changed, 'table.index')).toThrow(`a table of ${slots} slots`)
    }
  })

  it('when it is something else', () => {
    expect(() => IndexFile.decode(Buffer.from('<html>'.repeat(50)), 'page.index')).toThrow(/does not begin/)
  })
})

describe('writing an index file refuses', () => {
  it('two instruments with one symbol', () => {
    expect(() => encode([RELIANCE, { ...RELIANCE, token: 1 }])).toThrow('share the key NSE:RELIANCE')
  })

  it('two instruments with one token', () => {
    expect(() => encode([RELIANCE, { ...RELIANCE, symbol: 'OTHER' }])).toThrow('share the key NSECM:2885')
  })

  it('a text that is empty, too long or not plain', () => {
    for (const name of ['', 'x'.repeat(256), 'Ünïcode', 'line\nbreak']) {
      expect(() => encode([{ ...RELIANCE, name }])).toThrow('cannot be stored')
    }
  })
})

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  })

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined })
}

function listOfInstruments(): fc.Arbitrary<ListedInstrument[]> {
  const price = fc.double({ noNaN: true, min: -1e6, max: 1e6 })
  const instrument = fc.record({
    exchange: fc.constantFrom(...EXCHANGES),
    symbol: text(24),
    segment: fc.constantFrom(...(Object.keys(SEGMENTS) as Segment[])),
    token: fc.integer({ min: 0, max: 99_999_999 }),
    brokerSymbol: text(40),
    name: text(255),
    instrumentType: text(8),
    expiry: optional(text(9)),
    strike: optional(price),
    lotSize: fc.integer({ min: 1, max: 1_000_000 }),
    tickSize: fc.double({ noNaN: true, min: 0.0001, max: 10 }),
    freezeQuantity: optional(fc.integer({ min: 1, max: 2 ** 40 })),
    bandLow: optional(price),
    bandHigh: optional(price),
    multiplier: fc.double({ noNaN: true, min: 0.0001, max: 1e5 }),
    series: text(6),
    isin: optional(text(12)),
    underlying: optional(text(20)),
    underlyingToken: optional(fc.integer({ min: 0, max: 99_999_999 })),
    description: optional(text(40)),
    underlyingInstrumentId: optional(text(15)),
    instrumentId: optional(text(15)),
    priceNumerator: optional(price),
    priceDenominator: optional(price),
  })
  return fc
    .uniqueArray(instrument, { selector: ({ segment, token }) => `${segment}:${token}`, maxLength: 60 })
    .map((list) => [...new Map(list.map((one) => [`${one.exchange}:${one.symbol}`, one])).values()])
}
