import { EXCHANGES, type Exchange, type InstrumentKey } from '@xts-bridge/contracts'
import type { IndexFile } from './index-file'

const LIMIT = 5
/** Neighbours looked at on each side of where the symbol would stand. */
const NEIGHBOURS = 8
const SYMBOL_CHARACTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&-.']
/** A longer text is not a mistyped symbol, and its variants would cost too much. */
const LONGEST_MISTYPED = 40

/**
 * Up to five symbols a mistyped one may stand for: the same letters in capitals, one edit away, the same symbol on
 * another exchange (`RELIANCE on NSE`), or the neighbours that share its beginning. Some thousand look-ups at most.
 */
export function nearMatches(list: IndexFile, { exchange, symbol }: InstrumentKey): readonly string[] {
  const wanted = symbol.trim().toUpperCase()
  const found = new Set<string>()
  for (const source of [oneEditAway, onOtherExchanges, sharingTheBeginning]) {
    for (const match of source(list, exchange, wanted)) {
      if (found.size === LIMIT) return [...found]
      found.add(match)
    }
  }
  return [...found]
}

function* oneEditAway(list: IndexFile, exchange: Exchange, symbol: string): Generator<string> {
  if (symbol.length > LONGEST_MISTYPED) return
  for (const variant of variantsOf(symbol)) {
    if (list.has(exchange, variant)) yield variant
  }
}

function* variantsOf(symbol: string): Generator<string> {
  yield symbol
  for (let at = 0; at <= symbol.length; at += 1) {
    const before = symbol.slice(0, at)
    const rest = symbol.slice(at)
    yield before + rest.slice(1)
    if (rest.length >= 2) yield `${before}${rest.charAt(1)}${rest.charAt(0)}${rest.slice(2)}`
    for (const character of SYMBOL_CHARACTERS) {
      yield before + character + rest.slice(1)
      yield before + character + rest
    }
  }
}

function* onOtherExchanges(list: IndexFile, exchange: Exchange, symbol: string): Generator<string> {
  for (const other of EXCHANGES) {
    if (other !== exchange && list.has(other, symbol)) yield `${symbol} on ${other}`
  }
}

function sharingTheBeginning(list: IndexFile, exchange: Exchange, symbol: string): readonly string[] {
  const position = list.orderedPosition(exchange, symbol)
  const neighbours: { readonly symbol: string; readonly shared: number }[] = []
  for (let at = position - NEIGHBOURS; at < position + NEIGHBOURS; at += 1) {
    const neighbour = list.symbolAt(exchange, at)
    if (neighbour === undefined) continue
    neighbours.push({ symbol: neighbour, shared: sharedLength(neighbour, symbol) })
  }
  const enough = Math.min(3, symbol.length)
  return neighbours
    .filter(({ shared }) => shared >= enough)
    .sort((a, b) => b.shared - a.shared)
    .map((neighbour) => neighbour.symbol)
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
