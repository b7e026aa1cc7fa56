import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What runs right now, for tools and people who look from outside. Holds no secret. */
export interface HouseRecord {
  readonly supervisorPid: number
  readonly mode: string
  readonly isReady: boolean
  readonly services: Readonly<Record<string, ServiceRecord>>
}

export interface ServiceRecord {
  /** Missing while the service waits to be started again. */
  readonly pid?: number | undefined
  readonly isReady: boolean
  /** Times it was started again after it died. */
  readonly restarts: number
  readonly logFile: string
}

/** `${DATA_DIR}/run/house.json` */
export function houseRecordFile(dataFolder: string): string {
  return join(dataFolder, 'run', 'house.json')
}

/** Replaces the record in one step, so that a reader never sees half of it. */
export function writeHouseRecord(file: string, record: HouseRecord): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.next`, `${JSON.stringify(record, undefined, 2)}\n`)
  renameSync(`${file}.next`, file)
}

export function removeHouseRecord(file: string): void {
  rmSync(file, { force: true })
}

/** The supervisor of a house that was started on this data folder and is still there. */
export function runningSupervisor(file: string): number | undefined {
  if (!existsSync(file)) return undefined
  const { supervisorPid } = JSON.parse(readFileSync(file, 'utf8')) as HouseRecord
  try {
    process.kill(supervisorPid, 0)
    return supervisorPid
  } catch {
    // Nobody has this process id: the house was killed and could not take its record with it.
    return undefined
  }
}
