import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

const ROOT = join(__dirname, '../..')
const EXAMPLES = join(ROOT, 'docs/examples')
const CHECK = ['--check-settings']

interface Ended {
  readonly code: number | null
  readonly text: string
}

/** auth-service as a process, with nothing in its environment but this and the env file. */
function runAuthService(environment: Record<string, string>, args: readonly string[] = CHECK): Ended {
  const { PATH = '' } = process.env
  const program = join(ROOT, 'dist/apps/auth-service/src/main.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { PATH, ENV_FILE: '/dev/null', ...environment },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { code: status, text: stdout + stderr }
}

const KEYS = {
  JAINAM_INTERACTIVE_API_KEY: '0123456789abcdef012345',
  JAINAM_INTERACTIVE_API_SECRET: 'Ab$1#c@2&d',
  JAINAM_MARKET_API_KEY: 'fedcba9876543210fedcba',
  JAINAM_MARKET_API_SECRET: '#$@&=%x',
}

describe('auth-service as a process', () => {
  it('ends with 78 and names all that is missing and malformed at once, and no value', () => {
    const { code, text } = runAuthService(
      {
        JAINAM_MARKET_API_SECRET: KEYS.JAINAM_MARKET_API_SECRET,
        AUTH_RENEW_TIMES_IST: 'breakfast',
        AUTH_HEALTH_PORT: '70000',
        JAINAM_DISABLE_SSL: 'perhaps',
        JAINAM_HTTP_RETRIES: '-1',
      },
      [],
    )
    expect(code).toBe(78)
    for (const wrong of [
      'JAINAM_INTERACTIVE_API_KEY: is missing',
      'JAINAM_INTERACTIVE_API_SECRET: is missing',
      'JAINAM_MARKET_API_KEY: is missing',
      'AUTH_RENEW_TIMES_IST: must be times',
      'AUTH_HEALTH_PORT: must be at most 65535',
      'JAINAM_DISABLE_SSL: must be true or false',
      'JAINAM_HTTP_RETRIES: must be at least 0',
    ])
      expect(text).toContain(wrong)
    expect(text).not.toContain(KEYS.JAINAM_MARKET_API_SECRET)
  })

  it('ends with 78 and names a secret that the env file would cut at its #', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-settings-'))
    const file = join(folder, '.env')
    writeFileSync(file, 'JAINAM_INTERACTIVE_API_SECRET=Ab$1#c@2\n')
    const { code, text } = runAuthService({ ...KEYS, JAINAM_INTERACTIVE_API_SECRET: '', ENV_FILE: file }, [])
    rmSync(folder, { recursive: true })
    expect(code).toBe(78)
    expect(text).toContain('JAINAM_INTERACTIVE_API_SECRET: holds a # outside quotes')
    expect(text).not.toContain('Ab$1')
  })

  it('takes the environment before the env file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-settings-'))
    const file = join(folder, '.env')
    writeFileSync(file, 'AUTH_HEALTH_PORT=wrong\n')
    expect(runAuthService({ ...KEYS, ENV_FILE: file }).text).toContain('AUTH_HEALTH_PORT: must be a number')
    expect(runAuthService({ ...KEYS, ENV_FILE: file, AUTH_HEALTH_PORT: '9101' })).toEqual({
      code: 0,
      text: '',
    })
    rmSync(folder, { recursive: true })
  })
})

describe('the example settings', () => {
  const documented = [
    ...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm),
  ].map(([, name = '']) => name)
  const examples = readdirSync(EXAMPLES)

  it('are there for development, staging and production', () => {
    expect(examples.sort()).toEqual(['development.env', 'production.env', 'staging.env'])
  })

  it.each(['development.env', 'staging.env', 'production.env'])(
    'of %s name only settings there are',
    (name) => {
      const given = Object.keys(parseEnv(readFileSync(join(EXAMPLES, name), 'utf8')))
      expect(given.length).toBeGreaterThan(4)
      expect(given.filter((setting) => !documented.includes(setting))).toEqual([])
    },
  )

  it.each(['staging.env', 'production.env'])(
    'of %s start auth-service as they stand, and hold no real key',
    (name) => {
      expect(runAuthService({ ENV_FILE: join(EXAMPLES, name) })).toEqual({ code: 0, text: '' })
      const given = Object.entries(parseEnv(readFileSync(join(EXAMPLES, name), 'utf8')))
      const secret = given.filter(([setting]) => /_(KEY|SECRET)$/.test(setting))
      expect(secret).toHaveLength(4)
      for (const [, value] of secret) expect(value).toMatch(/^<.*>$/)
    },
  )

  it('of development hold no key at all', () => {
    expect(readFileSync(join(EXAMPLES, 'development.env'), 'utf8')).not.toMatch(/^\w+_(KEY|SECRET)=/m)
  })
})
