import { HttpCaller } from '@xts-bridge/http'
import {
  brokerSettings,
  loginMarket,
  MarketSocket,
  parseMasterText,
  profileFromSettings,
  XtsMarket,
  type MarketUpdate,
  type XtsToken,
} from '@xts-bridge/xts'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import {
  startSimulator,
  type RunningSimulator,
  type SimulatorOptions,
} from '../../tools/xts-simulator/src/index'
import { clock, NIFTY, ok, RELIANCE, until } from './simulated-broker'

const ENOUGH = 12
const login = (name: string) => ({
  userId: name,
  clientCodes: [name],
  ...{ interactiveKey: `ik-${name}`, interactiveSecret: `is-${name}` },
  ...{ marketKey: `mk-${name}`, marketSecret: `ms-${name}` },
})

let simulator: RunningSimulator
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: SimulatorOptions): Promise<void> {
  simulator = await startSimulator({
    ...{ port: 0, controlPort: 0, universe: 'small', ticksPerSecond: 20, noisePerSecond: 0 },
    accounts: [login('BINARY'), login('JSON')],
    ...options,
  })
  closers.push(() => simulator.close())
}

/** What a service hears that is told to ask for this form. */
async function listen(name: string, format: 'JSON' | 'Binary') {
  const settings = brokerSettings.parse({
    XTS_BASE_URL: `http://127.0.0.1:${simulator.port}`,
    XTS_PUBLISH_FORMAT: format,
  })
  const profile = profileFromSettings(settings)
  const http = new HttpCaller({ baseUrl: profile.baseUrl, verifyTls: true, timeoutMs: 10_000, clock })
  closers.push(() => http.close())
  const keys = { appKey: `mk-${name}`, secretKey: `ms-${name}` }
  const token: XtsToken = { ...ok(await loginMarket({ http, profile, ...keys })), epoch: 1 }
  const updates: MarketUpdate[] = []
  const unreadable: string[] = []
  const socket = new MarketSocket({
    ...{ profile, clock, token: () => token, http },
    onJoined: () => undefined,
    onLogout: () => undefined,
    onDown: () => undefined,
    onUpdate: (update) => void updates.push(update),
    onUnreadable: (event, problem) => void unreadable.push(`${event}: ${problem}`),
  })
  closers.push(() => socket.close())
  socket.start()
  await until(() => socket.isLive)
  const market = new XtsMarket({ http, profile, token: () => token })
  return { updates, unreadable, market }
}

/** The same message of the feed, which both logins were sent, each in its form. */
const isTwin = (one: MarketUpdate, other: MarketUpdate): boolean =>
  one.token === other.token && one.sequence === other.sequence

async function aFuture(market: XtsMarket) {
  const { instruments } = parseMasterText(ok(await market.master(['NSEFO'])))
  const future = instruments.find(({ instrumentType }) => instrumentType === 'FUT')
  if (future === undefined) throw new Error('no future is listed')
  return { segment: future.segment, token: future.token }
}

describe('the binary feed', () => {
  it.each([
    ['wide', true],
    ['wide', false],
    ['classic', true],
    ['classic', false],
  ] as const)(
    'of the %s generation, deflated %s, brings the ticks that JSON brings',
    async (generation, isDeflated) => {
      await start({ binaryGeneration: generation, isBinaryCompressed: isDeflated })
      const json = await listen('JSON', 'JSON')
      const binary = await listen('BINARY', 'Binary')
      const refs = [RELIANCE, NIFTY, await aFuture(json.market)]
      ok(await json.market.subscribe(refs))
      ok(await binary.market.subscribe(refs))
      await until(() => refs.every(({ token }) => binary.updates.some((update) => update.token === token)))
      await until(() => binary.updates.length >= ENOUGH)
      expect(binary.unreadable).toEqual([])
      for (const update of binary.updates.slice(0, ENOUGH)) {
        const twin = () => json.updates.find((other) => isTwin(update, other))
        await until(() => twin() !== undefined)
        expect(update).toEqual(twin())
      }
    },
  )

  it('is read too where a gateway sends it to a socket that asked for JSON', async () => {
    await start({ jsonOnBinaryDoor: 'binary' })
    const { market, updates, unreadable } = await listen('JSON', 'JSON')
    ok(await market.subscribe([RELIANCE]))
    await until(() => updates.length >= ENOUGH)
    expect(unreadable).toEqual([])
    expect(updates.every(({ token, lastPrice = 0 }) => token === RELIANCE.token && lastPrice > 0)).toBe(true)
  })
})
