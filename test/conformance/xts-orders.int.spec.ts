import {
  InteractiveSocket,
  loginInteractive,
  OrderGovernor,
  XtsInteractive,
  XtsMarket,
  type BrokerOrder,
  type BrokerOrderInstruction,
  type BrokerTrade,
  type XtsToken,
} from '@xts-bridge/xts'
import { clock, KEYS, ok, RELIANCE, SimulatedBroker, until } from './simulated-broker'

/**
 * The broker client against the broker simulator. Each was written from the broker's documents on its own, so what they
 * disagree on, one of them has misread.
 */

let broker: SimulatedBroker
let tagCount = 0

afterEach(() => broker.close())

function order(change: Partial<BrokerOrderInstruction> = {}): BrokerOrderInstruction {
  tagCount += 1
  return {
    tag: `tag${String(tagCount).padStart(15, '0')}`,
    ...RELIANCE,
    side: 'BUY',
    priceType: 'MARKET',
    product: 'MIS',
    validity: 'DAY',
    quantity: 3,
    disclosedQuantity: 0,
    price: 0,
    triggerPrice: 0,
    ...change,
  }
}

interface Trading {
  readonly xts: XtsInteractive
  readonly token: XtsToken
  readonly orders: BrokerOrder[]
  readonly trades: BrokerTrade[]
  readonly log: string[]
  readonly socket: InteractiveSocket
}

async function trade(current: { token?: XtsToken } = {}): Promise<Trading> {
  const token = await broker.logInInteractive()
  current.token = token
  const [orders, trades, log]: [BrokerOrder[], BrokerTrade[], string[]] = [[], [], []]
  const socket = new InteractiveSocket({
    profile: broker.profile,
    clock,
    token: () => current.token,
    onJoined: () => void log.push('joined'),
    onOrder: (seen) => orders.push(seen),
    onTrade: (seen) => trades.push(seen),
    onLogout: (reason) => void log.push(`logout: ${reason}`),
    onDown: (reason) => void log.push(`down: ${reason}`),
    onUnreadable: (event, problem) => void log.push(`unreadable ${event}: ${problem}`),
  })
  broker.closeFirst(() => socket.close())
  socket.start()
  await until(() => socket.isLive)
  return {
    xts: new XtsInteractive({ http: broker.http, profile: broker.profile, token: () => current.token }),
    token,
    orders,
    trades,
    log,
    socket,
  }
}

/** Today's price, so that a limit lies within the band. */
async function lastPriceOf(ref: typeof RELIANCE): Promise<number> {
  const token = await broker.logInMarket()
  const [quote] = ok(
    await new XtsMarket({ http: broker.http, profile: broker.profile, token: () => token }).quotes([ref]),
  )
  if (quote?.lastPrice === undefined) throw new Error('no quote')
  return quote.lastPrice
}

describe('logging in', () => {
  it('gives a token of each API that is good for a day, and the user’s codes', async () => {
    broker = await SimulatedBroker.start('dealer')
    const { http, profile } = broker
    const keys = { appKey: KEYS.interactiveKey, secretKey: KEYS.interactiveSecret }
    const interactive = ok(await loginInteractive({ http, profile, ...keys }))
    expect(interactive).toMatchObject({
      userId: 'SIM0001A02',
      clientCodes: ['SIM0001'],
      isInvestorClient: false,
    })
    expect(interactive.expiresAtMs).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    const market = await broker.logInMarket()
    expect(market.token).not.toBe(interactive.token)
  })

  it('is rejected for wrong keys, with the broker’s words', async () => {
    broker = await SimulatedBroker.start('retail')
    const { http, profile } = broker
    const outcome = await loginInteractive({ http, profile, appKey: 'wrong', secretKey: 'wrong' })
    expect(outcome).toMatchObject({
      kind: 'rejected',
      brokerDescription: expect.stringMatching(/credentials/i),
    })
  })

  it('is not sent to a broker that is not there', async () => {
    broker = await SimulatedBroker.start('retail')
    const { http, profile, simulator } = broker
    await simulator.close()
    const outcome = await loginInteractive({ http, profile, appKey: 'k', secretKey: 's' })
    expect(outcome.kind).toBe('not-sent')
  })
})

