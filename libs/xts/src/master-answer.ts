import { readEnvelope } from './envelope'

/** What a streamed answer turned out to be. */
export type MasterAnswerEnd =
  | { readonly kind: 'list' }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly description: string
      readonly isSessionInvalid: boolean
    }
  | { readonly kind: 'unreadable'; readonly problem: string }

/** Where the list begins in its envelope. A quote inside a text is escaped there, so no text can look like this. */
const LIST_BEGINS = /"result"\s*:\s*"/
/** An envelope is some 80 bytes; an answer that is longer without a list is something else. */
const MOST_OUTSIDE = 65_536
/** An escape at the end of a piece may go on in the next one: `\`, `\u`, … `\u00e`. */
const LONGEST_ESCAPE = 6

/**
 * Reads the answer of `instruments/master` while it comes: the rows go on as text, piece by piece, and only the envelope
 * around them is kept. `end` says whether it was a list at all; until then the rows prove nothing.
 */
export class MasterAnswer {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true })
  private state: 'before' | 'inside' | 'after' | 'broken' = 'before'
  /** The envelope without the list. */
  private envelope = ''
  private held = ''
  private problem = ''

  /** `onText` gets the rows, their line ends real ones, cut anywhere. */
  constructor(private readonly onText: (text: string) => void) {}

  add(piece: Uint8Array): void {
    this.read(() => this.decoder.decode(piece, { stream: true }))
  }

  /** Call once, after the last piece. */
  end(): MasterAnswerEnd {
    this.read(() => this.decoder.decode())
    if (this.state === 'inside') this.fail('it breaks off within the list')
    if (this.state === 'broken') return { kind: 'unreadable', problem: this.problem }
    const answer = readEnvelope(200, this.envelope)
    if (answer.kind === 'unreadable') return { kind: 'unreadable', problem: answer.problem }
    if (answer.kind === 'error') {
      const { code, description, isSessionInvalid } = answer
      return { kind: 'refused', code, description, isSessionInvalid }
    }
    return this.state === 'after' && answer.result === ''
      ? { kind: 'list' }
      : { kind: 'unreadable', problem: 'the instrument list is not a text' }
  }

  private read(decode: () => string): void {
    if (this.state === 'broken') return
    try {
      this.take(decode())
    } catch {
      this.fail('it is not UTF-8 text, or not JSON')
    }
  }

  private take(text: string): void {
    if (this.state === 'inside') return this.takeRows(text)
    this.envelope += text
    const isTooLong = this.envelope.length > MOST_OUTSIDE
    if (this.state === 'after') return isTooLong ? this.fail('it goes on and on after the list') : undefined
    const begins = LIST_BEGINS.exec(this.envelope)
    if (begins === null)
      return isTooLong ? this.fail(`there is no list in its first ${MOST_OUTSIDE} characters`) : undefined
    const from = begins.index + begins[0].length
    const rows = this.envelope.slice(from)
    this.envelope = this.envelope.slice(0, from)
    this.state = 'inside'
    this.takeRows(rows)
  }

  private takeRows(text: string): void {
    const rows = this.held + text
    this.held = ''
    const ends = closingQuote(rows)
    if (ends !== -1) {
      this.emit(rows.slice(0, ends))
      this.state = 'after'
      return this.take(rows.slice(ends))
    }
    const whole = wholeLength(rows)
    this.emit(rows.slice(0, whole))
    this.held = rows.slice(whole)
  }

  private emit(escaped: string): void {
    if (escaped !== '') this.onText(JSON.parse(`"${escaped}"`) as string)
  }

  private fail(problem: string): void {
    this.state = 'broken'
    this.problem = problem
  }
}

/** Position of the first quote that no backslash escapes; -1 for none. */
function closingQuote(text: string): number {
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    if (backslashesBefore(text, at) % 2 === 0) return at
  }
  return -1
}

function backslashesBefore(text: string, at: number): number {
  let from = at
  while (from > 0 && text[from - 1] === '\\') from -= 1
  return at - from
}

/** How much of the text ends outside an escape. */
function wholeLength(text: string): number {
  const last = text.lastIndexOf('\\')
  if (last < text.length - LONGEST_ESCAPE || last === -1) return text.length
  const begins = backslashesBefore(text, last) % 2 === 0 ? last : last - 1
  const length = text[begins + 1] === 'u' ? LONGEST_ESCAPE : 2
  return begins + length <= text.length ? text.length : begins
}
