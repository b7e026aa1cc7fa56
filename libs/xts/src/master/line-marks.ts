/**
 * What tells one line of a list from any other: two hashes of all its characters, 64 bits together. By chance two different
 * lines of one instrument have the same mark once in 10^19 nights.
 */
export interface LineMarks {
  /** One per instrument; 0 in both where the line says too little to be known again. */
  readonly high: Uint32Array
  readonly low: Uint32Array
}

/** Marks one line after the other, without asking for memory. */
export class LineMark {
  high = 0
  low = 0

  /** Takes the part of a text from `start` to before `end`. */
  set(text: string, start: number, end: number): this {
    let high = 0x811c9dc5
    let low = 0x1b873593
    for (let at = start; at < end; at += 1) {
      const character = text.charCodeAt(at)
      high = Math.imul(high ^ character, 0x01000193)
      low = Math.imul(low ^ character, 0x85ebca6b)
    }
    this.high = (high ^ (high >>> 15)) >>> 0
    this.low = (low ^ (low >>> 13)) >>> 0
    if (this.high === 0 && this.low === 0) this.low = 1
    return this
  }

  /** Takes the mark that a line was given before. */
  take({ high, low }: { readonly high: number; readonly low: number }): void {
    this.high = high
    this.low = low
  }
}

/** Marks as they are gathered. */
export class MarkList {
  private high: Uint32Array
  private low: Uint32Array
  private size = 0

  constructor(expected = 1_024) {
    this.high = new Uint32Array(expected)
    this.low = new Uint32Array(expected)
  }

  push({ high, low }: { readonly high: number; readonly low: number }): void {
    if (this.size === this.high.length) {
      this.high = grown(this.high)
      this.low = grown(this.low)
    }
    this.high[this.size] = high
    this.low[this.size] = low
    this.size += 1
  }

  at(position: number): { readonly high: number; readonly low: number } {
    return { high: this.high[position] ?? 0, low: this.low[position] ?? 0 }
  }

  finished(): LineMarks {
    return { high: this.high.slice(0, this.size), low: this.low.slice(0, this.size) }
  }
}

function grown(marks: Uint32Array): Uint32Array {
  const more = new Uint32Array(Math.max(16, marks.length * 2))
  more.set(marks)
  return more
}

/** Of a line that is not known again. */
export const NO_MARK = { high: 0, low: 0 }
