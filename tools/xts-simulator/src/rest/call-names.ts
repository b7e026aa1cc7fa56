/** Every call of the REST surface by a name of its own: faults, rate limits and logs speak of calls by these names. */
export const CALL_NAMES = [
  'login', 'market-login', 'logout', 'market-logout',
  'profile', 'balance', 'enums',
  'place', 'modify', 'cancel', 'cancel-all',
  'order-book', 'dealer-order-book', 'trade-book', 'dealer-trade-book', 'positions', 'dealer-positions',
  'client-config', 'master', 'index-list', 'quotes', 'subscribe', 'unsubscribe', 'list-subscriptions',
  'ohlc', 'series', 'equity-symbol', 'expiry-dates', 'future-symbol', 'option-symbol', 'option-types', 'strike-prices',
  'search', 'search-by-id', 'search-by-isin',
] as const // prettier-ignore

export type CallName = (typeof CALL_NAMES)[number]
