import {
  TICK_MODE_NUMBER,
  type DepthLevel,
  type Instrument,
  type Quote,
  type TickMode,
  type TickPayload,
} from '@xts-bridge/contracts'
import type { BookLevel, MarketUpdate } from '@xts-bridge/xts'
import type { LastValue } from './last-values'

/** Levels that every consumer of a depth frame expects on each side. */
const DEPTH_LEVELS = 5
const EMPTY_LEVEL: DepthLevel = { price: 0, quantity: 0, orders: 0 }

/** Place of a tick in its topic's stream. */
export interface TickPlace {
  readonly epoch: string
  readonly seq: number
}

/** The payload of one topic, or undefined while no last price is known. */
export function tickPayload(
  instrument: Instrument,
  mode: TickMode,
  value: LastValue,
  place: TickPlace,
): TickPayload | undefined {
  const ltp = price(value.update.lastPrice)
  if (ltp === undefined) return undefined
  return {
    symbol: instrument.symbol,
    exchange: instrument.exchange,
    mode: TICK_MODE_NUMBER[mode],
    epoch: place.epoch,
    seq: place.seq,
    ltp,
    ltt: value.update.lastTradedAtMs,
    ltq: value.update.lastQuantity,
    timestamp: value.receivedAtMs,
    ...(mode === 'LTP' ? {} : quoteFields(value.update, ltp)),
    ...(mode === 'DEPTH' ? depthFields(value.update, instrument) : {}),
  }
}

/** The reply of `market.quotes`, or undefined while no last price is known. */
export function quoteFrom(instrument: Instrument, value: LastValue): Quote | undefined {
  const { update } = value
  const ltp = price(update.lastPrice)
  if (ltp === undefined) return undefined
  return {
    exchange: instrument.exchange,
    symbol: instrument.symbol,
    ltp,
    open: price(update.open),
    high: price(update.high),
    low: price(update.low),
    prevClose: price(update.previousClose),
    volume: update.volume,
    bid: bestOf(update.bids)?.price,
    ask: bestOf(update.asks)?.price,
    oi: update.openInterest,
    asOfMs: value.receivedAtMs,
  }
}

function quoteFields(update: MarketUpdate, ltp: number): Partial<TickPayload> {
  const close = price(update.previousClose)
  const average = price(update.averagePrice)
  const bid = bestOf(update.bids)
  const ask = bestOf(update.asks)
  return {
    volume: update.volume,
    open: price(update.open),
    high: price(update.high),
    low: price(update.low),
    close,
    last_quantity: update.lastQuantity,
    last_trade_quantity: update.lastQuantity,
    average_price: average,
    avg_trade_price: average,
    total_buy_quantity: update.totalBuyQuantity,
    total_sell_quantity: update.totalSellQuantity,
    change: close === undefined ? undefined : roundTo4(ltp - close),
    change_percent: changePercent(update, ltp, close),
    bid_price: bid?.price,
    bid_size: bid?.quantity,
    ask_price: ask?.price,
    ask_size: ask?.quantity,
    oi: update.openInterest,
  }
}

function depthFields(update: MarketUpdate, instrument: Instrument): Partial<TickPayload> {
  return {
    upper_circuit: instrument.bandHigh,
    lower_circuit: instrument.bandLow,
    depth: { buy: fiveLevels(update.bids), sell: fiveLevels(update.asks) },
  }
}

/** From the previous close; the broker's own figure only where the close is not known. */
function changePercent(update: MarketUpdate, ltp: number, close: number | undefined): number | undefined {
  if (close !== undefined) return roundTo4(((ltp - close) / close) * 100)
  return update.percentChange === undefined ? undefined : roundTo4(update.percentChange)
}

function fiveLevels(levels: readonly BookLevel[] = []): readonly DepthLevel[] {
  return Array.from({ length: DEPTH_LEVELS }, (_, index) => levels[index] ?? EMPTY_LEVEL)
}

/** XTS fills a missing level with price 0 and size 0 (xts MAPPING.md): that is no bid at zero. */
function bestOf(levels: readonly BookLevel[] | undefined): BookLevel | undefined {
  const best = levels?.[0]
  return best !== undefined && best.price > 0 && best.quantity > 0 ? best : undefined
}

/** A price of 0 is how XTS says that there is none yet. */
function price(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 || !Number.isFinite(value) ? undefined : value
}

/** Four decimals, the finest tick of any segment; without it 1,289.5 - 1,280 is 9.499999999999998. */
function roundTo4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
