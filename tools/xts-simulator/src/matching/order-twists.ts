import type { SimOrder } from './sim-order'

/** What may become of an order beyond the exchange's rules; a fault can ask for it. */
export interface OrderTwist {
  /** The confirmation comes so much later. */
  readonly confirmAfterMs?: number
  /** The order is confirmed, and rejected so much later if it still rests. */
  readonly rejectAfterMs?: number
  /** The order is told to be cancelled, and filled at its price so much later. */
  readonly fillAfterMs?: number
  /** The words of a rejection. */
  readonly reason?: string
}

/** Asked at the two places where an order can take another way; undefined is the usual way. */
export interface OrderTwists {
  onConfirm(order: SimOrder): OrderTwist | undefined
  onCancelled(order: SimOrder): OrderTwist | undefined
}
