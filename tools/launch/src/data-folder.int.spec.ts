import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimDataFolder } from './data-folder'
import { houseRecordFile, writeHouseRecord } from './house-record'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const record = (supervisorPid: number) =>
  writeHouseRecord(houseRecordFile(folder), { supervisorPid, mode: 'simulator', isReady: true, services: {} })

describe('data folder', () => {
  it('is taken again by a house of the same mode', () => {
    expect([claimDataFolder(folder, 'simulator'), claimDataFolder(folder, 'simulator')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('never serves simulated and real orders both', () => {
    claimDataFolder(folder, 'simulator')
    expect(claimDataFolder(folder, 'live')).toContain('holds the state of a "simulator" house; set DATA_DIR')
  })

  it('is refused while another house runs on it', () => {
    record(process.pid)
    expect(claimDataFolder(folder, 'simulator')).toContain(
      `already running on ${folder}, as process ${process.pid}`,
    )
  })

  it('is taken over from a house that was killed', () => {
    // Above the largest process id of any system we run on.
    record(99_999_999)
    expect(claimDataFolder(folder, 'simulator')).toBeUndefined()
  })
})
