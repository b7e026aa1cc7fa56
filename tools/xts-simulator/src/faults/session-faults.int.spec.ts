import io from 'socket.io-client'
import { eventually, FaultLab, proves as prove, INTERACTIVE_KEYS, MARKET_KEYS } from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

const profile = () => lab.client.call('GET', '/interactive/user/profile')
const logIn = () => lab.newClient().login('/interactive/user/session', INTERACTIVE_KEYS)

describe('faults of sessions', () => {
  proves('token-revoked', async () => {
    const feed = await lab.feed()
    const socket = await lab.orderSocket()
    expect((await lab.arm('token-revoked', { api: 'interactive' })).affected).toBe(1)
    await socket.hears('disconnect')
    expect(socket.heard.map(({ name }) => name)).toEqual(['joined', 'logout', 'disconnect'])
    expect(await profile()).toMatchObject({ body: { code: 'e-session-0005' } })
    expect(await feed.quotes()).toMatchObject({ status: 200 })
  })

  proves('session-contest', async () => {
    await lab.arm('session-contest', { everyMs: 30, api: 'interactive' })
    for (let lost = 0; lost < 3; lost++) {
      await lab.client.login('/interactive/user/session', INTERACTIVE_KEYS)
      await eventually(async () => (await profile()).status !== 200)
    }
    const market = lab.newClient()
    expect(await market.login('/apimarketdata/auth/login', MARKET_KEYS)).toMatchObject({ status: 200 })
  })

  proves('false-logout', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('false-logout')
    await socket.hears('logout')
    expect(await profile()).toMatchObject({ status: 200 })
    await lab.place()
    await socket.hears('trade')
  })

  proves('login-refused-ip', async () => {
    await lab.arm('login-refused-ip')
    const answer = await logIn()
    expect(answer).toMatchObject({ status: 400, body: { type: 'error', code: 'e-user-0013' } })
    expect(answer.body?.description).toContain('trusted IP')
    expect(await profile()).toMatchObject({ status: 200 })
  })

  proves('login-500', async () => {
    await lab.arm('login-500')
    expect(await logIn()).toMatchObject({ status: 500, body: undefined })
    expect(await profile()).toMatchObject({ status: 200 })
  })

  proves('login-slow', async () => {
    await lab.arm('login-slow', { delayMs: 5000 })
    const keys = { ...INTERACTIVE_KEYS }
    await expect(lab.newClient().call('POST', '/interactive/user/session', keys, 150)).rejects.toThrow(
      'timeout',
    )
    expect(await logIn()).toMatchObject({ status: 200 })
  })
})
