import {
  SEGMENTS,
  isSegment,
  segmentFromNumber,
  type ListedInstrument,
  type Segment,
  type SegmentCount,
} from '@xts-bridge/contracts'
import { instrumentFromRow } from './instrument-from-row'
import { indexInstrument, type ListedIndex } from './instruments-from-indices'
import type { KnownLines } from './known-lines'
import { LineMark, MarkList, NO_MARK, type LineMarks } from './line-marks'
import { isHeaderLine, isPlainText, readMasterRow } from './master-row'
import { isRefusal, type RefusalReason } from './refusal-reasons'
import { RowTally } from './row-tally'
import { isSameInstrument } from './same-instrument'
import { LONGEST_LINE, TextLines } from './text-lines'
import { makeSymbolsUnique, type UniqueSymbols } from './unique-symbols'

/** Under which rows that name no segment of ours are counted. */
export const UNKNOWN_SEGMENT = 'unknown'
/** Under which the entries of the NSE index list are counted. */
export const INDEX_LIST = 'NSE_INDEX'
/** Under which the entries of the BSE index list are counted, where a gateway has one besides its rows. */
export const BSE_INDEX_LIST = 'BSE_INDEX'
/** A segment number and a token of eight digits in one number. */
const TOKENS_PER_SEGMENT = 100_000_000

export interface MasterList {
  /** Those of new lines alone, where others are known. */
  readonly instruments: ListedInstrument[]
  /** Every row of every text and index list: an instrument, or refused for a reason. */
  readonly counts: SegmentCount[]
  /** The first refused row of each `segment reason`, cut short. */
  readonly samples: Readonly<Record<string, string>>
  /** Rows of the earlier list whose lines came again; they are counted as instruments and not among them. */
  readonly kept?: readonly number[]
  /** Of the lines of `kept`, then of `instruments`; only when asked for. */
  readonly marks?: LineMarks
}

export interface MasterParserOptions {
  /** Marks the lines, so that they are known another time. */
  readonly isMarking?: boolean
  /** Lines that need not be read; implies marking. */
  readonly known?: KnownLines | undefined
}

/**
 * Reads the texts of `instruments/master`, line by line, in pieces of any size, and the index lists.
 * Nothing is skipped silently: each line that is not empty becomes an instrument or a counted refusal.
 */
export class MasterParser {
  private readonly instruments: (ListedInstrument | undefined)[] = []
  private readonly countedUnder: string[] = []
  private readonly marks = new MarkList()
  private readonly kept: number[] = []
  private readonly byKey = new Map<number, number>()
  private readonly conflicting = new Set<number>()
  private readonly listedIndices: { readonly segment: Segment; readonly index: ListedIndex }[] = []
  private readonly tally = new RowTally()
  private readonly lines: TextLines
  private readonly known: KnownLines | undefined
  private readonly mark: LineMark | undefined
  /** Header lines are counted with the rows they head. */
  private headers: string[] = []

  constructor({ isMarking = false, known }: MasterParserOptions = {}) {
    this.known = known
    this.mark = isMarking || known !== undefined ? new LineMark() : undefined
    this.lines = new TextLines(
      (line) => this.addLine(line),
      known && ((text, start, end) => this.headers.length === 0 && this.keep(known, text, { start, end })),
    )
  }

  /** Takes a piece of text or its bytes, which may end within a line. */
  addText(piece: string | Uint8Array): void {
    this.lines.add(piece)
  }

  /** Ends a text: what follows starts on a new line. */
  endText(): void {
    this.lines.end()
    this.countHeaders(UNKNOWN_SEGMENT)
  }

  /** Takes the index list of a cash segment, which `finish` merges with the rows; counted under INDEX_LIST or BSE_INDEX_LIST. */
  addIndices(segment: Segment, indices: readonly ListedIndex[]): void {
    for (const index of indices) this.listedIndices.push({ segment, index })
  }

