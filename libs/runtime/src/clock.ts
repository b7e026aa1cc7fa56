import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '@xts-bridge/contracts'

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Identifiers of 18 characters: 8 of time (milliseconds, base 62, so they sort by age) and 10 random ones (59 bits),
 * drawn from the machine's secure source. 18 is what the broker is known to echo in full (xts MAPPING.md, "order tag").
 */
export const randomIds: Ids = {
  next: () =>
    base62(Date.now(), 8) + [...randomBytes(10)].map((byte) => ALPHABET[byte % ALPHABET.length]).join(''),
}

function base62(value: number, width: number): string {
  let rest = value
  let text = ''
  for (let position = 0; position < width; position += 1) {
    text = String(ALPHABET[rest % ALPHABET.length]) + text
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}
