import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, type StateLog } from '../state-log'
import { account, reliance, universe } from '../testing/open-exchange'
import { DayFile, DayFileUnusable, readDayFile, replaceDayFile } from './day-file'
import { openDay, type OpenDay } from './open-day'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-day-'))
  path = join(folder, 'simulator', 'day.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('DayFile', () => {
  it('has written a line when append returns, in a file for the owner alone', () => {
    const file = new DayFile(path)
    file.append('{"a":"₹"}')
    expect(readFileSync(path, 'utf8')).toBe('{"a":"₹"}\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    file.close()
  })

  it('goes on behind what is there', () => {
    for (const line of ['one', 'two']) {
      const file = new DayFile(path)
      file.append(line)
      file.close()
    }
    expect(readDayFile(path)).toEqual({ lines: ['one', 'two'], tornBytes: 0 })
  })

  it('writes nothing after it was closed', () => {
    const file = new DayFile(path)
    file.close()
    expect(() => file.append('late')).toThrow(/closed/)
  })

  it('tells whole lines from a torn one', () => {
    new DayFile(path).close()
    writeFileSync(path, 'one\ntwo\n{"thr')
    expect(readDayFile(path)).toEqual({ lines: ['one', 'two'], tornBytes: 5 })
  })

  it('takes a file that is not there for an empty one', () => {
    expect(readDayFile(path)).toEqual({ lines: [], tornBytes: 0 })
  })

  it('replaces all lines at once', () => {
    new DayFile(path).close()
    writeFileSync(path, 'one\ntwo\n')
    replaceDayFile(path, ['two'])
    expect(readFileSync(path, 'utf8')).toBe('two\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('names the setting when the place cannot be used', () => {
    writeFileSync(join(folder, 'simulator'), 'a file where a folder should be')
    expect(() => new DayFile(path)).toThrow(DayFileUnusable)
    expect(() => new DayFile(path)).toThrow(/simulator\/day\.jsonl.*XTS_SIMULATOR_STATE_FILE/)
    expect(() => readDayFile(folder)).toThrow(/EISDIR.*XTS_SIMULATOR_STATE_FILE/)
  })

  // Only Linux has a device that is always full.
  ;(existsSync('/dev/full') ? it : it.skip)(
    'is the end of writing when the disk refuses: nothing follows half a line',
    () => {
      const full = new DayFile('/dev/full')
      expect(() => full.append('one')).toThrow(/no longer be kept.*ENOSPC/)
      expect(() => full.append('two')).toThrow(/no longer be kept/)
      full.close()
    },
  )
})

describe('openDay', () => {
  const open = (today = '2026-11-20', log: StateLog = silentLog): OpenDay =>
    openDay(path, { today, universe, accounts: [account(1e9)] }, log)
  const price = (value: number, atMs = Date.parse('2026-11-20T05:00:00Z')): string =>
    JSON.stringify({ kind: 'price', atMs, segment: 'NSECM', token: reliance.token, price: value })
  const write = (text: string): void => {
    new DayFile(path).close()
    writeFileSync(path, text)
  }

  it('drops a torn last line, says so, and writes on behind the whole ones', () => {
    write(`${price(1400)}\n${price(1401).slice(0, 30)}`)
    const told: unknown[] = []
    const day = open('2026-11-20', (message, facts) => told.push(message, facts))
    expect(day.kept?.lastPrices).toMatchObject([{ price: 1400 }])
    expect(told).toEqual([expect.stringContaining('torn'), { file: path, bytes: 30 }])
    day.begin()
    day.record.priceJumped(reliance, 1402, Date.now())
    day.close()
    expect(readDayFile(path).lines.map((line) => (JSON.parse(line) as { price: number }).price)).toEqual([
      1400, 1402,
    ])
  })

  it('drops a torn line even if only its end is missing', () => {
    write(`${price(1400)}\n${price(1401)}`)
    expect(open().kept?.lastPrices).toMatchObject([{ price: 1400 }])
  })

  it('replaces a file of another day', () => {
    write(`${price(1400)}\n`)
    const day = open('2026-11-21')
    expect(day.kept?.lastPrices).toEqual([])
    expect(readDayFile(path).lines).toHaveLength(1)
    day.begin()
    day.close()
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  it('refuses a damaged line, names file and line, and leaves the file as it is', () => {
    const text = `${price(1400)}\n{"kind":"price"\n${price(1401)}\n${price(1402).slice(0, 9)}`
    write(text)
    expect(() => open()).toThrow(DayFileUnusable)
    expect(() => open()).toThrow(new RegExp(`${path} cannot be read at line 2: .*Remove the file`))
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('keeps nothing without a file', () => {
    const day = openDay(undefined, { today: '2026-11-20', universe, accounts: [account(1)] }, silentLog)
    expect(day.kept).toBeUndefined()
    day.begin()
    day.record.priceJumped(reliance, 1400, Date.now())
    day.close()
  })

  it('refuses to write before the day begins', () => {
    const day = open()
    expect(() => day.record.priceJumped(reliance, 1400, Date.now())).toThrow(/not begun/)
    day.close()
  })
})
