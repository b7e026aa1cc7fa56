import type { FaultBox } from '../control/fault-catalogue'
import type { DayRecord } from '../day/day-record'
import type { Exchange } from '../matching/exchange'
import type { MarketFeed } from '../sockets/market-feed'
import type { StateLog } from '../state-log'
import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { PositionKeeper } from '../state/position-keeper'
import type { Account } from '../state/account'
import type { SessionRegistry } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import type { SimIds } from '../time/sim-ids'
import type { Universe } from '../universe/universe'

/** Everything the requests of one broker act on. */
export interface Broker {
  readonly clock: SimClock
  readonly ids: SimIds
  readonly accounts: readonly Account[]
  readonly universe: Universe
  readonly sessions: SessionRegistry
  readonly exchange: Exchange
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly numbers: NumberSeries
  readonly feed: MarketFeed
  readonly faults: FaultBox
  readonly log: StateLog
  /** Keeps what must survive a restart. */
  readonly record: DayRecord
  /** From acceptance to the answer of an order call. */
  readonly ackDelayMs: number
  /** Subscriptions one session may hold. */
  readonly subscriptionLimit: number
}
