import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import {
  EXCHANGES,
  SEGMENTS,
  segmentFromNumber,
  type Exchange,
  type Instrument,
  type InstrumentKey,
  type ListedInstrument,
  type Segment,
} from '@xts-bridge/contracts'
import { checksumInSteps, checksumOf } from './checksum'
import {
  HEADER,
  HEADER_BYTES,
  INDEX_MAGIC,
  NO_TOKEN,
  NUMBER_COLUMNS,
  TEXT_COLUMNS,
  fileBytesOf,
  hashSymbol,
  hashToken,
  sectionsOf,
  type IndexSections,
  type IndexSizes,
  type NumberColumn,
  type TextColumn,
} from './index-layout'
import type { ListMeta } from './list-meta'

/** An index file that must not be used: cut, changed, or not an index file at all. */
export class DamagedIndexError extends Error {
  constructor(file: string, problem: string) {
    super(`The instrument index ${file} is damaged and was not loaded: ${problem}.`)
    this.name = 'DamagedIndexError'
  }
}

const EXCHANGE_NUMBER: ReadonlyMap<string, number> = new Map(EXCHANGES.map((name, number) => [name, number]))

/** One immutable instrument list, wholly in memory: it keeps answering after its file is gone. */
export class IndexFile {
  readonly meta: ListMeta
  readonly count: number
  private readonly sections: IndexSections
  private readonly heapText: Buffer
  /** Instruments that were asked for, made once each. */
  private readonly made: (Instrument | undefined)[]

  private constructor(bytes: Buffer, sizes: IndexSizes) {
    this.sections = sectionsOf(bytes, sizes)
    const { heap } = this.sections
    this.heapText = Buffer.from(heap.buffer, heap.byteOffset, heap.byteLength)
    this.count = sizes.rows
    this.meta = JSON.parse(Buffer.from(this.sections.meta).toString('utf8')) as ListMeta
    this.made = new Array<Instrument | undefined>(sizes.rows)
  }

  /** Throws DamagedIndexError, or the system's error when the file cannot be read. */
  static read(path: string): IndexFile {
    return IndexFile.decode(readFileSync(path), path)
  }

  /** As `read`, without holding the event loop while the file is read and verified. */
  static async readInSteps(path: string): Promise<IndexFile> {
    const bytes = aligned(await readFile(path))
    const sizes = readHeader(bytes, path)
    refuseWrongChecksum(bytes, await checksumInSteps(bytes), path)
    return new IndexFile(bytes, sizes)
  }

  /** `origin` names the bytes in the error. */
  static decode(given: Buffer, origin: string): IndexFile {
    const bytes = aligned(given)
    const sizes = readHeader(bytes, origin)
    refuseWrongChecksum(bytes, checksumOf(bytes), origin)
    return new IndexFile(bytes, sizes)
  }

  find({ exchange, symbol }: InstrumentKey): Instrument | undefined {
    const row = this.rowOf(exchange, symbol)
    return row === undefined ? undefined : this.at(row)
  }

  byToken(segment: Segment, token: number): Instrument | undefined {
    const row = this.rowOfToken(SEGMENTS[segment], token)
    return row === undefined ? undefined : this.at(row)
  }

  /** Row of a segment's number and a token. */
  rowOfToken(segmentNumber: number, token: number): number | undefined {
    const { tokenTable, segments, uints } = this.sections
    const mask = tokenTable.length - 1
    for (let slot = hashToken(segmentNumber, token) & mask; ; slot = (slot + 1) & mask) {
      const row = (tokenTable[slot] ?? 0) - 1
      if (row < 0) return undefined
      if (uints.token[row] === token && segments[row] === segmentNumber) return row
    }
  }

  /** Segment number of a row. */
  segmentNumberAt(row: number): number {
    return this.sections.segments[row] ?? 0
  }

  tokenAt(row: number): number {
    return this.sections.uints.token[row] ?? NO_TOKEN
  }

  /** True when a row of another list says the same in every column. Makes no objects: a whole list takes some 0.1 s. */
  hasSameRow(row: number, other: IndexFile, otherRow: number): boolean {
    const [ours, theirs] = [this.sections, other.sections]
    const isSame = (column: ArrayLike<number>, its: ArrayLike<number>): boolean =>
      Object.is(column[row], its[otherRow])
    if (!isSame(ours.exchanges, theirs.exchanges) || !isSame(ours.segments, theirs.segments)) return false
    if (!isSame(ours.uints.token, theirs.uints.token)) return false
    if (!isSame(ours.uints.underlyingToken, theirs.uints.underlyingToken)) return false
    for (const column of NUMBER_COLUMNS) {
      if (!isSame(ours.numbers[column], theirs.numbers[column])) return false
    }
    for (const column of TEXT_COLUMNS) {
      const position = ours.texts[column][row] ?? 0
      if (!this.isSameText(position, theirs.heap, theirs.texts[column][otherRow] ?? 0)) return false
    }
    return true
  }

  has(exchange: Exchange, symbol: string): boolean {
    return this.rowOf(exchange, symbol) !== undefined
  }

  /** The instrument of a row, 0 to count - 1. */
  at(row: number): Instrument {
    return (this.made[row] ??= this.make(row))
  }

  /** The whole row; made anew at each call. */
  listedAt(row: number): ListedInstrument {
    const underlyingToken = this.sections.uints.underlyingToken[row]
    return Object.assign(this.make(row), {
      series: this.text('series', row),
      isin: this.textOrNone('isin', row),
      underlying: this.textOrNone('underlying', row),
      underlyingToken: underlyingToken === NO_TOKEN ? undefined : underlyingToken,
    })
  }

