import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings, SettingsError } from '@xts-bridge/runtime'
import { authSettings, type AuthSettings } from './settings'

const secrets = {
  JAINAM_INTERACTIVE_API_KEY: '0123456789abcdef012345',
  JAINAM_INTERACTIVE_API_SECRET: 'Ab$1#c@2&d',
  JAINAM_MARKET_API_KEY: 'fedcba9876543210fedcba',
  JAINAM_MARKET_API_SECRET: '#$@&"=%',
}
const load = (environment: Record<string, string>, envFile = '/nowhere/.env'): AuthSettings =>
  loadSettings(authSettings, { environment, envFile })

describe('settings of auth-service', () => {
  it('takes secrets with $ # @ & from the environment as they are', () => {
    expect(load(secrets)).toMatchObject(secrets)
  })

  it('takes secrets with $ # @ & from an env file when they are in single quotes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-settings-'))
    const file = join(folder, '.env')
    const lines = Object.entries(secrets).map(([name, value]) => `${name}='${value}'`)
    writeFileSync(file, lines.join('\n'))
    expect(load({}, file)).toMatchObject(secrets)
    rmSync(folder, { recursive: true })
  })

  it('needs nothing but the broker secrets', () => {
    expect(load(secrets)).toMatchObject({
      ACCOUNT_ID: 'primary',
      XTS_PROFILE: 'simulator',
      HTTP_TIMEOUT_MS: 10_000,
      AUTH_HEALTH_PORT: 9101,
      AUTH_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:5561',
      AUTH_EVENTS_ENDPOINT: 'tcp://127.0.0.1:5571',
      AUTH_RENEW_BEFORE_MS: 3_600_000,
    })
  })

  it('takes times of day in India, and none', () => {
    const times = (text: string): readonly number[] =>
      load({ ...secrets, AUTH_RENEW_TIMES_IST: text }).AUTH_RENEW_TIMES_IST
    expect(load(secrets).AUTH_RENEW_TIMES_IST).toEqual([480])
    expect(times('07:30, 20:15')).toEqual([450, 1_215])
    expect(times('none')).toEqual([])
  })

  it.each(['8:00', '24:00', '08:60', '08:00,', 'morning', '-1:00'])('refuses %s as a time of day', (text) => {
    expect(() => load({ ...secrets, AUTH_RENEW_TIMES_IST: text })).toThrow(
      'AUTH_RENEW_TIMES_IST: must be times such as 08:00,20:30, or none',
    )
  })

  it('goes by the environment first, then by the env file, then by the default', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-settings-'))
    const file = join(folder, '.env')
    writeFileSync(file, 'AUTH_HEALTH_PORT=7001\nACCOUNT_ID=fromfile\n')
    const loaded = load({ ...secrets, ACCOUNT_ID: 'fromenv' }, file)
    expect(loaded).toMatchObject({ ACCOUNT_ID: 'fromenv', AUTH_HEALTH_PORT: 7001, XTS_PROFILE: 'simulator' })
    rmSync(folder, { recursive: true })
  })

  it('takes the names that OpenAlgo gives the keys', () => {
    const aliases = {
      BROKER_API_KEY: secrets.JAINAM_INTERACTIVE_API_KEY,
      BROKER_API_SECRET: secrets.JAINAM_INTERACTIVE_API_SECRET,
      BROKER_API_KEY_MARKET: secrets.JAINAM_MARKET_API_KEY,
      BROKER_API_SECRET_MARKET: secrets.JAINAM_MARKET_API_SECRET,
    }
    expect(load(aliases)).toMatchObject(secrets)
  })

  it('names every missing and malformed setting at once, and no secret', () => {
    const wrong = {
      JAINAM_MARKET_API_SECRET: secrets.JAINAM_MARKET_API_SECRET,
      ACCOUNT_ID: 'Not An Account',
      XTS_PROFILE: 'nobody',
      XTS_BASE_URL: 'no url',
      AUTH_HEALTH_PORT: '70000',
      AUTH_RENEW_BEFORE_MS: 'soon',
      AUTH_EVENTS_ENDPOINT: 'http://127.0.0.1',
    }
    let error: unknown
    try {
      load(wrong)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SettingsError)
    const names = (error as SettingsError).problems.map(({ setting }) => setting).sort()
    expect(names).toEqual([
      'ACCOUNT_ID',
      'AUTH_EVENTS_ENDPOINT',
      'AUTH_HEALTH_PORT',
      'AUTH_RENEW_BEFORE_MS',
      'JAINAM_INTERACTIVE_API_KEY',
      'JAINAM_INTERACTIVE_API_SECRET',
      'JAINAM_MARKET_API_KEY',
      'XTS_BASE_URL',
      'XTS_PROFILE',
    ])
    expect(String(error)).not.toContain(secrets.JAINAM_MARKET_API_SECRET)
  })
})
