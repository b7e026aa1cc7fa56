import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CURVE_FILES, decodeZ85, encodeZ85, isCurveKey } from '@xts-bridge/contracts'
import { readKeyFile } from './key-file'

/** The client every process of the house connects as. */
const HOUSE = 'house'
const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/** DER of an X25519 secret up to its 32 bytes. CURVE's keys are X25519's, written in Z85. */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const KEY_BYTES = 32

export interface CurveClient {
  readonly name: string
  readonly publicKey: string
}

/**
 * Makes what a house lacks in its CURVE folder: the server's pair, the pair its processes connect with, and the allow-list
 * with that pair on it. What is there stays. Returns the server's public key.
 */
export function generateCurveKeys(folder: string): string {
  mkdirSync(join(folder, CURVE_FILES.clients), { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  chmodSync(join(folder, CURVE_FILES.clients), 0o700)
  const serverKey = publicKeyOfFile(folder, CURVE_FILES.serverSecret)
  writePublic(join(folder, CURVE_FILES.serverPublic), serverKey)
  const houseKey = publicKeyOfFile(folder, CURVE_FILES.clientSecret)
  writePublic(join(folder, CURVE_FILES.clientPublic), houseKey)
  writePublic(clientFile(folder, HOUSE), houseKey)
  return serverKey
}

/**
 * Makes a pair for a client on another machine, puts its public key on the allow-list, and writes all that machine needs
 * into `bundleFolder`, which must not exist: the secret is nowhere else. Throws when the name is taken.
 */
export function addCurveClient(folder: string, name: string, bundleFolder: string): CurveClient {
  refuseTakenName(folder, name)
  const serverKey = readFileSync(join(folder, CURVE_FILES.serverPublic), 'utf8').trim()
  mkdirSync(bundleFolder, { mode: 0o700 })
  const secret = newSecret()
  const publicKey = publicKeyOf(secret)
  writeNew(join(bundleFolder, CURVE_FILES.clientSecret), secret)
  writePublic(join(bundleFolder, CURVE_FILES.clientPublic), publicKey)
  writePublic(join(bundleFolder, CURVE_FILES.serverPublic), serverKey)
  // Last: a client is let in only when its bundle is whole.
  writePublic(clientFile(folder, name), publicKey)
  return { name, publicKey }
}

/** Lets in a client that made its own pair. Throws when the name is taken or the key is none. */
export function allowCurveClient(folder: string, name: string, publicKey: string): CurveClient {
  if (!isCurveKey(publicKey)) throw new Error('A CURVE public key is 40 characters of Z85.')
  refuseTakenName(folder, name)
  writePublic(clientFile(folder, name), publicKey)
  return { name, publicKey }
}

/** New connections of this client are refused within a second; those that stand go on. Throws when there is none. */
export function revokeCurveClient(folder: string, name: string): void {
  const file = clientFile(folder, name)
  if (!existsSync(file)) throw new Error(`There is no client "${name}" on the allow-list.`)
  rmSync(file)
}

/** The allow-list, by name. */
export function curveClients(folder: string): readonly CurveClient[] {
  const clients = join(folder, CURVE_FILES.clients)
  if (!existsSync(clients)) return []
  return readdirSync(clients)
    .filter((file) => file.endsWith('.pub'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.pub'.length),
      publicKey: readFileSync(join(clients, file), 'utf8').trim(),
    }))
}

/** Throws for a name that could lead out of the folder. */
function clientFile(folder: string, name: string): string {
  if (!CLIENT_NAME.test(name))
    throw new Error('A client’s name is up to 64 letters, digits, dots, dashes and underscores.')
  return join(folder, CURVE_FILES.clients, `${name}.pub`)
}

function refuseTakenName(folder: string, name: string): void {
  if (existsSync(clientFile(folder, name)))
    throw new Error(`There is a client "${name}" already; revoke it first, or take another name.`)
}

/** The public half of the secret in this file, which is made when it is missing. */
function publicKeyOfFile(folder: string, name: string): string {
  const file = join(folder, name)
  if (!existsSync(file)) writeNew(file, newSecret())
  return publicKeyOf(readKeyFile(file))
}

function newSecret(): string {
  return encodeZ85(
    lastBytes(generateKeyPairSync('x25519').privateKey.export({ format: 'der', type: 'pkcs8' })),
  )
}

function publicKeyOf(secret: string): string {
  const bytes = decodeZ85(secret)
  if (bytes?.length !== KEY_BYTES) throw new Error('A CURVE secret key is 40 characters of Z85.')
  const key: KeyObject = createPrivateKey({
    ...{ key: Buffer.concat([X25519_PKCS8, bytes]), format: 'der', type: 'pkcs8' },
  })
  return encodeZ85(lastBytes(createPublicKey(key).export({ format: 'der', type: 'spki' })))
}

function lastBytes(der: Buffer): Buffer {
  return der.subarray(-KEY_BYTES)
}

/** Fails when the file is there: a secret is never written over. */
function writeNew(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  writeSync(descriptor, `${text}\n`)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function writePublic(file: string, publicKey: string): void {
  rmSync(file, { force: true })
  writeNew(file, publicKey)
}
