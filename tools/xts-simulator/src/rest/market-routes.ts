import { logInMarket, logOut } from './log-in'
import { readCandles } from './market-candles'
import { readClientConfig } from './market-config'
import * as contracts from './market-contracts'
import { readIndexList, readMaster } from './market-master'
import { readQuotes } from './market-quotes'
import * as search from './market-search'
import { listSubscriptions, subscribe, unsubscribe } from './market-subscriptions'
import type { Route } from './route'

/** The market-data API under its prefix. Paths match in any case: clients write optionSymbol and optionsymbol. */
export const MARKET_ROUTES: readonly Route[] = [
  { method: 'post', path: '/auth/login', call: 'market-login', access: 'open', story: (broker, { body }) => logInMarket(broker, body) },
  { method: 'delete', path: '/auth/logout', call: 'market-logout', access: 'token', story: (broker, { session }) => logOut(broker, session) },
  { method: 'get', path: '/config/clientConfig', call: 'client-config', access: 'token', story: readClientConfig },
  { method: 'post', path: '/instruments/master', call: 'master', access: 'open', story: readMaster },
  { method: 'get', path: '/instruments/indexlist', call: 'index-list', access: 'open', story: readIndexList },
  { method: 'post', path: '/instruments/quotes', call: 'quotes', access: 'token', story: readQuotes },
  { method: 'post', path: '/instruments/subscription', call: 'subscribe', access: 'token', story: subscribe },
  { method: 'put', path: '/instruments/subscription', call: 'unsubscribe', access: 'token', story: unsubscribe },
  { method: 'get', path: '/instruments/subscription', call: 'list-subscriptions', access: 'token', story: listSubscriptions },
  { method: 'get', path: '/instruments/ohlc', call: 'ohlc', access: 'token', story: readCandles },
  { method: 'get', path: '/instruments/instrument/series', call: 'series', access: 'token', story: contracts.readSeries },
  { method: 'get', path: '/instruments/instrument/symbol', call: 'equity-symbol', access: 'token', story: contracts.readEquitySymbol },
  { method: 'get', path: '/instruments/instrument/expiryDate', call: 'expiry-dates', access: 'token', story: contracts.readExpiryDates },
  { method: 'get', path: '/instruments/instrument/futureSymbol', call: 'future-symbol', access: 'token', story: contracts.readFutureSymbol },
  { method: 'get', path: '/instruments/instrument/optionSymbol', call: 'option-symbol', access: 'token', story: contracts.readOptionSymbol },
  { method: 'get', path: '/instruments/instrument/optionType', call: 'option-types', access: 'token', story: contracts.readOptionTypes },
  { method: 'get', path: '/instruments/instrument/strikePrice', call: 'strike-prices', access: 'token', story: contracts.readStrikePrices },
  { method: 'get', path: '/search/instruments', call: 'search', access: 'token', story: search.searchByText },
  { method: 'post', path: '/search/instrumentsbyid', call: 'search-by-id', access: 'token', story: search.searchById },
  { method: 'post', path: '/search/instrumentsbyisin', call: 'search-by-isin', access: 'token', story: search.searchByIsin },
] // prettier-ignore