  /** The whole list, symbols made unique. The parser takes nothing afterwards. */
  finish(): MasterList {
    this.endText()
    this.mergeIndices()
    if (this.known !== undefined) this.readAgainWhereKeysMeet(this.known)
    const found = this.found()
    const unique = this.uniqueSymbols(found)
    for (const position of unique.renamed)
      this.tally.countRenamed(found[position]?.segment ?? UNKNOWN_SEGMENT)
    return {
      instruments: unique.instruments,
      counts: this.tally.counts(),
      samples: this.tally.samples(),
      ...(this.mark !== undefined && this.keptAndMarks(found, unique.renamed)),
    }
  }

  private found(): Found[] {
    return this.instruments.flatMap((instrument, position) => {
      if (instrument === undefined) return []
      const segment = this.countedUnder[position] ?? UNKNOWN_SEGMENT
      return [{ instrument, segment, mark: this.mark === undefined ? NO_MARK : this.marks.at(position) }]
    })
  }

  /** A line that came again is one of the instruments after all when a new one wants its symbol. */
  private uniqueSymbols(found: Found[]): UniqueSymbols {
    for (;;) {
      const unique = makeSymbolsUnique(found.map(({ instrument }) => instrument))
      const { known } = this
      if (known === undefined) return unique
      const wanted = [...found.map(({ instrument }) => instrument), ...unique.instruments]
      const rows = wanted.map(({ exchange, symbol }) => known.list.rowOfSymbol(exchange, symbol))
      const taken = [...new Set(rows)].filter((row) => known.isTaken(row))
      if (taken.length === 0) return unique
      for (const row of taken) {
        known.release(row)
        const instrument = known.list.listedAt(row)
        found.push({ instrument, segment: instrument.segment, mark: known.markOf(row) })
      }
    }
  }

  /** Two lines of one key are a finding, also when one of them is known. */
  private readAgainWhereKeysMeet(known: KnownLines): void {
    for (const key of [...this.byKey.keys(), ...this.conflicting]) {
      const segment = segmentFromNumber(Math.floor(key / TOKENS_PER_SEGMENT))
      const row = segment && known.list.rowOfKey(segment, key % TOKENS_PER_SEGMENT)
      if (!known.isTaken(row)) continue
      known.release(row)
      const instrument = known.list.listedAt(row)
      this.tally.countInstruments(instrument.segment, -1)
      this.mark?.take(known.markOf(row))
      this.accept(instrument.segment, instrument, instrument.brokerSymbol)
    }
  }

  private keptAndMarks(
    found: readonly Found[],
    renamed: readonly number[],
  ): Pick<MasterList, 'kept' | 'marks'> {
    const { known } = this
    const kept = this.kept.filter((row) => known?.isTaken(row))
    const marks = new MarkList(kept.length + found.length)
    for (const row of kept) marks.push(known?.markOf(row) ?? NO_MARK)
    const isRenamed = new Set(renamed)
    // Whether a symbol must be changed depends on other lines too.
    found.forEach(({ mark }, position) => marks.push(isRenamed.has(position) ? NO_MARK : mark))
    return { kept, marks: marks.finished() }
  }

  /** True when the line is known, and then it is counted. */
  private keep(known: KnownLines, text: string, { start, end }: { start: number; end: number }): boolean {
    if (this.mark === undefined) return false
    const { high, low } = this.mark.set(text, start, end)
    const row = known.rowOf(high, low)
    if (row === undefined) return false
    const { segment } = known
    this.tally.countRow(segment)
    if (known.take(row)) {
      this.kept.push(row)
      this.tally.countInstruments(segment, 1)
    } else this.tally.countRefused(segment, 'duplicate-key', text.slice(start, end))
    return true
  }

  private addLine(line: string): void {
    if (line.trim() === '') return
    if (isHeaderLine(line)) {
      this.headers.push(line)
      return
    }
    const name = line.slice(0, line.indexOf('|'))
    const segment = isSegment(name) ? name : UNKNOWN_SEGMENT
    this.countHeaders(segment)
    const range = { start: 0, end: line.length }
    if (this.known !== undefined && this.keep(this.known, line, range)) return
    this.mark?.set(line, 0, line.length)
    this.count(segment, resultOfLine(line), line)
  }

