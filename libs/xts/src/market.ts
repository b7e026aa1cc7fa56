import type { Segment } from '@xts-bridge/contracts'
import type { HttpCaller } from '@xts-bridge/http'
import type { BrokerProfile, CallOutcome, MarketUpdate, TokenSource } from './model'

/** The key of an instrument at the broker. */
export interface InstrumentRef {
  readonly segment: Segment
  readonly token: number
}

export interface IndexEntry {
  readonly name: string
  readonly token: number
}

export interface XtsMarketOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly token: TokenSource
}

export declare class XtsMarket {
  constructor(options: XtsMarketOptions)
  master(segments: readonly Segment[]): Promise<CallOutcome<string>>
  indexList(segment: Segment): Promise<CallOutcome<readonly IndexEntry[]>>
  quotes(refs: readonly InstrumentRef[]): Promise<CallOutcome<readonly MarketUpdate[]>>
  subscribe(refs: readonly InstrumentRef[]): Promise<CallOutcome<readonly MarketUpdate[]>>
  unsubscribe(refs: readonly InstrumentRef[]): Promise<CallOutcome<undefined>>
}
