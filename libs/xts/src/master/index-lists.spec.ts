import { MasterParser } from './master-parser'
import { BSE_SPOT } from './testing/rows'

describe('the index list', () => {
  const indicesOf = (...indices: { name: string; token: number }[]): ReturnType<MasterParser['finish']> => {
    const parser = new MasterParser()
    parser.addIndices('NSECM', indices)
    return parser.finish()
  }

  it.each([
    ['NIFTY 50', 'NIFTY'],
    ['NIFTY BANK', 'BANKNIFTY'],
    ['INDIA VIX', 'INDIAVIX'],
    ['NIFTY FIN SERVICE', 'FINNIFTY'],
    ['NIFTY MID SELECT', 'MIDCPNIFTY'],
    ['NIFTY NEXT 50', 'NIFTYNXT50'],
    ['HANGSENG BEES-NAV', 'HANGSENGBEESNAV'],
    ['Nifty 200', 'NIFTY200'],
    ['BHARATBOND-APR31', 'BHARATBONDAPR31'],
  ])('names %s %s', (name, symbol) => {
    expect(indicesOf({ name, token: 26_000 }).instruments).toEqual([
      expect.objectContaining({
        exchange: 'NSE_INDEX',
        symbol,
        segment: 'NSECM',
        brokerSymbol: name,
        instrumentType: 'INDEX',
      }),
    ])
  })

  it('refuses two indices with one token and renames two with one name', () => {
    const { instruments, counts } = indicesOf(
      { name: 'NIFTY LOW VOL 50', token: 26_147 },
      { name: 'NIFTY QLTY LV 30', token: 26_147 },
      { name: 'NIFTY GS 10YR', token: 26_032 },
      { name: 'NIFTY GS 10YR', token: 26_033 },
    )
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['NIFTYGS10YR-26032', 'NIFTYGS10YR-26033'])
    expect(counts).toEqual([
      { segment: 'NSE_INDEX', rows: 4, instruments: 2, refused: { 'conflicting-key': 2 }, renamed: 2 },
    ])
  })

  it.each([
    ['no token', { name: 'NIFTY 50', token: Number.NaN }, 'bad-token'],
    ['a negative token', { name: 'NIFTY 50', token: -1 }, 'bad-token'],
    ['a token of nine digits', { name: 'NIFTY 50', token: 100_000_000 }, 'bad-token'],
    ['no name', { name: '', token: 26_000 }, 'missing-name'],
    ['a name that is not plain', { name: 'NIFTY ☃', token: 26_000 }, 'not-plain-text'],
  ])('refuses an entry with %s', (_, entry, reason) => {
    expect(indicesOf(entry).counts).toEqual([
      { segment: 'NSE_INDEX', rows: 1, instruments: 0, refused: { [reason]: 1 } },
    ])
  })

  it('of BSE gives way to the rows of its master, which number the same index otherwise', () => {
    const parser = new MasterParser()
    parser.addIndices('BSECM', [
      { name: 'SENSEX', token: 1 },
      { name: 'FOCIT', token: 99 },
    ])
    parser.addText(BSE_SPOT)
    const { instruments, counts } = parser.finish()
    expect(instruments.map(({ symbol, token }) => [symbol, token])).toEqual([
      ['SENSEX', 26_065],
      ['FOCIT', 99],
    ])
    expect(counts[1]).toEqual({
      segment: 'BSE_INDEX',
      rows: 2,
      instruments: 1,
      refused: { 'index-listed-as-row': 1 },
    })
  })

  it('refuses an entry without a usable token', () => {
    expect(indicesOf({ name: 'NIFTY 50', token: Number.NaN }).counts).toEqual([
      { segment: 'NSE_INDEX', rows: 1, instruments: 0, refused: { 'bad-token': 1 } },
    ])
  })

  it('agrees with a gateway that also lists its indices as rows', () => {
    const parser = new MasterParser()
    parser.addText('NSECM|26000|16|NIFTY 50|NIFTY 50-SPOT|SPOT|NIFTY 50-SPOT|1100100026000|0|0|0|0.05|1|1')
    parser.endText()
    parser.addIndices('NSECM', [{ name: 'NIFTY 50', token: 26_000 }])
    const { instruments, counts } = parser.finish()
    expect(instruments).toHaveLength(1)
    expect(counts[1]).toEqual({
      segment: 'NSE_INDEX',
      rows: 1,
      instruments: 0,
      refused: { 'index-listed-as-row': 1 },
    })
  })
})
