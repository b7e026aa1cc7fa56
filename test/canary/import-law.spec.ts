import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

interface Verdict {
  readonly room: string
  readonly imports: string
  readonly allowed: boolean
  readonly caught: boolean
}

const verdicts = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'import-law.mjs')], {
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  }),
) as Verdict[]
const sentence = (v: Verdict): string => `${v.room} imports ${v.imports}`

describe('import law canary', () => {
  it('plants an import for every pair of rooms', () => {
    expect(verdicts.length).toBeGreaterThan(150)
    expect(verdicts.filter((v) => !v.allowed).length).toBeGreaterThan(80)
  })

  it('fails the lint for every import the law forbids', () => {
    expect(verdicts.filter((v) => !v.allowed && !v.caught).map(sentence)).toEqual([])
  })

  it('lets every import pass that the law allows', () => {
    expect(verdicts.filter((v) => v.allowed && v.caught).map(sentence)).toEqual([])
  })
})
