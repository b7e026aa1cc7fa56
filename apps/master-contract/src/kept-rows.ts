import type { ListedInstrument } from '@xts-bridge/contracts'
import type { IndexFile, RowSource } from '@xts-bridge/instruments'
import type { MandatorySymbol } from './mandatory-symbols'

/** What the gates ask of rows that the last good list has just so. */
export interface KeptRows {
  readonly count: number
  /** Contracts by expiry (`26-NOV-26`), with the symbol of one. */
  readonly expiries: ReadonlyMap<string, { readonly rows: number; readonly symbol: string }>
  /** Those that a mandatory symbol may mean. */
  readonly witnesses: readonly ListedInstrument[]
}

export const NO_KEPT_ROWS: KeptRows = { count: 0, expiries: new Map(), witnesses: [] }

/** Looks at families and not at rows, of which there are a hundred thousand. */
export function keptRowsOf(
  list: IndexFile,
  kept: readonly number[],
  mandatory: readonly MandatorySymbol[],
): KeptRows {
  const { rows } = list
  const expiries = new Map<string, { rows: number; symbol: string }>()
  const wanted = new Set(mandatory.map(({ exchange, symbol }) => list.rowOf(exchange, symbol)))
  const witnesses: ListedInstrument[] = []
  for (const row of kept) {
    const family = rows.family(row)
    const expiry = rows.familyText('expiry', family)
    const isFuture = rows.familyText('instrumentType', family) === 'FUT'
    if (isFuture || wanted.has(row)) witnesses.push(list.listedAt(row))
    if (expiry === undefined) continue
    const known = expiries.get(expiry)
    if (known === undefined) expiries.set(expiry, { rows: 1, symbol: rows.symbol(row) })
    else known.rows += 1
  }
  return { count: kept.length, expiries, witnesses }
}

/** What two lists are told apart by, of an instrument or of a row of the older list. */
export function keyOfSource(
  source: RowSource,
  older: IndexFile | undefined,
): Pick<ListedInstrument, 'segment' | 'token' | 'exchange'> {
  if (typeof source !== 'number') return source
  if (older === undefined) throw new Error('A row of a list that is not there.')
  return {
    segment: older.rows.segment(source),
    token: older.tokenAt(source),
    exchange: older.rows.exchange(source),
  }
}

export function symbolOfSource(source: RowSource, older: IndexFile | undefined): string {
  return typeof source === 'number' ? (older?.rows.symbol(source) ?? '') : source.symbol
}

/** `26-NOV-26`; undefined for what does not expire. */
export function expiryOfSource(source: RowSource, older: IndexFile | undefined): string | undefined {
  if (typeof source !== 'number') return source.expiry
  return older?.rows.familyText('expiry', older.rows.family(source))
}
