import { EventSubscriber } from '@xts-bridge/bus'
import { SessionFollower } from '@xts-bridge/access'
import type { BrokerApi, BrokerSession, SessionState } from '@xts-bridge/contracts'
import { HttpCaller } from '@xts-bridge/http'
import { brokerProfile, XtsInteractive, XtsMarketLookup, type CallOutcome } from '@xts-bridge/xts'
/* eslint-disable @nx/enforce-module-boundaries -- tests may import every room, and apps and tools have no alias */
import { AuthHouse, LOCAL_KEY, SECRETS, SERVICE_KEYS } from '../../apps/auth-service/src/testing/auth-house'
import { startGateway } from '../../apps/gateway/src/start-gateway'
import { gatewaySettings } from '../../apps/gateway/src/settings'
import { startSimulator, type RunningSimulator } from '../../tools/xts-simulator/src/index'
/* eslint-enable @nx/enforce-module-boundaries */
import { freePorts } from '../support/free-ports'
import { clock, until } from './simulated-broker'

const SIMULATOR_KEYS = {
  interactiveKey: SECRETS.JAINAM_INTERACTIVE_API_KEY,
  interactiveSecret: SECRETS.JAINAM_INTERACTIVE_API_SECRET,
  marketKey: SECRETS.JAINAM_MARKET_API_KEY,
  marketSecret: SECRETS.JAINAM_MARKET_API_SECRET,
}
/** Both sessions live, from the start of the service on. */
const LIVE_WITHIN_MS = 2_000

let simulator: RunningSimulator
let house: AuthHouse
let closers: (() => Promise<unknown>)[] = []
beforeEach(() => {
  house = new AuthHouse()
  closers = []
})
afterEach(async () => {
  for (const close of closers.reverse()) await close()
  await house.remove()
  await simulator.close()
})

type SimulatorOptions = Parameters<typeof startSimulator>[0]
const brokerUrl = (): string => `http://127.0.0.1:${simulator.port}`
async function startBroker(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({
    ...SIMULATOR_KEYS,
    port: 0,
    controlPort: 0,
    universe: 'small',
    ...options,
  })
}
const startAuth = (overrides: Record<string, string> = {}): Promise<void> =>
  house.start({ XTS_BASE_URL: brokerUrl(), ...overrides }, {})