describe('an order', () => {
  it('fills, and is told alike by socket, order book, trade book and positions', async () => {
    broker = await SimulatedBroker.start('retail')
    const { xts, orders, trades, log } = await trade()
    const buy = order()
    const { brokerOrderId } = ok(await xts.place(buy))
    await until(() => orders.some((seen) => seen.state === 'filled') && trades.length > 0)
    expect(orders.every((seen) => seen.brokerOrderId === brokerOrderId && seen.tag === buy.tag)).toBe(true)
    expect(trades.reduce((sum, fill) => sum + fill.quantity, 0)).toBe(3)

    const [row] = ok(await xts.orders()).rows
    expect(row).toMatchObject({
      brokerOrderId,
      tag: buy.tag,
      state: 'filled',
      filledQuantity: 3,
      side: 'BUY',
    })
    expect(row?.averagePrice).toBeCloseTo(orders.at(-1)?.averagePrice ?? 0, 2)
    const fills = ok(await xts.trades()).rows
    expect(fills.map((fill) => fill.tradeId)).toEqual(trades.map((fill) => fill.tradeId))
    expect(fills[0]?.tradedAtMs).toBeGreaterThan(Date.now() - 60_000)
    expect(ok(await xts.positions()).rows).toEqual([
      expect.objectContaining({ ...RELIANCE, product: 'MIS', quantity: 3, buyQuantity: 3, multiplier: 1 }),
    ])
    expect(log).toEqual(['joined'])
  })

  it('rests at its limit, is cancelled, and keeps its position row at nothing', async () => {
    broker = await SimulatedBroker.start('retail')
    const price = Math.floor(await lastPriceOf(RELIANCE)) - 20
    const { xts, orders } = await trade()
    const resting = order({ priceType: 'LIMIT', price })
    const { brokerOrderId } = ok(await xts.place(resting))
    await until(() => orders.some((seen) => seen.state === 'open'))
    expect(ok(await xts.orders()).rows[0]).toMatchObject({
      state: 'open',
      price,
      priceType: 'LIMIT',
      remainingQuantity: 3,
    })
    ok(await xts.cancel({ brokerOrderId, tag: resting.tag }))
    await until(() => orders.some((seen) => seen.state === 'cancelled'))
    expect(await xts.cancel({ brokerOrderId, tag: resting.tag })).toMatchObject({
      kind: 'rejected',
      isSessionInvalid: false,
    })
    expect(ok(await xts.positions())).toMatchObject({ rows: [], isEmptyAnswer: true })
  })

  it('of either stop kind waits for its trigger', async () => {
    broker = await SimulatedBroker.start('retail')
    const above = Math.floor(await lastPriceOf(RELIANCE)) + 20
    const { xts, orders } = await trade()
    ok(await xts.place(order({ priceType: 'SL-M', triggerPrice: above })))
    ok(await xts.place(order({ priceType: 'SL', triggerPrice: above, price: above + 1 })))
    await until(() => orders.filter((seen) => seen.state === 'open').length >= 2)
    const kinds = ok(await xts.orders()).rows.map(({ priceType, triggerPrice }) => [priceType, triggerPrice])
    expect(kinds).toEqual([
      ['SL-M', above],
      ['SL', above],
    ])
  })

  it.each([
    ['an instrument that is not listed', { token: 999_999_999 }],
    ['a price off every tick', { priceType: 'LIMIT', price: 1_000.037 }],
  ] as const)('for %s ends as rejected, whether at once or by event', async (_what, change) => {
    broker = await SimulatedBroker.start('retail')
    const { xts, orders } = await trade()
    const outcome = await xts.place(order(change))
    if (outcome.kind === 'rejected') return
    expect(outcome.kind).toBe('ok')
    await until(() => orders.some((seen) => seen.state === 'rejected'))
    expect(orders.find((seen) => seen.state === 'rejected')?.reason).toBeTruthy()
  })

  it('of a dealer names its client, and of a pro account five asterisks', async () => {
    broker = await SimulatedBroker.start('dealer', {
      orderClientId: 'client-code',
      bookClientId: 'client-code',
      bookRoutes: 'dealer',
    })
    const dealer = await trade()
    ok(await dealer.xts.place(order()))
    await until(() => dealer.trades.length > 0)
    expect(ok(await dealer.xts.orders()).rows[0]?.clientID).toBe('SIM0001')
    expect(await dealer.xts.orders('OTHER')).toMatchObject({ kind: 'rejected', isSessionInvalid: false })
    expect(await dealer.xts.place(order({ clientID: 'OTHER' }))).toMatchObject({ kind: 'rejected' })
    await broker.close()

    broker = await SimulatedBroker.start('pro', {
      orderClientId: '*****',
      bookClientId: '*****',
      bookRoutes: 'dealer',
    })
    const pro = await trade()
    ok(await pro.xts.place(order()))
    await until(() => pro.trades.length > 0)
    expect(ok(await pro.xts.positions()).rows[0]?.quantity).toBe(3)
  })
})

