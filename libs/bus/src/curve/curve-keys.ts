import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { curveKeyPair } from 'zeromq'
import { decodeZ85, encodeZ85 } from './z85'

/** Both halves as Z85 text, 40 characters each. */
export interface CurvePair {
  readonly publicKey: string
  readonly secretKey: string
}

/** What a connecting socket needs: the service's public key and a pair of its own that the service lets in. */
export interface ClientCurve extends CurvePair {
  readonly serverPublicKey: string
}

/** Files of a process's CURVE folder, which is KEYS_DIR/curve. */
export const CURVE_FILES = {
  /** Secret of every binding socket of the house; only where services bind. */
  serverSecret: 'server.key',
  /** What every client must know to be sure of whom it talks to. */
  serverPublic: 'server.pub',
  /** Secret this process connects with. */
  clientSecret: 'client.key',
  clientPublic: 'client.pub',
  /** The allow-list: one `<name>.pub` per client. */
  clients: 'clients',
} as const

const KEY_BYTES = 32
/** DER of an X25519 secret up to its 32 bytes; of a public key, those are the last 32 too. */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** A new random pair. */
export function newCurvePair(): CurvePair {
  return curveKeyPair()
}

/** True for 32 bytes in Z85. */
export function isCurveKey(text: string): boolean {
  return decodeZ85(text)?.length === KEY_BYTES
}

/** The public half. Throws for what is no key. */
export function publicKeyOf(secretKey: string): string {
  const secret = decodeZ85(secretKey)
  if (secret?.length !== KEY_BYTES) throw new Error('a CURVE key is 40 characters of Z85')
  const key = createPrivateKey({ key: Buffer.concat([X25519_PKCS8, secret]), format: 'der', type: 'pkcs8' })
  return encodeZ85(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES))
}

/** Throws, naming the file, when it is missing, no key, or readable by anyone but its owner. */
export function readSecretKey(path: string): CurvePair {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0) throw new Error(`${path} has mode ${mode.toString(8)}; it must be 600`)
  const secretKey = readPublicKey(path)
  return { secretKey, publicKey: publicKeyOf(secretKey) }
}

/** Throws, naming the file, when it is missing or no key. */
export function readPublicKey(path: string): string {
  const text = readFileSync(path, 'utf8').trim()
  if (!isCurveKey(text)) throw new Error(`${path} holds no CURVE key, which is 40 characters of Z85`)
  return text
}
