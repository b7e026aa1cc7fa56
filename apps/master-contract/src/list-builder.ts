import type { DiffCounts, GateFailure, ListedInstrument, SegmentCount } from '@xts-bridge/contracts'
import { encodeIndex, IndexFile, IndexFolder, type ListMeta } from '@xts-bridge/instruments'
import {
  MasterAnswer,
  MasterParser,
  type ListedIndex,
  type MasterAnswerEnd,
  type MasterList,
} from '@xts-bridge/xts'
import { failuresOfSegment, type GateLimits, type SegmentToCheck } from './check-segment'
import { dateNumberOfExpiry } from './indian-time'
import { changedFields, DifferenceTally, rowDifferences } from './list-difference'
import { isDerivative, isIndexList, type ListSegment } from './list-segments'
import { mergeLists, segmentsOfIndex, type MergedList, type SegmentList } from './merge-lists'

export interface ListToCheck {
  /** Path of the list in force; undefined when there is none. */
  readonly lastGood?: string | undefined
  /** What the list is made of; what was not downloaded is kept as it is. */
  readonly segments: readonly ListSegment[]
  /** Segments that could not be downloaded. */
  readonly failed: readonly GateFailure[]
  readonly dates: SegmentToCheck['dates']
  readonly limits: GateLimits
}

/** What came of parsing and checking everything that was downloaded. */
export interface CheckedList {
  readonly counts: readonly SegmentCount[]
  readonly expiries: NonNullable<ListMeta['expiries']>
  /** Segments whose download is in the new list. */
  readonly accepted: readonly ListSegment[]
  /** Segments that keep their last good rows, and why. */
  readonly failures: readonly GateFailure[]
  /** One refused row per segment and reason. */
  readonly samples: Readonly<Record<string, string>>
}

/** What the table needs of a list: all of it, or what differs from the list before. */
export type TextKind = 'all' | 'changed' | 'removed'

interface Downloaded extends SegmentList {
  readonly foreign: SegmentToCheck['foreign']
  readonly samples: MasterList['samples']
}

/** Instruments, or keys, per text. */
const PER_TEXT = 500

/** Builds one list: bytes in, index file and rows for the table out. Slow and synchronous, so it works in a thread of its own. */
export class ListBuilder {
  private readonly downloaded = new Map<ListSegment, Downloaded>()
  private reading: { readonly segment: ListSegment; parser: MasterParser; answer: MasterAnswer } | undefined
  private merged: MergedList | undefined
  private older: IndexFile | undefined
  private newer: IndexFile | undefined
  private texts: Partial<Record<TextKind, Iterator<string>>> = {}
  private changedRows: number[] = []
  private removedRows: number[] = []

  /** Begins a segment's download, anew if one broke off. */
  begin(segment: ListSegment): void {
    const parser = new MasterParser()
    this.reading = { segment, parser, answer: new MasterAnswer((text) => parser.addText(text)) }
  }

  addBytes(bytes: Uint8Array): void {
    this.reading?.answer.add(bytes)
  }

  /** Ends a segment's download and says whether it was a list. */
  end(): MasterAnswerEnd {
    const { reading } = this
    this.reading = undefined
    if (reading === undefined) return { kind: 'unreadable', problem: 'the download was never begun' }
    const end = reading.answer.end()
    if (end.kind === 'list') this.take(reading.segment, reading.parser.finish())
    return end
  }

  addIndices(segment: ListSegment, indices: readonly ListedIndex[]): void {
    const parser = new MasterParser()
    parser.addIndices('NSECM', indices)
    this.take(segment, parser.finish())
  }

  /** Parses what is left, asks the gates, and puts the new list together. */
  check({ lastGood, segments, failed, dates, limits }: ListToCheck): CheckedList {
    this.older = lastGood === undefined ? undefined : IndexFile.read(lastGood)
    const failures = [
      ...failed,
      ...[...this.downloaded.values()].flatMap((one) => this.failuresOf(one, { dates, limits })),
    ]
    const isRefused = (segment: ListSegment): boolean =>
      failures.some((failure) => failure.segment === segment)
    const fresh = segments.flatMap((segment) => {
      const one = this.downloaded.get(segment)
      return one === undefined || isRefused(segment) ? [] : [one]
    })
    const accepted = fresh.map(({ segment }) => segment)
    const rest = segments.filter((segment) => !accepted.includes(segment))
    this.merged = mergeLists(fresh, this.keep(rest, failures))
    const samples = Object.assign(
      {},
      ...[...this.downloaded.values()].map((one) => one.samples),
    ) as CheckedList['samples']
    this.downloaded.clear()
    const { counts, instruments } = this.merged
    return { counts, expiries: expiriesOf(instruments), accepted, failures, samples }
  }

  /** Writes the index file and waits for the disk; call `check` first. */
  write(folder: string, meta: ListMeta): void {
    if (this.merged === undefined) throw new Error('The list is not checked.')
    const files = new IndexFolder(folder)
    files.write(meta.version, encodeIndex(this.merged.instruments, meta))
    this.merged = undefined
    // From here on the file itself is the list, so that the table cannot hold another one.
    this.newer = IndexFile.read(files.path(meta.version))
  }

