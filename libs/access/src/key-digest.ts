import { createHash } from 'node:crypto'

/** SHA-256 of an API key in lower-case hex: what travels between services in place of the key. */
export function keyDigest(apiKey: string): string {
  return createHash('sha256').update(apiKey, 'utf8').digest('hex')
}
