import { type DiffCounts, type InstrumentChange, type ListedInstrument } from '@xts-bridge/contracts'
import type { IndexFile, RowSource } from '@xts-bridge/instruments'

/** One row that differs: by its number in the older list, the newer one, or both. */
export type RowDifference =
  | { readonly kind: 'added'; readonly newRow: number }
  | { readonly kind: 'removed'; readonly oldRow: number }
  | { readonly kind: 'changed'; readonly oldRow: number; readonly newRow: number }

/**
 * Compares two lists by (segment, token). Yields after each row, with what differs there or nothing, so that a caller can
 * give way to other work; all of the newer list, then what only the older one has. `sources`: rows that were copied need no comparison.
 */
export function* rowDifferences(
  older: IndexFile | undefined,
  newer: IndexFile,
  sources: readonly RowSource[] = [],
): Generator<RowDifference | undefined, void> {
  const stays = new Uint8Array(older?.count ?? 0)
  for (let newRow = 0; newRow < newer.count; newRow += 1) {
    const source = sources[newRow]
    if (typeof source === 'number') {
      stays[source] = 1
      continue
    }
    const oldRow = older?.rowOfToken(newer.segmentNumberAt(newRow), newer.tokenAt(newRow))
    if (older === undefined || oldRow === undefined) {
      yield { kind: 'added', newRow }
      continue
    }
    stays[oldRow] = 1
    yield older.hasSameRow(oldRow, newer, newRow) ? undefined : { kind: 'changed', oldRow, newRow }
  }
  for (let oldRow = 0; oldRow < stays.length; oldRow += 1)
    yield stays[oldRow] === 1 ? undefined : { kind: 'removed', oldRow }
}

/** Adds up differences. */
export class DifferenceTally {
  private added = 0
  private removed = 0
  private changed = 0
  private readonly fields = new Map<string, number>()

  add(kind: RowDifference['kind'], changedFields: readonly string[] = []): void {
    this[kind] += 1
    for (const field of changedFields) this.fields.set(field, (this.fields.get(field) ?? 0) + 1)
  }

  counts(): DiffCounts {
    const { added, removed, changed } = this
    return { added, removed, changed, fields: Object.fromEntries(this.fields) }
  }
}

/** The fields in which two rows of one key differ. */
export function changedFields(
  older: ListedInstrument,
  newer: ListedInstrument,
): readonly (keyof ListedInstrument)[] {
  // Rows of an index have all fields, absent ones too.
  const names = Object.keys(newer) as (keyof ListedInstrument)[]
  return names.filter((name) => older[name] !== newer[name])
}

/** The difference as it is told. */
export function changeOf(
  difference: RowDifference,
  older: IndexFile | undefined,
  newer: IndexFile,
): InstrumentChange {
  const before = 'oldRow' in difference ? older?.listedAt(difference.oldRow) : undefined
  const after = 'newRow' in difference ? newer.listedAt(difference.newRow) : undefined
  const named = after ?? before
  if (named === undefined) throw new Error('A difference without a row.')
  const { exchange, symbol, segment, token } = named
  const change = { kind: difference.kind, exchange, symbol, segment, token }
  if (before === undefined || after === undefined) return change
  const fields = changedFields(before, after).map((name) => [name, { old: before[name], new: after[name] }])
  return { ...change, fields: Object.fromEntries(fields) as InstrumentChange['fields'] }
}
