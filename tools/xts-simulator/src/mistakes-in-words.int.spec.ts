import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'
import { HOST_ROUTES, INTERACTIVE_ROUTES } from './rest/interactive-routes'
import { MARKET_ROUTES } from './rest/market-routes'
import { XtsClient } from './testing/xts-client'

const UNKNOWN_FIELDS = 'a client sent fields this broker does not know'

describe('what a client did wrong', () => {
  const said: { message: string; facts: Readonly<Record<string, unknown>> }[] = []
  const messages = (): string[] => said.map(({ message }) => message)
  let simulator: RunningSimulator
  let client: XtsClient

  beforeAll(async () => {
    const log = (message: string, facts = {}): void => void said.push({ message, facts })
    simulator = await startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      accountKind: 'dealer',
      log,
    })
  })
  beforeEach(async () => {
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await logIn('interactive')
    said.length = 0
  })
  afterEach(() => client.close())
  afterAll(() => simulator.close())

  const logIn = (api: 'interactive' | 'market') =>
    client.login(api === 'market' ? '/apimarketdata/auth/login' : '/interactive/user/session', {
      appKey: `simulator-${api}-key`,
      secretKey: `simulator-${api}-secret`,
      source: 'WEBAPI',
    })

  const routes = [
    ...HOST_ROUTES.map((route) => ({ ...route, prefix: '', api: 'interactive' as const })),
    ...INTERACTIVE_ROUTES.map((route) => ({ ...route, prefix: '/interactive', api: 'interactive' as const })),
    ...MARKET_ROUTES.map((route) => ({ ...route, prefix: '/apimarketdata', api: 'market' as const })),
  ]

  it.each(routes.map((route) => [`${route.method} ${route.prefix}${route.path}`, route] as const))(
    'is told when %s has a field nobody knows, in body and query',
    async (_name, { method, prefix, path, api }) => {
      await logIn(api)
      said.length = 0
      const hasBody = method === 'post' || method === 'put'
      await client.call(method.toUpperCase(), `${prefix}${path}?nonsenseInQuery=1`, hasBody ? { nonsenseInBody: 1 } : undefined) // prettier-ignore
      const told = said
        .filter(({ message }) => message === UNKNOWN_FIELDS)
        .flatMap(({ facts }) => facts['fields'])
      expect(told).toEqual(hasBody ? ['nonsenseInBody', 'nonsenseInQuery'] : ['nonsenseInQuery'])
    },
  )

  it.each(routes.filter(({ access }) => access === 'token').map((route) => [`${route.method} ${route.prefix}${route.path}`, route] as const))(
    'is told when %s is called without a token, and with one of the other API',
    async (_name, { method, prefix, path, api }) => {
      client.token = ''
      await client.call(method.toUpperCase(), `${prefix}${path}`)
      expect(messages()).toContainEqual(expect.stringMatching(/sent no token/))
      await logIn(api === 'market' ? 'interactive' : 'market')
      await client.call(method.toUpperCase(), `${prefix}${path}`)
      expect(messages()).toContainEqual(expect.stringMatching(/token of the other API/))
    },
  ) // prettier-ignore

  it('is told when a dealer does not say whose book it means, or trades for a stranger', async () => {
    await client.call('GET', '/interactive/orders')
    expect(messages()).toContainEqual(expect.stringMatching(/must send clientID/))
    await client.call('GET', '/interactive/orders?clientID=NOBODY')
    expect(said).toContainEqual({ message: 'request refused', facts: expect.objectContaining({ why: expect.stringMatching(/not mapped/) as unknown }) as unknown }) // prettier-ignore
  })

  it('is told when a path has the wrong method or is nowhere, and when a body is no JSON', async () => {
    await client.call('PATCH', '/interactive/orders')
    await client.call('GET', '/interactive/nowhere')
    const meant = said.map(({ facts }) => facts['meant'])
    expect(meant).toEqual([{ methods: expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']) as unknown }, undefined]) // prettier-ignore
    await fetch(`http://127.0.0.1:${simulator.port}/interactive/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }) // prettier-ignore
    expect(messages()).toContain('a client sent a body that cannot be read')
  })

  it('is told when a socket comes with a token that is none', async () => {
    client.token = 'invented'
    await client.openSocket('/interactive/socket.io').hears('error')
    expect(said).toContainEqual({
      message: 'a socket was refused: its token is not valid',
      facts: expect.objectContaining({ why: expect.stringMatching(/never issued/) as unknown }) as unknown,
    })
  })

  it('never has a token or a secret in it', async () => {
    await logIn('market')
    const { token } = client
    await client.call('GET', '/interactive/orders')
    await client.call('POST', '/apimarketdata/auth/login', {
      appKey: 'x',
      secretKey: 'hush-hush',
      colour: 'red',
    })
    const text = JSON.stringify(said)
    expect(text).toContain('colour')
    expect(text.includes(token) || text.includes('hush-hush') || text.includes('simulator-market-secret')).toBe(false) // prettier-ignore
  })
})
