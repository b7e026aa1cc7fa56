import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HouseMode } from './house-plan'
import { houseRecordFile, runningSupervisor } from './house-record'

/** Where a house keeps its state unless DATA_DIR says otherwise: simulated and real orders never share a journal. */
export const DEFAULT_DATA_DIR: Readonly<Record<HouseMode, string>> = { simulator: 'data', live: 'data-live' }

/**
 * Takes a data folder for a house of this mode, and marks it. Returns why it cannot be taken: another house runs on it, or
 * it holds the orders of the other mode. Two houses on one folder would both think themselves the only writer.
 */
export function claimDataFolder(folder: string, mode: HouseMode): string | undefined {
  const running = runningSupervisor(houseRecordFile(folder))
  if (running !== undefined)
    return `A house is already running on ${folder}, as process ${running} (if that is another program, remove run/house.json there).`
  const marker = join(folder, 'house-mode')
  const marked = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : undefined
  if (marked !== undefined && marked !== mode) {
    return `${folder} holds the state of a "${marked}" house; set DATA_DIR to another folder for a "${mode}" one.`
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(marker, `${mode}\n`)
  return undefined
}
