import type { BrokerSession, SessionState } from '@xts-bridge/contracts'
import { AuthHouse, LOCAL_KEY, SERVICE_KEYS, until } from './testing/auth-house'

const interactive = { account: 'primary', api: 'interactive' } as const

let house: AuthHouse
beforeEach(() => {
  house = new AuthHouse()
})
afterEach(() => house.remove())

const get = (api: string): Promise<BrokerSession> =>
  house.ask('session.get', { account: 'primary', api }, SERVICE_KEYS.orders)
const isLive = async (): Promise<boolean> => {
  const states = await house.ask<SessionState[]>('session.status', {}, LOCAL_KEY)
  return states.length === 2 && states.every(({ state }) => state === 'live')
}

describe('auth-service, sessions', () => {
  it('logs in to both APIs by itself and hands each session to a service', async () => {
    await house.start()
    await until(isLive)
    expect(await get('interactive')).toMatchObject({ ...interactive, userId: 'ABC1234A02', epoch: 1 })
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
    await house.stop()
    house.writeKey('token-encryption.key', 'c'.repeat(64))
    await house.start()
    await until(isLive)
    expect(await get('interactive')).toMatchObject({ epoch: 2 })
    expect(house.logged).toContain('stored token is not of this login')
  })

  it('turns fifty reports of one dead token into one login, announced by events without a token', async () => {
    await house.start()
    await until(isLive)
    await house.watchEvents()
    const report = { ...interactive, epoch: 1, brokerDescription: 'Invalid Token' }
    await Promise.all(
      Array.from({ length: 50 }, () => house.ask('session.report-invalid', report, SERVICE_KEYS.orders)),
    )
    await until(isLive)
    await until(() => house.events.length >= 2)
    expect(house.logins).toHaveLength(3)
    expect((await get('interactive')).epoch).toBe(2)
    expect((await get('market')).epoch).toBe(1)
    expect(house.events.map(({ topic }) => topic)).toEqual(['session.lost', 'session.renewed'])
    expect(house.events[1]?.data).toMatchObject({ ...interactive, state: 'live', epoch: 2 })
    expect(JSON.stringify(house.events)).not.toContain('token-')
  })

  it('stops and says so when the session is taken from it three times', async () => {
    await house.start()
    await until(isLive)
    await house.watchEvents()
    for (const epoch of [1, 2, 3]) {
      await until(async () => (await get('market')).epoch === epoch)
      await house.ask(
        'session.report-invalid',
        { account: 'primary', api: 'market', epoch },
        SERVICE_KEYS.feed,
      )
      if (epoch < 3)
        await until(() =>
          get('market').then(
            (s) => s.epoch > epoch,
            () => false,
          ),
        )
    }
    await until(() => house.events.some(({ topic }) => topic === 'session.contested'))
    await expect(get('market')).rejects.toMatchObject({ code: 'SESSION_UNAVAILABLE' })
    expect((await get('interactive')).epoch).toBe(1)
    expect(house.logins.filter((api) => api === 'market')).toHaveLength(3)
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
