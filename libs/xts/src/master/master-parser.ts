import { isSegment, type ListedInstrument, type Segment, type SegmentCount } from '@xts-bridge/contracts'
import { instrumentFromRow } from './instrument-from-row'
import { indexInstruments, type ListedIndex } from './instruments-from-indices'
import { readMasterRow } from './master-row'
import { isRefusal, type RefusalReason } from './refusal-reasons'
import { makeSymbolsUnique } from './unique-symbols'

/** Under which rows that name no segment of ours are counted. */
export const UNKNOWN_SEGMENT = 'unknown'
/** Under which the entries of the index list are counted. */
export const INDEX_LIST = 'NSE_INDEX'
/** Characters of a refused row that are kept as its reason's sample. */
const SAMPLE_LENGTH = 160

export interface MasterList {
  readonly instruments: ListedInstrument[]
  /** Every row of every text and index list: an instrument, or refused for a reason. */
  readonly counts: SegmentCount[]
  /** The first refused row of each `segment reason`, cut short. */
  readonly samples: Readonly<Record<string, string>>
}

interface Tally {
  rows: number
  instruments: number
  renamed: number
  readonly refused: Map<RefusalReason, number>
}

/**
 * Reads the texts of `instruments/master`, line by line, in pieces of any size, and the index lists.
 * Nothing is skipped silently: each line that is not empty becomes an instrument or a counted refusal.
 */
export class MasterParser {
  private readonly instruments: (ListedInstrument | undefined)[] = []
  private readonly countedUnder: string[] = []
  private readonly byKey = new Map<string, number>()
  private readonly conflicting = new Set<string>()
  private readonly tallies = new Map<string, Tally>()
  private readonly samples = new Map<string, string>()
  private remainder = ''

  /** Takes a piece of text, which may end within a line. */
  addText(text: string): void {
    const whole = this.remainder + text
    let start = 0
    for (let end = whole.indexOf('\n'); end !== -1; end = whole.indexOf('\n', start)) {
      this.addLine(whole.slice(start, end))
      start = end + 1
    }
    this.remainder = whole.slice(start)
  }

  /** Ends a text: what follows starts on a new line. */
  endText(): void {
    const last = this.remainder
    this.remainder = ''
    this.addLine(last)
  }

  /** Takes one line; an empty one is not counted. */
  addLine(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.trim() === '') return
    const segment = text.slice(0, text.indexOf('|'))
    const row = readMasterRow(text)
    const result = isRefusal(row) ? row : instrumentFromRow(row)
    this.count(isSegment(segment) ? segment : UNKNOWN_SEGMENT, result, text)
  }

  /** Takes the index list of a cash segment, counted under INDEX_LIST. */
  addIndices(segment: Segment, indices: readonly ListedIndex[]): void {
    for (const instrument of indexInstruments(segment, indices)) {
      const sample = `${instrument.name}_${instrument.token}`
      const isSound =
        Number.isSafeInteger(instrument.token) && instrument.token >= 0 && instrument.name !== ''
      this.count(INDEX_LIST, isSound ? instrument : 'bad-token', sample)
    }
  }

  /** The whole list, symbols made unique. The parser takes nothing afterwards. */
  finish(): MasterList {
    this.endText()
    const kept: ListedInstrument[] = []
    const segments: string[] = []
    this.instruments.forEach((instrument, position) => {
      if (instrument === undefined) return
      kept.push(instrument)
      segments.push(this.countedUnder[position] ?? UNKNOWN_SEGMENT)
    })
    const { instruments, renamed } = makeSymbolsUnique(kept)
    for (const position of renamed) this.tallyOf(segments[position] ?? UNKNOWN_SEGMENT).renamed += 1
    return { instruments, counts: this.counts(), samples: Object.fromEntries(this.samples) }
  }

  private count(segment: string, result: ListedInstrument | RefusalReason, sample: string): void {
    const tally = this.tallyOf(segment)
    tally.rows += 1
    if (isRefusal(result)) this.refuse(segment, result, sample)
    else this.accept(segment, result, sample)
  }

  private accept(segment: string, instrument: ListedInstrument, sample: string): void {
    const key = `${instrument.segment}:${instrument.token}`
    const known = this.byKey.get(key)
    if (known !== undefined || this.conflicting.has(key)) {
      this.refuseSecond(segment, { key, known, instrument }, sample)
      return
    }
    this.byKey.set(key, this.instruments.length)
    this.instruments.push(instrument)
    this.countedUnder.push(segment)
    this.tallyOf(segment).instruments += 1
  }

  /** A repeated row is refused; rows that differ under one key are all refused, the first one too. */
  private refuseSecond(
    segment: string,
    { key, known, instrument }: { key: string; known: number | undefined; instrument: ListedInstrument },
    sample: string,
  ): void {
    const first = known === undefined ? undefined : this.instruments[known]
    if (first !== undefined && JSON.stringify(first) === JSON.stringify(instrument)) {
      this.refuse(segment, 'duplicate-key', sample)
      return
    }
    this.refuse(segment, 'conflicting-key', sample)
    if (first === undefined || known === undefined) return
    const firstSegment = this.countedUnder[known] ?? segment
    this.instruments[known] = undefined
    this.byKey.delete(key)
    this.conflicting.add(key)
    this.tallyOf(firstSegment).instruments -= 1
    this.refuse(firstSegment, 'conflicting-key', `${key} ${first.brokerSymbol}`)
  }

  private refuse(segment: string, reason: RefusalReason, sample: string): void {
    const { refused } = this.tallyOf(segment)
    refused.set(reason, (refused.get(reason) ?? 0) + 1)
    const key = `${segment} ${reason}`
    if (!this.samples.has(key)) this.samples.set(key, sample.slice(0, SAMPLE_LENGTH))
  }

  private tallyOf(segment: string): Tally {
    const known = this.tallies.get(segment)
    if (known !== undefined) return known
    const tally: Tally = { rows: 0, instruments: 0, renamed: 0, refused: new Map() }
    this.tallies.set(segment, tally)
    return tally
  }

  private counts(): SegmentCount[] {
    return [...this.tallies].map(([segment, { rows, instruments, renamed, refused }]) => ({
      segment,
      rows,
      instruments,
      refused: Object.fromEntries(refused),
      ...(renamed > 0 && { renamed }),
    }))
  }
}

/** Parses one text whole: every row is an instrument or a counted refusal. */
export function parseMasterText(text: string): MasterList {
  const parser = new MasterParser()
  parser.addText(text)
  return parser.finish()
}
