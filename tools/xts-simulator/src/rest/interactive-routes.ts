import { cancelBracket, modifyBracket, placeBracket } from './bracket-orders'
import { calculateBrokerage } from './calculate-brokerage'
import { calculateMargin } from './calculate-margin'
import { cancelAll, cancelOrder, modifyOrder } from './change-order'
import { convertPosition } from './convert-position'
import { exitCover, placeCover } from './cover-orders'
import { logInInteractive, logOut } from './log-in'
import { lookUpHost } from './look-up-host'
import { placeOrder } from './place-order'
import { readBalance, readEnums, readProfile } from './read-account'
import { readDealerOrders, readDealerPositions, readDealerTrades, readOrders, readPositions, readTrades } from './read-books' // prettier-ignore
import { readExchangeMessages, readExchangeStatus } from './read-exchange'
import { readHoldings } from './read-holdings'
import type { Route } from './route'
import { squareOff, squareOffAll } from './square-off'
import { logInThirdParty, showThirdPartyLogin } from './third-party'

/** The interactive API under its prefix. */
export const INTERACTIVE_ROUTES: readonly Route[] = [
  { method: 'post', path: '/user/session', call: 'login', access: 'open', story: (broker, { body }) => logInInteractive(broker, body) },
  { method: 'delete', path: '/user/session', call: 'logout', access: 'token', story: (broker, { session }) => logOut(broker, session) },
  { method: 'get', path: '/thirdparty', call: 'third-party', access: 'open', story: showThirdPartyLogin },
  { method: 'post', path: '/thirdparty', call: 'third-party-login', access: 'open', story: logInThirdParty },
  { method: 'get', path: '/user/profile', call: 'profile', access: 'token', story: readProfile },
  { method: 'get', path: '/user/balance', call: 'balance', access: 'token', story: readBalance },
  { method: 'get', path: '/user/enums', call: 'enums', access: 'token', story: readEnums },
  { method: 'post', path: '/user/calculatebrokerage', call: 'brokerage', access: 'token', story: calculateBrokerage },
  { method: 'post', path: '/orders', call: 'place', access: 'token', story: placeOrder },
  { method: 'put', path: '/orders', call: 'modify', access: 'token', story: modifyOrder },
  { method: 'delete', path: '/orders', call: 'cancel', access: 'token', story: cancelOrder },
  { method: 'post', path: '/orders/cancelall', call: 'cancel-all', access: 'token', story: cancelAll },
  { method: 'post', path: '/orders/cover', call: 'cover-place', access: 'token', story: placeCover },
  { method: 'put', path: '/orders/cover', call: 'cover-exit', access: 'token', story: exitCover },
  { method: 'post', path: '/orders/bracket', call: 'bracket-place', access: 'token', story: placeBracket },
  { method: 'put', path: '/orders/bracket', call: 'bracket-modify', access: 'token', story: modifyBracket },
  { method: 'delete', path: '/orders/bracket', call: 'bracket-cancel', access: 'token', story: cancelBracket },
  { method: 'post', path: '/orders/margindetails', call: 'margin', access: 'token', story: calculateMargin },
  { method: 'post', path: '/orders/modifyordermargindetails', call: 'margin', access: 'token', story: calculateMargin },
  { method: 'post', path: '/orders/comargindetails', call: 'margin', access: 'token', story: calculateMargin },
  { method: 'post', path: '/orders/comodifymargindetails', call: 'margin', access: 'token', story: calculateMargin },
  { method: 'post', path: '/orders/bomargindetails', call: 'margin', access: 'token', story: calculateMargin },
  { method: 'get', path: '/orders', call: 'order-book', access: 'token', story: readOrders },
  { method: 'get', path: '/orders/dealerorderbook', call: 'dealer-order-book', access: 'token', story: readDealerOrders },
  { method: 'get', path: '/orders/trades', call: 'trade-book', access: 'token', story: readTrades },
  { method: 'get', path: '/orders/dealertradebook', call: 'dealer-trade-book', access: 'token', story: readDealerTrades },
  { method: 'get', path: '/portfolio/positions', call: 'positions', access: 'token', story: readPositions },
  { method: 'get', path: '/portfolio/dealerpositions', call: 'dealer-positions', access: 'token', story: readDealerPositions },
  { method: 'put', path: '/portfolio/positions/convert', call: 'convert', access: 'token', story: convertPosition },
  { method: 'put', path: '/portfolio/squareoff', call: 'square-off', access: 'token', story: squareOff },
  { method: 'put', path: '/portfolio/squareoffall', call: 'square-off-all', access: 'token', story: squareOffAll },
  { method: 'get', path: '/portfolio/holdings', call: 'holdings', access: 'token', story: readHoldings },
  { method: 'get', path: '/status/exchange', call: 'exchange-status', access: 'token', story: readExchangeStatus },
  { method: 'get', path: '/messages/exchange', call: 'exchange-messages', access: 'token', story: readExchangeMessages },
] // prettier-ignore

/** At the root of the host: which node of the cluster to log in at. */
export const HOST_ROUTES: readonly Route[] = [
  { method: 'post', path: '/hostlookup', call: 'host-lookup', access: 'open', story: lookUpHost },
] // prettier-ignore
