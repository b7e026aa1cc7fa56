import { parseMasterRow, type ListedInstrument } from './listed-instrument'

const NEWLINE = 10
const PIPE = 124
const ZERO = 48
const ROWS_PER_CHUNK = 2000
const NAME_COLUMN = 4
const SERIES_COLUMN = 6

/**
 * One segment of the master as text, with a sorted index of where each token's row starts. A hundred thousand rows
 * cost their bytes and eight more each; a row becomes an object only when somebody asks for it.
 */
export class SegmentTable {
  private readonly tokens: Uint32Array
  private readonly offsets: Uint32Array

  constructor(private readonly text: Buffer) {
    const found = indexRows(text)
    const order = Uint32Array.from(found.tokens.keys()).sort(
      (a, b) => (found.tokens[a] ?? 0) - (found.tokens[b] ?? 0),
    )
    this.tokens = Uint32Array.from(order, (at) => found.tokens[at] ?? 0)
    this.offsets = Uint32Array.from(order, (at) => found.offsets[at] ?? 0)
  }

  /** Takes the rows in batches, so that a hundred thousand strings never live at the same time. */
  static fromRows(rows: Iterable<string>): SegmentTable {
    const chunks: Buffer[] = []
    let batch: string[] = []
    for (const row of rows) {
      batch.push(row)
      if (batch.length < ROWS_PER_CHUNK) continue
      chunks.push(Buffer.from(`${batch.join('\n')}\n`, 'utf8'))
      batch = []
    }
    chunks.push(Buffer.from(batch.join('\n'), 'utf8'))
    return new SegmentTable(Buffer.concat(chunks))
  }

  get count(): number {
    return this.tokens.length
  }

  /** The rows as the master answers them, without a newline at the end. */
  masterText(): string {
    return this.text.toString('utf8').trimEnd()
  }

  find(token: number): ListedInstrument | undefined {
    const at = this.positionOf(token)
    return at === undefined ? undefined : this.instrumentAt(at)
  }

  /** Walks all rows; meant for small questions at start, not for requests. */
  *rowsContaining(text: string): Generator<ListedInstrument> {
    for (let from = this.text.indexOf(text); from >= 0; from = this.text.indexOf(text, from + 1)) {
      const start = this.text.lastIndexOf(NEWLINE, from) + 1
      const instrument = parseMasterRow(this.rowAt(start))
      if (instrument) yield instrument
      from = start + this.rowAt(start).length
    }
  }

  /** Rows of this name and series. Reads every row that has the name in it, and makes objects of those only that are meant. */
  rowsNamed(name: string, series: string): ListedInstrument[] {
    const found: ListedInstrument[] = []
    const text = `|${name}|`
    for (let from = this.text.indexOf(text); from >= 0; from = this.text.indexOf(text, from)) {
      const start = this.text.lastIndexOf(NEWLINE, from) + 1
      const end = this.text.indexOf(NEWLINE, from)
      from = end < 0 ? this.text.length : end
      if (this.column(start, NAME_COLUMN) !== name || this.column(start, SERIES_COLUMN) !== series) continue
      const instrument = parseMasterRow(this.rowAt(start))
      if (instrument) found.push(instrument)
    }
    return found
  }

  /** The instrument at a place between 0 and `count`, by rising token. */
  at(position: number): ListedInstrument | undefined {
    return this.instrumentAt(position)
  }

  /** Each text of the series column once. Reads every row. */
  series(): string[] {
    const found = new Set<string>()
    for (const offset of this.offsets) found.add(this.column(offset, SERIES_COLUMN))
    return [...found]
  }

  private instrumentAt(position: number): ListedInstrument | undefined {
    return parseMasterRow(this.rowAt(this.offsets[position] ?? 0))
  }

  /** Counted from 1. */
  private column(rowStart: number, wanted: number): string {
    let start = rowStart
    for (let column = 1; column < wanted; column++) start = this.text.indexOf(PIPE, start) + 1
    return this.text.toString('utf8', start, this.text.indexOf(PIPE, start))
  }

  private rowAt(start: number): string {
    const end = this.text.indexOf(NEWLINE, start)
    return this.text.toString('utf8', start, end < 0 ? this.text.length : end)
  }

  private positionOf(token: number): number | undefined {
    let [low, high] = [0, this.tokens.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const there = this.tokens[middle] ?? 0
      if (there === token) return middle
      if (there < token) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }
}

function indexRows(text: Buffer): { tokens: number[]; offsets: number[] } {
  const found = { tokens: [] as number[], offsets: [] as number[] }
  let start = 0
  while (start < text.length) {
    const end = text.indexOf(NEWLINE, start)
    const token = tokenOfRow(text, start)
    if (token !== undefined) {
      found.tokens.push(token)
      found.offsets.push(start)
    }
    start = end < 0 ? text.length : end + 1
  }
  return found
}

/** The digits between the first two pipes; undefined for a row that has none. */
function tokenOfRow(text: Buffer, start: number): number | undefined {
  let token = 0
  const first = text.indexOf(PIPE, start) + 1
  if (first === 0) return undefined
  for (let at = first; text[at] !== PIPE; at++) {
    const digit = (text[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return undefined
    token = token * 10 + digit
  }
  return token > 0 && token < 4_294_967_295 ? token : undefined
}
