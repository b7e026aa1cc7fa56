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

export function keptRowsOf(
  list: IndexFile,
  kept: readonly number[],
  mandatory: readonly MandatorySymbol[],
): KeptRows {
  const { rows } = list
  const families = new FamilyFacts(list)
  const contracts = new Map<string, { rows: number; readonly first: number }>()
  const wanted = new Set(mandatory.map(({ exchange, symbol }) => list.rowOf(exchange, symbol)))
  const witnesses: ListedInstrument[] = []
  for (const row of kept) {
    const { expiry, isFuture } = families.of(row)
    if (isFuture || wanted.has(row)) witnesses.push(list.listedAt(row))
    if (expiry === undefined) continue
    const known = contracts.get(expiry)
    if (known === undefined) contracts.set(expiry, { rows: 1, first: row })
    else known.rows += 1
  }
  const expiries = [...contracts].map(
    ([expiry, { rows: count, first }]) => [expiry, { rows: count, symbol: rows.symbol(first) }] as const,
  )
  return { count: kept.length, expiries: new Map(expiries), witnesses }
}

interface FamilyFact {
  readonly expiry: string | undefined
  readonly isFuture: boolean
}

/** Families are few beside the rows, so each is looked at once. */
export class FamilyFacts {
  private readonly facts: (FamilyFact | undefined)[]

  constructor(private readonly list: IndexFile) {
    this.facts = Array.from({ length: list.rows.familyCount }, () => undefined)
  }

  of(row: number): FamilyFact {
    const { rows } = this.list
    const family = rows.family(row)
    return (this.facts[family] ??= {
      expiry: rows.familyText('expiry', family),
      isFuture: rows.familyText('instrumentType', family) === 'FUT',
    })
  }
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
