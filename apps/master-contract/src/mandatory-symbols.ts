import { exchangeSchema, type Exchange, type ListedInstrument } from '@xts-bridge/contracts'
import { dateNumberOfExpiry } from './indian-time'

/** A symbol a sound list has: `NSE:RELIANCE`, or with a star a future of that underlying that expires soon: `NFO:NIFTY*FUT`. */
export interface MandatorySymbol {
  readonly exchange: Exchange
  readonly symbol: string
  /** Set for a future: the name of its underlying. */
  readonly futureOf?: string | undefined
}

const NEAR_FUTURE = /^(.+)\*FUT$/

/** Reads `NSE:RELIANCE,NFO:NIFTY*FUT`; `none` is an empty list. Undefined when a part is something else. */
export function parseMandatorySymbols(text: string): readonly MandatorySymbol[] | undefined {
  if (text.trim().toLowerCase() === 'none') return []
  const symbols = text.split(',').map((part) => parseOne(part.trim()))
  return symbols.every((symbol) => symbol !== undefined) ? symbols : undefined
}

function parseOne(text: string): MandatorySymbol | undefined {
  const colon = text.indexOf(':')
  const exchange = exchangeSchema.safeParse(text.slice(0, colon))
  const symbol = text.slice(colon + 1)
  if (!exchange.success || symbol === '') return undefined
  const futureOf = NEAR_FUTURE.exec(symbol)?.[1]
  if (futureOf === undefined && symbol.includes('*')) return undefined
  return { exchange: exchange.data, symbol, futureOf }
}

/** Those of the symbols that the instruments do not have. Futures count when they expire between the two dates. */
export function missingSymbols(
  symbols: readonly MandatorySymbol[],
  instruments: readonly ListedInstrument[],
  { today, soon }: { readonly today: number; readonly soon: number },
): readonly MandatorySymbol[] {
  if (symbols.length === 0) return []
  const wanted = new Set(symbols.map(({ exchange, symbol }) => `${exchange}:${symbol}`))
  const found = new Set<string>()
  for (const { exchange, symbol, instrumentType, name, expiry } of instruments) {
    if (wanted.has(`${exchange}:${symbol}`)) found.add(`${exchange}:${symbol}`)
    if (instrumentType !== 'FUT' || !wanted.has(`${exchange}:${name}*FUT`)) continue
    const expires = dateNumberOfExpiry(expiry ?? '')
    if (expires >= today && expires <= soon) found.add(`${exchange}:${name}*FUT`)
  }
  return symbols.filter(({ exchange, symbol }) => !found.has(`${exchange}:${symbol}`))
}
