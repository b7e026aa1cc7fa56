/** Real rows have at most 200 characters; of a longer line only this much is kept. */
export const LONGEST_LINE = 2_000

const RETURN = 13
/** A byte order mark as UTF-8 text has it, and as its bytes look one by one. */
const BYTE_ORDER_MARK = /^(\uFEFF|\u00EF\u00BB\u00BF)/

/**
 * Cuts a text that comes in pieces of any size into its lines, without their endings. Lines are slices of the pieces,
 * so nothing is copied but the lines that two pieces share. Bytes stand for one character each: what is not ASCII
 * stays visible as such.
 */
export class TextLines {
  private remainder = ''
  private isAtStart = true

  /** `passOver` is asked first about a line that lies wholly within a piece; one it takes is not cut out. */
  constructor(
    private readonly onLine: (line: string) => void,
    private readonly passOver: (text: string, start: number, end: number) => boolean = () => false,
  ) {}

  /** Takes a piece, which may end within a line. */
  add(piece: string | Uint8Array): void {
    const text = typeof piece === 'string' ? piece : latin1(piece)
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const isWhole = this.remainder === '' && !this.isAtStart
      const ends = text.charCodeAt(end - 1) === RETURN ? end - 1 : end
      if (!isWhole || !this.passOver(text, start, ends)) this.endLine(text.slice(start, end))
      start = end + 1
    }
    if (this.remainder.length <= LONGEST_LINE) this.remainder += text.slice(start)
  }

  /** Ends the text: what follows is another one. */
  end(): void {
    this.endLine('')
    this.isAtStart = true
  }

  private endLine(rest: string): void {
    const line = this.remainder === '' ? rest : this.remainder + rest
    this.remainder = ''
    const text = this.isAtStart ? line.replace(BYTE_ORDER_MARK, '') : line
    this.isAtStart = false
    this.onLine(text.endsWith('\r') ? text.slice(0, -1) : text)
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
