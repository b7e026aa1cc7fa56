import { SEGMENTS, type Instrument, type Segment } from '@xts-bridge/contracts'
import { INDEX_LIST } from '@xts-bridge/xts'

/** What is downloaded, checked and kept as one: a segment's master, or the index list of NSE. */
export type ListSegment = Segment | typeof INDEX_LIST

/** The only segment whose indices come as a list of their own; those of BSE are rows of its master. */
const SEGMENT_OF_INDEX_LIST: Segment = 'NSECM'

/** What a profile with these segments downloads. */
export function listSegmentsOf(segments: readonly Segment[]): readonly ListSegment[] {
  return segments.includes(SEGMENT_OF_INDEX_LIST) ? [...segments, INDEX_LIST] : segments
}

/** The part of a list that an instrument belongs to. */
export function listSegmentOf({ exchange, segment }: Pick<Instrument, 'exchange' | 'segment'>): ListSegment {
  return exchange === 'NSE_INDEX' ? INDEX_LIST : segment
}

export function isIndexList(segment: ListSegment): segment is typeof INDEX_LIST {
  return segment === INDEX_LIST
}

/** True where every instrument is a contract that expires. */
export function isDerivative(segment: ListSegment): boolean {
  return !isIndexList(segment) && segment !== 'NSECM' && segment !== 'BSECM'
}

/** The segment with this name, if it is one that can be downloaded. */
export function listSegmentNamed(name: string): ListSegment | undefined {
  if (name === INDEX_LIST) return INDEX_LIST
  return Object.hasOwn(SEGMENTS, name) ? (name as Segment) : undefined
}
