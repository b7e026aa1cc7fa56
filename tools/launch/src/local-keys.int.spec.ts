import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateLocalKeys, simulatorKeys } from './local-keys'

describe('the local keys', () => {
  let folder = ''
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys')
  })
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))

  it('are random, different from each other, and readable by their owner alone', () => {
    const names = generateLocalKeys(folder, 'simulator')
    const keys = files().map((file) => readFileSync(file, 'utf8'))
    expect(keys).toHaveLength(names.length)
    expect(new Set(keys).size).toBe(names.length)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/)
    for (const file of files()) expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const inner of ['', 'services', 'simulator'])
      expect(statSync(join(folder, inner)).mode & 0o777).toBe(0o700)
  })

  it('are never replaced', () => {
    generateLocalKeys(folder, 'simulator')
    const before = files().map((file) => readFileSync(file, 'utf8'))
    expect(generateLocalKeys(folder, 'simulator')).toEqual([])
    expect(files().map((file) => readFileSync(file, 'utf8'))).toEqual(before)
  })

  it('are completed when one is missing', () => {
    generateLocalKeys(folder, 'simulator')
    rmSync(join(folder, 'services', 'feed.key'))
    expect(generateLocalKeys(folder, 'simulator')).toEqual(['services/feed.key'])
  })

  it('are not made up for a broker that is real', () => {
    expect(generateLocalKeys(folder, 'live').filter((name) => name.startsWith('simulator'))).toEqual([])
  })

  it('are refused when somebody else can read them', () => {
    generateLocalKeys(folder, 'simulator')
    chmodSync(join(folder, 'simulator', 'market-app.key'), 0o644)
    expect(() => simulatorKeys(folder)).toThrow(/market-app\.key has mode 644/)
  })
})
