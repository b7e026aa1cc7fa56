import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerSession, CreatedKey, SessionState } from '@xts-bridge/contracts'
import { AuthHouse, LOCAL_KEY, SERVICE_KEYS, until } from './testing/auth-house'

const interactive = { account: 'primary', api: 'interactive' } as const

let house: AuthHouse
beforeEach(() => {
  house = new AuthHouse()
})
afterEach(() => house.remove())

const get = (api: string): Promise<BrokerSession> =>
  house.ask('session.get', { account: 'primary', api }, SERVICE_KEYS.orders)
const states = (): Promise<SessionState[]> => house.ask('session.status', {}, LOCAL_KEY)
/** Another program takes the market session until ours gives up. */
const contest = async (): Promise<void> => {
  const first = (await get('market')).epoch
  for (const epoch of [first, first + 1, first + 2]) {
    await until(() =>
      get('market').then(
        (session) => session.epoch === epoch,
        () => false,
      ),
    )
    await house.ask('session.report-invalid', { account: 'primary', api: 'market', epoch }, SERVICE_KEYS.feed)
  }
}
const isLive = async (): Promise<boolean> => {
  const both = await states()
  return both.length === 2 && both.every(({ state }) => state === 'live')
}

describe('auth-service, sessions', () => {
  it('logs in to both APIs by itself and hands each session to a service', async () => {
    await house.start()
    await until(isLive)
    expect(await get('interactive')).toMatchObject({ ...interactive, userId: 'ABC1234A02' })
    expect((await get('interactive')).token).toMatch(/^token-interactive-/)
    expect((await get('market')).token).toMatch(/^token-market-/)
    expect([...house.logins].sort()).toEqual(['interactive', 'market'])
  })

  it('makes no second login after a restart while the tokens live', async () => {
    await house.start()
    await until(isLive)
    const before = await get('interactive')
    await house.stop()
    await house.start()
    await until(isLive)
    expect(await get('interactive')).toEqual(before)
    expect(house.logins).toHaveLength(2)
  })

  it('logs in anew after a restart when the encryption key was replaced', async () => {
    await house.start()
    await until(isLive)
    const { epoch } = await get('interactive')
    await house.stop()
    house.writeKey('token-encryption.key', 'c'.repeat(64))
    await house.start()
    await until(isLive)
    expect((await get('interactive')).epoch).toBeGreaterThan(epoch)
    expect(house.logged).toContain('stored token is not of this login')
  })

  it('never goes back to an epoch from before when its database is lost', async () => {
    await house.start()
    await until(isLive)
    const before = await get('interactive')
    await house.stop()
    for (const name of ['auth.sqlite', 'auth.sqlite-wal', 'auth.sqlite-shm'])
      rmSync(join(house.folder, name), { force: true })
    await house.start()
    await until(isLive)
    expect((await get('interactive')).epoch).toBeGreaterThanOrEqual(before.epoch)
    expect(before.epoch).toBeGreaterThan(1_700_000_000)
  })

  it('turns fifty reports of one dead token into one login, announced by events without a token', async () => {
    await house.start()
    await until(isLive)
    await house.watchEvents()
    const { epoch } = await get('interactive')
    const marketEpoch = (await get('market')).epoch
    const report = { ...interactive, epoch, brokerDescription: 'Invalid Token' }
    await Promise.all(
      Array.from({ length: 50 }, () => house.ask('session.report-invalid', report, SERVICE_KEYS.orders)),
    )
    await until(isLive)
    await until(() => house.events.length >= 2)
    expect(house.logins).toHaveLength(3)
    expect((await get('interactive')).epoch).toBe(epoch + 1)
    expect((await get('market')).epoch).toBe(marketEpoch)
    expect(house.events.map(({ topic }) => topic)).toEqual(['session.lost', 'session.renewed'])
    expect(house.events[1]?.data).toMatchObject({ ...interactive, state: 'live', epoch: epoch + 1 })
    expect(JSON.stringify(house.events)).not.toContain('token-')
  })

  it('stops and says so when the session is taken from it three times', async () => {
    await house.start()
    await until(isLive)
    await house.watchEvents()
    const interactiveEpoch = (await get('interactive')).epoch
    await contest()
    await until(() => house.events.some(({ topic }) => topic === 'session.contested'))
    await expect(get('market')).rejects.toMatchObject({ code: 'SESSION_UNAVAILABLE' })
    expect((await get('interactive')).epoch).toBe(interactiveEpoch)
    expect(house.logins.filter((api) => api === 'market')).toHaveLength(3)
    expect((await house.health('/metrics')).body).toMatch(/auth_market_session_contested\{.*\} 1/)
  })

  it('goes on after a contest when an administrator says so, and for nobody else', async () => {
    await house.start()
    await until(isLive)
    await contest()
    await until(async () => (await states()).some(({ state }) => state === 'contested'))
    const key = { name: 'reader', scopes: ['order.read'], accounts: ['*'], clientIDs: ['*'] }
    const reader = await house.ask<CreatedKey>('key.create', key, LOCAL_KEY)
    for (const apiKey of [reader.apiKey, SERVICE_KEYS.orders])
      await expect(house.ask('session.resume', {}, apiKey)).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
    const answer = await house.ask<SessionState[]>('session.resume', { api: 'market' }, LOCAL_KEY)
    expect(answer).toMatchObject([{ api: 'market', state: 'logging-in' }])
    await until(isLive)
    expect(house.logins.filter((api) => api === 'market')).toHaveLength(4)
    expect(house.logins.filter((api) => api === 'interactive')).toHaveLength(1)
  })

  it('logs in anew on demand, and leaves a live session alone otherwise', async () => {
    await house.start()
    await until(isLive)
    const { epoch } = await get('interactive')
    await house.ask('session.resume', {}, LOCAL_KEY)
    expect(house.logins).toHaveLength(2)
    await house.ask('session.resume', { api: 'interactive', renew: true }, LOCAL_KEY)
    await until(async () => (await get('interactive')).epoch === epoch + 1)
    expect(house.logins).toHaveLength(3)
  })

  it.each<[string, object]>([
    ['an account of another house', { account: 'other' }],
    ['an API there is not', { api: 'both' }],
    ['a field there is not', { force: true }],
  ])('refuses to resume %s', async (_, data) => {
    await house.start()
    await expect(house.ask('session.resume', data, LOCAL_KEY)).rejects.toThrow(
      /no live interactive session|breaks its contract/,
    )
  })

  it.each<[string, object, RegExp]>([
    ['nothing', {}, /give either accessToken or callbackSession/],
    ['both', { accessToken: 'a', callbackSession: '{}' }, /give either accessToken or callbackSession/],
    [
      'an unreadable callback',
      { callbackSession: 'undefined' },
      /callbackSession: the session is no JSON object/,
    ],
    ['the other API', { api: 'market', accessToken: 'a' }, /api/],
  ])('refuses a hand-over of %s', async (_, data, message) => {
    await house.start()
    await expect(house.ask('session.hand-over', data, LOCAL_KEY)).rejects.toThrow(message)
  })

  it('gives the broker’s page to an administrator, with a way back that is a web address', async () => {
    await house.start()
    const ask = (returnUrl: string, key = LOCAL_KEY): Promise<unknown> =>
      house.ask('session.login-page', { returnUrl }, key)
    expect(await ask('http://127.0.0.1:5000/broker/callback/n')).toEqual({
      url: 'http://broker.test/thirdparty?returnURL=http://127.0.0.1:5000/broker/callback/n',
    })
    await expect(ask('javascript:alert(1)')).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    await expect(ask('http://x.in', SERVICE_KEYS.gateway)).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
  })

  it('is ready without a broker session, and shows the refusal beside it', async () => {
    const refused = {
      kind: 'rejected',
      brokerCode: 'e-login-0001',
      brokerDescription: 'Entered invalid credentials',
      isSessionInvalid: false,
    } as const
    house.answers = [refused, refused]
    await house.start()
    await until(() => house.logged.includes('login failed'))
    await expect(get('interactive')).rejects.toMatchObject({
      code: 'SESSION_LOGIN_REFUSED',
      kind: 'unavailable',
      message: 'The broker refused the interactive login: Entered invalid credentials.',
    })
    const { status, body } = await house.health('/health/ready')
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      ready: true,
      conditions: { database: true, bus: true },
      sessions: [
        { api: 'interactive', state: 'refused' },
        { api: 'market', state: 'refused' },
      ],
    })
  })

  it('counts logins, reports, key checks and live sessions', async () => {
    await house.start()
    await until(isLive)
    await house.ask('session.report-invalid', { ...interactive, epoch: 77 }, SERVICE_KEYS.orders)
    const { body } = await house.health('/metrics')
    expect(body).toMatch(/auth_logins_total\{api="interactive",outcome="ok".*\} 1/)
    expect(body).toMatch(/auth_session_reports_total\{api="interactive",outcome="ignored".*\} 1/)
    expect(body).toMatch(/auth_key_checks_total\{outcome="service".*\} 1/)
    expect(body).toMatch(/auth_live_sessions\{.*\} 2/)
  })
})
