import type { Clock } from '@xts-bridge/contracts'

/** Who goes first when the second is full: cancels, then exits, then entries. */
export type OrderUrgency = 'cancel' | 'exit' | 'entry'

export declare class OrderGovernor {
  constructor(options: { readonly clock: Clock; readonly ordersPerSecond: number })
  /** Resolves at the instant the caller may send; it must send at once. */
  admit(urgency: OrderUrgency): Promise<void>
}
