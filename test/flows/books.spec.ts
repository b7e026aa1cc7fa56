import type {
  BookedOrder,
  ConvertedPosition,
  FundsView,
  HoldingView,
  NativePositions,
  OpenPosition,
  OrderHistory,
  PlacedOrder,
  PositionView,
  TradeView,
} from '@xts-bridge/contracts'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { Strategy } from '../support/strategy'

/** What a user waits for positions and trades at most. */
const OUTER_BOUND_MS = 5_000
const MANY_TRADES = 150
const SYMBOLS = ['RELIANCE', 'SBIN', 'INFY', 'TCS'] as const
const PLAIN = { XTS_ORDERS_PER_SECOND: '200' }
/** A dealer's login names a client in everything it asks; its own path is that of its first client. */
const DEALER = {
  ...PLAIN,
  XTS_SIMULATOR_ACCOUNT_KIND: 'dealer',
  SIMULATED_PROFILE: 'simulator-dealer',
}

describe.each([
  ['an ordinary login', PLAIN, {}],
  ['a dealer, for a named client', DEALER, { clientID: 'SIM0001' }],
])('the books of %s', (_, env, whose: { readonly clientID?: string }) => {
  let house: House
  let strategy: Strategy
  beforeAll(async () => {
    house = await startHouse({ env })
    strategy = new Strategy(house)
    strategy.watchOrders()
  })
  afterAll(async () => {
    await strategy?.close()
    await house?.stop()
  })

  const ask = <T>(subject: Parameters<Strategy['ask']>[1], data: object = {}): Promise<T> =>
    strategy.ask<T>('orders', subject, { ...whose, ...data })
  const buy = (symbol: string, quantity: number): Promise<PlacedOrder> =>
    ask('order.place', { exchange: 'NSE', symbol, product: 'MIS', side: 'BUY', quantity })
  const traded = async (): Promise<number> => (await ask<TradeView[]>('book.trades')).length

  it('come within five seconds, positions and 150 trades, from our state and from the broker’s books', async () => {
    const placed = Array.from({ length: MANY_TRADES }, (_each, n) =>
      buy(SYMBOLS[n % SYMBOLS.length] ?? 'SBIN', 2),
    )
    await Promise.all(placed)
    await eventually('every order is filled', 30_000, async () =>
      (await traded()) >= MANY_TRADES ? true : undefined,
    )
    for (const fresh of [false, true]) {
      const begunAtMs = Date.now()
      const [positions, trades] = await Promise.all([
        ask<PositionView[]>('book.positions', { fresh }),
        ask<TradeView[]>('book.trades', { fresh }),
      ])
      expect(Date.now() - begunAtMs).toBeLessThan(OUTER_BOUND_MS)
      expect(trades.length).toBeGreaterThanOrEqual(MANY_TRADES)
      expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(trades.length)
      const held = positions.map(({ symbol, quantity }) => [symbol, quantity])
      expect(Object.fromEntries(held)).toEqual({ RELIANCE: 76, SBIN: 76, INFY: 74, TCS: 74 })
      for (const { symbol, quantity, buyAveragePrice } of positions) {
        const own = trades.filter((trade) => trade.symbol === symbol)
        const paid = own.reduce((sum, { value }) => sum + value, 0)
        expect(paid / quantity).toBeCloseTo(buyAveragePrice, 2)
      }
    }
  })

  it('have profit by the last price, and say as of when', async () => {
    const positions = await ask<PositionView[]>('book.positions')
    for (const {
      lastPrice = NaN,
      averagePrice,
      quantity,
      unrealisedPnl,
      pnl,
      realisedPnl,
      asOfMs,
    } of positions) {
      expect(unrealisedPnl).toBeCloseTo((lastPrice - averagePrice) * quantity, 1)
      expect(pnl).toBeCloseTo(realisedPnl + (unrealisedPnl ?? NaN), 3)
      expect(asOfMs).toBeGreaterThan(0)
    }
    const native = await ask<NativePositions>('book.positions', { native: true })
    expect(native.rows[0]).toMatchObject({ ProductType: 'MIS', RealizedMTM: '0.00' })
  })

  it('tell one position as text, the orders with their states, and one order’s life', async () => {
    const key = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS' }
    expect(await ask<OpenPosition>('book.open-position', key)).toMatchObject({ ...key, quantity: '76' })
    expect(await ask<OpenPosition>('book.open-position', { ...key, product: 'CNC' })).toMatchObject({
      quantity: '0',
    })
    const orders = await ask<BookedOrder[]>('book.orders', { fresh: true })
    expect(orders).toHaveLength(MANY_TRADES)
    expect(new Set(orders.map(({ state }) => state))).toEqual(new Set(['filled']))
    const { orderId = '' } = orders[0] ?? {}
    const history = await strategy.ask<OrderHistory>('orders', 'order.history', { orderId, fresh: true })
    expect(history.steps.at(-1)?.verb).toBe('filled')
    expect(history.brokerSteps?.at(-1)?.state).toBe('filled')
  })

  it('have funds and holdings', async () => {
    const funds = await ask<FundsView>('book.funds')
    expect(funds).toMatchObject({ limitHeader: 'ALL|ALL|ALL', asOfMs: expect.any(Number) as number })
    expect(funds.availableMargin).toBeGreaterThan(0)
    expect(await ask<HoldingView[]>('book.holdings')).toEqual(expect.any(Array))
  })

  it('show a conversion as soon as the broker has carried it out, and trades on top of it', async () => {
    const wish = { exchange: 'NSE', symbol: 'INFY', fromProduct: 'MIS', toProduct: 'NRML', quantity: 20 }
    const converted = await ask<ConvertedPosition>('position.convert', wish)
    expect(converted).toMatchObject({ ...wish, evidence: 'reply' })
    const held = async (): Promise<object> => {
      const positions = await ask<PositionView[]>('book.positions')
      const own = positions.filter(({ symbol }) => symbol === 'INFY')
      return Object.fromEntries(own.map(({ product, quantity }) => [product, quantity]))
    }
    expect(await held()).toEqual({ MIS: 54, NRML: 20 })
    const { orderId } = await buy('INFY', 6)
    await strategy.event(orderId, 'filled')
    expect(await held()).toEqual({ MIS: 60, NRML: 20 })
  })
})
