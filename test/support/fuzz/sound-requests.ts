/** One request as a client in order sends it, to be spoiled. */
export interface SoundRequest {
  readonly method: string
  readonly path: string
  readonly api: 'interactive' | 'market' | 'open'
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

const ORDER = {
  exchangeSegment: 'NSECM',
  exchangeInstrumentID: 2885,
  productType: 'MIS',
  orderType: 'LIMIT',
  orderSide: 'BUY',
  timeInForce: 'DAY',
  disclosedQuantity: 0,
  orderQuantity: 1,
  limitPrice: 1000,
  stopPrice: 0,
  orderUniqueIdentifier: 'fuzz',
}
/** It waits below the market of the small universe, inside its band. */
export const RESTING_ORDER = { ...ORDER, limitPrice: 1400 }
const MODIFICATION = {
  appOrderID: 1,
  modifiedProductType: 'MIS',
  modifiedOrderType: 'LIMIT',
  modifiedOrderQuantity: 1,
  modifiedDisclosedQuantity: 0,
  modifiedLimitPrice: 1000,
  modifiedStopPrice: 0,
  modifiedTimeInForce: 'DAY',
  orderUniqueIdentifier: 'fuzz',
}
const COVER = {
  exchangeSegment: 'NSECM',
  exchangeInstrumentID: 2885,
  orderSide: 'BUY',
  orderType: 'LIMIT',
  orderQuantity: 1,
  disclosedQuantity: 0,
  limitPrice: 1000,
  stopPrice: 990,
  orderUniqueIdentifier: 'fuzz',
}
const BRACKET = { ...COVER, squarOff: 10, stopLossPrice: 10, trailingStoploss: 1, isProOrder: false }
const POSITION = {
  exchangeSegment: 'NSECM',
  exchangeInstrumentID: 2885,
  productType: 'MIS',
}
const SHARES = { instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 2885 }] }
const CONTRACT = {
  exchangeSegment: '2',
  series: 'OPTIDX',
  symbol: 'NIFTY',
  expiryDate: '26Nov2026',
  optionType: 'CE',
  strikePrice: '25000',
}
const MARGIN = {
  portfolio: [
    {
      exchange: 1,
      exchangeInstrumentId: 2885,
      productType: 'MIS',
      orderType: 'LIMIT',
      orderSide: 'BUY',
      quantity: 1,
      price: 1000,
      stopPrice: 0,
      orderSessionType: 1,
    },
  ],
}
const KEYS = { appKey: 'k', secretKey: 's', source: 'WEBAPI' }

type Row = readonly [
  method: string,
  path: string,
  fields?: Readonly<Record<string, unknown>> | undefined,
  query?: Readonly<Record<string, string>>,
]
const request = (api: SoundRequest['api'], [method, path, body, query]: Row): SoundRequest => ({
  api,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(query === undefined ? {} : { query }),
})

const INTERACTIVE: readonly Row[] = [
  ['GET', '/user/profile', undefined, { clientID: 'SIM0001' }],
  ['GET', '/user/balance', undefined, { clientID: 'SIM0001' }],
  ['GET', '/user/enums', undefined, { userID: 'SIM0001' }],
  ['POST', '/user/calculatebrokerage', { clientID: 'SIM0001', brokerageOrderInformation: [{ exchangeSegment: 1, exchangeInstrumentID: 2885, productType: 'MIS', orderSide: 'BUY', orderQty: 1, orderPrice: 100 }] }],
  ['POST', '/orders', ORDER],
  ['PUT', '/orders', MODIFICATION],
  ['DELETE', '/orders', undefined, { appOrderID: '1', orderUniqueIdentifier: 'fuzz' }],
  ['GET', '/orders', undefined, { appOrderID: '1' }],
  ['GET', '/orders'],
  ['GET', '/orders/trades', undefined, { clientID: 'SIM0001' }],
  ['GET', '/orders/dealerorderbook', undefined, { clientID: 'SIM0001' }],
  ['GET', '/orders/dealertradebook', undefined, { clientID: 'SIM0001' }],
  ['POST', '/orders/cancelall', { exchangeSegment: 'NSECM', exchangeInstrumentID: 0 }],
  ['POST', '/orders/cover', COVER],
  ['PUT', '/orders/cover', { appOrderID: 1 }],
  ['POST', '/orders/bracket', BRACKET],
  ['PUT', '/orders/bracket', { appOrderID: 1, orderQuantity: 1, limitPrice: 1000, stopPrice: 0 }],
  ['DELETE', '/orders/bracket', undefined, { boEntryOrderId: '1' }],
  ['POST', '/orders/margindetails', MARGIN],
  ['POST', '/orders/bomargindetails', MARGIN],
  ['GET', '/portfolio/positions', undefined, { dayOrNet: 'NetWise', clientID: 'SIM0001' }],
  ['GET', '/portfolio/dealerpositions', undefined, { dayOrNet: 'DayWise', clientID: 'SIM0001' }],
  ['PUT', '/portfolio/positions/convert', { ...POSITION, oldProductType: 'MIS', newProductType: 'NRML', isDayWise: true, targetQty: 1 }],
  ['PUT', '/portfolio/squareoff', { ...POSITION, squareoffMode: 'NetWise', positionSquareOffQuantityType: 'ExactQty', squareOffQtyValue: 1, blockOrderSending: false, cancelOrders: false }],
  ['PUT', '/portfolio/squareoffall', { squareoffMode: 'NetWise' }],
  ['GET', '/portfolio/holdings', undefined, { clientID: 'SIM0001' }],
  ['GET', '/status/exchange', undefined, { userID: 'SIM0001' }],
  ['GET', '/messages/exchange', undefined, { exchangeSegment: 'NSECM' }],
] // prettier-ignore

