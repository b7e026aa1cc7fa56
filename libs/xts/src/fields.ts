import { parseAmount } from './numbers'
import { quoted, Unreadable } from './unreadable'

/** A JSON object of the broker's, not yet believed. */
export type XtsRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is XtsRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value of the first of these names that is present; the broker spells some fields two ways. */
function firstOf(record: XtsRecord, names: readonly string[]): unknown {
  const name = names.find((candidate) => record[candidate] !== undefined && record[candidate] !== null)
  return name === undefined ? undefined : record[name]
}

/** Text, trimmed; a number is written out. Undefined when missing or empty. */
export function optionalText(record: XtsRecord, ...names: readonly string[]): string | undefined {
  const value = firstOf(record, names)
  if (value === undefined) return undefined
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new Unreadable(`${names[0]} is not text: ${quoted(value)}`)
  const text = String(value).trim()
  return text === '' ? undefined : text
}

export function requiredText(record: XtsRecord, ...names: readonly string[]): string {
  const text = optionalText(record, ...names)
  if (text === undefined) throw new Unreadable(`${names[0]} is missing`)
  return text
}

/** A number or a text with thousands commas. Undefined when missing, empty or the word NaN; anything else throws. */
export function optionalAmount(
  record: XtsRecord,
  first: string,
  ...others: readonly string[]
): number | undefined {
  // Nearly always a number under its first name; ticks ask this some twenty times each.
  const plain = record[first]
  if (typeof plain === 'number' && Number.isFinite(plain)) return plain
  const names = [first, ...others]
  const value = firstOf(record, names)
  const amount = parseAmount(value)
  if (amount === 'unreadable') throw new Unreadable(`${names[0]} is not a number: ${quoted(value)}`)
  return amount
}

export function requiredAmount(record: XtsRecord, first: string, ...others: readonly string[]): number {
  const amount = optionalAmount(record, first, ...others)
  if (amount === undefined) throw new Unreadable(`${first} is missing`)
  return amount
}

/** A whole number, as quantities are. */
export function requiredWhole(record: XtsRecord, first: string, ...others: readonly string[]): number {
  const amount = requiredAmount(record, first, ...others)
  if (!Number.isSafeInteger(amount)) throw new Unreadable(`${first} is not a whole number: ${amount}`)
  return amount
}

/** A whole number that is not negative. */
export function requiredCount(record: XtsRecord, first: string, ...others: readonly string[]): number {
  const count = requiredWhole(record, first, ...others)
  if (count < 0) throw new Unreadable(`${first} is negative: ${count}`)
  return count
}

/** An id of digits, kept as text: it may exceed 2^31, and arithmetic on it has no meaning. */
export function requiredId(record: XtsRecord, ...names: readonly string[]): string {
  const text = requiredText(record, ...names)
  if (!/^[1-9]\d*$/.test(text)) throw new Unreadable(`${names[0]} is not an id: ${quoted(text)}`)
  return text
}
