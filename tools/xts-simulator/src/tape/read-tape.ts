import { readFileSync, statSync } from 'node:fs'
import { audienceOf, readEventName, readObject, type TapeForm, type TapeMessage } from './tape-message'

/** A file of recorded messages cannot be used; the message names the file, and the line if one is to blame. */
export class TapeUnusable extends Error {
  constructor(file: string, problem: string, cause?: unknown) {
    super(`the tape ${file} cannot be used: ${problem}`, { cause })
    this.name = 'TapeUnusable'
  }
}

/** A whole recording, in recorded order. */
export interface Tape {
  readonly file: string
  /** Its own recordings, or the bare lines of a captured socket log. */
  readonly format: 'recording' | 'captured'
  readonly messages: readonly TapeMessage[]
  /** `1:26000` (segment number, token) of everything somebody could subscribe. */
  readonly instruments: ReadonlySet<string>
  /** In which forms there is something, by whom it is for. */
  readonly forms: ReadonlyMap<string, ReadonlySet<TapeForm>>
}

/** The first line of a recording. */
export const TAPE_HEADER = { tape: 'xts-simulator', version: 1 } as const

/** A tape is held in memory. */
const MOST_BYTES = 512 * 1024 * 1024
const NEWLINE = 0x0a

/** Reads a tape in either format. Throws TapeUnusable. */
export function readTape(file: string): Tape {
  const lines = readLines(file)
  const format = formatOf(file, lines[0] ?? '')
  const read = format === 'recording' ? readRecordedLine : readCapturedLine
  const messages: TapeMessage[] = []
  for (const [at, line] of lines.entries()) {
    const isHead = format === 'recording' && at === 0
    if (isHead || line.trim() === '') continue
    const message = readMessage(line, read)
    if (typeof message === 'string') throw new TapeUnusable(file, `line ${at + 1} ${message}`)
    messages.push(message)
  }
  if (messages.length === 0) throw new TapeUnusable(file, 'it has no messages')
  return { file, format, messages, ...contentsOf(messages) }
}

function formatOf(file: string, firstLine: string): Tape['format'] {
  const first = readObject(firstLine)
  if (!first || !('tape' in first)) return 'captured'
  if (first['tape'] === TAPE_HEADER.tape && first['version'] === TAPE_HEADER.version) return 'recording'
  const known = JSON.stringify(TAPE_HEADER)
  throw new TapeUnusable(file, `line 1 is of a kind or version this program does not read; it reads ${known}`)
}

function readLines(file: string): string[] {
  try {
    const { size } = statSync(file)
    if (size > MOST_BYTES) throw new TapeUnusable(file, `it has ${size} bytes, more than ${MOST_BYTES}`)
    return splitLines(readFileSync(file))
  } catch (error) {
    if (error instanceof TapeUnusable) throw error
    throw new TapeUnusable(file, error instanceof Error ? error.message : String(error), error)
  }
}

function splitLines(bytes: Buffer): string[] {
  const lines: string[] = []
  let start = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.toString('utf8', start, end))
    start = end + 1
  }
  if (start < bytes.length) lines.push(bytes.toString('utf8', start))
  return lines
}

type Fields = Readonly<Record<string, unknown>>

/** The message, or what is wrong with the line. */
function readMessage(line: string, read: (fields: Fields) => TapeMessage | string): TapeMessage | string {
  const fields = readObject(line)
  return fields ? read(fields) : 'is no JSON object'
}

/** `{"atMs":…,"to":"1501:1:26000","event":"1501-json-full","text":"…"}`, or `base64` in the place of `text`. */
function readRecordedLine({ atMs, to, event, text, base64 }: Fields): TapeMessage | string {
  if (typeof atMs !== 'number' || !Number.isFinite(atMs)) return 'has no time (atMs, a number)'
  if (typeof to !== 'string' || !/^(\*|\d+|\d+:\d+:\d+)$/.test(to)) return 'does not say whom it is for (to)'
  if (typeof event !== 'string' || !readEventName(event)) return wrongEvent(event)
  const payload = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : text
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return { atMs, to, event, payload }
  return 'has no payload (text or base64)'
}

/** `{"recv":"2022-07-09T18:04:57","event":"1501-json-partial","data":"t:1_26000,…"}`, as socket logs are kept. */
function readCapturedLine({ recv, event, data }: Fields): TapeMessage | string {
  const atMs = typeof recv === 'string' ? Date.parse(/Z|[+-]\d\d:\d\d$/.test(recv) ? recv : `${recv}Z`) : NaN
  if (Number.isNaN(atMs)) return 'has no time (recv, as 2022-07-09T18:04:57)'
  if (typeof event !== 'string' || readEventName(event)?.code === undefined) return wrongEvent(event)
  if (typeof data !== 'string') return 'has no payload (data, a text)'
  const to = audienceOf(event, data)
  if (to === undefined) return `names no instrument in its payload: ${JSON.stringify(data.slice(0, 60))}`
  return { atMs, to, event, payload: data }
}

const wrongEvent = (event: unknown): string =>
  `has an event that no market-data socket sends: ${JSON.stringify(event ?? null)}`

function contentsOf(messages: readonly TapeMessage[]): Pick<Tape, 'instruments' | 'forms'> {
  const instruments = new Set<string>()
  const forms = new Map<string, Set<TapeForm>>()
  for (const { to, event } of messages) {
    const [, segment, token] = to.split(':')
    if (segment === undefined || token === undefined) continue
    instruments.add(`${segment}:${token}`)
    const name = readEventName(event)
    if (name) forms.set(to, (forms.get(to) ?? new Set()).add(name.form))
  }
  return { instruments, forms }
}
