import { existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A log larger than this is put aside when its service is started. */
const LIMIT_BYTES = 20_000_000
const KEPT_OLD_LOGS = 3

export interface ServiceLog {
  readonly file: string
  /** Open for appending; whoever opened it closes it. */
  readonly descriptor: number
}

/** Opens `<folder>/<service>.log`; an oversized one becomes `<service>.log.1`, older ones move up, the oldest goes. */
export function openServiceLog(folder: string, service: string): ServiceLog {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${service}.log`)
  if (existsSync(file) && statSync(file).size > LIMIT_BYTES) rotate(file)
  return { file, descriptor: openSync(file, 'a', 0o600) }
}

function rotate(file: string): void {
  for (let age = KEPT_OLD_LOGS; age >= 1; age -= 1) {
    const younger = age === 1 ? file : `${file}.${age - 1}`
    if (existsSync(younger)) renameSync(younger, `${file}.${age}`)
  }
}
