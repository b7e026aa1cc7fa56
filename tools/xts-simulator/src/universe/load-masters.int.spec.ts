import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadMasters } from './load-masters'

const row = (token: number, name: string): string =>
  `NSECM|${token}|8|${name}|${name}-EQ|EQ|${name}-EQ|110010000${token}|110|90|1001|0.05|1|1|${name}|INE000A01001|1|1|${name}-EQ|0|-1|-1`

describe('loadMasters', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'masters-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('serves the rows of the file exactly as they are', () => {
    writeFileSync(join(folder, 'xts_master_NSECM_2026.txt'), `${row(1, 'AAA')}\r\n${row(2, 'BBB')}\r\n`)
    const { universe } = loadMasters(folder)
    expect(universe.masterText(['NSECM'])).toBe(`${row(1, 'AAA')}\n${row(2, 'BBB')}`)
    expect(universe.find('NSECM', 2)?.name).toBe('BBB')
  })

  it('takes the newer of two files of one segment and says so', () => {
    writeFileSync(join(folder, 'a_2022.txt'), row(1, 'OLD'))
    writeFileSync(join(folder, 'a_2026.txt'), row(1, 'NEW'))
    const { universe, files } = loadMasters(folder)
    expect(universe.find('NSECM', 1)?.name).toBe('NEW')
    expect(files.map((file) => file.isUsed)).toEqual([false, true])
  })

  it('generates nothing beside real files', () => {
    writeFileSync(join(folder, 'a.txt'), row(1, 'AAA'))
    expect(loadMasters(folder).universe.segments).toEqual(['NSECM'])
  })

  it('refuses a folder without a master row', () => {
    writeFileSync(join(folder, 'readme.txt'), 'nothing here\n')
    expect(() => loadMasters(folder)).toThrow('no *.txt file with master rows')
  })

  it('refuses a folder that is not there', () => {
    expect(() => loadMasters(join(folder, 'missing'))).toThrow(/cannot be read .*XTS_SIMULATOR_MASTERS_DIR/)
  })

  const real = resolve('../shared/data')
  const itWithRealData = existsSync(real) ? it : it.skip
  itWithRealData('serves the real dumps whole (skipped where ../shared/data is not there)', () => {
    const { universe } = loadMasters(real)
    expect(universe.countOf('NSECM')).toBe(8942)
    expect(universe.countOf('BSECM')).toBe(13_424)
    expect(universe.countOf('BSEFO')).toBe(5332)
    expect(universe.find('NSECM', 2885)?.bandHigh).toBe(1603.6)
  })
})