  /** All rows whole, in the order of the list. */
  *listed(): Generator<ListedInstrument> {
    for (let row = 0; row < this.count; row += 1) yield this.listedAt(row)
  }

  /** Position in (exchange, symbol) order at which the symbol is, or would be; `symbolAt` names the neighbours. */
  orderedPosition(exchange: Exchange, symbol: string): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.isBefore(middle, exchange, symbol)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The symbol at a position of the (exchange, symbol) order; undefined beyond the exchange's symbols. */
  symbolAt(exchange: Exchange, position: number): string | undefined {
    const row = this.sections.uints.order[position]
    if (row === undefined || this.sections.exchanges[row] !== EXCHANGE_NUMBER.get(exchange)) return undefined
    return this.text('symbol', row)
  }

  private isBefore(position: number, exchange: Exchange, symbol: string): boolean {
    const row = this.sections.uints.order[position] ?? 0
    const difference = (this.sections.exchanges[row] ?? 0) - (EXCHANGE_NUMBER.get(exchange) ?? 0)
    return difference === 0 ? this.text('symbol', row) < symbol : difference < 0
  }

  private rowOf(exchange: Exchange, symbol: string): number | undefined {
    const { symbolTable, exchanges, texts } = this.sections
    const exchangeNumber = EXCHANGE_NUMBER.get(exchange) ?? -1
    const mask = symbolTable.length - 1
    for (let slot = hashSymbol(exchangeNumber, symbol) & mask; ; slot = (slot + 1) & mask) {
      const row = (symbolTable[slot] ?? 0) - 1
      if (row < 0) return undefined
      if (exchanges[row] === exchangeNumber && this.isTextAt(texts.symbol[row] ?? 0, symbol)) return row
    }
  }

  private isTextAt(position: number, text: string): boolean {
    const { heap } = this.sections
    if (heap[position] !== text.length) return false
    for (let at = 0; at < text.length; at += 1) {
      if (heap[position + 1 + at] !== text.charCodeAt(at)) return false
    }
    return true
  }

  private isSameText(position: number, theirHeap: Uint8Array, theirPosition: number): boolean {
    if (position === 0 || theirPosition === 0) return position === theirPosition
    const { heap } = this.sections
    const length = heap[position] ?? 0
    for (let at = 0; at <= length; at += 1) {
      if (heap[position + at] !== theirHeap[theirPosition + at]) return false
    }
    return true
  }

  private make(row: number): Instrument {
    const { uints, exchanges, segments } = this.sections
    return {
      exchange: EXCHANGES[exchanges[row] ?? 0] ?? 'NSE',
      symbol: this.text('symbol', row),
      segment: segmentFromNumber(segments[row] ?? 0) ?? 'NSECM',
      token: uints.token[row] ?? NO_TOKEN,
      brokerSymbol: this.text('brokerSymbol', row),
      name: this.text('name', row),
      instrumentType: this.text('instrumentType', row),
      expiry: this.textOrNone('expiry', row),
      strike: this.numberOrNone('strike', row),
      lotSize: this.number('lotSize', row),
      tickSize: this.number('tickSize', row),
      freezeQuantity: this.numberOrNone('freezeQuantity', row),
      bandLow: this.numberOrNone('bandLow', row),
      bandHigh: this.numberOrNone('bandHigh', row),
      multiplier: this.number('multiplier', row),
    }
  }

  private number(column: NumberColumn, row: number): number {
    return this.sections.numbers[column][row] ?? Number.NaN
  }

  private numberOrNone(column: NumberColumn, row: number): number | undefined {
    const value = this.number(column, row)
    return Number.isNaN(value) ? undefined : value
  }

  private text(column: TextColumn, row: number): string {
    return this.textOrNone(column, row) ?? ''
  }

  private textOrNone(column: TextColumn, row: number): string | undefined {
    const position = this.sections.texts[column][row] ?? 0
    if (position === 0) return undefined
    const from = position + 1
    return this.heapText.toString('latin1', from, from + (this.heapText[position] ?? 0))
  }
}

function readHeader(bytes: Buffer, origin: string): IndexSizes {
  if (bytes.length < HEADER_BYTES) throw new DamagedIndexError(origin, `it has only ${bytes.length} bytes`)
  if (bytes.toString('latin1', 0, INDEX_MAGIC.length) !== INDEX_MAGIC) {
    throw new DamagedIndexError(origin, `it does not begin with ${INDEX_MAGIC}`)
  }
  const sizes: IndexSizes = {
    rows: bytes.readUInt32LE(HEADER.rows),
    tableSlots: bytes.readUInt32LE(HEADER.tableSlots),
    heapBytes: bytes.readUInt32LE(HEADER.heapBytes),
    metaBytes: bytes.readUInt32LE(HEADER.metaBytes),
  }
  const stated = bytes.readUInt32LE(HEADER.fileBytes)
  if (stated !== bytes.length || fileBytesOf(sizes) !== bytes.length) {
    throw new DamagedIndexError(origin, `it should have ${stated} bytes and has ${bytes.length}`)
  }
  return sizes
}

function refuseWrongChecksum(bytes: Buffer, checksum: number, origin: string): void {
  if (checksum !== bytes.readUInt32LE(HEADER.checksum)) {
    throw new DamagedIndexError(origin, 'its checksum does not match its content')
  }
}

/** Typed views need an 8-byte boundary, which a slice of a pooled buffer need not have. */
function aligned(bytes: Buffer): Buffer {
  if (bytes.byteOffset % 8 === 0) return bytes
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
