import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALLOW_LIST_AGE_MS, AllowList } from './allow-list'
import { curveKeyPair } from 'zeromq'

describe('the allow-list', () => {
  const problems: string[] = []
  let folder = ''
  let nowMs = 0
  let list: AllowList
  const laptop = curveKeyPair().publicKey

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xts-clients-'))
    problems.length = 0
    nowMs = 1_000_000
    list = new AllowList({
      folder,
      clock: { nowMs: () => nowMs, after: () => () => undefined },
      onProblem: (problem) => problems.push(problem),
    })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const allow = (name: string, key: string): void => writeFileSync(join(folder, `${name}.pub`), `${key}\n`)

  it('knows a client by the name of its file', () => {
    allow('laptop', laptop)
    expect(list.nameOf(laptop)).toBe('laptop')
    expect(list.nameOf(curveKeyPair().publicKey)).toBeUndefined()
    expect(list.size).toBe(1)
  })

  it('lets in nobody when the folder is empty', () => {
    expect(list.nameOf(laptop)).toBeUndefined()
    expect(problems).toEqual([])
  })

  it('takes a change of the folder after a second', () => {
    expect(list.nameOf(laptop)).toBeUndefined()
    allow('laptop', laptop)
    nowMs += ALLOW_LIST_AGE_MS
    expect(list.nameOf(laptop)).toBe('laptop')
    rmSync(join(folder, 'laptop.pub'))
    nowMs += ALLOW_LIST_AGE_MS
    expect(list.nameOf(laptop)).toBeUndefined()
  })

  it('reads the folder once a second, however many knock', () => {
    expect(list.nameOf(laptop)).toBeUndefined()
    allow('laptop', laptop)
    nowMs += ALLOW_LIST_AGE_MS - 1
    expect(list.nameOf(laptop)).toBeUndefined()
  })

  it('does not keep an old list when the clock was set back', () => {
    allow('laptop', laptop)
    expect(list.nameOf(laptop)).toBe('laptop')
    rmSync(join(folder, 'laptop.pub'))
    nowMs -= 3_600_000
    expect(list.nameOf(laptop)).toBeUndefined()
  })

  it('leaves out a file that is no key, says so once, and keeps the others', () => {
    allow('laptop', laptop)
    allow('broken', 'no key')
    expect(list.nameOf(laptop)).toBe('laptop')
    nowMs += ALLOW_LIST_AGE_MS
    expect(list.size).toBe(1)
    expect(problems).toEqual([expect.stringContaining('broken.pub holds no CURVE key')])
  })

  it('lets in nobody any more when the folder has gone', () => {
    allow('laptop', laptop)
    expect(list.nameOf(laptop)).toBe('laptop')
    rmSync(folder, { recursive: true })
    nowMs += ALLOW_LIST_AGE_MS
    expect(list.nameOf(laptop)).toBeUndefined()
    expect(problems).toHaveLength(1)
  })

  it('lets in nobody from a folder that others may write to', () => {
    allow('laptop', laptop)
    chmodSync(folder, 0o777)
    expect(list.nameOf(laptop)).toBeUndefined()
    expect(problems).toEqual([`${folder} is writable by others`])
  })
})
