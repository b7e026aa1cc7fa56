import { SEGMENTS, type SegmentCount } from '@xts-bridge/contracts'
import type { IndexFile, RowSource } from '@xts-bridge/instruments'
import type { RefusalReason } from '@xts-bridge/xts'
import { keyOfSource, symbolOfSource } from './kept-rows'
import { isIndexList, listSegmentOf, type ListSegment } from './list-segments'

/** One segment as it was downloaded: its instruments and what became of its rows. */
export interface SegmentList {
  readonly segment: ListSegment
  readonly count: SegmentCount
  /** Of the last good list where its lines came again or were kept. */
  readonly rows: readonly RowSource[]
}

export interface MergedList {
  readonly rows: RowSource[]
  /** Where the rows of each segment begin. */
  readonly firstRows: ReadonlyMap<ListSegment, number>
  readonly counts: SegmentCount[]
}

/** More than any token. */
const TOKENS_PER_SEGMENT = 100_000_000
const LISTED_AS_ROW: RefusalReason = 'index-listed-as-row'

/**
 * One list of the segments that passed and, for the others, of the rows they have in the last good list. An entry of the
 * index list gives way to a row that has its token or its symbol: the row has an id that proves the token.
 */
export function mergeLists(
  fresh: readonly SegmentList[],
  kept: readonly SegmentList[],
  older?: IndexFile,
): MergedList {
  const segments = [...fresh, ...kept]
  const rows: RowSource[] = []
  const firstRows = new Map<ListSegment, number>()
  const counts: SegmentCount[] = []
  for (const list of segments.filter(({ segment }) => !isIndexList(segment))) {
    firstRows.set(list.segment, rows.length)
    for (const row of list.rows) rows.push(row)
    counts.push(list.count)
  }
  for (const list of segments.filter(({ segment }) => isIndexList(segment)))
    counts.push(addIndexList(rows, list, older))
  return { rows, firstRows, counts }
}

function addIndexList(
  rows: RowSource[],
  { count, rows: entries }: SegmentList,
  older: IndexFile | undefined,
): SegmentCount {
  const keys = new Set<number>()
  const symbols = new Set<string>()
  for (const source of rows) {
    if (typeof source === 'number' && older?.segmentNumberAt(source) !== SEGMENTS.NSECM) continue
    const key = keyOfSource(source, older)
    if (key.segment === 'NSECM') keys.add(numberOf(key))
    if (key.exchange === 'NSE_INDEX') symbols.add(symbolOfSource(source, older))
  }
  const fits = entries.filter(
    (entry) => !keys.has(numberOf(keyOfSource(entry, older))) && !symbols.has(symbolOfSource(entry, older)),
  )
  for (const entry of fits) rows.push(entry)
  const refused = entries.length - fits.length
  if (refused === 0) return count
  const known = count.refused[LISTED_AS_ROW] ?? 0
  return {
    ...count,
    instruments: fits.length,
    refused: { ...count.refused, [LISTED_AS_ROW]: known + refused },
  }
}

function numberOf({ segment, token }: ReturnType<typeof keyOfSource>): number {
  return SEGMENTS[segment] * TOKENS_PER_SEGMENT + token
}

/** The rows of these segments as a list has them: made anew, or just named when the list is patched. */
export function segmentsOfIndex(
  list: IndexFile,
  segments: readonly { readonly segment: ListSegment; readonly refusedBecause?: string | undefined }[],
  isPatched: boolean,
): SegmentList[] {
  const rows = new Map<ListSegment, RowSource[]>(segments.map(({ segment }) => [segment, []]))
  for (let row = 0; row < list.count && segments.length > 0; row += 1) {
    const ofSegment = rows.get(listSegmentOf(keyOfSource(row, list)))
    ofSegment?.push(isPatched ? row : list.listedAt(row))
  }
  return segments.map(({ segment, refusedBecause }) => {
    const ofSegment = rows.get(segment) ?? []
    return {
      segment,
      rows: ofSegment,
      count: keptCount(list, segment, { instruments: ofSegment.length, refusedBecause }),
    }
  })
}

function keptCount(
  { meta }: IndexFile,
  segment: ListSegment,
  { instruments, refusedBecause }: { instruments: number; refusedBecause: string | undefined },
): SegmentCount {
  const known = meta.segments.find((count) => count.segment === segment)
  const count = { ...(known ?? { segment, rows: instruments, refused: {} }), instruments }
  if (refusedBecause === undefined) return count
  const hasRows = instruments > 0
  return { ...count, refusedBecause, ...(hasRows && { carriedFrom: known?.carriedFrom ?? meta.version }) }
}
