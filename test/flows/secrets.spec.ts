import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventSubscriber, RequestClient } from '@xts-bridge/bus'
import type { BrokerApi, BrokerSession, CreatedKey, PlacedOrder, SessionState } from '@xts-bridge/contracts'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { Strategy } from '../support/strategy'

/** As a broker gives them; the env file is the one place where they are written. */
const BROKER = {
  XTS_SIMULATOR_INTERACTIVE_KEY: '4b1c9d2e7f60a5b3c8d1e2',
  XTS_SIMULATOR_INTERACTIVE_SECRET: 'Ab$1#c@2&d',
  XTS_SIMULATOR_MARKET_KEY: '9f8e7d6c5b4a3f2e1d0c9b',
  XTS_SIMULATOR_MARKET_SECRET: '#$Zy@&=9%x',
}
const RELIANCE = { exchange: 'NSE', symbol: 'RELIANCE' } as const
const REPEATS = 3

let folder: string
let house: House
let strategy: Strategy
let service: RequestClient
/** Everything that anybody outside was ever told, but for the two answers whose purpose is a secret. */
const told: string[] = []
const secrets = new Set<string>(Object.values(BROKER))
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-flow-'))
  const envFile = join(folder, '.env')
  writeFileSync(
    envFile,
    Object.entries(BROKER)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
    { mode: 0o600 },
  )
  house = await startHouse({ env: { ENV_FILE: envFile, LOG_LEVEL: 'debug', FEED_LINGER_MS: '200' } })
  strategy = new Strategy(house)
  closers.push(() => strategy.close())
  for (const name of filesUnder(join(house.dataFolder, 'keys')))
    secrets.add(readFileSync(name, 'utf8').trim())
  const { AUTH_REQUESTS_ENDPOINT, ...endpoints } = house.places.endpoints
  const apiKey = readFileSync(join(house.dataFolder, 'keys/services/orders.key'), 'utf8').trim()
  service = new RequestClient({
    endpoint: AUTH_REQUESTS_ENDPOINT,
    clock: systemClock,
    ids: randomIds,
    apiKey,
  })
  closers.push(() => service.close())
  for (const [name, endpoint] of Object.entries(endpoints).filter(([name]) => name.includes('EVENTS'))) {
    const onEvent = (event: unknown): void => void told.push(`${name} ${JSON.stringify(event)}`)
    const subscriber = new EventSubscriber({ endpoint, clock: systemClock, onEvent })
    subscriber.start()
    closers.push(() => subscriber.close())
  }
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** The session in force; its token is from now on a secret that nobody may find. */
async function session(api: BrokerApi): Promise<BrokerSession> {
  const found = await service.request<BrokerSession>('session.get', { account: 'primary', api })
  secrets.add(found.token)
  return found
}
const states = async (): Promise<readonly SessionState[]> =>
  noted(await strategy.ask('auth', 'session.status', {}))
const stateOf = async (api: BrokerApi): Promise<string> =>
  (await states()).find((state) => state.api === api)?.state ?? 'missing'
function noted<T>(reply: T): T {
  told.push(JSON.stringify(reply))
  return reply
}
async function fault(rule?: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const options = rule ? { method: 'POST', headers, body: JSON.stringify(rule) } : { method: 'DELETE' }
  const response = await fetch(`${house.controlUrl}/faults`, options)
  if (!response.ok) throw new Error(await response.text())
}
async function buy(): Promise<PlacedOrder> {
  const order = { ...RELIANCE, side: 'BUY', quantity: 1, product: 'MIS' }
  return noted(await strategy.ask<PlacedOrder>('orders', 'order.place', order))
}
/** `xb` as an operator runs it. */
function xb(...argv: string[]): Promise<{ code: number; text: string }> {
  const { AUTH_REQUESTS_ENDPOINT } = house.places.endpoints
  const env = { PATH: process.env['PATH'] ?? '', ENV_FILE: '/dev/null', DATA_DIR: house.dataFolder }
  const program = join(__dirname, '../../dist/tools/cli/src/main.js')
  return new Promise((resolve) => {
    const options = { env: { ...env, AUTH_REQUESTS_ENDPOINT } }
    execFile(process.execPath, [program, ...argv], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    )
  })
}
function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (!found.isDirectory()) return [path]
  return readdirSync(path).flatMap((name) => filesUnder(join(path, name)))
}

it('logs in with secrets of $ # @ & from an env file', async () => {
  expect(await stateOf('interactive')).toBe('live')
  expect(await stateOf('market')).toBe('live')
  await session('interactive')
  await session('market')
})

it('comes back by one login each when the broker logs both sessions out', async () => {
  const before = [await session('interactive'), await session('market')]
  await fault({ name: 'token-revoked' })
  await eventually('both sessions are new', 20_000, async () => {
    const now = await states()
    return (
      now.every(({ state, epoch }, index) => state === 'live' && epoch === (before[index]?.epoch ?? 0) + 1) ||
      undefined
    )
  })
  await session('interactive')
  await session('market')
  await eventually('an order is taken again', 20_000, () =>
    buy().then(
      () => true,
      (error: unknown) => void noted(String(error)),
    ),
  )
})

