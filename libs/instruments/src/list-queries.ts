import type { Exchange, Instrument, ListedInstrument, Segment } from '@xts-bridge/contracts'

/** Most instruments that one search gives. */
export const MOST_FOUND = 500

/** What a person types to find an instrument: `relian`, `NIFTY 26NOV 24500 CE`, `state bank`. */
export interface SearchQuery {
  readonly text: string
  /** Undefined searches all. */
  readonly exchange?: Exchange | undefined
  /** 1 to MOST_FOUND; MOST_FOUND when left out. */
  readonly limit?: number | undefined
}

/** An underlying by the name its contracts have: `NIFTY` on `NFO`; a cash or index exchange stands for the one of its contracts. */
export interface UnderlyingQuery {
  readonly exchange: Exchange
  readonly underlying: string
}

export interface ExpiriesQuery extends UnderlyingQuery {
  /** Undefined takes both. Spreads never count. */
  readonly kind?: 'futures' | 'options' | undefined
}

export interface OptionChainQuery extends UnderlyingQuery {
  /** `26-NOV-26`, as instruments have it. */
  readonly expiry: string
  /** Rupees: the price around which strikes are taken. Undefined gives all strikes. */
  readonly around?: number | undefined
  /** Strikes on each side of the money; undefined gives all. */
  readonly strikeCount?: number | undefined
}

export interface ChainStrike {
  /** Rupees. */
  readonly strike: number
  readonly call?: Instrument | undefined
  readonly put?: Instrument | undefined
}

export interface OptionChain {
  /** The strike nearest to `around`, the lower of two; undefined without `around` or without strikes. */
  readonly atTheMoney?: number | undefined
  /** By strike, upwards. Empty when there is no such underlying or expiry. */
  readonly strikes: readonly ChainStrike[]
}

export interface PageQuery {
  /** Undefined lists all; with both, instruments that fit both. */
  readonly exchange?: Exchange | undefined
  readonly segment?: Segment | undefined
  /** `next` of the page before; undefined begins. Valid within one version. */
  readonly from?: number | undefined
  readonly limit: number
}

export interface ListPage {
  readonly instruments: readonly ListedInstrument[]
  /** Where the next page begins; undefined after the last. */
  readonly next?: number | undefined
}