describe('an order whose answer goes wrong', () => {
  it.each([
    ['accept-then-timeout', 'unknown', 1],
    ['accept-then-reset', 'unknown', 1],
    ['accept-then-500', 'unknown', 1],
    ['timeout-without-accept', 'unknown', 0],
    ['rate-limited', 'rejected', 0],
  ] as const)('by %s is %s, and reached the broker %d times', async (name, kind, times) => {
    broker = await SimulatedBroker.start('retail')
    const { xts } = await trade()
    await broker.setFault({ name, call: 'place' })
    const sent = order()
    expect((await xts.place(sent)).kind).toBe(kind)
    expect((await broker.received()).tags[sent.tag] ?? 0).toBe(times)
    if (times === 1) expect(ok(await xts.orders()).rows.map((row) => row.tag)).toEqual([sent.tag])
  })

  it('leaves an order book that says nothing as an empty answer, and one that is HTML as unread', async () => {
    broker = await SimulatedBroker.start('retail')
    const { xts, trades } = await trade()
    ok(await xts.place(order()))
    await until(() => trades.length > 0)
    await broker.setFault({ name: 'order-book-empty' })
    expect(ok(await xts.orders())).toMatchObject({ rows: [], isEmptyAnswer: true })
    await broker.setFault({ name: 'order-book-html' })
    // One try of a read may fail; it is made again by itself.
    expect(ok(await xts.orders()).rows).toHaveLength(1)
  })
})

describe('the session', () => {
  it('that is kicked is reported by logout and by every call, and the next token heals both', async () => {
    broker = await SimulatedBroker.start('retail')
    const current: { token?: XtsToken } = {}
    const { xts, log, socket } = await trade(current)
    const renewed = await broker.logInInteractive(2)
    await until(() => log.some((line) => line.startsWith('logout')))
    expect(await xts.orders()).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
    expect(await xts.place(order())).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
    current.token = renewed
    await until(() => socket.isLive)
    expect(ok(await xts.orders()).isEmptyAnswer).toBe(true)
  })

  it('survives a dropped socket, which comes back with the same token', async () => {
    broker = await SimulatedBroker.start('retail')
    const { log, socket } = await trade()
    await broker.setFault({ name: 'all-sessions-dropped' })
    await until(() => log.some((line) => line.startsWith('down')))
    await until(() => socket.isLive)
    expect(log.filter((line) => line === 'joined')).toHaveLength(2)
  })
})

describe('the governor', () => {
  it('lets the broker see no more than its number of orders in any second', async () => {
    broker = await SimulatedBroker.start('retail')
    const token = await broker.logInInteractive()
    const governor = new OrderGovernor({ clock, ordersPerSecond: 5 })
    const xts = new XtsInteractive({
      http: broker.http,
      profile: broker.profile,
      token: () => token,
      governor,
    })
    const placed = await Promise.all(Array.from({ length: 12 }, () => xts.place(order())))
    expect(placed.every((outcome) => outcome.kind === 'ok')).toBe(true)
    const times = (await broker.received()).orders.map(({ receivedAtMs }) => receivedAtMs)
    // Half of the second is left to this machine's own delays; the exact second is proven with a manual clock.
    const busiest = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at <= from + 500).length),
    )
    expect(times).toHaveLength(12)
    expect(busiest).toBeLessThanOrEqual(5)
  })
})
