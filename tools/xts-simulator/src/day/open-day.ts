import type { StateLog } from '../state-log'
import { DayFile, DayFileUnusable, readDayFile, replaceDayFile } from './day-file'
import type { DayLine } from './day-lines'
import { DayRecord } from './day-record'
import { DamagedLine, restoreDay, type KeptDay, type RestoreRequest } from './restore-day'

/** The day as it was left, and where it goes on. */
export interface OpenDay {
  /** Undefined when no day is kept. */
  readonly kept: KeptDay | undefined
  /** Writes once `begin` was called. */
  readonly record: DayRecord
  /** Takes lines of other days, and a last line that a sudden end tore, out of the file. Throws DayFileUnusable. */
  begin(): void
  /** Begins the file anew, with the first lines of another day. Throws DayFileUnusable. */
  turn(lines: readonly DayLine[]): void
  close(): void
}

/** Reads the day in a file and changes nothing yet; without a file nothing is kept. Throws DayFileUnusable. */
export function openDay(
  path: string | undefined,
  request: Omit<RestoreRequest, 'lines'>,
  log: StateLog,
): OpenDay {
  if (path === undefined) return NOTHING_KEPT
  const { lines, tornBytes } = readDayFile(path)
  const kept = restore(path, { ...request, lines })
  if (tornBytes > 0) log('a torn last line of the state file is dropped', { file: path, bytes: tornBytes })
  if (kept.droppedLines > 0)
    log('lines of another day leave the state file', { file: path, lines: kept.droppedLines })
  let file: DayFile | undefined
  return {
    kept,
    record: new DayRecord((line) => {
      if (!file) throw new Error('the day has not begun')
      file.append(JSON.stringify(line))
    }),
    begin: () => {
      if (tornBytes > 0 || kept.droppedLines > 0) replaceDayFile(path, kept.lines)
      file = new DayFile(path)
    },
    turn: (firstLines) => {
      file?.close()
      replaceDayFile(
        path,
        firstLines.map((line) => JSON.stringify(line)),
      )
      file = new DayFile(path)
    },
    close: () => file?.close(),
  }
}

const NOTHING_KEPT: OpenDay = {
  kept: undefined,
  record: new DayRecord(() => undefined),
  begin: () => undefined,
  turn: () => undefined,
  close: () => undefined,
}

function restore(path: string, request: RestoreRequest): KeptDay {
  try {
    return restoreDay(request)
  } catch (cause) {
    if (!(cause instanceof DamagedLine)) throw cause
    const message =
      `the state file ${path} cannot be read at line ${cause.lineNumber}: ${cause.message}. ` +
      'Nothing was changed. Remove the file to begin with an empty day, or choose another with XTS_SIMULATOR_STATE_FILE'
    throw new DayFileUnusable(message, { cause })
  }
}