const ORDERS = INTERACTIVE.filter(([, path]) => path === '/orders')

const MARKET: readonly Row[] = [
  ['GET', '/config/clientConfig'],
  ['POST', '/instruments/quotes', { ...SHARES, xtsMessageCode: 1502, publishFormat: 'JSON' }],
  ['POST', '/instruments/subscription', { ...SHARES, xtsMessageCode: 1501 }],
  ['PUT', '/instruments/subscription', { ...SHARES, xtsMessageCode: 1501 }],
  ['GET', '/instruments/subscription', undefined, { xtsMessageCode: '1501' }],
  ['GET', '/instruments/ohlc', undefined, { exchangeSegment: '1', exchangeInstrumentID: '2885', startTime: 'Nov 20 2026 090000', endTime: 'Nov 20 2026 100000', compressionValue: '60' }],
  ['GET', '/instruments/indexlist', undefined, { exchangeSegment: '1' }],
  ['GET', '/instruments/instrument/series', undefined, { exchangeSegment: '1' }],
  ['GET', '/instruments/instrument/symbol', undefined, { exchangeSegment: '1', series: 'EQ', symbol: 'RELIANCE' }],
  ['GET', '/instruments/instrument/expiryDate', undefined, CONTRACT],
  ['GET', '/instruments/instrument/futureSymbol', undefined, CONTRACT],
  ['GET', '/instruments/instrument/optionSymbol', undefined, CONTRACT],
  ['GET', '/instruments/instrument/optionType', undefined, CONTRACT],
  ['GET', '/instruments/instrument/strikePrice', undefined, CONTRACT],
  ['GET', '/search/instruments', undefined, { searchString: 'REL' }],
  ['POST', '/search/instrumentsbyid', { source: 'WebAPI', ...SHARES }],
  ['POST', '/search/instrumentsbyisin', { source: 'WebAPI', ISINList: ['INE002A01018'] }],
] // prettier-ignore

const OPEN: readonly Row[] = [
  ['POST', '/hostlookup', { accesspassword: '2021HostLookUpAccess', version: 'interactive_1.0.1' }],
  ['POST', '/interactive/user/session', KEYS],
  ['POST', '/7hostlookup/user/session', { ...KEYS, uniqueKey: 'u' }],
  ['POST', '/apimarketdata/auth/login', KEYS],
  ['POST', '/apibinarymarketdata/auth/login', KEYS],
  ['POST', '/apibinarymarketdata/instruments/master', { exchangeSegmentList: ['MCXFO'] }],
  ['GET', '/interactive/thirdparty', undefined, { appKey: 'k', returnURL: 'http://localhost/back' }],
  ['POST', '/interactive/thirdparty', { appKey: 'k', returnURL: 'http://localhost/back', userID: 'u', password: 'p' }],
  ['GET', '/nothing/here'],
] // prettier-ignore

const FAULT = {
  name: 'reply-delayed',
  count: 1,
  probability: 0.5,
  startAfterMs: 0,
  match: { call: 'place', tag: 'fuzz' },
  parameters: { delayMs: 1 },
}
const SCENARIO = {
  name: 'fuzz',
  steps: [{ name: 'one', atMs: 0, arm: [{ as: 'slow', fault: FAULT }] }],
}

/** Every endpoint of the broker once, the path under its prefix; those of the last list have none. */
export const EACH_BROKER_REQUEST: readonly SoundRequest[] = [
  ...INTERACTIVE.map((row) => request('interactive', row)),
  ...MARKET.map((row) => request('market', row)),
  ...OPEN.map((row) => request('open', row)),
]

/** The same, orders more often than the rest: most can go wrong with them. */
export const BROKER_REQUESTS: readonly SoundRequest[] = [
  ...EACH_BROKER_REQUEST,
  ...[...ORDERS, ...ORDERS, ...ORDERS].map((row) => request('interactive', row)),
]

/** The simulator's own door. */
export const CONTROL_REQUESTS: readonly SoundRequest[] = [
  request('open', ['GET', '/health']),
  request('open', ['GET', '/orders']),
  request('open', ['GET', '/sessions']),
  request('open', ['GET', '/faults']),
  request('open', ['POST', '/faults', FAULT]),
  request('open', ['DELETE', '/faults']),
  request('open', ['POST', '/price', { segment: 'NSECM', token: 2885, price: 1300 }]),
  request('open', ['GET', '/clock']),
  request('open', ['POST', '/clock', { advanceMs: 1 }]),
  request('open', ['GET', '/tape']),
  request('open', ['POST', '/tape', { action: 'pause' }]),
  request('open', ['GET', '/']),
  request('open', ['GET', '/positions']),
  request('open', ['POST', '/reset', {}]),
  request('open', ['DELETE', '/faults/1']),
  request('open', ['GET', '/scenario']),
  request('open', ['POST', '/scenario', SCENARIO]),
  request('open', ['DELETE', '/scenario']),
]
