import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { decodeZ85, encodeZ85, isCurveKey } from '@xts-bridge/contracts'

/** Both halves as Z85 text, 40 characters each. */
export interface CurvePair {
  readonly publicKey: string
  readonly secretKey: string
}

/** What a connecting socket needs: the service's public key and a pair of its own that the service lets in. */
export interface ClientCurve extends CurvePair {
  readonly serverPublicKey: string
}

const KEY_BYTES = 32
/** DER of an X25519 secret up to its 32 bytes; of a public key, those are the last 32 too. */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

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
