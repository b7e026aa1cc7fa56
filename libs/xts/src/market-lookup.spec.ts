import type { HttpOutcome } from '@xts-bridge/http'
import { readCandles, toHistoryTime } from './candles'
import { COMPRESSIONS, XtsMarketLookup } from './market-lookup'
import type { CallOutcome } from './model'
import { brokerProfile } from './profiles'
import { FakeHttp, success } from './testing/fake-http'
import { Unreadable } from './unreadable'

const CONTRACT = { segment: 'NSEFO', series: 'OPTIDX', symbol: 'NIFTY' } as const
const RELIANCE = { segment: 'NSECM', token: 2885 } as const
const FOUND = {
  ExchangeSegment: 2, ExchangeInstrumentID: 43_422, Name: 'NIFTY', DisplayName: 'NIFTY 28JAN2021 CE 14000', Description: 'NIFTY21JAN14000CE',
  Series: 'OPTIDX', LotSize: 75, TickSize: 0.05, FreezeQty: 5001,
} // prettier-ignore
const READ = {
  segmentNumber: 2, token: 43_422, name: 'NIFTY', displayName: 'NIFTY 28JAN2021 CE 14000', description: 'NIFTY21JAN14000CE',
  series: 'OPTIDX', lotSize: 75, tickSize: 0.05, freezeQuantity: 5001,
} // prettier-ignore

function lookup(answer: HttpOutcome, hasToken = true): { http: FakeHttp; market: XtsMarketLookup } {
  const http = new FakeHttp([answer])
  const token = { token: 'jwt-2', userId: 'U', clientCodes: [], isInvestorClient: true, epoch: 3 }
  const market = new XtsMarketLookup({
    http: http.asCaller(),
    profile: brokerProfile('simulator'),
    token: () => (hasToken ? token : undefined),
  })
  return { http, market }
}

const narrowed = { ...CONTRACT, expiry: '30Jan2025', optionType: 'CE', strike: 23_250 } as const
const NARROWED_QUERY = {
  exchangeSegment: '2', series: 'OPTIDX', symbol: 'NIFTY', expiryDate: '30Jan2025', optionType: 'CE', strikePrice: '23250',
} // prettier-ignore
type Calls = readonly (readonly [
  string,
  (market: XtsMarketLookup) => Promise<CallOutcome<unknown>>,
  object,
  unknown,
  unknown,
])[]
const CALLS: Calls = [
  ['clientConfig', (market) => market.clientConfig(), { method: 'GET', path: '/apibinarymarketdata/config/clientConfig' }, { a: 1 }, { a: 1 }],
  ['search', (market) => market.search('NIF'), { path: '/apibinarymarketdata/search/instruments', query: { searchString: 'NIF' } }, [FOUND], [READ]],
  ['searchByToken', (market) => market.searchByToken([RELIANCE]), {
    method: 'POST', path: '/apibinarymarketdata/search/instrumentsbyid', body: { source: 'WebAPI', instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 2885 }] },
  }, FOUND, [READ]],
  ['series', (market) => market.series('NSECM'), { path: '/apibinarymarketdata/instruments/instrument/series', query: { exchangeSegment: '1' } }, ['EQ'], ['EQ']],
  ['equity', (market) => market.equity({ segment: 'NSECM', series: 'EQ', symbol: 'RELIANCE' }), {
    path: '/apibinarymarketdata/instruments/instrument/symbol', query: { exchangeSegment: '1', series: 'EQ', symbol: 'RELIANCE' },
  }, FOUND, [READ]],
  ['expiries', (market) => market.expiries(CONTRACT), { path: '/apibinarymarketdata/instruments/instrument/expiryDate' }, ['2025-01-30T14:30:00'], ['2025-01-30T14:30:00']],
  ['future', (market) => market.future(CONTRACT), { path: '/apibinarymarketdata/instruments/instrument/futureSymbol' }, [FOUND], [READ]],
  ['option', (market) => market.option(narrowed), { path: '/apibinarymarketdata/instruments/instrument/optionsymbol', query: NARROWED_QUERY }, [FOUND], [READ]],
  ['optionTypes', (market) => market.optionTypes(narrowed), { path: '/apibinarymarketdata/instruments/instrument/optionType' }, ['CE', 'PE'], ['CE', 'PE']],
  ['strikes', (market) => market.strikes(narrowed), { path: '/apibinarymarketdata/instruments/instrument/strikePrice' }, ['1.155', 23_250], [1.155, 23_250]],
  ['logOut', (market) => market.logOut(), { method: 'DELETE', path: '/apibinarymarketdata/auth/logout', retry: 'never' }, '', undefined],
] // prettier-ignore

