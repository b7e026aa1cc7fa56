import { closeSync, openSync, writeSync } from 'node:fs'
import { TapeUnusable, TAPE_HEADER } from './read-tape'
import type { TapeMessage } from './tape-message'

/** Written to the disk in pieces of about this size; a full market sends tens of thousands of messages a second. */
const PIECE_CHARACTERS = 65_536

/** Keeps what the market-data sockets are sent: one line per message, however many sockets get it. */
export class TapeRecorder {
  private descriptor: number | undefined
  private waiting = ''

  constructor(private readonly file: string) {}

  /** Makes the file, which must not be there yet: a recording is never written over. Throws TapeUnusable. */
  begin(nowMs: number): void {
    this.descriptor = this.usable(() => openSync(this.file, 'wx', 0o600))
    this.write({ ...TAPE_HEADER, startedAtMs: nowMs })
    this.flush()
  }

  /** Nothing is kept before `begin` and after `close`. */
  record({ atMs, to, event, payload }: TapeMessage): void {
    if (this.descriptor === undefined) return
    const content = typeof payload === 'string' ? { text: payload } : { base64: payload.toString('base64') }
    this.write({ atMs, to, event, ...content })
    if (this.waiting.length >= PIECE_CHARACTERS) this.flush()
  }

  /** What was recorded is in the file when this returns. */
  flush(): void {
    const { descriptor } = this
    if (descriptor === undefined || this.waiting === '') return
    const bytes = Buffer.from(this.waiting)
    this.waiting = ''
    this.usable(() => {
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
    })
  }

  close(): void {
    this.flush()
    if (this.descriptor !== undefined) closeSync(this.descriptor)
    this.descriptor = undefined
  }

  private write(line: object): void {
    this.waiting += `${JSON.stringify(line)}\n`
  }

  private usable<T>(use: () => T): T {
    try {
      return use()
    } catch (cause) {
      throw new TapeUnusable(this.file, cause instanceof Error ? cause.message : String(cause), cause)
    }
  }
}
