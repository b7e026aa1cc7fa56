/** Every call of the REST surface by a name of its own: faults, rate limits and logs speak of calls by these names. */
export const CALL_NAMES = [
  'login', 'market-login', 'logout', 'market-logout',
  'profile', 'balance', 'enums',
  'place', 'modify', 'cancel', 'cancel-all',
  'cover-place', 'cover-exit', 'bracket-place', 'bracket-modify', 'bracket-cancel',
  'order-book', 'dealer-order-book', 'trade-book', 'dealer-trade-book', 'positions', 'dealer-positions',
  'convert', 'square-off', 'square-off-all', 'holdings',
  'exchange-status', 'exchange-messages', 'margin', 'brokerage',
  'host-lookup', 'third-party', 'third-party-login',
  'client-config', 'master', 'index-list', 'quotes', 'subscribe', 'unsubscribe', 'list-subscriptions',
  'ohlc', 'series', 'equity-symbol', 'expiry-dates', 'future-symbol', 'option-symbol', 'option-types', 'strike-prices',
  'search', 'search-by-id', 'search-by-isin',
] as const // prettier-ignore

export type CallName = (typeof CALL_NAMES)[number]
