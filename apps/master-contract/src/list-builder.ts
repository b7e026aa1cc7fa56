import type { Segment, SegmentCount } from '@xts-bridge/contracts'
import { encodeIndex, IndexFolder, type ListMeta } from '@xts-bridge/instruments'
import { MasterParser, type ListedIndex, type MasterList } from '@xts-bridge/xts'

/** What came of parsing everything that was downloaded. */
export interface ParsedList {
  readonly counts: readonly SegmentCount[]
  /** One refused row per segment and reason. */
  readonly samples: Readonly<Record<string, string>>
}

/** Builds one list: texts in, index file out. Slow and synchronous, so it works in a thread of its own. */
export class ListBuilder {
  private readonly parser = new MasterParser()
  private list: MasterList | undefined

  addMaster(text: string): void {
    this.parser.addText(text)
    this.parser.endText()
  }

  addIndices(segment: Segment, indices: readonly ListedIndex[]): void {
    this.parser.addIndices(segment, indices)
  }

  finish(): ParsedList {
    this.list = this.parser.finish()
    return { counts: this.list.counts, samples: this.list.samples }
  }

  /** Writes the index file and waits for the disk; call `finish` first. */
  write(folder: string, meta: ListMeta): void {
    if (this.list === undefined) throw new Error('The list is not finished.')
    new IndexFolder(folder).write(meta.version, encodeIndex(this.list.instruments, meta))
  }
}
