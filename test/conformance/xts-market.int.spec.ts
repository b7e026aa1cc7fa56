import { MarketSocket, XtsMarket, type MarketUpdate, type XtsToken } from '@xts-bridge/xts'
import { clock, NIFTY, ok, RELIANCE, SimulatedBroker, until } from './simulated-broker'

/**
 * The broker client against the broker simulator. Each was written from the broker's documents on its own, so what they
 * disagree on, one of them has misread.
 */

let broker: SimulatedBroker

afterEach(() => broker.close())

describe('market data', () => {
  async function open(current: { token?: XtsToken } = {}): Promise<{
    market: XtsMarket
    updates: MarketUpdate[]
    log: string[]
    socket: MarketSocket
  }> {
    current.token = await broker.logInMarket()
    const [updates, log]: [MarketUpdate[], string[]] = [[], []]
    const socket = new MarketSocket({
      profile: broker.profile,
      clock,
      token: () => current.token,
      onJoined: () => void log.push('joined'),
      onUpdate: (update) => updates.push(update),
      onLogout: (reason) => void log.push(`logout: ${reason}`),
      onDown: (reason) => void log.push(`down: ${reason}`),
      onUnreadable: (event, problem) => void log.push(`unreadable ${event}: ${problem}`),
    })
    broker.closeFirst(() => socket.close())
    socket.start()
    await until(() => socket.isLive)
    return {
      market: new XtsMarket({ http: broker.http, profile: broker.profile, token: () => current.token }),
      updates,
      log,
      socket,
    }
  }

  it('answers quotes with touchline and depth at the present time', async () => {
    broker = await SimulatedBroker.start('retail')
    const { market } = await open()
    const quotes = ok(await market.quotes([RELIANCE, NIFTY, { segment: 'NSECM', token: 999_999_999 }]))
    expect(quotes.map(({ token }) => token)).toEqual([2885, 26000])
    const [reliance] = quotes
    expect(reliance?.bids).toHaveLength(5)
    expect(reliance?.bids?.[0]?.price).toBeLessThan(reliance?.asks?.[0]?.price ?? 0)
    expect(Math.abs((reliance?.exchangeAtMs ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it.each(['Full', 'Partial'] as const)(
    'ticks after subscribing, broadcast %s, and every tick is read',
    async (mode) => {
      broker = await SimulatedBroker.start('retail', { broadcastMode: mode })
      const { market, updates, log } = await open()
      const [snapshot] = ok(await market.subscribe([RELIANCE]))
      expect(snapshot?.lastPrice).toBeGreaterThan(0)
      await until(() => updates.length >= 3)
      for (const update of updates) {
        expect(update).toMatchObject(RELIANCE)
        expect(update.bids).toHaveLength(5)
      }
      expect(log).toEqual(['joined'])
      ok(await market.unsubscribe([RELIANCE]))
    },
  )

  it('gives a new snapshot for what is subscribed already, and passes over what is not listed', async () => {
    broker = await SimulatedBroker.start('retail')
    const { market } = await open()
    ok(await market.subscribe([RELIANCE]))
    const again = ok(await market.subscribe([RELIANCE, NIFTY, { segment: 'NSEFO', token: 999_999_999 }]))
    expect(again.map(({ token }) => token)).toEqual([2885, 26000])
    expect(market.remainingSubscriptions).toBe(9_998)
  })

  it('serves the instrument list and the indices without a session', async () => {
    broker = await SimulatedBroker.start('retail')
    const market = new XtsMarket({ http: broker.http, profile: broker.profile, token: () => undefined })
    const text = ok(await market.master(['NSECM', 'NSEFO']))
    expect(text).toMatch(/^NSECM\|2885\|8\|RELIANCE\|/m)
    expect(text).toMatch(/^NSEFO\|/m)
    expect(ok(await market.indexList('NSECM'))).toContainEqual({ name: 'NIFTY 50', token: 26000 })
    expect(await market.quotes([RELIANCE])).toMatchObject({ kind: 'not-sent', isSessionMissing: true })
  })

  it('names a dead token by its epoch', async () => {
    broker = await SimulatedBroker.start('retail')
    const { market, log } = await open()
    await broker.setFault({ name: 'token-revoked', api: 'market' })
    expect(await market.quotes([RELIANCE])).toMatchObject({
      kind: 'rejected',
      isSessionInvalid: true,
      epoch: 1,
    })
    await until(() => log.some((line) => line.startsWith('logout')))
  })
})
