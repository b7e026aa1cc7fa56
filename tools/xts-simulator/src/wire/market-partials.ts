import type { DepthRow } from '../matching/order-book'
import type { FigureCode } from './market-codes'
import { DEPTH_ROWS, type MarketFigures, type UnderlyingFigures } from './market-figures'

/** A number, or for a side of the book a text for each level: a change names only the levels that changed. */
type Value = number | readonly string[]

/** A partial message before it is written: all it could say. */
export interface PartialMessage {
  /** `t:1_2885`; always there. */
  readonly head: string
  readonly keys: readonly string[]
  /** One for each key. */
  readonly values: readonly Value[]
}

const TOUCHLINE_KEYS = [
  'bi',
  'ai',
  'ltp',
  'ltq',
  'tb',
  'ts',
  'v',
  'ap',
  'ltt',
  'lut',
  'pc',
  'o',
  'h',
  'l',
  'c',
  'bt',
  'mt',
]
const INDEX_KEYS = ['ltp', 'ltq', 'lut', 'yh', 'yl', 'pc', 'o', 'h', 'l', 'c']
const LAST_PRICE_KEYS = ['ltp', 'ltq', 'lut', 'bt', 'mt']
const OPEN_INTEREST_KEYS = ['o', 'uex', 'uid', 'toi']

/** What broadcastMode Partial says of an instrument, keys in the order of the captured feeds. `underlying` is for recent builds. */
export function partialMessage(
  code: FigureCode,
  f: MarketFigures,
  underlying?: UnderlyingFigures,
): PartialMessage {
  const head = `t:${f.segment}_${code === 1504 ? f.name : f.token}`
  switch (code) {
    case 1501:
      return { head, keys: TOUCHLINE_KEYS, values: touchlineValues(f, 1) }
    case 1502:
      return { head, keys: TOUCHLINE_KEYS, values: touchlineValues(f, DEPTH_ROWS) }
    case 1504:
      return { head, keys: INDEX_KEYS, values: indexValues(f) }
    case 1510:
      return { head, keys: OPEN_INTEREST_KEYS, values: openInterestValues(f, underlying) }
    case 1512:
      return { head, keys: LAST_PRICE_KEYS, values: [f.lastPrice, f.lastQuantity, f.updateTime, 1, 1] }
  }
}

/** Every key. */
export function wholePartial({ head, keys, values }: PartialMessage): string {
  let text = head
  for (let at = 0; at < values.length; at++) text += `,${keys[at] ?? ''}:${textOf(values[at] ?? 0)}`
  return text
}

/** Only what is not as it was, and of the book only the levels; undefined when nothing changed. */
export function changedPartial(
  { head, keys, values }: PartialMessage,
  before: PartialMessage,
): string | undefined {
  let text = head
  for (const [at, value] of values.entries()) {
    const changed = changeOf(value, before.values[at])
    if (changed !== '') text += `,${keys[at] ?? ''}:${changed}`
  }
  return text === head ? undefined : text
}

function changeOf(value: Value, before: Value | undefined): string {
  if (typeof value === 'number') return value === before ? '' : String(value)
  const levels = typeof before === 'number' ? undefined : before
  return value.filter((group, level) => group !== levels?.[level]).join('|')
}

const textOf = (value: Value): string => (typeof value === 'number' ? String(value) : value.join('|'))

function touchlineValues(f: MarketFigures, rows: number): Value[] {
  return [
    groups(f.bids, rows), groups(f.asks, rows), f.lastPrice, f.lastQuantity, f.totalBuy, f.totalSell, f.volume, f.averagePrice,
    f.lastTradedTime, f.updateTime, f.percentChange, f.open, f.high, f.low, f.close, 1, 1,
  ] // prettier-ignore
}

function indexValues(f: MarketFigures): Value[] {
  return [
    f.lastPrice, f.lastQuantity, f.updateTime, f.high, f.low, f.percentChange, f.open, f.high, f.low, f.close,
  ] // prettier-ignore
}

function openInterestValues(f: MarketFigures, underlying: UnderlyingFigures | undefined): Value[] {
  if (!underlying) return [f.openInterest]
  return [f.openInterest, underlying.segment, underlying.token, underlying.totalOpenInterest]
}

/** `0|100|35147.65|2` for each level: position, size, price, orders. */
function groups(depth: readonly DepthRow[], rows: number): string[] {
  const found: string[] = []
  for (let level = 0; level < rows; level++) {
    const at = depth[level]
    found.push(at ? `${level}|${at.quantity}|${at.price}|${at.orders}` : `${level}|0|0|0`)
  }
  return found
}
