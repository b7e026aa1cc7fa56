import { closeSync, openSync, writeSync } from 'node:fs'
import { TapeUnusable, TAPE_HEADER } from './read-tape'
import type { TapeMessage } from './tape-message'

/** Written to the disk in pieces of about this size; a full market sends tens of thousands of messages a second. */
const PIECE_CHARACTERS = 65_536

/** Keeps what the market-data sockets are sent: one line per message, however many sockets get it. */
export class TapeRecorder {
  private readonly descriptor: number
  private waiting = ''
  private isClosed = false

  /** Makes the file, which must not be there yet: a recording is never written over. Throws TapeUnusable. */
  constructor(
    private readonly file: string,
    nowMs: number,
  ) {
    this.descriptor = this.usable(() => openSync(file, 'wx', 0o600))
    this.write({ ...TAPE_HEADER, startedAtMs: nowMs })
    this.flush()
  }

  record({ atMs, to, event, payload }: TapeMessage): void {
    if (this.isClosed) return
    this.write({
      atMs,
      to,
      event,
      ...(typeof payload === 'string' ? { text: payload } : { base64: payload.toString('base64') }),
    })
    if (this.waiting.length >= PIECE_CHARACTERS) this.flush()
  }

  /** What was recorded is in the file when this returns. */
  flush(): void {
    const bytes = Buffer.from(this.waiting)
    this.waiting = ''
    this.usable(() => {
      for (let written = 0; written < bytes.length;) written += writeSync(this.descriptor, bytes, written)
    })
  }

  close(): void {
    if (this.isClosed) return
    this.flush()
    this.isClosed = true
    closeSync(this.descriptor)
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
