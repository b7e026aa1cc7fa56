import { SEGMENTS, type ListedInstrument, type SegmentCount } from '@xts-bridge/contracts'
import type { IndexFile } from '@xts-bridge/instruments'
import type { RefusalReason } from '@xts-bridge/xts'
import { isIndexList, listSegmentOf, type ListSegment } from './list-segments'

/** One segment as it was downloaded: its instruments and what became of its rows. */
export interface SegmentList {
  readonly segment: ListSegment
  readonly count: SegmentCount
  readonly instruments: readonly ListedInstrument[]
}

export interface MergedList {
  readonly instruments: ListedInstrument[]
  readonly counts: SegmentCount[]
}

/** More than any token. */
const TOKENS_PER_SEGMENT = 100_000_000
const LISTED_AS_ROW: RefusalReason = 'index-listed-as-row'

/**
 * One list of the segments that passed and, for the others, of the rows they have in the last good list. An entry of the
 * index list gives way to a row that has its token or its symbol: the row has an id that proves the token.
 */
export function mergeLists(fresh: readonly SegmentList[], kept: readonly SegmentList[]): MergedList {
  const segments = [...fresh, ...kept]
  const instruments: ListedInstrument[] = []
  const counts: SegmentCount[] = []
  for (const { count, instruments: rows } of segments.filter(({ segment }) => !isIndexList(segment))) {
    for (const row of rows) instruments.push(row)
    counts.push(count)
  }
  for (const list of segments.filter(({ segment }) => isIndexList(segment)))
    counts.push(addIndexList(instruments, list))
  return { instruments, counts }
}

function addIndexList(
  instruments: ListedInstrument[],
  { count, instruments: entries }: SegmentList,
): SegmentCount {
  const keys = new Set<number>()
  const symbols = new Set<string>()
  for (const instrument of instruments) {
    if (instrument.segment === 'NSECM') keys.add(keyOf(instrument))
    if (instrument.exchange === 'NSE_INDEX') symbols.add(instrument.symbol)
  }
  const fits = entries.filter((entry) => !keys.has(keyOf(entry)) && !symbols.has(entry.symbol))
  for (const entry of fits) instruments.push(entry)
  const refused = entries.length - fits.length
  if (refused === 0) return count
  const known = count.refused[LISTED_AS_ROW] ?? 0
  return {
    ...count,
    instruments: fits.length,
    refused: { ...count.refused, [LISTED_AS_ROW]: known + refused },
  }
}

function keyOf({ segment, token }: ListedInstrument): number {
  return SEGMENTS[segment] * TOKENS_PER_SEGMENT + token
}

/** The rows of these segments as a list has them. */
export function segmentsOfIndex(
  list: IndexFile,
  segments: readonly { readonly segment: ListSegment; readonly refusedBecause?: string | undefined }[],
): SegmentList[] {
  const rows = new Map<ListSegment, ListedInstrument[]>(segments.map(({ segment }) => [segment, []]))
  if (segments.length > 0)
    for (const instrument of list.listed()) rows.get(listSegmentOf(instrument))?.push(instrument)
  return segments.map(({ segment, refusedBecause }) => {
    const instruments = rows.get(segment) ?? []
    return {
      segment,
      instruments,
      count: keptCount(list, segment, { instruments: instruments.length, refusedBecause }),
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