  /** What the written list changes in the one before; call `write` first. */
  compare(): DiffCounts {
    const { older, newer } = this.written()
    const tally = new DifferenceTally()
    for (const difference of rowDifferences(older, newer)) {
      if (difference === undefined) continue
      const isChange = difference.kind === 'changed' && older !== undefined
      tally.add(
        difference.kind,
        isChange ? changedFields(older.listedAt(difference.oldRow), newer.listedAt(difference.newRow)) : [],
      )
      if (difference.kind === 'removed') this.removedRows.push(difference.oldRow)
      else this.changedRows.push(difference.newRow)
    }
    return tally.counts()
  }

  /** The next text for the table; undefined after the last. */
  nextText(kind: TextKind): string | undefined {
    this.texts[kind] ??= this.textsOf(kind)
    const next = this.texts[kind].next()
    return next.done === true ? undefined : next.value
  }

  /** Lets the next `nextText` of every kind begin anew. */
  rewind(): void {
    this.texts = {}
  }

  private *textsOf(kind: TextKind): Generator<string> {
    const { older, newer } = this.written()
    if (kind === 'removed') {
      yield* inTexts(this.removedRows, (row) => {
        const gone = older?.at(row)
        return [gone?.segment, gone?.token]
      })
      return
    }
    yield* inTexts(kind === 'all' ? Array(newer.count).keys() : this.changedRows, (row) =>
      newer.listedAt(row),
    )
  }

  private written(): { readonly older: IndexFile | undefined; readonly newer: IndexFile } {
    if (this.newer === undefined) throw new Error('The list is not written.')
    return { older: this.older, newer: this.newer }
  }

  private take(segment: ListSegment, { instruments, counts, samples }: MasterList): void {
    const known = counts.find((count) => count.segment === (segment as string))
    const others = counts.filter((count) => count !== known)
    const own = (one: ListedInstrument): boolean => isIndexList(segment) || one.segment === segment
    this.downloaded.set(segment, {
      segment,
      count: known ?? { segment, rows: 0, instruments: 0, refused: {} },
      instruments: others.length === 0 ? instruments : instruments.filter(own),
      foreign: {
        rows: others.reduce((sum, { rows }) => sum + rows, 0),
        sample: sampleOf(samples, others) ?? instruments.find((one) => !own(one))?.symbol,
      },
      samples,
    })
  }

  private failuresOf(
    downloaded: Downloaded,
    { dates, limits }: Pick<ListToCheck, 'dates' | 'limits'>,
  ): readonly GateFailure[] {
    const lastGood = lastGoodCount(this.older?.meta, downloaded.segment, dates.today)
    return failuresOfSegment({ ...downloaded, lastGood, dates, limits })
  }

  private keep(segments: readonly ListSegment[], failures: readonly GateFailure[]): SegmentList[] {
    const kept = segments.map((segment) => {
      const failure = failures.find((one) => one.segment === segment)
      return { segment, refusedBecause: failure && `${failure.gate}: ${failure.found}` }
    })
    if (this.older !== undefined) return segmentsOfIndex(this.older, kept)
    return kept.map(({ segment, refusedBecause }) => ({
      segment,
      instruments: [],
      count: { segment, rows: 0, instruments: 0, refused: {}, refusedBecause },
    }))
  }
}

function sampleOf(samples: MasterList['samples'], counts: readonly SegmentCount[]): string | undefined {
  const names = counts.map(({ segment }) => `${segment} `)
  return Object.entries(samples).find(([key]) => names.some((name) => key.startsWith(name)))?.[1]
}

/** Instruments of a segment of the last good list, without contracts that have expired since. */
function lastGoodCount(meta: ListMeta | undefined, segment: ListSegment, today: number): number | undefined {
  const count = meta?.segments.find((one) => one.segment === segment)
  if (count === undefined) return undefined
  const gone = Object.entries(meta?.expiries?.[segment] ?? {}).filter(([date]) => Number(date) < today)
  return count.instruments - gone.reduce((sum, [, contracts]) => sum + contracts, 0)
}

function expiriesOf(instruments: readonly ListedInstrument[]): CheckedList['expiries'] {
  const expiries: Record<string, Record<string, number>> = {}
  const dates = new Map<string, number>()
  for (const { segment, expiry } of instruments) {
    if (expiry === undefined || !isDerivative(segment)) continue
    const date = dates.get(expiry) ?? dateNumberOfExpiry(expiry)
    dates.set(expiry, date)
    const ofSegment = (expiries[segment] ??= {})
    ofSegment[date] = (ofSegment[date] ?? 0) + 1
  }
  return expiries
}

function* inTexts(rows: Iterable<number>, valueOf: (row: number) => unknown): Generator<string> {
  let batch: unknown[] = []
  for (const row of rows) {
    batch.push(valueOf(row))
    if (batch.length < PER_TEXT) continue
    yield JSON.stringify(batch)
    batch = []
  }
  if (batch.length > 0) yield JSON.stringify(batch)
}
