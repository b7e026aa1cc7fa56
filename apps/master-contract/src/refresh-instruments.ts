import { AppError, type Clock, type Segment, type SegmentCount } from '@xts-bridge/contracts'
import { IndexFile, type IndexFolder, type ListMeta } from '@xts-bridge/instruments'
import type { InstrumentTable, TableChanges } from '@xts-bridge/persistence'
import type { ListedIndex } from '@xts-bridge/xts'
import type { BrokerLists } from './broker-lists'
import { problemsOfList } from './check-list'
import { indianDate } from './indian-time'
import type { ParsedList } from './list-builder'

/** Index files kept: the one in force and two to look back at. */
const FILES_KEPT = 3
/** The only segment whose indices come as a list of their own; those of BSE are rows of its master. */
const INDEX_SEGMENT: Segment = 'NSECM'

/** Builds one list, away from the event loop. */
export interface Workshop {
  addMaster(text: string): Promise<void>
  addIndices(segment: Segment, indices: readonly ListedIndex[]): Promise<void>
  finish(): Promise<ParsedList>
  write(folder: string, meta: ListMeta): Promise<void>
  close(): Promise<void>
}

export interface RefreshParts {
  readonly clock: Clock
  /** Name of the broker profile. */
  readonly broker: string
  readonly segments: readonly Segment[]
  readonly lists: Pick<BrokerLists, 'open' | 'master' | 'indices'>
  readonly openWorkshop: () => Workshop
  readonly folder: IndexFolder
  readonly table: Pick<InstrumentTable, 'replace'>
}

export interface RefreshedList {
  readonly meta: ListMeta
  readonly changes: TableChanges
  readonly samples: ParsedList['samples']
}

/** Replaces the instrument list: wholly, or not at all. */
export class RefreshInstruments {
  constructor(private readonly parts: RefreshParts) {}

  /**
   * Downloads, checks and swaps. `lastGood` is the list in force, which stays in force when this throws: REFRESH_FAILED
   * when the new list must not replace it, or whatever a missing session or a broken disk throws.
   */
  async run(lastGood: ListMeta | undefined): Promise<RefreshedList> {
    const { folder } = this.parts
    const workshop = this.parts.openWorkshop()
    try {
      await this.download(workshop)
      const { counts, samples } = await workshop.finish()
      const meta = this.approve(counts, lastGood)
      await workshop.write(folder.folder, meta)
      const changes = await this.store(meta.version)
      folder.pointTo(meta.version)
      folder.keepNewest(FILES_KEPT)
      return { meta, changes, samples }
    } finally {
      await workshop.close()
    }
  }

  private async download(workshop: Workshop): Promise<void> {
    const { lists, segments } = this.parts
    await lists.open()
    for (const segment of segments) await workshop.addMaster(await lists.master(segment))
    if (segments.includes(INDEX_SEGMENT))
      await workshop.addIndices(INDEX_SEGMENT, await lists.indices(INDEX_SEGMENT))
  }

  /** Throws REFRESH_FAILED with everything that speaks against the list. */
  private approve(counts: readonly SegmentCount[], lastGood: ListMeta | undefined): ListMeta {
    const { broker, clock, folder, segments } = this.parts
    const problems = problemsOfList({ asked: segments, counts, lastGood: lastGood?.segments ?? [] })
    if (problems.length > 0) throw new AppError('REFRESH_FAILED', { reason: problems.join('; '), problems })
    const builtAtMs = clock.nowMs()
    const version = folder.nextVersion(indianDate(builtAtMs), [lastGood?.version])
    return { version, broker, builtAtMs, segments: withEmptySegments(counts, segments) }
  }

  /** The table's rows come from the file itself, so that both hold the same list. */
  private async store(version: string): Promise<TableChanges> {
    const { broker, folder, table } = this.parts
    try {
      const list = await IndexFile.readInSteps(folder.path(version))
      return await table.replace(broker, { version, instruments: list.listed() })
    } catch (error) {
      // A file that stays would be taken for a finished list by the next start.
      folder.remove(version)
      throw error
    }
  }
}

/** A segment without rows is counted too, so that nobody has to guess whether it was asked for. */
function withEmptySegments(
  counts: readonly SegmentCount[],
  segments: readonly Segment[],
): readonly SegmentCount[] {
  const missing = segments.filter((segment) => !counts.some((count) => count.segment === segment))
  return [...counts, ...missing.map((segment) => ({ segment, rows: 0, instruments: 0, refused: {} }))]
}
