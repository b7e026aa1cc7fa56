import type { OrderState, PriceType, Product, Segment, Side, Validity } from '@xts-bridge/contracts'

/** A live token of one of the broker's APIs, as the caller obtained it. */
export interface XtsToken {
  readonly token: string
  readonly userId: string
  readonly clientCodes: readonly string[]
  readonly isInvestorClient: boolean
  readonly epoch: number
  /** Where the calls of this token go when a host lookup chose a node: `/7interactive`. */
  readonly interactivePrefix?: string | undefined
}

/** Gives the token in force, or undefined when there is none. Read anew before each call. */
export type TokenSource = () => XtsToken | undefined

/**
 * What became of a call. `rejected` only on definite evidence that the broker did not act; `not-sent` when no byte
 * reached the wire; everything else after sending is `unknown`.
 */
export type CallOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | {
      readonly kind: 'rejected'
      readonly brokerCode: string
      readonly brokerDescription: string
      /** The token was refused; a new session is needed. `epoch` is the refused token's. */
      readonly isSessionInvalid: boolean
      readonly epoch?: number | undefined
    }
  | { readonly kind: 'not-sent'; readonly reason: string; readonly isSessionMissing: boolean }
  | { readonly kind: 'unknown'; readonly reason: string }

/** One order to the broker. Quantity in units, prices in rupees. `tag` is at most 18 characters. */
export interface BrokerOrderInstruction {
  readonly tag: string
  readonly segment: Segment
  readonly token: number
  readonly side: Side
  readonly priceType: PriceType
  readonly product: Product
  readonly validity: Validity
  readonly quantity: number
  readonly disclosedQuantity: number
  readonly price: number
  readonly triggerPrice: number
  readonly clientID?: string | undefined
}

/** New terms of an order; all are sent, also those that stay. `quantity` is the order's whole. */
export type BrokerModification = Pick<
  BrokerOrderInstruction,
  'priceType' | 'product' | 'validity' | 'quantity' | 'disclosedQuantity' | 'price' | 'triggerPrice'
>

/** One row of the order book, or one order event. */
export interface BrokerOrder {
  readonly brokerOrderId: string
  /** Our orderUniqueIdentifier as the broker echoes it; empty when there is none. */
  readonly tag: string
  readonly clientID: string
  readonly segment: Segment
  readonly token: number
  readonly side: Side
  readonly priceType: PriceType
  readonly product: Product
  readonly validity: Validity
  readonly quantity: number
  readonly price: number
  readonly triggerPrice: number
  /** `accepted` while pending at the broker, `open` at the exchange. */
  readonly state: OrderState
  readonly filledQuantity: number
  readonly remainingQuantity: number
  readonly averagePrice?: number | undefined
  readonly reason?: string | undefined
  /** A modification or cancellation is on its way to the exchange (PendingReplace, PendingCancel). */
  readonly isChanging?: boolean | undefined
  readonly updatedAtMs?: number | undefined
}

/** One fill: a row of the trade book, or one trade event. */
export interface BrokerTrade {
  readonly brokerOrderId: string
  readonly tag: string
  readonly tradeId: string
  readonly clientID: string
  readonly segment: Segment
  readonly token: number
  readonly side: Side
  readonly product: Product
  readonly quantity: number
  readonly price: number
  readonly tradedAtMs?: number | undefined
}

/** One row of the net position book. */
export interface BrokerPosition {
  readonly clientID: string
  readonly segment: Segment
  readonly token: number
  readonly product: Product
  readonly quantity: number
  readonly buyQuantity: number
  readonly sellQuantity: number
  readonly buyAveragePrice: number
  readonly sellAveragePrice: number
  readonly multiplier: number
}

/** A book as it was read. `isEmptyAnswer`: the broker said "Data Not Available" or sent no rows, which proves nothing alone. */
export interface BookRead<T> {
  readonly rows: readonly T[]
  readonly isEmptyAnswer: boolean
  /** Rows that cannot be ours (a product, validity or segment we do not trade), each with why it was left out. */
  readonly skippedRows?: readonly string[] | undefined
  /** The rows as the broker wrote them, where somebody may ask for those: the position book. */
  readonly nativeRows?: readonly Readonly<Record<string, unknown>>[] | undefined
}

/** Best levels of the book, best first. */
export interface BookLevel {
  readonly price: number
  readonly quantity: number
  readonly orders: number
}

