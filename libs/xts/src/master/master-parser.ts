import {
  SEGMENTS,
  isSegment,
  type ListedInstrument,
  type Segment,
  type SegmentCount,
} from '@xts-bridge/contracts'
import { instrumentFromRow } from './instrument-from-row'
import { indexInstrument, type ListedIndex } from './instruments-from-indices'
import { isHeaderLine, isPlainText, readMasterRow } from './master-row'
import { isRefusal, type RefusalReason } from './refusal-reasons'
import { RowTally } from './row-tally'
import { LONGEST_LINE, TextLines } from './text-lines'
import { makeSymbolsUnique } from './unique-symbols'

/** Under which rows that name no segment of ours are counted. */
export const UNKNOWN_SEGMENT = 'unknown'
/** Under which the entries of the NSE index list are counted. */
export const INDEX_LIST = 'NSE_INDEX'
/** Under which the entries of the BSE index list are counted, where a gateway has one besides its rows. */
export const BSE_INDEX_LIST = 'BSE_INDEX'
/** A segment number and a token of eight digits in one number. */
const TOKENS_PER_SEGMENT = 100_000_000

export interface MasterList {
  readonly instruments: ListedInstrument[]
  /** Every row of every text and index list: an instrument, or refused for a reason. */
  readonly counts: SegmentCount[]
  /** The first refused row of each `segment reason`, cut short. */
  readonly samples: Readonly<Record<string, string>>
}

/**
 * Reads the texts of `instruments/master`, line by line, in pieces of any size, and the index lists.
 * Nothing is skipped silently: each line that is not empty becomes an instrument or a counted refusal.
 */
export class MasterParser {
  private readonly instruments: (ListedInstrument | undefined)[] = []
  private readonly countedUnder: string[] = []
  private readonly byKey = new Map<number, number>()
  private readonly conflicting = new Set<number>()
  private readonly listedIndices: { readonly segment: Segment; readonly index: ListedIndex }[] = []
  private readonly tally = new RowTally()
  private readonly lines = new TextLines((line) => this.addLine(line))
  /** Header lines are counted with the rows they head. */
  private headers: string[] = []

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
    const kept: ListedInstrument[] = []
    const segments: string[] = []
    this.instruments.forEach((instrument, position) => {
      if (instrument === undefined) return
      kept.push(instrument)
      segments.push(this.countedUnder[position] ?? UNKNOWN_SEGMENT)
    })
    const { instruments, renamed } = makeSymbolsUnique(kept)
    for (const position of renamed) this.tally.countRenamed(segments[position] ?? UNKNOWN_SEGMENT)
    return { instruments, counts: this.tally.counts(), samples: this.tally.samples() }
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
    if (first !== undefined && JSON.stringify(first) === JSON.stringify(instrument)) {
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
