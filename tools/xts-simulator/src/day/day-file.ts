import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

const NEWLINE = 0x0a
/** For the owner alone, as everything in the data folder is. */
const FILE_MODE = 0o600

/** The file of the day cannot be used; the message says why and what to do. */
export class DayFileUnusable extends Error {}

/** The complete lines of a file, and how many bytes of an unfinished one follow them. */
export interface DayFileText {
  readonly lines: readonly string[]
  readonly tornBytes: number
}

/** Reads a day file without touching it; a file that is not there has no lines. Throws DayFileUnusable. */
export function readDayFile(path: string): DayFileText {
  const bytes = usable(path, () => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0)))
  const lines: string[] = []
  let start = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.toString('utf8', start, end))
    start = end + 1
  }
  return { lines, tornBytes: bytes.length - start }
}

/** Puts exactly these lines in the place of the file, all or nothing. Throws DayFileUnusable. */
export function replaceDayFile(path: string, lines: readonly string[]): void {
  usable(path, () => {
    writeFileSync(`${path}.new`, lines.map((line) => `${line}\n`).join(''), { mode: FILE_MODE })
    renameSync(`${path}.new`, path)
  })
}

/**
 * Appends lines. A line is with the operating system when `append` returns, so the end of this process, however
 * sudden, does not lose it. Only one process may write a file.
 */
export class DayFile {
  private readonly descriptor: number
  private failure: Error | undefined

  /** Makes the file and its folder if they are not there. Throws DayFileUnusable. */
  constructor(private readonly path: string) {
    this.descriptor = usable(path, () => {
      mkdirSync(dirname(path), { recursive: true })
      return openSync(path, 'a', FILE_MODE)
    })
  }

  /** Throws when the disk refuses, then and ever after: behind half a line nothing may follow. */
  append(line: string): void {
    if (this.failure) throw this.failure
    try {
      const bytes = Buffer.from(`${line}\n`)
      for (let written = 0; written < bytes.length;) written += writeSync(this.descriptor, bytes, written)
    } catch (cause) {
      this.failure = new Error(`the day can no longer be kept in ${this.path} (${messageOf(cause)})`, {
        cause,
      })
      throw this.failure
    }
  }

  close(): void {
    this.failure = new Error(`${this.path} is closed`)
    closeSync(this.descriptor)
  }
}

function usable<T>(path: string, use: () => T): T {
  try {
    return use()
  } catch (cause) {
    const message = `the state file ${path} cannot be used (${messageOf(cause)}); choose another with XTS_SIMULATOR_STATE_FILE`
    throw new DayFileUnusable(message, { cause })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
