import type { Clock } from '@xts-bridge/contracts'
import type { BrokerOrder, BrokerProfile, BrokerTrade, TokenSource } from './model'

export interface InteractiveSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  readonly onJoined: () => void
  readonly onOrder: (order: BrokerOrder) => void
  readonly onTrade: (trade: BrokerTrade) => void
  readonly onLogout: (reason: string) => void
  readonly onDown: (reason: string) => void
  readonly onUnreadable?: ((event: string, problem: string) => void) | undefined
}

export declare class InteractiveSocket {
  constructor(options: InteractiveSocketOptions)
  readonly isLive: boolean
  start(): void
  close(): Promise<void>
}
