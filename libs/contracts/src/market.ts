import { z } from 'zod'
import { EXCHANGES, instrumentKeySchema, type Exchange } from './instrument'

/** Tick modes, weakest first; a stronger mode holds every field of the weaker ones. */
export const TICK_MODES = ['LTP', 'QUOTE', 'DEPTH'] as const
export type TickMode = (typeof TICK_MODES)[number]
export const TICK_MODE_NUMBER: Readonly<Record<TickMode, 1 | 2 | 3>> = { LTP: 1, QUOTE: 2, DEPTH: 3 }

export interface TickTopic {
  readonly exchange: Exchange
  readonly symbol: string
  readonly mode: TickMode
}

/** `NSE_RELIANCE_LTP`, `NSE_INDEX_NIFTY_QUOTE`. */
export function tickTopic({ exchange, symbol, mode }: TickTopic): string {
  return `${exchange}_${symbol}_${mode}`
}

/** Longest exchange first, so that NSE_INDEX_NIFTY_LTP is not read as exchange NSE. */
const EXCHANGES_LONGEST_FIRST: readonly Exchange[] = [...EXCHANGES].sort((a, b) => b.length - a.length)

/** Reads a full tick topic; undefined for a prefix or anything else. The symbol may contain underscores. */
export function parseTickTopic(topic: string): TickTopic | undefined {
  const exchange = EXCHANGES_LONGEST_FIRST.find((name) => topic.startsWith(`${name}_`))
  const mode = TICK_MODES.find((name) => topic.endsWith(`_${name}`))
  if (exchange === undefined || mode === undefined) return undefined
  const symbol = topic.slice(exchange.length + 1, topic.length - mode.length - 1)
  return symbol.length === 0 ? undefined : { exchange, symbol, mode }
}

export interface DepthLevel {
  readonly price: number
  readonly quantity: number
  readonly orders: number
}

/**
 * Payload of a tick topic: OpenAlgo's field names, both spellings where consumers differ. Prices in rupees, times in
 * epoch milliseconds. A field that is not known is left out, never 0. `(epoch, seq)` counts per topic.
 */
export interface TickPayload {
  readonly symbol: string
  readonly exchange: Exchange
  readonly mode: 1 | 2 | 3
  readonly epoch: string
  readonly seq: number
  readonly ltp: number
  /** Last trade time. */
  readonly ltt?: number | undefined
  readonly ltq?: number | undefined
  /** When we received it. */
  readonly timestamp: number
  readonly volume?: number | undefined
  readonly open?: number | undefined
  readonly high?: number | undefined
  readonly low?: number | undefined
  /** Previous close. */
  readonly close?: number | undefined
  readonly last_quantity?: number | undefined
  readonly last_trade_quantity?: number | undefined
  readonly average_price?: number | undefined
  readonly avg_trade_price?: number | undefined
  readonly total_buy_quantity?: number | undefined
  readonly total_sell_quantity?: number | undefined
  readonly change?: number | undefined
  readonly change_percent?: number | undefined
  readonly bid_price?: number | undefined
  readonly bid_size?: number | undefined
  readonly ask_price?: number | undefined
  readonly ask_size?: number | undefined
  readonly oi?: number | undefined
  /** The day's price band, from the instrument list. */
  readonly upper_circuit?: number | undefined
  readonly lower_circuit?: number | undefined
  readonly depth?: { readonly buy: readonly DepthLevel[]; readonly sell: readonly DepthLevel[] } | undefined
}

/** `market.quotes`. */
export const quotesSchema = instrumentKeySchema

/** Reply of `market.quotes`; a field that is not known is left out. */
export interface Quote {
  readonly exchange: Exchange
  readonly symbol: string
  readonly ltp: number
  readonly open?: number | undefined
  readonly high?: number | undefined
  readonly low?: number | undefined
  readonly prevClose?: number | undefined
  readonly volume?: number | undefined
  readonly bid?: number | undefined
  readonly ask?: number | undefined
  readonly oi?: number | undefined
  readonly asOfMs: number
}

/** `feed.snapshot`: the last payload of each topic that is flowing. */
export const feedSnapshotSchema = z.strictObject({ topics: z.array(z.string().min(1)).min(1).max(1_000) })
/**
 * Reply of `feed.snapshot`; topics without data are in `missing`, and those of them that the broker has no stream for
 * also in `refused`, each with a sentence that says what it has.
 */
export interface FeedSnapshot {
  readonly ticks: Readonly<Record<string, TickPayload>>
  readonly missing: readonly string[]
  readonly refused?: Readonly<Record<string, string>> | undefined
}
/** Reply of `feed.status` and `data` of the `feed.*` events but `feed.refused`. */
export interface FeedStatus {
  readonly isConnected: boolean
  readonly subscribedInstruments: number
  readonly wantedTopics: number
  readonly ticksReceived: number
  readonly lastTickAtMs?: number | undefined
}
/** `data` of `feed.refused`: a wanted topic that cannot flow, and why. Tried again with the next instrument list. */
export interface FeedRefusal {
  readonly topic: string
  readonly reason: string
}
/** Topics of the feed's event stream. */
export const FEED_EVENTS = ['feed.connected', 'feed.disconnected', 'feed.recovered', 'feed.refused'] as const
export type FeedEventTopic = (typeof FEED_EVENTS)[number]
