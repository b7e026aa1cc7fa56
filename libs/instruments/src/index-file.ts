import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import {
  EXCHANGES,
  SEGMENTS,
  type Exchange,
  type Instrument,
  type InstrumentKey,
  type ListedInstrument,
  type Segment,
} from '@xts-bridge/contracts'
import { aligned, readHeader, refuseWrongChecksum } from './check-index'
import { checksumInSteps, checksumOf } from './checksum'
import { hashToken, sectionsOf, type IndexSections, type IndexSizes } from './index-layout'
import { IndexRows } from './index-rows'
import type { ListMeta } from './list-meta'
import { SymbolTable } from './symbol-table'

const EXCHANGE_NUMBER = Object.fromEntries(EXCHANGES.map((name, number) => [name, number])) as Readonly<
  Record<Exchange, number>
>
/** Instruments that were handed out are kept in pages of this many rows, which only exist where somebody asked. */
const PAGE_BITS = 8
const PAGE_MASK = (1 << PAGE_BITS) - 1

/** One immutable instrument list, wholly in memory: it keeps answering after its file is gone. */
export class IndexFile {
  readonly meta: ListMeta
  readonly count: number
  /** The file itself, for who copies rows from it; nobody writes to it. */
  readonly sections: IndexSections
  private readonly symbols: SymbolTable
  /** The columns of each row, read one by one. */
  readonly rows: IndexRows
  /** Instruments that were asked for, made once each. */
  private readonly made: ((Instrument | undefined)[] | undefined)[] = []

  private constructor(bytes: Buffer, sizes: IndexSizes) {
    this.sections = sectionsOf(bytes, sizes)
    this.rows = new IndexRows(this.sections)
    this.symbols = new SymbolTable(this.sections.symbolTable, this.sections.heap)
    this.count = sizes.rows
    this.meta = JSON.parse(Buffer.from(this.sections.meta).toString('utf8')) as ListMeta
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

  listedByToken(segment: Segment, token: number): ListedInstrument | undefined {
    const row = this.rowOfToken(SEGMENTS[segment], token)
    return row === undefined ? undefined : this.listedAt(row)
  }

  has(exchange: Exchange, symbol: string): boolean {
    return this.rowOf(exchange, symbol) !== undefined
  }

  /** The instrument of a row, 0 to count - 1. */
  at(row: number): Instrument {
    const page = (this.made[row >>> PAGE_BITS] ??= [])
    return (page[row & PAGE_MASK] ??= this.rows.instrument(row))
  }

  /** The whole row; made anew at each call. */
  listedAt(row: number): ListedInstrument {
    return this.rows.listed(row)
  }

  /** All rows whole, in the order of the list. */
  *listed(): Generator<ListedInstrument> {
    for (let row = 0; row < this.count; row += 1) yield this.rows.listed(row)
  }

  /** Row of a symbol. */
  rowOf(exchange: Exchange, symbol: string): number | undefined {
    return this.symbols.find(EXCHANGE_NUMBER[exchange], symbol)
  }

  /** Row of a segment's number and a token. */
  rowOfToken(segmentNumber: number, token: number): number | undefined {
    const { tokenTable, segments, rows } = this.sections
    const mask = tokenTable.length - 1
    for (let slot = hashToken(segmentNumber, token) & mask; ; slot = (slot + 1) & mask) {
      const row = (tokenTable[slot] ?? 0) - 1
      if (row < 0) return undefined
      if (rows.token[row] === token && segments[row] === segmentNumber) return row
    }
  }

  /** Segment number of a row. */
  segmentNumberAt(row: number): number {
    return this.sections.segments[row] ?? 0
  }

  tokenAt(row: number): number {
    return this.sections.rows.token[row] ?? 0
  }

  /** True when a row of another list says the same in every column. Makes next to no objects: a whole list takes some 0.1 s. */
  hasSameRow(row: number, other: IndexFile, otherRow: number): boolean {
    return this.rows.hasSame(row, other.rows, otherRow)
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

  /** The row at a position of the (exchange, symbol) order; undefined beyond the last. */
  rowInOrder(position: number): number | undefined {
    return this.sections.rows.order[position]
  }

  /** The row at a position of the (exchange, symbol) order; undefined beyond the exchange's symbols. */
  orderedRow(exchange: Exchange, position: number): number | undefined {
    const row = this.rowInOrder(position)
    const isThere = row !== undefined && this.sections.exchanges[row] === EXCHANGE_NUMBER[exchange]
    return isThere ? row : undefined
  }

  /** The symbol at a position of the (exchange, symbol) order; undefined beyond the exchange's symbols. */
  symbolAt(exchange: Exchange, position: number): string | undefined {
    const row = this.orderedRow(exchange, position)
    return row === undefined ? undefined : this.rows.symbol(row)
  }

  private isBefore(position: number, exchange: Exchange, symbol: string): boolean {
    const row = this.sections.rows.order[position] ?? 0
    const difference = (this.sections.exchanges[row] ?? 0) - EXCHANGE_NUMBER[exchange]
    return difference === 0 ? this.rows.symbol(row) < symbol : difference < 0
  }
}
