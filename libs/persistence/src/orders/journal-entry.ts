import type {
  Exchange,
  Fill,
  OrderEvent,
  OrderState,
  PriceType,
  Product,
  Segment,
  Side,
  Validity,
} from '@xts-bridge/contracts'

/** What an order was when it was decided: everything the broker is told, and how the caller named it. */
export interface IntendedOrder {
  readonly clientOrderId?: string | undefined
  readonly clientID?: string | undefined
  readonly strategy?: string | undefined
  readonly exchange: Exchange
  readonly symbol: string
  readonly segment: Segment
  readonly token: number
  /** Version of the instrument list the order was checked against; absent in entries of older releases. */
  readonly instrumentsVersion?: string | undefined
  readonly side: Side
  readonly priceType: PriceType
  readonly product: Product
  readonly validity: Validity
  readonly quantity: number
  readonly disclosedQuantity: number
  readonly price: number
  readonly triggerPrice: number
}

/** Takes a clientOrderId for one request body; unique per account for CLAIM_LIFE_MS. */
export interface ClientOrderClaim {
  readonly clientOrderId: string
  /** SHA-256 of the request as it was understood, in hex. */
  readonly bodyHash: string
}

/** How a smart order came to its quantity; kept with its orders. */
export interface SmartCalculation {
  readonly netPosition: number
  readonly targetPosition: number
  readonly difference: number
  readonly cancelledOrderIds: readonly string[]
}

interface EntryOfOrder {
  readonly account: string
  /** Our id, the tag at the broker; empty for an order that was not placed through us. */
  readonly orderId: string
  readonly atMs: number
}

/** Durable before the wire. Slices of one request are parts 1 to `parts`, written together. */
export interface IntendedEntry extends EntryOfOrder {
  readonly kind: 'intended'
  readonly order: IntendedOrder
  readonly part: number
  readonly parts: number
  /** Only on part 1. */
  readonly claim?: ClientOrderClaim | undefined
  readonly smart?: SmartCalculation | undefined
}

/** What the call that sent the order came to. `code` and `details` rebuild the error that was answered. */
export interface SettledEntry extends EntryOfOrder {
  readonly kind: 'settled'
  readonly outcome: 'accepted' | 'rejected' | 'not-sent' | 'unknown'
  readonly brokerOrderId?: string | undefined
  /** The state that was answered for an accepted order. */
  readonly state?: OrderState | undefined
  readonly code?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** What the broker said of an order in a book or on the socket. */
export interface OrderEvidence {
  readonly brokerOrderId: string
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
  readonly state: OrderState
  readonly filledQuantity: number
  readonly reason?: string | undefined
}

/** One trade record of the broker. */
export interface FillEvidence extends Fill {
  readonly brokerOrderId: string
  readonly tag: string
  readonly clientID: string
  readonly segment: Segment
  readonly token: number
  readonly side: Side
  readonly product: Product
}

/** Evidence that changed an order: a row of a book or an event of the socket. */
export interface EvidenceEntry extends EntryOfOrder {
  readonly kind: 'evidence'
  readonly source: 'order-book' | 'trade-book' | 'order-socket'
  readonly order?: OrderEvidence | undefined
  readonly fill?: FillEvidence | undefined
}

/** Proof that an order never reached the broker: when the two healthy reads without it began. */
export interface AbsentEntry extends EntryOfOrder {
  readonly kind: 'absent'
  readonly readsBegunAtMs: readonly [number, number]
}

/** The answer of a request that may have placed nothing, kept so that its clientOrderId gets it again. */
export interface AnsweredEntry extends EntryOfOrder {
  readonly kind: 'answered'
  readonly claim: ClientOrderClaim
  /** True when the orders of this request already hold the claim. */
  readonly isClaimHeld: boolean
  readonly reply:
    | { readonly ok: true; readonly data: unknown }
    | { readonly ok: false; readonly code: string; readonly details: Readonly<Record<string, unknown>> }
}

/** One published order event; `seq` grows by one and never restarts. */
export interface EventEntry extends EntryOfOrder {
  readonly kind: 'event'
  readonly seq: number
  readonly topic: string
  readonly data: OrderEvent
}

/** One line of the order journal. */
export type JournalEntry =
  IntendedEntry | SettledEntry | EvidenceEntry | AbsentEntry | AnsweredEntry | EventEntry

/** How long a clientOrderId stays taken. */
export const CLAIM_LIFE_MS = 7 * 24 * 3_600_000
