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

/** One step on each side of each thing that is written; every step is in test/long. */
describe('a refresh killed half-way leaves one whole list after the next start', () => {
  it.each([
    ['index before its rename', OLD_LIST],
    ['table: change what differs in symbol_detail', NEW_LIST],
    ['pointer before its rename', NEW_LIST],
  ] as const)('%s', (step, list) => {
    refreshUntil(folder, 'none', OLD_LIST.lot)
    refreshUntil(folder, step, NEW_LIST.lot)
    expectWholeAfterStart(folder, list)
  })
})
