import type { DepthRow } from '../matching/order-book'
import type { FigureCode } from './market-codes'
import { DEPTH_ROWS, type MarketFigures, type UnderlyingFigures } from './market-figures'

/** One `key:value` of a partial message. A book side has a value for each level instead, and a change names only the levels that changed. */
interface Pair {
  readonly key: string
  readonly value: string | readonly string[]
}

/** A partial message before it is written: all it could say. */
export interface PartialMessage {
  /** `t:1_2885`; always there. */
  readonly head: string
  readonly pairs: readonly Pair[]
}

/** What broadcastMode Partial says of an instrument, keys in the order of the captured feeds. `underlying` is for recent builds. */
export function partialMessage(
  code: FigureCode,
  f: MarketFigures,
  underlying?: UnderlyingFigures,
): PartialMessage {
  const head = `t:${f.segment}_${code === 1504 ? f.name : f.token}`
  switch (code) {
    case 1501:
      return { head, pairs: touchlinePairs(f, 1) }
    case 1502:
      return { head, pairs: touchlinePairs(f, DEPTH_ROWS) }
    case 1504:
      return { head, pairs: indexPairs(f) }
    case 1510:
      return { head, pairs: openInterestPairs(f, underlying) }
    case 1512:
      return { head, pairs: lastPricePairs(f) }
  }
}

/** Every key. */
export function wholePartial(message: PartialMessage): string {
  let text = message.head
  for (const { key, value } of message.pairs) text += `,${key}:${textOf(value)}`
  return text
}

/** Only what is not as it was, and of the book only the levels; undefined when nothing changed. */
export function changedPartial(message: PartialMessage, before: PartialMessage): string | undefined {
  let text = message.head
  for (const [at, { key, value }] of message.pairs.entries()) {
    const changed = changeOf(value, before.pairs[at]?.value)
    if (changed !== '') text += `,${key}:${changed}`
  }
  return text === message.head ? undefined : text
}

function changeOf(value: Pair['value'], before: Pair['value'] | undefined): string {
  if (typeof value === 'string') return value === before ? '' : value
  return value.filter((group, level) => group !== before?.[level]).join('|')
}

const textOf = (value: Pair['value']): string => (typeof value === 'string' ? value : value.join('|'))

const pair = (key: string, value: number): Pair => ({ key, value: String(value) })

function touchlinePairs(f: MarketFigures, rows: number): Pair[] {
  return [
    { key: 'bi', value: groups(f.bids, rows) },
    { key: 'ai', value: groups(f.asks, rows) },
    pair('ltp', f.lastPrice),
    pair('ltq', f.lastQuantity),
    pair('tb', f.totalBuy),
    pair('ts', f.totalSell),
    pair('v', f.volume),
    pair('ap', f.averagePrice),
    pair('ltt', f.lastTradedTime),
    pair('lut', f.updateTime),
    pair('pc', f.percentChange),
    pair('o', f.open),
    pair('h', f.high),
    pair('l', f.low),
    pair('c', f.close),
    pair('bt', 1),
    pair('mt', 1),
  ]
}

function indexPairs(f: MarketFigures): Pair[] {
  return [
    pair('ltp', f.lastPrice),
    pair('ltq', f.lastQuantity),
    pair('lut', f.updateTime),
    pair('yh', f.high),
    pair('yl', f.low),
    pair('pc', f.percentChange),
    pair('o', f.open),
    pair('h', f.high),
    pair('l', f.low),
    pair('c', f.close),
  ]
}

function openInterestPairs(f: MarketFigures, underlying: UnderlyingFigures | undefined): Pair[] {
  if (!underlying) return [pair('o', f.openInterest)]
  return [
    pair('o', f.openInterest),
    pair('uex', underlying.segment),
    pair('uid', underlying.token),
    pair('toi', underlying.totalOpenInterest),
  ]
}

function lastPricePairs(f: MarketFigures): Pair[] {
  return [
    pair('ltp', f.lastPrice),
    pair('ltq', f.lastQuantity),
    pair('lut', f.updateTime),
    pair('bt', 1),
    pair('mt', 1),
  ]
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
