import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const SCRIPT = join(__dirname, 'crash-refresh.mjs')
/** Rows of every list of the script. */
const ROWS = 3_000

/** The first list of a folder and the one that comes after it, by the lot of their shares. */
export const OLD_LIST = { lot: 1, version: 'v20261120-1' }
export const NEW_LIST = { lot: 2, version: 'v20261120-2' }

/** A refresh in a process of its own, on the compiled service, up to the step where it is killed; 'none' lets it end. */
export function refreshUntil(folder: string, step: string, lot: number): void {
  const ended = run(folder, step, lot)
  const isKilled = step !== 'none' && step !== 'other'
  const expected = isKilled ? { status: null, signal: 'SIGKILL' } : { status: 0, signal: null }
  expect({ status: ended.status, signal: ended.signal, stderr: ended.stderr }).toEqual({
    ...expected,
    stderr: '',
  })
}

/** A row of another broker in the same table, which no run and no repair may touch. */
export function addOtherBroker(folder: string): void {
  refreshUntil(folder, 'other', 0)
}

/** Starts again and expects file, pointer and table to hold this list whole, or none at all. */
export function expectWholeAfterStart(
  folder: string,
  list: { readonly lot: number; readonly version: string } | undefined,
): void {
  const { status, stdout, stderr } = run(folder, 'inspect', 0)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const rows = list === undefined ? {} : { [list.lot]: ROWS }
  expect(JSON.parse(stdout)).toEqual({
    ...(list === undefined ? {} : { pointer: list.version, tableVersion: list.version }),
    ...{ file: rows, table: rows, other: 1, leftovers: [] },
  })
}

function run(folder: string, step: string, lot: number) {
  if (!existsSync(join(__dirname, '../../dist/apps')))
    throw new Error('There is no dist; run "npm run build".')
  return spawnSync(process.execPath, [SCRIPT, folder, step, String(lot)], { encoding: 'utf8' })
}
