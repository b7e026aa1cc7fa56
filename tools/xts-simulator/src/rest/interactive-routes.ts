import { enumLists } from '../wire/account-payloads'
import { success } from '../wire/envelopes'
import { cancelAll, cancelOrder, modifyOrder } from './change-order'
import { logInInteractive, logOut } from './log-in'
import { placeOrder } from './place-order'
import { readBalance, readOrders, readPositions, readProfile, readTrades } from './read-books'
import type { Route } from './route'

/** The interactive API under its prefix. */
export const INTERACTIVE_ROUTES: readonly Route[] = [
  { method: 'post', path: '/user/session', call: 'login', access: 'open', story: (broker, { body }) => logInInteractive(broker, body) },
  { method: 'delete', path: '/user/session', call: 'logout', access: 'token', story: (broker, { session }) => logOut(broker, session) },
  { method: 'get', path: '/user/profile', call: 'profile', access: 'token', story: readProfile },
  { method: 'get', path: '/user/balance', call: 'balance', access: 'token', story: readBalance },
  { method: 'get', path: '/user/enums', call: 'enums', access: 'token', story: ({ universe }) => success('s-enums-0001', 'OK', enumLists(universe.segments)) },
  { method: 'post', path: '/orders', call: 'place', access: 'token', story: placeOrder },
  { method: 'put', path: '/orders', call: 'modify', access: 'token', story: modifyOrder },
  { method: 'delete', path: '/orders', call: 'cancel', access: 'token', story: cancelOrder },
  { method: 'post', path: '/orders/cancelall', call: 'cancel-all', access: 'token', story: cancelAll },
  { method: 'get', path: '/orders', call: 'order-book', access: 'token', story: readOrders },
  { method: 'get', path: '/orders/dealerorderbook', call: 'dealer-order-book', access: 'token', story: readOrders },
  { method: 'get', path: '/orders/trades', call: 'trade-book', access: 'token', story: readTrades },
  { method: 'get', path: '/orders/dealertradebook', call: 'dealer-trade-book', access: 'token', story: readTrades },
  { method: 'get', path: '/portfolio/positions', call: 'positions', access: 'token', story: readPositions },
  { method: 'get', path: '/portfolio/dealerpositions', call: 'dealer-positions', access: 'token', story: readPositions },
] // prettier-ignore
