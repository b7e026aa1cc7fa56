import type { HttpCaller } from '@xts-bridge/http'
import type { BrokerProfile, CallOutcome } from './model'

/** What a login gave. `expiresAtMs` is the token's own `exp`. */
export interface XtsLogin {
  readonly token: string
  readonly userId: string
  readonly clientCodes: readonly string[]
  readonly isInvestorClient: boolean
  readonly expiresAtMs: number
}

export interface LoginOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly appKey: string
  readonly secretKey: string
}

export declare function loginInteractive(options: LoginOptions): Promise<CallOutcome<XtsLogin>>
export declare function loginMarket(options: LoginOptions): Promise<CallOutcome<XtsLogin>>