const control = async (method: 'POST' | 'DELETE', fault?: object): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${simulator.controlPort}/faults`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(fault && { body: JSON.stringify(fault) }),
  })
  if (!response.ok) throw new Error(await response.text())
}
const states = (): Promise<readonly SessionState[]> => house.ask('session.status', {}, LOCAL_KEY)
const stateOf = async (api: BrokerApi): Promise<SessionState['state'] | undefined> =>
  (await states()).find((state) => state.api === api)?.state
const areLive = async (): Promise<boolean> => (await states()).every(({ state }) => state === 'live')
const session = (api: BrokerApi): Promise<BrokerSession> =>
  house.ask('session.get', { account: 'primary', api }, SERVICE_KEYS.orders)
async function loginsOf(api: BrokerApi): Promise<number> {
  const { body } = await house.health('/metrics')
  const line = new RegExp(`^auth_logins_total\\{api="${api}",outcome="ok".*\\} (\\d+)$`, 'm').exec(body)
  return Number(line?.[1] ?? 0)
}

/** A service that follows the session and calls the broker with it, as ours do. */
class Caller {
  readonly interactive: XtsInteractive
  readonly market: XtsMarketLookup
  readonly follower: SessionFollower

  constructor(api: BrokerApi) {
    const profile = brokerProfile('simulator', { baseUrl: brokerUrl() })
    const http = new HttpCaller({ baseUrl: brokerUrl(), verifyTls: true, timeoutMs: 5_000, clock })
    this.follower = new SessionFollower({
      auth: { request: (subject, data) => house.ask(subject, data, SERVICE_KEYS.orders) },
      eventsEndpoint: house.running.bound.events,
      clock,
      account: 'primary',
      api,
      onRenewed: () => undefined,
    })
    const options = { http, profile, token: this.follower.token }
    this.interactive = new XtsInteractive(options)
    this.market = new XtsMarketLookup(options)
    closers.push(
      () => http.close(),
      () => this.follower.close(),
    )
    this.follower.start()
  }

  /** The outcome of a call; a token that the broker refuses is reported, and with the next one it is asked again. */
  async answered<T>(call: () => Promise<CallOutcome<T>>): Promise<CallOutcome<T>> {
    for (;;) {
      const outcome = await call()
      if (outcome.kind === 'rejected' && outcome.isSessionInvalid) {
        this.follower.reportInvalid(outcome.epoch, outcome.brokerDescription)
        await until(() => this.follower.epoch !== undefined)
      } else return outcome
    }
  }
}

describe('sessions against the simulated broker', () => {
  it('are both live within two seconds, also after a restart, which logs in to neither again', async () => {
    await startBroker()
    const beganAtMs = Date.now()
    await startAuth()
    await until(areLive)
    expect(Date.now() - beganAtMs).toBeLessThan(LIVE_WITHIN_MS)
    const before = [await session('interactive'), await session('market')]
    await house.stop()
    const againAtMs = Date.now()
    await startAuth()
    await until(areLive)
    await until(async () =>
      (await house.health('/metrics')).body.includes('path="/interactive/user/balance"'),
    )
    await until(async () => (await house.health('/metrics')).body.includes('config/clientConfig"'))
    expect(Date.now() - againAtMs).toBeLessThan(LIVE_WITHIN_MS)
    expect([await session('interactive'), await session('market')]).toEqual(before)
    expect([await loginsOf('interactive'), await loginsOf('market')]).toEqual([0, 0])
  })

  it('log in at a restart when the broker ended the token meanwhile, before anybody stumbles over it', async () => {
    await startBroker()
    await startAuth()
    await until(areLive)
    const { epoch } = await session('interactive')
    await house.stop()
    await control('POST', { name: 'token-revoked', api: 'interactive' })
    await startAuth()
    await until(async () => (await loginsOf('interactive')) === 1 && (await areLive()))
    expect((await session('interactive')).epoch).toBeGreaterThan(epoch)
    expect(await loginsOf('market')).toBe(0)
  })

  it('come back by one login when the token dies in the middle of a hundred calls, all answered', async () => {
    await startBroker()
    await startAuth()
    await until(areLive)
    const caller = new Caller('interactive')
    await until(() => caller.follower.epoch !== undefined)
    const kinds: string[] = []
    const lane = async (): Promise<void> => {
      for (let count = 0; count < 10; count += 1) {
        kinds.push((await caller.answered(() => caller.interactive.orders())).kind)
        if (kinds.length === 50) await control('POST', { name: 'token-revoked', api: 'interactive' })
      }
    }
    await Promise.all(Array.from({ length: 10 }, lane))
    expect(kinds).toEqual(Array.from({ length: 100 }, () => 'ok'))
    expect(await loginsOf('interactive')).toBe(2)
    expect(await loginsOf('market')).toBe(1)
  })

  it('stop where another program fights for the key, leave the other API alone, and go on when told', async () => {
    await startBroker()
    await startAuth()
    await until(areLive)
    const topics: string[] = []
    const events = new EventSubscriber({
      endpoint: house.running.bound.events,
      clock,
      onEvent: ({ topic, data }) => topics.push(`${topic} ${(data as SessionState).api}`),
    })
    closers.push(() => events.close())
    events.start()
    const [feed, trader] = [new Caller('market'), new Caller('interactive')]
    await until(() => feed.follower.epoch !== undefined && trader.follower.epoch !== undefined)
    const traderEpoch = trader.follower.epoch
    await control('POST', { name: 'session-contest', api: 'market', everyMs: 50 })
    await until(async () => {
      const outcome = await feed.market.clientConfig()
      if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
        feed.follower.reportInvalid(outcome.epoch, outcome.brokerDescription)
      expect((await trader.interactive.orders()).kind).toBe('ok')
      return (await stateOf('market')) === 'contested'
    })
    await until(() => topics.includes('session.contested market'))
    expect(topics.filter((topic) => topic.endsWith('interactive'))).toEqual([])
    expect(trader.follower.epoch).toBe(traderEpoch)
    const logins = await loginsOf('market')
    expect(logins).toBe(3)
    await control('DELETE')
    await house.ask('session.resume', {}, LOCAL_KEY)
    await until(areLive)
    expect([await loginsOf('interactive'), await loginsOf('market')]).toEqual([1, 4])
    await until(async () => (await feed.market.clientConfig()).kind === 'ok')
  })

  it('trade on while the market-data login is refused for ever', async () => {
    await startBroker()
    await control('POST', { name: 'login-refused-ip', call: 'market-login' })
    await startAuth()
    await until(
      async () => (await stateOf('market')) === 'refused' && (await stateOf('interactive')) === 'live',
    )
    const trader = new Caller('interactive')
    await until(() => trader.follower.epoch !== undefined)
    expect((await trader.interactive.orders()).kind).toBe('ok')
    const [interactive, market] = await states()
    expect(interactive?.problem).toBeUndefined()
    expect(market?.problem).toContain('trusted IP')
    const { body } = await house.health('/metrics')
    expect(body).toMatch(/auth_interactive_session_live\{.*\} 1/)
    expect(body).toMatch(/auth_market_session_live\{.*\} 0/)
  })
})

describe('a login by a person at the broker’s page', () => {
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`
  let port = 0

  async function startDoor(): Promise<void> {
    const [gatewayPort = 0, nobody = 0] = await freePorts(2)
    port = gatewayPort
    const endpoint = `tcp://127.0.0.1:${nobody}`
    const quiet = { error: note, warn: note, info: note, debug: note }
    const gateway = await startGateway(
      gatewaySettings.parse({
        KEYS_DIR: house.keysFolder,
        GATEWAY_PORT: String(port),
        GATEWAY_HEALTH_PORT: '0',
        AUTH_REQUESTS_ENDPOINT: house.running.bound.requests,
        ORDERS_REQUESTS_ENDPOINT: endpoint,
        FEED_REQUESTS_ENDPOINT: endpoint,
      }),
      quiet,
    )
    closers.push(() => gateway.stop())
  }
  const gatewayLog: string[] = []
  const note = (message: string, fields?: unknown): void =>
    void gatewayLog.push(`${message} ${JSON.stringify(fields)}`)

  /** A person with a browser: asks for the page, logs in at the broker, and is sent back. */
  async function logInByHand(password: string): Promise<{ status: number; text: string }> {
    const start = await fetch(url('/broker/login'), {
      method: 'POST',
      body: new URLSearchParams({ apiKey: LOCAL_KEY }),
      redirect: 'manual',
    })
    const page = new URL(start.headers.get('location') ?? '')
    expect(page.origin).toBe(brokerUrl())
    const form = {
      appKey: page.searchParams.get('appKey') ?? '',
      returnURL: page.searchParams.get('returnURL') ?? '',
      userID: 'SIM0001A01',
      password,
    }
    const atBroker = await fetch(page, { method: 'GET' })
    expect(atBroker.status).toBe(200)
    const done = await fetch(`${page.origin}${page.pathname}`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, userID: await loginName() }),
    })
    const html = await done.text()
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? ''
    const handed = /name="session" value="([^"]+)"/.exec(html)?.[1]
    if (handed === undefined) return { status: done.status, text: html }
    const back = await fetch(action, { method: 'POST', body: new URLSearchParams({ session: handed }) })
    return { status: back.status, text: await back.text() }
  }
  async function loginName(): Promise<string> {
    const keys = { appKey: SIMULATOR_KEYS.marketKey, secretKey: SIMULATOR_KEYS.marketSecret }
    const response = await fetch(`${brokerUrl()}/apibinarymarketdata/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(keys),
    })
    return ((await response.json()) as { result: { userID: string } }).result.userID
  }

  it.each(['access-token', 'access-token-twice', 'token'] as const)(
    'opens the session by what the broker hands back: %s',
    async (thirdPartySession) => {
      await startBroker({ thirdPartySession })
      await startAuth({ XTS_LOGIN_FLOW: 'access-token' })
      await startDoor()
      await until(async () => (await stateOf('interactive')) === 'login-needed')
      const { status, text } = await logInByHand(SIMULATOR_KEYS.interactiveSecret)
      expect(text).toContain('is live')
      expect(status).toBe(200)
      expect(await stateOf('interactive')).toBe('live')
      const trader = new Caller('interactive')
      await until(() => trader.follower.epoch !== undefined)
      expect((await trader.interactive.orders()).kind).toBe('ok')
      expect(await loginsOf('interactive')).toBe(1)
      const { token } = await session('interactive')
      for (const secret of [token, LOCAL_KEY, ...Object.values(SECRETS)]) {
        expect(house.logged.includes(secret)).toBe(false)
        expect(gatewayLog.join().includes(secret)).toBe(false)
      }
    },
  )

  it('takes no session that is somebody else’s, made up or dead', async () => {
    await startBroker()
    await startAuth({ XTS_LOGIN_FLOW: 'access-token' })
    const hand = (token: string, userID: string): Promise<unknown> =>
      house.ask('session.hand-over', { callbackSession: JSON.stringify({ token, userID }) }, LOCAL_KEY)
    const jwt = (claims: object): string =>
      `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
    const exp = Math.floor(Date.now() / 1_000) + 3_600
    await expect(hand(jwt({ userID: 'OTHER1_KEY', exp }), 'SIM0001')).rejects.toThrow(
      'the token is of user "OTHER1", but the login was answered for user "SIM0001"',
    )
    expect((await states())[0]).toMatchObject({
      state: 'login-needed',
      problem: expect.stringContaining('OTHER1'),
    })
    await expect(hand('no-web-token', 'SIM0001')).rejects.toThrow('no JSON web token')
    const madeUp = jwt({ userID: 'SIM0001_KEY', exp })
    await expect(hand(madeUp, 'SIM0001')).rejects.toMatchObject({ code: 'SESSION_LOGIN_REFUSED' })
    expect(await stateOf('interactive')).toBe('login-needed')
    expect(house.logged).not.toContain(madeUp)
  })
})
