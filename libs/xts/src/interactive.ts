import type { HttpCaller } from '@xts-bridge/http'
import type {
  BookRead,
  BrokerOrder,
  BrokerOrderInstruction,
  BrokerPosition,
  BrokerProfile,
  BrokerTrade,
  CallOutcome,
  TokenSource,
} from './model'
import type { OrderGovernor } from './order-governor'

export interface XtsInteractiveOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly governor?: OrderGovernor | undefined
  /** Runs right before an order is sent; a throw stops it, and the outcome is `not-sent` with the error's message. */
  readonly beforeSend?: (() => void) | undefined
}

export declare class XtsInteractive {
  constructor(options: XtsInteractiveOptions)
  /** `isReducing` sends it as an exit: before entries, on the exit pool, past an open breaker. */
  place(
    instruction: BrokerOrderInstruction,
    how?: { readonly isReducing?: boolean },
  ): Promise<CallOutcome<{ brokerOrderId: string }>>
  cancel(order: {
    readonly brokerOrderId: string
    readonly tag: string
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>>
  orders(clientID?: string): Promise<CallOutcome<BookRead<BrokerOrder>>>
  trades(clientID?: string): Promise<CallOutcome<BookRead<BrokerTrade>>>
  /** Net-wise. */
  positions(clientID?: string): Promise<CallOutcome<BookRead<BrokerPosition>>>
}
