import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeyFile } from './key-file'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const keyFile = (text: string, mode: number): string => {
  const path = join(folder, 'service.key')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('key file', () => {
  it('gives the key without the line end', () => {
    expect(readKeyFile(keyFile(`${'k'.repeat(43)}\n`, 0o600))).toBe('k'.repeat(43))
  })

  it.each([0o644, 0o640, 0o606])('is refused with mode %o', (mode) => {
    expect(() => readKeyFile(keyFile('k'.repeat(43), mode))).toThrow(/must be 600/)
  })

  it('is refused when it is too short to be a key', () => {
    expect(() => readKeyFile(keyFile('short', 0o600))).toThrow(/fewer than 32/)
  })

  it('is refused when it is not there', () => {
    expect(() => readKeyFile(join(folder, 'none.key'))).toThrow(/ENOENT/)
  })
})
