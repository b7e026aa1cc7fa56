import {
  closeSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openServiceLog } from './service-log'

describe('the log of a service', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = (): string => {
    const log = openServiceLog(folder, 'feed')
    closeSync(log.descriptor)
    return log.file
  }

  it('goes on where it ended', () => {
    writeFileSync(open(), 'before')
    expect(readFileSync(open(), 'utf8')).toBe('before')
  })

  it('is put aside when it has grown large, and only the last three are kept', () => {
    for (const generation of ['first', 'second', 'third', 'fourth']) {
      const file = open()
      writeFileSync(file, generation)
      truncateSync(file, 20_000_001)
    }
    expect(readFileSync(open(), 'utf8')).toBe('')
    const kept = [1, 2, 3].map((age) => readFileSync(join(folder, `feed.log.${age}`), 'utf8').slice(0, 6))
    expect(kept).toEqual(['fourth', 'third\0', 'second'])
    expect(existsSync(join(folder, 'feed.log.4'))).toBe(false)
  })
})
