import { decodeMarketStatus, decodePriceBand } from './decode-notices'
import { NotOurs, Unreadable } from './unreadable'

const CLOCK = { otherSegmentsClock: 'ist' } as const

describe('a price band', () => {
  it('is read for an instrument', () => {
    expect(decodePriceBand('t:12_1140025,110:2067.75,111:516.95')).toEqual({
      segment: 'BSEFO',
      token: 1_140_025,
      high: 2067.75,
      low: 516.95,
    })
  })

  it.each([
    ['the noise', 't:0_0'],
    ['another property', 't:2_48225,4:500'],
    ['half a band', 't:2_48225,110:5'],
  ])('is not in %s', (_what, payload) => {
    expect(decodePriceBand(payload)).toBeUndefined()
  })

  it.each([
    ['no text', {}],
    ['no instrument', '110:1,111:2'],
    ['a price that is none', 't:2_48225,110:high,111:2'],
  ])('is not read from %s', (_what, payload) => {
    expect(() => decodePriceBand(payload)).toThrow(Unreadable)
  })

  it('leaves another segment aside', () => {
    expect(() => decodePriceBand('t:21_5,110:1,111:2')).toThrow(NotOurs)
  })
})

describe('a market status', () => {
  const status = (changes: object = {}): string =>
    JSON.stringify({
      ApplicationType: 0, ExchangeInstrumentID: 0, ExchangeSegment: 1, ExchangeTimeStamp: 1_454_323_205, maketType: 1,
      message: 'Normal market has begun', MessageCode: 1507, MessageVersion: 4, SequenceNumber: 5, TokenID: 0, tradingSession: 2,
      ...changes,
    }) // prettier-ignore

  it('names segment, session and words', () => {
    expect(decodeMarketStatus(status(), CLOCK)).toEqual({
      segment: 'NSECM',
      session: 2,
      message: 'Normal market has begun',
      exchangeAtMs: (1_454_323_205 + 315_532_800 - 19_800) * 1_000,
    })
  })

  it('may be silent', () => {
    expect(decodeMarketStatus(status({ message: '' }), CLOCK).message).toBe('')
  })

  it.each([
    ['text that is no JSON', 'closed'],
    ['no session', status({ tradingSession: undefined })],
    ['a session that is no number', status({ tradingSession: 'open' })],
    ['no segment', status({ ExchangeSegment: undefined })],
  ])('is not read from %s', (_what, payload) => {
    expect(() => decodeMarketStatus(payload, CLOCK)).toThrow(Unreadable)
  })

  it('leaves another segment aside', () => {
    expect(() => decodeMarketStatus(status({ ExchangeSegment: 21 }), CLOCK)).toThrow(NotOurs)
  })
})