it('trades on while market data is refused for ever, and market data comes back afterwards', async () => {
  const { epoch } = await session('interactive')
  await fault({ name: 'login-refused-ip', call: 'market-login' })
  await fault({ name: 'token-revoked', api: 'market' })
  await eventually(
    'the market session is refused',
    20_000,
    async () => (await stateOf('market')) === 'refused' || undefined,
  )
  for (let count = 0; count < REPEATS; count += 1) {
    const ready = await fetch(`http://127.0.0.1:${house.places.ports.ORDERS_HEALTH_PORT}/health/ready`)
    noted(await ready.text())
    expect(ready.status).toBe(200)
    expect((await buy()).state).not.toBe('rejected')
  }
  expect((await session('interactive')).epoch).toBe(epoch)
  expect((await xb('tokens')).code).toBe(2)
  await fault()
  const login = await xb('tokens', '--login')
  noted(login.text)
  expect(login).toMatchObject({ code: 0, text: expect.stringMatching(/market +live/) })
  await session('interactive')
  await session('market')
})

it('shows no secret, key or token in any log, event, reply, page or file of a full run', async () => {
  const key = {
    name: 'desk',
    scopes: ['order.write', 'order.read', 'market.read'],
    accounts: ['*'],
    clientIDs: ['*'],
  }
  const { apiKey } = await strategy.ask<CreatedKey>('auth', 'key.create', key)
  secrets.add(apiKey)
  noted(await strategy.ask('auth', 'key.list', {}))
  noted((await xb('keys', 'list')).text)
  await useEverything(apiKey)
  await useWrongly(apiKey)
  for (const [name, port] of Object.entries(house.places.ports).filter(([name]) =>
    name.endsWith('HEALTH_PORT'),
  ))
    for (const path of ['/health/ready', '/metrics'])
      noted(`${name} ${await (await fetch(`http://127.0.0.1:${port}${path}`)).text()}`)

  const files = filesUnder(house.dataFolder).filter((file) => !/\/(keys|simulator)\//.test(file))
  const logs = files.filter((file) => file.startsWith(house.logFolder))
  expect(logs.length).toBeGreaterThanOrEqual(7)
  const logged = logs.map((file) => readFileSync(file, 'latin1')).join('\n')
  // The run was as talkative as it can be.
  expect(logged).toContain('broker call bodies')
  expect(told.join()).toContain('session.renewed')
  expect(secrets.size).toBeGreaterThan(20)
  const everywhere: readonly [string, string][] = [
    ...files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]),
    ['the screen', house.screen],
    ['what was told', told.join('\n')],
  ]
  const found = everywhere.flatMap(([place, text]) =>
    [...secrets].filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  )
  expect(found).toEqual([])
})

/** One of each: the REST API, quotes, ticks, WebSocket, books, a rejected order. */
async function useEverything(apiKey: string): Promise<void> {
  const rest = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const options = { method: 'POST', headers, body: JSON.stringify({ apikey: apiKey, ...body }) }
    noted(await (await fetch(`${house.restUrl}${path}`, options)).text())
  }
  await rest('/placeorder', { strategy: 's', ...RELIANCE, action: 'BUY', quantity: '1', product: 'MIS' })
  await rest('/positionbook', {})
  await rest('/quotes', RELIANCE)
  noted(await strategy.ask('orders', 'order.smart', { ...RELIANCE, product: 'MIS', targetPosition: 9 }))
  noted(await strategy.ask('orders', 'book.orders', {}))
  noted(await strategy.ask('feed', 'market.quotes', RELIANCE))
  noted(await strategy.ask('instruments', 'instruments.status', {}))
  const socket = new WebSocket(house.webSocketUrl)
  const frames: string[] = []
  socket.on('message', (frame: Buffer) => frames.push(frame.toString()))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ action: 'authenticate', api_key: apiKey }))
  socket.send(JSON.stringify({ action: 'subscribe', symbols: [RELIANCE], mode: 2 }))
  await eventually(
    'a tick on the WebSocket',
    15_000,
    () => frames.some((frame) => frame.includes('market_data')) || undefined,
  )
  socket.terminate()
  noted(frames)
}

/** Requests that carry a secret where none belongs; what is wrong with them is told without it. */
async function useWrongly(apiKey: string): Promise<void> {
  const refusal = (error: unknown): void => void noted(`${String(error)} ${JSON.stringify(error)}`)
  const { token } = await session('interactive')
  await strategy
    .ask('orders', 'order.place', { ...RELIANCE, apiKey, side: 'BUY', quantity: 1 })
    .catch(refusal)
  await strategy.ask('auth', 'session.get', { account: 'primary', api: 'interactive' }).catch(refusal)
  await strategy
    .ask('auth', 'session.hand-over', { accessToken: token, callbackSession: token })
    .catch(refusal)
  await strategy.ask('auth', 'session.hand-over', { callbackSession: `{"token":"${token}"}` }).catch(refusal)
  const url = house.restUrl.replace('/api/v1', '/broker/login')
  noted(await (await fetch(url, { method: 'POST', body: new URLSearchParams({ apiKey }) })).text())
  const back = `${url.replace('login', 'callback')}/${'x'.repeat(43)}?session=${token}`
  noted(await (await fetch(back)).text())
  await fetch(`${house.restUrl}/placeorder?apikey=${apiKey}`, { method: 'POST', body: apiKey }).then(
    async (answer) => noted(await answer.text()),
  )
}
