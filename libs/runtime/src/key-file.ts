import { readFileSync, statSync } from 'node:fs'

/** Reads a generated key. Throws when the file is missing, empty, or readable by anyone but its owner. */
export function readKeyFile(path: string): string {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new Error(`The key file ${path} has mode ${mode.toString(8)}; it must be 600.`)
  const key = readFileSync(path, 'utf8').trim()
  if (key.length < 32) throw new Error(`The key file ${path} holds fewer than 32 characters.`)
  return key
}
