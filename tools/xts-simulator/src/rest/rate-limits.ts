import type { CallName } from './call-names'

/** So many requests in any stretch of so many milliseconds. */
export interface Limit {
  readonly requests: number
  readonly perMs: number
}

/** Calls of one budget share its limit. */
export interface Budget {
  readonly name: string
  readonly limit: Limit
}

/** Order book and history have one address and a budget each. */
export type LimitedCall = CallName | 'order-history'

export type LimitTable = Readonly<Partial<Record<LimitedCall, Budget>>>

const limit = (requests: number, seconds: number): Limit => ({ requests, perMs: seconds * 1000 })

/** Each call for itself. */
const each = (calls: readonly LimitedCall[], of: Limit): LimitTable =>
  Object.fromEntries(calls.map((call) => [call, { name: call, limit: of }]))

/** All calls together. */
const together = (name: string, calls: readonly LimitedCall[], of: Limit): LimitTable =>
  Object.fromEntries(calls.map((call) => [call, { name, limit: of }]))

const ORDER_CALLS: readonly CallName[] = [
  'place',
  'modify',
  'cancel',
  'cover-place',
  'cover-exit',
  'bracket-place',
  'bracket-modify',
  'bracket-cancel',
]

const READS: readonly LimitedCall[] = [
  'order-book',
  'order-history',
  'dealer-order-book',
  'trade-book',
  'dealer-trade-book',
  'positions',
  'dealer-positions',
  'holdings',
  'balance',
  'profile',
  'exchange-status',
  'exchange-messages',
]

/** The protocol's own figures: one budget of ten a second for orders, one read of each kind a second. */
const DOCUMENTED: LimitTable = {
  ...together('orders', ORDER_CALLS, limit(10, 1)),
  ...each([...READS, 'cancel-all', 'ohlc'], limit(1, 1)),
  ...each(['convert', 'margin', 'brokerage'], limit(10, 1)),
}

/** The sheet of one broker: requests within an interval, each call for itself. */
const JAINAM: LimitTable = {
  ...each(ORDER_CALLS, limit(25, 1)),
  ...each(['order-book', 'order-history', 'dealer-order-book'], limit(6, 1)),
  ...each(['trade-book', 'dealer-trade-book'], limit(40, 2)),
  ...each(['positions', 'dealer-positions', 'logout', 'enums'], limit(1, 1)),
  ...each(['convert'], limit(50, 1)),
  ...each(['cancel-all'], limit(10, 1)),
  ...each(['balance'], limit(10, 3)),
  ...each(['holdings'], limit(1, 10)),
  ...each(['profile'], limit(1, 5)),
  ...each(['exchange-status', 'exchange-messages'], limit(1, 3)),
}

/** The two tables the documents give. */
export const LIMIT_TABLES = { documented: DOCUMENTED, jainam: JAINAM } as const
