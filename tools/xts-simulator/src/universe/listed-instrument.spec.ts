import { parseMasterRow } from './listed-instrument'

/** documented: the sample lines of the protocol reference. */
const EQUITY =
  'NSECM|2885|8|RELIANCE|RELIANCE-EQ|EQ|RELIANCE-EQ|1100100002885|1440.4|1178.6|67662|0.1|1|1|RELIANCE|INE002A01018|1|1|RELIANCE INDUSTRIES LTD-EQ|0|-1|-1'
const FUTURE =
  'NSEFO|49229|1|NIFTY|NIFTY26JANFUT|FUTIDX|NIFTY-FUTIDX|2602700049229|28369.8|23211.8|1801|0.1|65|1|-1|Nifty 50|2026-01-27T14:30:00|NIFTY 27JAN2026|1|1|NIFTY26JANFUT'
const OPTION =
  'NSEFO|96594|2|HCLTECH|HCLTECH26FEB1160PE|OPTSTK|HCLTECH-OPTSTK|2605500096594|20.05|0.05|14001|0.05|350|1|1100100007229|HCLTECH|2026-02-24T14:30:00|1160|4|HCLTECH 24FEB2026 PE 1160|1|1|HCLTECH26FEB1160PE'

describe('parseMasterRow', () => {
  it('reads a share', () => {
    const share = parseMasterRow(EQUITY)
    expect(share).toMatchObject({
      segment: 'NSECM', token: 2885, displayName: 'RELIANCE', bandHigh: 1440.4, bandLow: 1178.6,
      freezeQuantity: 67662, tickSize: 0.1, lotSize: 1, isIndex: false,
    }) // prettier-ignore
    expect(share?.expiryDate).toBeUndefined()
  })

  it('reads a future, whose row has no strike columns', () => {
    expect(parseMasterRow(FUTURE)).toMatchObject({
      instrumentType: 1, lotSize: 65, displayName: 'NIFTY 27JAN2026', expiryDate: '2026-01-27', underlyingId: '-1',
    }) // prettier-ignore
  })

  it('reads an option with strike and right', () => {
    expect(parseMasterRow(OPTION)).toMatchObject({
      strike: 1160, optionType: 4, displayName: 'HCLTECH 24FEB2026 PE 1160', underlyingId: '1100100007229',
    }) // prettier-ignore
  })

  it('knows a BSE index by its series', () => {
    const row =
      'BSECM|26065|8|SENSEX|SENSEX-SPOT|SPOT|SENSEX-SPOT|11100100026065|NaN|NaN|0|1|1|1|SENSEX||1|1|SENSEX-SPOT|-1|-1|-1'
    expect(parseMasterRow(row)?.isIndex).toBe(true)
  })

  it('reads the short rows of old gateways', () => {
    const row =
      'NSECD|1136|1|USDINR|USDINR22SEPFUT|FUTCUR|USDINR-FUTCUR|3227100001136|82.535|77.7275|10001|0.0025|1|1000|3100100000001||2022-09-28T14:30:00'
    expect(parseMasterRow(row)).toMatchObject({
      multiplier: 1000,
      expiryDate: '2022-09-28',
      displayName: 'USDINR22SEPFUT',
    })
  })

  it.each([
    ['an empty line', ''],
    ['a header', 'ExchangeSegment|ExchangeInstrumentID|InstrumentType'],
    ['an unknown segment', EQUITY.replace('NSECM', 'NYSE')],
    ['a token that is no number', EQUITY.replace('|2885|', '|RELIANCE|')],
    ['a token of zero', EQUITY.replace('|2885|', '|0|')],
    ['a row that was cut', EQUITY.split('|').slice(0, 13).join('|')],
    ['a type that is no number', EQUITY.replace('|8|', '|x|')],
  ])('takes %s for no instrument', (_, row) => {
    expect(parseMasterRow(row)).toBeUndefined()
  })
})