describe('a lookup', () => {
  it.each(CALLS)('%s sends the documented request and reads its answer', async (...row) => {
    const [, call, request, result, read] = row
    const { http, market } = lookup(success(result))
    expect(await call(market)).toEqual({ kind: 'ok', value: read })
    expect(http.sent[0]).toMatchObject({ ...request, family: 'read', headers: { Authorization: 'jwt-2' } })
  }) // prettier-ignore

  it.each(CALLS)('%s is not sent without a session', async (_name, call) => {
    const { http, market } = lookup(success({}), false)
    expect(await call(market)).toMatchObject({ kind: 'not-sent', isSessionMissing: true })
    expect(http.sent).toEqual([])
  })

  it.each<[string, (market: XtsMarketLookup) => Promise<CallOutcome<unknown>>, unknown]>([
    ['a list of nothing readable', (market) => market.search('x'), ['x']],
    ['an instrument without a token', (market) => market.future(CONTRACT), [{ ExchangeSegment: 2 }]],
    ['series that are no list', (market) => market.series('NSECM'), { EQ: 1 }],
    ['a strike that is a word', (market) => market.strikes(CONTRACT), ['high']],
    ['a history without its text', (market) => market.history({ ref: RELIANCE, fromMs: 0, toMs: 1, compression: '60' }), {}],
  ])('is unknown for %s', async (_what, call, result) => {
    expect(await call(lookup(success(result)).market)).toMatchObject({ kind: 'unknown' })
  }) // prettier-ignore
})

describe('a history', () => {
  const from = Date.parse('2025-01-27T09:00:00+05:30')

  it('is asked in India’s time', async () => {
    const { http, market } = lookup(success({ dataReponse: '' }))
    const span = { fromMs: from, toMs: Date.parse('2025-01-27T15:30:05+05:30') }
    expect(await market.history({ ref: RELIANCE, ...span, compression: '300' })).toEqual({
      kind: 'ok',
      value: [],
    })
    expect(http.sent[0]?.query).toEqual({
      exchangeSegment: '1',
      exchangeInstrumentID: '2885',
      startTime: 'Jan 27 2025 090000',
      endTime: 'Jan 27 2025 153005',
      compressionValue: '300',
    })
    expect(toHistoryTime(Date.parse('2026-11-20T20:00:00Z'))).toBe('Nov 21 2026 013000')
    expect(COMPRESSIONS).toContain('D')
  })

  it.each(['dataReponse', 'dataResponse'])('is read from %s, each row by itself', (name) => {
    const text =
      '1737969359|1265.1|1266|1264.2|1265.55|48211|0|,1737969419|1265.5|1265.9|1265|1265.2|12000|17|'
    const candles = readCandles({ [name]: text })
    expect(candles).toHaveLength(2)
    expect(candles[1]).toEqual({
      endsAtMs: Date.parse('2025-01-27T09:16:59+05:30'),
      open: 1265.5,
      high: 1265.9,
      low: 1265,
      close: 1265.2,
      volume: 12_000,
      openInterest: 17,
    })
  })

  it('may be empty, and may lack open interest', () => {
    expect(readCandles({ dataReponse: '' })).toEqual([])
    expect(readCandles({ dataReponse: '1737969359|1|2|1|2|5|' })[0]?.openInterest).toBeUndefined()
  })

  it.each([
    ['no text', { dataReponse: 5 }],
    ['a row cut off', { dataReponse: '1737969359|1265.1|1266' }],
    ['a row with too much in it', { dataReponse: '1737969359|1|2|1|2|5|6|7|8|' }],
    ['a row without a time', { dataReponse: '0|1|2|1|2|5|0|' }],
    ['a price that is a word', { dataReponse: '1737969359|high|2|1|2|5|0|' }],
    ['a price that is missing', { dataReponse: '1737969359||2|1|2|5|0|' }],
  ])('is not read from %s', (_what, result) => {
    expect(() => readCandles(result)).toThrow(Unreadable)
  })
})
