import {
  AppError,
  type Clock,
  type DiffCounts,
  type GateFailure,
  type RefreshProgress,
} from '@xts-bridge/contracts'
import type { IndexFolder, ListMeta } from '@xts-bridge/instruments'
import type { InstrumentTable, TableChanges } from '@xts-bridge/persistence'
import type { BrokerLists } from './broker-lists'
import type { GateLimits } from './check-segment'
import { indianDate, indianDateNumber } from './indian-time'
import type { CheckedList } from './list-builder'
import type { ListMarks } from './list-marks'
import { isIndexList, type ListSegment } from './list-segments'
import type { Workshop } from './workshop'

/** A future that expires within this many days counts as near. */
const NEAR_DAYS = 45

export interface RefreshParts {
  readonly clock: Clock
  /** Name of the broker profile. */
  readonly broker: string
  readonly segments: readonly ListSegment[]
  readonly limits: GateLimits
  readonly lists: Pick<BrokerLists, 'open' | 'master' | 'indices'>
  readonly openWorkshop: () => Workshop
  readonly folder: IndexFolder
  readonly table: Pick<InstrumentTable, 'replace' | 'change'>
  /** Removes versions that are no longer kept. */
  readonly prune: () => void
  readonly onProgress: (progress: RefreshProgress) => void
}

export interface RefreshedList {
  readonly meta: ListMeta
  readonly changes: TableChanges
  readonly diff: DiffCounts
  /** Why segments keep their last good rows; empty when every download was taken. */
  readonly failures: readonly GateFailure[]
  readonly samples: CheckedList['samples']
}

/** Replaces the instrument list: each segment wholly, or not at all. */
export class RefreshInstruments {
  /** What the lines of the list in force are known by; undefined until this process has made a list. */
  private marks: ListMarks | undefined

  constructor(private readonly parts: RefreshParts) {}

  /**
   * Downloads, checks and swaps. `lastGood` is the list in force; it gives the rows of segments that are refused, and of
   * those not in `only`. It stays in force when this throws: REFRESH_FAILED with every gate's finding in `details.refused`
   * when no segment may be replaced, or whatever a broken disk throws.
   */
  async run(lastGood: ListMeta | undefined, only = this.parts.segments): Promise<RefreshedList> {
    const { folder, onProgress, prune } = this.parts
    const workshop = this.parts.openWorkshop()
    const progress = { done: only.length, of: only.length }
    try {
      if (lastGood !== undefined && this.marks?.version === lastGood.version)
        workshop.know(folder.path(lastGood.version), this.marks)
      const failed = await this.download(workshop, only)
      onProgress({ step: 'check', ...progress })
      const checked = await this.check(workshop, failed, lastGood)
      const meta = this.approve(checked, lastGood)
      onProgress({ step: 'write-index', ...progress })
      const marks = await workshop.write(folder.folder, meta)
      onProgress({ step: 'swap-table', ...progress })
      const { changes, diff } = await this.store(workshop, meta, lastGood)
      onProgress({ step: 'point', ...progress })
      folder.pointTo(meta.version)
      this.marks = marks
      prune()
      onProgress({ step: 'done', ...progress })
      return { meta, changes, diff, failures: checked.failures, samples: checked.samples }
    } finally {
      await workshop.close()
    }
  }

  /** One segment after the other; one that cannot be had does not stop the others. */
  private async download(workshop: Workshop, only: readonly ListSegment[]): Promise<readonly GateFailure[]> {
    const { lists, onProgress } = this.parts
    await lists.open()
    const failed: GateFailure[] = []
    for (const [done, segment] of only.entries()) {
      onProgress({ step: 'download', segment, done, of: only.length })
      const problem = isIndexList(segment)
        ? await this.downloadIndices(workshop)
        : problemOf(await lists.master(segment, workshop))
      if (problem === undefined) continue
      failed.push({ segment, gate: 'download', found: problem, expected: `the list of ${segment}` })
    }
    return failed
  }

  private async downloadIndices(workshop: Workshop): Promise<string | undefined> {
    const indices = await this.parts.lists.indices('NSECM')
    if (indices.isHad) await workshop.addIndices('NSE_INDEX', indices.value)
    return problemOf(indices)
  }

  private check(
    workshop: Workshop,
    failed: readonly GateFailure[],
    lastGood: ListMeta | undefined,
  ): Promise<CheckedList> {
    const { clock, folder, limits, segments } = this.parts
    const nowMs = clock.nowMs()
    return workshop.check({
      lastGood: lastGood && folder.path(lastGood.version),
      ...{ segments, failed, limits },
      dates: { today: indianDateNumber(nowMs), soon: indianDateNumber(nowMs, NEAR_DAYS) },
    })
  }

  /** Throws REFRESH_FAILED with everything that speaks against the list. */
  private approve(checked: CheckedList, lastGood: ListMeta | undefined): ListMeta {
    const { broker, clock, folder } = this.parts
    const { accepted, counts, expiries, failures } = checked
    const fresh = counts.filter(({ segment }) => (accepted as readonly string[]).includes(segment))
    const hasNothingNew = fresh.every(({ instruments }) => instruments === 0)
    if (hasNothingNew && (failures.length > 0 || lastGood === undefined)) {
      const reason = failures.map(describeFailure).join('; ') || 'the broker has not one instrument'
      throw new AppError('REFRESH_FAILED', { reason, refused: failures })
    }
    const builtAtMs = clock.nowMs()
    const version = folder.nextVersion(indianDate(builtAtMs), [lastGood?.version])
    return { version, broker, builtAtMs, segments: counts, expiries }
  }

  /** What changed when the table holds the list before; all of it when it holds anything else. */
  private async store(
    workshop: Workshop,
    { version, segments }: ListMeta,
    lastGood: ListMeta | undefined,
  ): Promise<{ readonly changes: TableChanges; readonly diff: DiffCounts }> {
    const { broker, folder, table } = this.parts
    try {
      const diff = await workshop.compare()
      const count = segments.reduce((sum, { instruments }) => sum + instruments, 0)
      const [changed, removed] = [workshop.texts('changed'), workshop.texts('removed')]
      const changes =
        lastGood !== undefined &&
        (await table.change(broker, { from: lastGood.version, version, count, changed, removed }))
      if (changes !== false) return { changes, diff }
      workshop.rewind()
      const instruments = { texts: workshop.texts('all') }
      return { changes: await table.replace(broker, { version, instruments }), diff }
    } catch (error) {
      // A file that stays would be taken for a finished list by the next start.
      folder.remove(version)
      throw error
    }
  }
}

/** `NSEFO, row-count: found 12 instruments, expected at least 900`. */
export function describeFailure({ segment, gate, found, expected }: GateFailure): string {
  return `${segment}, ${gate}: found ${found}, expected ${expected}`
}

function problemOf(download: { readonly isHad: boolean; readonly problem?: string }): string | undefined {
  return download.isHad ? undefined : download.problem
}
