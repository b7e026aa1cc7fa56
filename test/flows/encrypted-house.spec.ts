import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startHouse, type House } from '../support/house'

const ROOT = join(__dirname, '../..')
const EXAMPLE = join(ROOT, 'dist/clients/typescript/examples/target-position.js')
const CURVE_KEYS = join(ROOT, 'dist/tools/cli/src/main.js')
const EXAMPLE_LIMIT_MS = 60_000
const STRANGER_LIMIT_MS = 6_000

let house: House
beforeAll(async () => {
  house = await startHouse({ env: { BUS_CURVE: 'always' } })
})
afterAll(() => house.stop())

const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  ENV_FILE: '/dev/null',
  DATA_DIR: house.dataFolder,
  KEYS_DIR: join(house.dataFolder, 'keys'),
  ...house.places.endpoints,
  XTS_BRIDGE_API_KEY: house.apiKey,
})

function run(
  program: string,
  args: readonly string[],
  timeout = EXAMPLE_LIMIT_MS,
): { readonly code: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: environment(),
    encoding: 'utf8',
    timeout,
  })
  return { code: status, text: stdout + stderr }
}

describe('a house whose whole bus is encrypted', () => {
  it('comes up, and takes a strategy that was given keys from its tick to its fill', () => {
    const folder = join(house.dataFolder, 'curve-laptop')
    expect(run(CURVE_KEYS, ['curve-keys', 'client', 'laptop', '--out', folder])).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'client.key'))).toBe(true)
    const { code, text } = run(EXAMPLE, ['--curve-folder', folder])
    expect(text).toContain('RELIANCE trades at')
    expect({ code, text }).toMatchObject({ code: 0 })
  })

  it('tells a strategy without keys why it is refused', () => {
    // It would go on trying; what it says at once is what counts.
    const { code, text } = run(EXAMPLE, [], STRANGER_LIMIT_MS)
    expect(code).not.toBe(0)
    expect(text).toMatch(/handshake failed/)
  })
})
