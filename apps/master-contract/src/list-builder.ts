import {
  SEGMENTS,
  type DiffCounts,
  type GateFailure,
  type ListedInstrument,
  type SegmentCount,
} from '@xts-bridge/contracts'
import {
  encodeIndex,
  IndexFile,
  IndexFolder,
  patchIndex,
  type ListMeta,
  type RowSource,
} from '@xts-bridge/instruments'
import {
  KnownLines,
  MasterAnswer,
  MasterParser,
  type EarlierList,
  type LineMarks,
  type ListedIndex,
  type MasterAnswerEnd,
  type MasterList,
} from '@xts-bridge/xts'
import { failuresOfSegment, type GateLimits, type SegmentToCheck } from './check-segment'
import { dateNumberOfExpiry } from './indian-time'
import { FamilyFacts, keptRowsOf, NO_KEPT_ROWS } from './kept-rows'
import { changedFields, DifferenceTally, rowDifferences } from './list-difference'
import { MOST_PATCHES, type ListMarks, type SegmentMarks } from './list-marks'
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
  /** The rows that are instruments of new lines. */
  readonly instruments: readonly ListedInstrument[]
  /** The rows of the last good list whose lines came again. */
  readonly kept: readonly number[]
  readonly marks: LineMarks | undefined
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
  /** What the written rows were made of. */
  private sources: readonly RowSource[] = []
  private older: IndexFile | undefined
  /** Of the older list, when its lines need not be read again. */
  private known: ListMarks | undefined
  private marks: Omit<ListMarks, 'version'> | undefined
  private newer: IndexFile | undefined
  private texts: Partial<Record<TextKind, Iterator<string>>> = {}
  private changedRows: number[] = []
  private removedRows: number[] = []

  /** Lets lines be known that the last good list was read from; call first. */
  know(lastGood: string, marks: ListMarks): void {
    this.older = IndexFile.read(lastGood)
    const isUsable = marks.version === this.older.meta.version && marks.patches < MOST_PATCHES
    this.known = isUsable ? marks : undefined
  }

  /** Begins a segment's download, anew if one broke off. */
  begin(segment: ListSegment): void {
    const parser = new MasterParser({ isMarking: true, known: this.knownLines(segment) })
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
    if (lastGood === undefined) this.older = undefined
    else this.older ??= IndexFile.read(lastGood)
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
    const isPatched = fresh.some(({ kept }) => kept.length > 0)
    const kept = this.keep(rest, { failures, isPatched })
    this.merged = mergeLists(fresh, kept, this.older)
    this.marks = {
      patches: isPatched ? (this.known?.patches ?? 0) + 1 : 0,
      segments: [...fresh, ...kept].flatMap((list) => this.marksOf(list)),
    }
    const samples = Object.assign(
      {},
      ...[...this.downloaded.values()].map((one) => one.samples),
    ) as CheckedList['samples']
    this.downloaded.clear()
    const { counts, rows } = this.merged
    return { counts, expiries: expiriesOf(rows, this.older), accepted, failures, samples }
  }

  /** Writes the index file and waits for the disk; call `check` first. Gives what its lines are known by another time. */
  write(folder: string, meta: ListMeta): ListMarks {
    if (this.merged === undefined || this.marks === undefined) throw new Error('The list is not checked.')
    const files = new IndexFolder(folder)
    this.sources = this.merged.rows
    this.merged = undefined
    files.write(meta.version, encode(this.sources, this.older, meta))
    // From here on the file itself is the list, so that the table cannot hold another one.
    this.newer = IndexFile.read(files.path(meta.version))
    return { version: meta.version, ...this.marks }
  }

  /** What the written list changes in the one before; call `write` first. */
  compare(): DiffCounts {
    const { older, newer } = this.written()
    const tally = new DifferenceTally()
    for (const difference of rowDifferences(older, newer, this.sources)) {
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

  private knownLines(segment: ListSegment): KnownLines | undefined {
    const { known, older } = this
    const marked = known?.segments.find((one) => one.segment === segment)
    if (older === undefined || marked === undefined || isIndexList(segment)) return undefined
    const list: EarlierList = {
      listedAt: (row) => older.listedAt(row),
      rowOfKey: (ofSegment, token) => older.rowOfToken(SEGMENTS[ofSegment], token),
      rowOfSymbol: (exchange, symbol) => older.rowOf(exchange, symbol),
    }
    return new KnownLines({ list, segment, marks: marked.marks, firstRow: marked.firstRow })
  }

  /** A segment that keeps its rows keeps their marks. */
  private marksOf({
    segment,
    rows,
    marks,
  }: SegmentList & { readonly marks?: LineMarks | undefined }): SegmentMarks[] {
    const firstRow = this.merged?.firstRows.get(segment)
    const known = this.known?.segments.find((one) => one.segment === segment)?.marks
    const found = marks ?? known
    if (firstRow === undefined || found?.high.length !== rows.length) return []
    return [{ segment, firstRow, marks: found }]
  }

  private take(
    segment: ListSegment,
    { instruments: all, counts, kept = [], marks, samples }: MasterList,
  ): void {
    const known = counts.find((count) => count.segment === (segment as string))
    const others = counts.filter((count) => count !== known)
    const own = (one: ListedInstrument): boolean => isIndexList(segment) || one.segment === segment
    const instruments = others.length === 0 ? all : all.filter(own)
    this.downloaded.set(segment, {
      segment,
      count: known ?? { segment, rows: 0, instruments: 0, refused: {} },
      instruments,
      kept,
      rows: [...kept, ...instruments],
      // Rows of other segments would stand between those that are marked.
      marks: instruments.length === all.length ? marks : undefined,
      foreign: {
        rows: others.reduce((sum, { rows }) => sum + rows, 0),
        sample: sampleOf(samples, others) ?? all.find((one) => !own(one))?.symbol,
      },
      samples,
    })
  }

  private failuresOf(
    downloaded: Downloaded,
    { dates, limits }: Pick<ListToCheck, 'dates' | 'limits'>,
  ): readonly GateFailure[] {
    const lastGood = lastGoodCount(this.older?.meta, downloaded.segment, dates.today)
    const kept =
      this.older === undefined ? NO_KEPT_ROWS : keptRowsOf(this.older, downloaded.kept, limits.mandatory)
    return failuresOfSegment({ ...downloaded, kept, lastGood, dates, limits })
  }

  private keep(
    segments: readonly ListSegment[],
    { failures, isPatched }: { readonly failures: readonly GateFailure[]; readonly isPatched: boolean },
  ): SegmentList[] {
    const kept = segments.map((segment) => {
      const failure = failures.find((one) => one.segment === segment)
      return { segment, refusedBecause: failure && `${failure.gate}: ${failure.found}` }
    })
    if (this.older !== undefined) return segmentsOfIndex(this.older, kept, isPatched)
    return kept.map(({ segment, refusedBecause }) => ({
      segment,
      rows: [],
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

/** Contracts by segment and expiry, as 20261126. */
function expiriesOf(rows: readonly RowSource[], older: IndexFile | undefined): CheckedList['expiries'] {
  const expiries: Record<string, Record<string, number>> = {}
  const dates = new Map<string, number>()
  const families = older && new FamilyFacts(older)
  for (const row of rows) {
    const { expiry, segment } = typeof row === 'number' ? factsOf(row, older, families) : row
    if (expiry === undefined || !isDerivative(segment)) continue
    const date = dates.get(expiry) ?? dateNumberOfExpiry(expiry)
    dates.set(expiry, date)
    const ofSegment = (expiries[segment] ??= {})
    ofSegment[date] = (ofSegment[date] ?? 0) + 1
  }
  return expiries
}

function factsOf(
  row: number,
  older: IndexFile | undefined,
  families: FamilyFacts | undefined,
): Pick<ListedInstrument, 'expiry' | 'segment'> {
  return { expiry: families?.of(row).expiry, segment: older?.rows.segment(row) ?? 'NSECM' }
}

function encode(rows: readonly RowSource[], older: IndexFile | undefined, meta: ListMeta): Buffer {
  const instruments = rows.filter((row) => typeof row !== 'number')
  if (older === undefined || instruments.length === rows.length) return encodeIndex(instruments, meta)
  return patchIndex(older, rows, meta)
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
