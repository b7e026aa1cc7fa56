import { fromBarSeconds } from './broker-time'
import { isRecord } from './fields'
import type { Candle } from './model'
import { parseAmount } from './numbers'
import { quoted, Unreadable } from './unreadable'

/** A candle of the history, with the open interest at its end where the segment has one. */
export interface HistoryCandle extends Candle {
  readonly openInterest: number | undefined
}

/** timestamp, open, high, low, close, volume, open interest; a last pipe ends the row. */
const COLUMNS = 7

/**
 * Reads the answer of `instruments/ohlc`: rows joined by commas, columns by pipes, under a misspelt name. An empty text is
 * an empty range, or an instrument the broker has no history of: it does not tell which. Throws Unreadable.
 */
export function readCandles(result: unknown): readonly HistoryCandle[] {
  const text = isRecord(result) ? (result['dataReponse'] ?? result['dataResponse']) : undefined
  if (typeof text !== 'string') throw new Unreadable('the history has no dataReponse')
  return text
    .split(',')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map(readCandle)
}

function readCandle(row: string): HistoryCandle {
  const cells = row.replace(/\|$/, '').split('|')
  const [seconds, open, high, low, close, volume, openInterest] = cells.map((cell) => numberOf(cell, row))
  const endsAtMs = fromBarSeconds(seconds)
  if (cells.length < COLUMNS - 1 || cells.length > COLUMNS || endsAtMs === undefined)
    throw new Unreadable(`a candle is cut off: ${quoted(row)}`)
  return {
    endsAtMs,
    open: open ?? Number.NaN,
    high: high ?? Number.NaN,
    low: low ?? Number.NaN,
    close: close ?? Number.NaN,
    volume: volume ?? 0,
    openInterest,
  }
}

function numberOf(cell: string, row: string): number {
  const value = parseAmount(cell)
  if (typeof value !== 'number') throw new Unreadable(`a candle has no number in ${quoted(row)}`)
  return value
}

/** As the broker writes them in its queries. */
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const IST_OFFSET_MS = 19_800_000

/** `Jan 27 2025 090000`: a moment as `instruments/ohlc` wants it, on India's wall clock. */
export function toHistoryTime(atMs: number): string {
  const ist = new Date(atMs + IST_OFFSET_MS)
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = `${MONTHS[ist.getUTCMonth()]} ${two(ist.getUTCDate())} ${ist.getUTCFullYear()}`
  return `${day} ${two(ist.getUTCHours())}${two(ist.getUTCMinutes())}${two(ist.getUTCSeconds())}`
}
