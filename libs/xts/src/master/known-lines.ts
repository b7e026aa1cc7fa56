import type { Exchange, ListedInstrument, Segment } from '@xts-bridge/contracts'
import type { LineMarks } from './line-marks'

/** The list whose lines are known, by the numbers of its rows. */
export interface EarlierList {
  listedAt(row: number): ListedInstrument
  rowOfKey(segment: Segment, token: number): number | undefined
  rowOfSymbol(exchange: Exchange, symbol: string): number | undefined
}

export interface KnownLinesOptions {
  readonly list: EarlierList
  /** The one segment that all these lines are of. */
  readonly segment: Segment
  /** Marks of the lines that the rows from `firstRow` on were read from. */
  readonly marks: LineMarks
  readonly firstRow: number
}

/** The lines of an earlier list: one that comes again, character by character, gives the instrument it gave. */
export class KnownLines {
  readonly list: EarlierList
  readonly segment: Segment
  private readonly marks: LineMarks
  private readonly firstRow: number
  /** Position + 1 by mark; 0 is an empty slot. */
  private readonly table: Uint32Array
  private readonly taken: Uint8Array
  /** Lines mostly come in the order they had. */
  private expected = 0

  constructor({ list, segment, marks, firstRow }: KnownLinesOptions) {
    this.list = list
    this.segment = segment
    this.marks = marks
    this.firstRow = firstRow
    this.table = tableOf(marks)
    this.taken = new Uint8Array(marks.high.length)
  }

  /** Row of the line with this mark; undefined for another line. */
  rowOf(high: number, low: number): number | undefined {
    const position = this.isAt(this.expected, high, low) ? this.expected : this.positionOf(high, low)
    if (position === undefined) return undefined
    this.expected = position + 1
    return this.firstRow + position
  }

  /** False when the row was taken before. */
  take(row: number): boolean {
    const position = row - this.firstRow
    if (this.taken[position] === 1) return false
    this.taken[position] = 1
    return true
  }

  isTaken(row: number | undefined): row is number {
    return row !== undefined && this.taken[row - this.firstRow] === 1
  }

  /** Gives a row back, which then is none of the lines that came again. */
  release(row: number): void {
    this.taken[row - this.firstRow] = 0
  }

  markOf(row: number): { readonly high: number; readonly low: number } {
    const position = row - this.firstRow
    return { high: this.marks.high[position] ?? 0, low: this.marks.low[position] ?? 0 }
  }

  private isAt(position: number, high: number, low: number): boolean {
    return this.marks.high[position] === high && this.marks.low[position] === low
  }

  private positionOf(high: number, low: number): number | undefined {
    const mask = this.table.length - 1
    for (let slot = high & mask; ; slot = (slot + 1) & mask) {
      const position = (this.table[slot] ?? 0) - 1
      if (position < 0) return undefined
      if (this.isAt(position, high, low)) return position
    }
  }
}

function tableOf({ high, low }: LineMarks): Uint32Array {
  let slots = 16
  while (slots < high.length * 1.5) slots *= 2
  const table = new Uint32Array(slots)
  for (let position = 0; position < high.length; position += 1) {
    if (high[position] === 0 && low[position] === 0) continue
    let slot = (high[position] ?? 0) & (slots - 1)
    while (table[slot] !== 0) slot = (slot + 1) & (slots - 1)
    table[slot] = position + 1
  }
  return table
}
