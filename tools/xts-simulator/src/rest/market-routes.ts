import { SEGMENT_NUMBERS } from '../universe/segments'
import { success, type Answer } from '../wire/envelopes'
import { logInMarket, logOut } from './log-in'
import * as instruments from './market-instruments'
import type { Route } from './route'

/** The market-data API under its prefix. */
export const MARKET_ROUTES: readonly Route[] = [
  { method: 'post', path: '/auth/login', call: 'market-login', access: 'open', story: (broker, { body }) => logInMarket(broker, body) },
  { method: 'delete', path: '/auth/logout', call: 'market-logout', access: 'token', story: (broker, { session }) => logOut(broker, session) },
  { method: 'get', path: '/config/clientConfig', call: 'client-config', access: 'token', story: () => clientConfig() },
  { method: 'post', path: '/instruments/master', call: 'master', access: 'open', story: (broker, { body }) => instruments.readMaster(broker, body) },
  { method: 'get', path: '/instruments/indexlist', call: 'index-list', access: 'open', story: (broker, { query }) => instruments.readIndexList(broker, query) },
  { method: 'post', path: '/instruments/quotes', call: 'quotes', access: 'token', story: instruments.readQuotes },
  { method: 'post', path: '/instruments/subscription', call: 'subscribe', access: 'token', story: instruments.subscribe },
  { method: 'put', path: '/instruments/subscription', call: 'unsubscribe', access: 'token', story: instruments.unsubscribe },
  { method: 'get', path: '/instruments/subscription', call: 'list-subscriptions', access: 'token', story: (_broker, call) => instruments.listSubscriptions(call) },
] // prettier-ignore

/** The dictionaries a screen needs. */
function clientConfig(): Answer {
  return success('s-response-0001', 'Fetched configurations successfully', {
    exchangeSegments: SEGMENT_NUMBERS,
    xtsMessageCode: { touchlineEvent: 1501, marketDepthEvent: 1502, openInterestEvent: 1510, ltpEvent: 1512 },
    publishFormat: ['JSON', 'Binary'],
    broadCastMode: ['Full', 'Partial'],
    instrumentType: { Futures: 1, Options: 2, Spread: 4, Equity: 8, Spot: 16 },
  })
}
