import type { LineMarks } from '@xts-bridge/xts'
import type { ListSegment } from './list-segments'

/**
 * By what the lines of the list in force are known when they come again. It stays in the memory of one process: a start, and so a
 * new release that may read lines differently, forgets it, and the next refresh reads every line.
 */
export interface ListMarks {
  readonly version: string
  /** Lists patched one after the other since the last one that was written anew. */
  readonly patches: number
  readonly segments: readonly SegmentMarks[]
}

/** Marks of the rows of a segment, which stand together from `firstRow` on. */
export interface SegmentMarks {
  readonly segment: ListSegment
  readonly firstRow: number
  readonly marks: LineMarks
}

/** After as many patches a list is written anew, so that what is gone does not fill its file. */
export const MOST_PATCHES = 8
