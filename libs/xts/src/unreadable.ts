/** Something the broker sent cannot be read; the message says what, and never repeats a token. */
export class Unreadable extends Error {
  constructor(problem: string) {
    super(problem)
    this.name = 'Unreadable'
  }
}

/** A readable record that cannot concern us: a product, validity or segment we do not trade. */
export class NotOurs extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'NotOurs'
  }
}

/** Longest piece of the broker's text that a message of ours repeats. */
const QUOTED_LENGTH = 80

/** A value of the broker's for use in a message. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text
}

/** What to report of an event that nothing was made of: the broker's words, or of a name that is not in the list, how long it was. */
export function unreadEvent(known: readonly string[], event: string, payload: unknown): string {
  return known.includes(event) ? quoted(payload) : `an event of an unknown name, ${lengthOf(payload)}`
}

/** How much it is, for a thing that is counted and not read. */
export function lengthOf(payload: unknown): string {
  const isBytes = Buffer.isBuffer(payload) || payload instanceof ArrayBuffer || payload instanceof Uint8Array
  if (isBytes) return `${payload.byteLength} bytes`
  const text = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '')
  return `${text.length} characters`
}

/** The problem with what was read, undefined for none. A record that cannot be ours is no problem; other errors pass. */
export function problemOf(read: () => void): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof NotOurs) return undefined
    if (error instanceof Unreadable) return error.message
    throw error
  }
}
