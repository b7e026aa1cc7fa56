import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { SettingsError, loadSettings, setting } from './settings'

const schema = z.object({
  ORDERS_PORT: setting.port(5562),
  BROKER_SECRET: setting.text(),
  BASE_URL: setting.url(),
  VERIFY_TLS: setting.boolean(true),
  ENDPOINT: setting.endpoint('tcp://127.0.0.1:5562'),
})
const valid = { BROKER_SECRET: 's', BASE_URL: 'https://broker.example:4143' }

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const envFile = (text: string): string => {
  const path = join(folder, '.env')
  writeFileSync(path, text)
  return path
}
const problemsOf = (environment: Record<string, string>): Record<string, string> => {
  try {
    loadSettings(schema, { environment, envFile: join(folder, 'none') })
    return {}
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return Object.fromEntries(error.problems.map((p) => [p.setting, p.problem]))
  }
}

describe('settings', () => {
  it('take the default when nothing is given', () => {
    expect(loadSettings(schema, { environment: valid, envFile: join(folder, 'none') })).toEqual({
      ...valid,
      ORDERS_PORT: 5562,
      VERIFY_TLS: true,
      ENDPOINT: 'tcp://127.0.0.1:5562',
    })
  })

  it('prefer the environment over the file over the default', () => {
    const file = envFile('ORDERS_PORT=6000\nBASE_URL=https://from.file\nBROKER_SECRET=file')
    const settings = loadSettings(schema, { environment: { BROKER_SECRET: 'environment' }, envFile: file })
    expect(settings).toMatchObject({
      ORDERS_PORT: 6000,
      BASE_URL: 'https://from.file',
      BROKER_SECRET: 'environment',
    })
  })

  it('keep every character of a quoted secret in the file', () => {
    const file = envFile(`BROKER_SECRET='a$b#c@d&e'\nBASE_URL=https://x.example`)
    expect(loadSettings(schema, { environment: {}, envFile: file }).BROKER_SECRET).toBe('a$b#c@d&e')
  })

  it.each(['BROKER_SECRET=ab#cd', 'export BROKER_SECRET = ab#cd', 'BROKER_SECRET=a#'])(
    'refuse %j, which would lose what follows the #',
    (line) => {
      const file = envFile(`ORDERS_PORT=1\n${line}\nBASE_URL=https://x.example`)
      expect(() => loadSettings(schema, { environment: {}, envFile: file })).toThrow(
        'BROKER_SECRET: holds a # outside quotes',
      )
    },
  )

  it.each([
    `BROKER_SECRET='ab#cd'`,
    'BROKER_SECRET="ab#cd"',
    'BROKER_SECRET=ab # a comment',
    '#BROKER_SECRET=a#b\nBROKER_SECRET=ab',
  ])('read %j without complaint', (line) => {
    const file = envFile(`${line}\nBASE_URL=https://x.example`)
    expect(loadSettings(schema, { environment: {}, envFile: file }).BROKER_SECRET).toMatch(/^ab(#cd)?$/)
  })

  it('name every missing and malformed setting at once', () => {
    const problems = problemsOf({
      ORDERS_PORT: 'abc',
      BASE_URL: 'broker',
      VERIFY_TLS: 'maybe',
      ENDPOINT: 'localhost',
    })
    expect(Object.keys(problems).sort()).toEqual([
      'BASE_URL',
      'BROKER_SECRET',
      'ENDPOINT',
      'ORDERS_PORT',
      'VERIFY_TLS',
    ])
    expect(problems['BROKER_SECRET']).toBe('is missing')
    expect(problems['VERIFY_TLS']).toBe('must be true or false')
  })

  it.each([
    [{ ORDERS_PORT: '70000' }, 'must be at most 65535'],
    [{ ORDERS_PORT: '-1' }, 'must be at least 0'],
    [{ ORDERS_PORT: '1.5' }, 'must be a whole number'],
    [{ ENDPOINT: 'tcp://127.0.0.1' }, 'must be tcp://host:port or ipc://path'],
    [{ ENDPOINT: 'http://127.0.0.1:5' }, 'must be tcp://host:port or ipc://path'],
  ])('refuse %j', (wrong, problem) => {
    expect(Object.values(problemsOf({ ...valid, ...wrong }))).toEqual([problem])
  })

  it('treat an empty setting as one that is not given', () => {
    expect(problemsOf({ ...valid, BROKER_SECRET: '' })).toEqual({ BROKER_SECRET: 'is missing' })
  })

  describe('with other names', () => {
    const aliased = z.object({
      NEW_NAME: setting.alias(setting.text(), 'OLD_NAME', 'OLDEST_NAME'),
      COUNT: setting.alias(setting.wholeNumber({ min: 0, max: 9, fallback: 3 }), 'OLD_COUNT'),
    })
    const read = (environment: Record<string, string>, file = ''): z.infer<typeof aliased> =>
      loadSettings(aliased, { environment, envFile: envFile(file) })

    it('are read under any of them', () => {
      for (const name of ['NEW_NAME', 'OLD_NAME', 'OLDEST_NAME'])
        expect(read({ [name]: 'x', OLD_COUNT: '5' })).toEqual({ NEW_NAME: 'x', COUNT: 5 })
    })

    it('take the environment under an old name before the file under the new one', () => {
      expect(read({ OLD_NAME: 'environment' }, 'NEW_NAME=file').NEW_NAME).toBe('environment')
    })

    it('are refused when two of them say different things, beside every other problem', () => {
      expect(() => read({ NEW_NAME: 'x', OLDEST_NAME: 'y', OLD_COUNT: '99' })).toThrow(
        /NEW_NAME: and OLDEST_NAME say different things\n {2}COUNT: must be at most 9/,
      )
    })

    it('may repeat the same value', () => {
      expect(read({ NEW_NAME: 'x', OLD_NAME: 'x' }).NEW_NAME).toBe('x')
    })
  })
})
