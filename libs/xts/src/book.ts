import { isRecord, type XtsRecord } from './fields'
import type { BookRead } from './model'
import { NotOurs, Unreadable } from './unreadable'

/**
 * Reads the rows of a book. One row that cannot be read makes the whole book unreadable, since a book with a hole proves
 * nothing; a row that cannot be ours is left out and named. Throws Unreadable.
 */
export function readBook<T>(rows: unknown, parseRow: (row: XtsRecord) => T): BookRead<T> {
  if (!Array.isArray(rows)) throw new Unreadable('the book is not a list of rows')
  const skippedRows: string[] = []
  const read = rows.flatMap((row, index) => {
    try {
      if (!isRecord(row)) throw new Unreadable('it is not a record')
      return [parseRow(row)]
    } catch (error) {
      if (error instanceof NotOurs) {
        skippedRows.push(error.message)
        return []
      }
      if (error instanceof Unreadable) throw new Unreadable(`row ${index + 1} of the book: ${error.message}`)
      throw error
    }
  })
  return { rows: read, isEmptyAnswer: rows.length === 0, skippedRows }
}

/** The list of positions, which builds put in the result, under `positionList` or under `PositionList`. */
export function readPositionList(result: unknown): unknown {
  if (!isRecord(result)) return result
  return result['positionList'] ?? result['PositionList']
}
