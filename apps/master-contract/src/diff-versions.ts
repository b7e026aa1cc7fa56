import {
  AppError,
  instrumentDiffSchema,
  parseRequest,
  type InstrumentChange,
  type InstrumentsDiff,
} from '@xts-bridge/contracts'
import type { IndexFile, InstrumentStore } from '@xts-bridge/instruments'
import { giveWay } from './give-way'
import type { KeptLists } from './kept-lists'
import {
  changedFields,
  changeOf,
  DifferenceTally,
  rowDifferences,
  type RowDifference,
} from './list-difference'

export interface DiffParts {
  readonly store: Pick<InstrumentStore, 'version'>
  readonly kept: KeptLists
}

/** `instruments.diff`: what one kept version changed in another, a page of it. */
export async function diffVersions(data: unknown, { store, kept }: DiffParts): Promise<InstrumentsDiff> {
  const request = parseRequest(instrumentDiffSchema, data)
  const to = request.to ?? store.version
  if (to === undefined) throw new AppError('INSTRUMENTS_UNAVAILABLE')
  const versions = kept.versions()
  const newer = await kept.ofVersion(to)
  const older = await kept.ofVersion(request.from ?? (await versionBefore(to, kept)))
  const tally = new DifferenceTally()
  const changes: InstrumentChange[] = []
  let matching = 0
  await giveWay(rowDifferences(older, newer), (difference) => {
    if (difference === undefined) return
    tally.add(difference.kind, fieldsOf(difference, older, newer))
    if (request.kind !== undefined && request.kind !== difference.kind) return
    if (request.exchange !== undefined && exchangeOf(difference, older, newer) !== request.exchange) return
    if (matching >= request.offset && changes.length < request.limit)
      changes.push(changeOf(difference, older, newer))
    matching += 1
  })
  return { from: older.meta.version, to, counts: tally.counts(), matching, changes, versions }
}

/** The newest kept version that is older and of the same broker; the version itself when it is the first. */
async function versionBefore(version: string, kept: KeptLists): Promise<string> {
  const versions = kept.versions()
  for (const earlier of versions.slice(versions.indexOf(version) + 1)) {
    if (await kept.isOurs(earlier)) return earlier
  }
  return version
}

function fieldsOf(difference: RowDifference, older: IndexFile, newer: IndexFile): readonly string[] {
  if (difference.kind !== 'changed') return []
  return changedFields(older.listedAt(difference.oldRow), newer.listedAt(difference.newRow))
}

function exchangeOf(difference: RowDifference, older: IndexFile, newer: IndexFile): string {
  return difference.kind === 'removed'
    ? older.listedAt(difference.oldRow).exchange
    : newer.listedAt(difference.newRow).exchange
}
