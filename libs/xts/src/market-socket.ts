import type { Clock } from '@xts-bridge/contracts'
import type { BrokerProfile, MarketUpdate, TokenSource } from './model'

export interface MarketSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  readonly onJoined: () => void
  readonly onUpdate: (update: MarketUpdate) => void
  readonly onLogout: (reason: string) => void
  readonly onDown: (reason: string) => void
  readonly onUnreadable?: ((event: string, problem: string) => void) | undefined
}

export declare class MarketSocket {
  constructor(options: MarketSocketOptions)
  readonly isLive: boolean
  start(): void
  close(): Promise<void>
}
