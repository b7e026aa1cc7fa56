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
