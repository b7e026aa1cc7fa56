import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addOtherBroker,
  expectWholeAfterStart,
  NEW_LIST,
  OLD_LIST,
  refreshUntil,
} from '../support/crashed-refresh'

jest.setTimeout(60_000)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instrument-crash-'))
  addOtherBroker(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** In the order of a run; before the index file stands under its name the old list is in force, afterwards the new one. */
const STEPS: readonly (readonly [string, typeof OLD_LIST])[] = [
  ['step: download', OLD_LIST],
  ['download', OLD_LIST],
  ['step: check', OLD_LIST],
  ['step: write-index', OLD_LIST],
  ['index before its sync', OLD_LIST],
  ['index before its rename', OLD_LIST],
  ['index before its folder is synced', NEW_LIST],
  ['index written', NEW_LIST],
  ['step: swap-table', NEW_LIST],
  ['table: stage rows', NEW_LIST],
  ['table: remove what the list no longer has from symbol_token', NEW_LIST],
  ['table: change what differs in symbol_token', NEW_LIST],
  ['table: change what differs in symbol_detail', NEW_LIST],
  ['table: name the version of the rows', NEW_LIST],
  ['step: point', NEW_LIST],
  ['pointer before its rename', NEW_LIST],
  ['pointer renamed', NEW_LIST],
  ['before pruning', NEW_LIST],
  ['step: done', NEW_LIST],
  ['after the run', NEW_LIST],
]

describe('a refresh killed at any step leaves one whole list after the next start', () => {
  it.each(STEPS)('%s', (step, list) => {
    refreshUntil(folder, 'none', OLD_LIST.lot)
    refreshUntil(folder, step, NEW_LIST.lot)
    expectWholeAfterStart(folder, list)
    refreshUntil(folder, 'none', 3)
    const next = list === OLD_LIST ? 'v20261120-2' : 'v20261120-3'
    expectWholeAfterStart(folder, { lot: 3, version: next })
  })

  it.each([
    ['index before its rename', undefined],
    ['table: stage rows', OLD_LIST],
    ['table: add what is new to symbol_token', OLD_LIST],
    ['pointer before its rename', OLD_LIST],
  ] as const)('also the first: %s', (step, list) => {
    refreshUntil(folder, step, OLD_LIST.lot)
    expectWholeAfterStart(folder, list)
  })

  it.each([
    'repair: stage rows',
    'repair: change what differs in symbol_token',
    'repair: name the version of the rows',
    'repair ended',
  ])('and so does a start killed in its own repair: %s', (step) => {
    refreshUntil(folder, 'none', OLD_LIST.lot)
    refreshUntil(folder, 'step: swap-table', NEW_LIST.lot)
    refreshUntil(folder, step, NEW_LIST.lot)
    expectWholeAfterStart(folder, NEW_LIST)
  })
})
