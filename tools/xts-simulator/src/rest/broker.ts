import type { Choices } from '../choices'
import type { DayRecord } from '../day/day-record'
import type { Midnight } from '../day/midnight'
import type { FaultEngine } from '../faults/fault-engine'
import type { FrontDoor } from '../faults/front-door'
import type { MarketChoices } from '../market-choices'
import type { Exchange } from '../matching/exchange'
import type { TradingSessions } from '../matching/trading-sessions'
import type { MarketFeed } from '../sockets/market-feed'
import type { Outgoing } from '../sockets/outgoing'
import type { StateLog } from '../state-log'
import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { PositionKeeper } from '../state/position-keeper'
import type { Account } from '../state/account'
import type { ExchangeBulletins } from '../state/exchange-bulletins'
import type { SessionRegistry } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import type { SimIds } from '../time/sim-ids'
import type { TapeDeck } from '../tape/tape-deck'
import type { Universe } from '../universe/universe'
import type { RateLimiter } from './rate-limiter'

/** Everything the requests of one broker act on. */
export interface Broker {
  readonly clock: SimClock
  readonly ids: SimIds
  readonly accounts: readonly Account[]
  readonly choices: Choices
  readonly limiter: RateLimiter
  readonly universe: Universe
  readonly sessions: SessionRegistry
  readonly exchange: Exchange
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly trading: TradingSessions
  readonly bulletins: ExchangeBulletins
  readonly numbers: NumberSeries
  readonly feed: MarketFeed
  /** A recorded tape that is replayed, and the recording of what goes out. */
  readonly tape: TapeDeck
  readonly faults: FaultEngine
  /** Every socket, and everything it is sent. */
  readonly outgoing: Outgoing
  /** Every connection. */
  readonly frontDoor: FrontDoor
  readonly log: StateLog
  /** Keeps what must survive a restart. */
  readonly record: DayRecord
  /** Where one day ends and the next begins. */
  readonly midnight: Midnight
  /** From acceptance to the answer of an order call. */
  readonly ackDelayMs: number
  /** Subscriptions one session may hold. */
  readonly subscriptionLimit: number
  /** How it reads its documents of market data. */
  readonly marketChoices: MarketChoices
}
