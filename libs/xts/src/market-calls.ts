import type { HttpCaller, HttpRequest } from '@xts-bridge/http'
import { outcomeOfRead, SESSION_MISSING } from './call-outcome'
import type { BrokerProfile, CallOutcome, TokenSource } from './model'

export interface MarketCallsOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly token: TokenSource
}

/** One call of the market-data API; `path` is under its prefix. */
export interface MarketCall<T> {
  readonly request: Omit<HttpRequest, 'family' | 'headers'>
  /** False for the few that the broker answers without a login. */
  readonly isTokenNeeded: boolean
  readonly read: (result: unknown) => T
}

/** Sends a market-data call; all of them are reads, so any readable error is the broker's answer. */
export async function callMarket<T>(
  options: MarketCallsOptions,
  call: MarketCall<T>,
): Promise<CallOutcome<T>> {
  const token = options.token()
  if (token === undefined && call.isTokenNeeded) return SESSION_MISSING
  const outcome = await options.http.call({
    ...call.request,
    family: 'read',
    path: options.profile.marketPrefix + call.request.path,
    headers: token === undefined ? {} : { Authorization: token.token },
  })
  return outcomeOfRead(outcome, { read: call.read, epoch: token?.epoch })
}
