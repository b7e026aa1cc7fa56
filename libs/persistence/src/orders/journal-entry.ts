import type {
  ChangeKind,
  DifferenceEvent,
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
  /** A modification or cancellation is on its way to the exchange. */
  readonly isChanging?: boolean | undefined
  /** As the broker stamped the row. */
  readonly rowAtMs?: number | undefined
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

/** Terms of an order that can be changed, as they shall be; `quantity` is the whole. Prices in rupees. */
export type OrderTerms = Pick<
  IntendedOrder,
  'priceType' | 'product' | 'validity' | 'quantity' | 'disclosedQuantity' | 'price' | 'triggerPrice'
>

interface EntryOfChange extends EntryOfOrder {
  /** Ours, of this modification or cancellation alone. */
  readonly changeId: string
}

/** A modification or cancellation, durable before the wire. */
export interface ChangeIntendedEntry extends EntryOfChange {
  readonly kind: 'change-intended'
  readonly change: ChangeKind
  readonly brokerOrderId: string
  /** The request that asked for it. */
  readonly subject: 'order.modify' | 'order.cancel' | 'order.cancel-all' | 'order.smart'
  /** Of a modification. */
  readonly terms?: OrderTerms | undefined
  /** What the order's newest row gave as reason before. */
  readonly reasonBefore?: string | undefined
  /** An earlier change of the same kind that was proven to have had no effect. */
  readonly follows?: string | undefined
  /** Of the request, on each of its changes; `claim` is on the first alone. */
  readonly request?: ClientOrderClaim | undefined
  readonly claim?: ClientOrderClaim | undefined
}

/** What the call that sent a change came to. */
export interface ChangeSettledEntry extends EntryOfChange {
  readonly kind: 'change-settled'
  readonly outcome: SettledEntry['outcome']
  readonly code?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** What a row of the broker shows of a change. */
export type ChangeShown = 'proven without effect' | 'row refuses' | 'row overtakes' | 'row shows it'

/** The row that decided a change. */
export interface ChangeEvidenceEntry extends EntryOfChange {
  readonly kind: 'change-evidence'
  readonly shown: ChangeShown
  readonly source: EvidenceEntry['source']
  readonly row: OrderEvidence
  /** Of the healthy read that proves an order unchanged. */
  readonly readBegunAtMs?: number | undefined
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
  readonly data: OrderEvent | DifferenceEvent
}

/** One line of the order journal. */
export type JournalEntry =
  | IntendedEntry
  | SettledEntry
  | EvidenceEntry
  | AbsentEntry
  | ChangeIntendedEntry
  | ChangeSettledEntry
  | ChangeEvidenceEntry
  | AnsweredEntry
  | EventEntry

/** How long a clientOrderId stays taken. */
export const CLAIM_LIFE_MS = 7 * 24 * 3_600_000