  private countHeaders(segment: string): void {
    for (const header of this.headers) this.count(segment, 'header-line', header)
    this.headers = []
  }

  /** The master's own rows go first: they carry an id that proves their token, and the two may number differently. */
  private mergeIndices(): void {
    const asRows = new Set(
      this.instruments.flatMap((one) =>
        one?.instrumentType === 'INDEX' ? [`${one.exchange}:${one.symbol}`] : [],
      ),
    )
    for (const { segment, index } of this.listedIndices) {
      const result = resultOfIndex(segment, index)
      const isRow = !isRefusal(result) && asRows.has(`${result.exchange}:${result.symbol}`)
      const listName = segment === 'BSECM' ? BSE_INDEX_LIST : INDEX_LIST
      this.count(listName, isRow ? 'index-listed-as-row' : result, `${index.name}_${index.token}`)
    }
    this.listedIndices.length = 0
  }

  private count(segment: string, result: ListedInstrument | RefusalReason, sample: string): void {
    this.tally.countRow(segment)
    if (isRefusal(result)) this.tally.countRefused(segment, result, sample)
    else this.accept(segment, result, sample)
  }

  private accept(segment: string, instrument: ListedInstrument, sample: string): void {
    const key = keyOf(instrument)
    const known = this.byKey.get(key)
    if (known !== undefined || this.conflicting.has(key)) {
      this.refuseSecond(segment, { key, known, instrument }, sample)
      return
    }
    this.byKey.set(key, this.instruments.length)
    this.instruments.push(instrument)
    if (this.mark !== undefined) this.marks.push(this.mark)
    this.countedUnder.push(segment)
    this.tally.countInstruments(segment, 1)
  }

  /** A repeated row is refused; rows that differ under one key are all refused, the first one too. */
  private refuseSecond(
    segment: string,
    { key, known, instrument }: { key: number; known: number | undefined; instrument: ListedInstrument },
    sample: string,
  ): void {
    const first = known === undefined ? undefined : this.instruments[known]
    if (first !== undefined && isSameInstrument(first, instrument)) {
      this.tally.countRefused(segment, 'duplicate-key', sample)
      return
    }
    this.tally.countRefused(segment, 'conflicting-key', sample)
    if (first === undefined || known === undefined) return
    const firstSegment = this.countedUnder[known] ?? segment
    this.instruments[known] = undefined
    this.byKey.delete(key)
    this.conflicting.add(key)
    this.tally.countInstruments(firstSegment, -1)
    const firstSample = `${first.segment}:${first.token} ${first.brokerSymbol}`
    this.tally.countRefused(firstSegment, 'conflicting-key', firstSample)
  }
}

interface Found {
  readonly instrument: ListedInstrument
  readonly segment: string
  readonly mark: { readonly high: number; readonly low: number }
}

/** Parses one text whole: every row is an instrument or a counted refusal. */
export function parseMasterText(text: string | Uint8Array): MasterList {
  const parser = new MasterParser()
  parser.addText(text)
  return parser.finish()
}

function resultOfLine(line: string): ListedInstrument | RefusalReason {
  if (line.length > LONGEST_LINE) return 'line-too-long'
  const row = readMasterRow(line)
  return isRefusal(row) ? row : instrumentFromRow(row)
}

function resultOfIndex(segment: Segment, index: ListedIndex): ListedInstrument | RefusalReason {
  const isToken = Number.isSafeInteger(index.token) && index.token >= 0 && index.token < TOKENS_PER_SEGMENT
  if (!isToken) return 'bad-token'
  if (index.name === '') return 'missing-name'
  return isPlainText(index.name) ? indexInstrument(segment, index) : 'not-plain-text'
}

function keyOf({ segment, token }: ListedInstrument): number {
  return SEGMENTS[segment] * TOKENS_PER_SEGMENT + token
}
