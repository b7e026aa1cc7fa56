import type { DiffCounts } from '@xts-bridge/contracts'
import type { ListMeta } from '@xts-bridge/instruments'
import type { ListedIndex, MasterAnswerEnd } from '@xts-bridge/xts'
import type { CheckedList, ListToCheck, TextKind } from './list-builder'
import type { ListMarks } from './list-marks'
import type { ListSegment } from './list-segments'

/** Builds one list, away from the event loop. */
export interface Workshop {
  /** Lets lines be known that the last good list was read from; call first. */
  know(lastGood: string, marks: ListMarks): void
  /** Begins a segment's download, anew if one broke off. */
  begin(segment: ListSegment): void
  addBytes(piece: Uint8Array): void
  endMaster(): Promise<MasterAnswerEnd>
  addIndices(segment: ListSegment, indices: readonly ListedIndex[]): Promise<void>
  check(list: ListToCheck): Promise<CheckedList>
  /** Writes the checked list and waits for the disk. Gives what its lines are known by. */
  write(folder: string, meta: ListMeta): Promise<ListMarks>
  /** From the list before to the written one. */
  compare(): Promise<DiffCounts>
  /** The written list for the table, as JSON texts. */
  texts(kind: TextKind): AsyncIterable<string>
  /** Lets `texts` begin anew. */
  rewind(): void
  close(): Promise<void>
}