/** What one market-data message said of one instrument; only the fields it carried. Prices in rupees, times in epoch ms. */
export interface MarketUpdate {
  readonly segment: Segment
  readonly token: number
  /** The message's own number where it has one; it grows with each message of the feed. */
  readonly sequence?: number | undefined
  readonly lastPrice?: number | undefined
  readonly lastQuantity?: number | undefined
  readonly lastTradedAtMs?: number | undefined
  readonly exchangeAtMs?: number | undefined
  readonly volume?: number | undefined
  readonly averagePrice?: number | undefined
  readonly open?: number | undefined
  readonly high?: number | undefined
  readonly low?: number | undefined
  readonly previousClose?: number | undefined
  readonly percentChange?: number | undefined
  readonly totalBuyQuantity?: number | undefined
  readonly totalSellQuantity?: number | undefined
  readonly openInterest?: number | undefined
  readonly bids?: readonly BookLevel[] | undefined
  readonly asks?: readonly BookLevel[] | undefined
  /** The minute that finished last. */
  readonly candle?: Candle | undefined
}

/** One finished minute of an instrument. Prices in rupees; `volume` is the minute's. */
export interface Candle {
  /** The minute's last second, as the broker stamps it. */
  readonly endsAtMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** An instrument's execution band, as 1105 tells it when it changes; also for instruments nobody subscribed. Rupees. */
export interface PriceBand {
  readonly segment: Segment
  readonly token: number
  readonly high: number
  readonly low: number
}

/** What a segment said of its trading session. `session` is the broker's number; MAPPING.md, "market status". */
export interface MarketStatus {
  readonly segment: Segment
  readonly session: number
  readonly message: string
  readonly exchangeAtMs?: number | undefined
}

/** So many calls in so many seconds, counted over a sliding window. */
export interface CallLimit {
  readonly requests: number
  readonly seconds: number
}

/** What the broker's papers allow each login. `orders` is place, modify and cancel together. */
export type CallLimits = Readonly<
  Record<'orders' | 'orderBook' | 'tradeBook' | 'positions' | 'balance' | 'holdings' | 'history', CallLimit>
>

/** What an installation can stream; a subscription outside it is refused with a sentence. */
export interface FeedCapabilities {
  /** Levels a side that some message carries. */
  readonly depthLevels: readonly number[]
  readonly messageCodes: readonly number[]
}

/** How a host lookup is asked; the password is a constant that the broker's own client publishes. */
export interface HostLookup {
  readonly path: string
  readonly version: string
  readonly accessPassword: string
  /** Calls go to the node that gave the token (`/7interactive`), or to the plain prefix, which answers too. */
  readonly prefix: 'node' | 'plain'
}

/** Where and how one XTS installation is reached. */
export interface BrokerProfile {
  readonly name: string
  readonly baseUrl: string
  /** `/interactive` */
  readonly interactivePrefix: string
  /** `/apibinarymarketdata` or `/apimarketdata` */
  readonly marketPrefix: string
  readonly verifyTls: boolean
  /** `direct`: key pair alone. `host-lookup`: a node is asked for first. `access-token`: a browser login hands one over. */
  readonly loginFlow: LoginFlow
  readonly hostLookup: HostLookup
  /** What each call family sends as clientID when the caller names none. */
  readonly orderClientId: ClientIdPolicy
  readonly bookClientId: ClientIdPolicy
  /** Dealers' balances are kept under the login, not under the client they trade for. */
  readonly balanceClientId: ClientIdPolicy
  /** `dealer` reads the dealerorderbook, dealertradebook and dealerpositions routes. */
  readonly bookRoutes: 'regular' | 'dealer'
  /** Fields that the interactive login sends beside the key pair. */
  readonly interactiveLoginFields: Readonly<Record<string, string>>
  /** What the market-data socket asks for; `Partial` is tick by tick, `Full` a snapshot per change. */
  readonly broadcastMode: 'Full' | 'Partial'
  /** What the socket asks for. A binary gateway may send either whatever is asked, so both are always decoded. */
  readonly publishFormat: 'JSON' | 'Binary'
  /** How segments other than NSE count the seconds of a tick since 1970: India's wall clock, or UTC. */
  readonly otherSegmentsClock: 'ist' | 'utc'
  /** Orders per sliding second per login that we send at most: place, modify and cancel together. */
  readonly ordersPerSecond: number
  readonly limits: CallLimits
  /** `refused`: market orders and price 0 are, as on accounts under the algo rules; a protected limit takes their place. */
  readonly marketOrders: 'accepted' | 'refused'
  readonly segments: readonly Segment[]
  readonly feed: FeedCapabilities
  /** The account is known to answer its books truly, so that an empty book may count as proof. */
  readonly isBookVerified: boolean
}

export type LoginFlow = 'direct' | 'host-lookup' | 'access-token'
export type ClientIdPolicy = 'none' | 'login-user' | 'client-code' | '*****' | 'PRO'
