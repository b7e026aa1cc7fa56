import type { HoldingView } from '@xts-bridge/contracts'
import { errorOf, House, RELIANCE } from './testing/house'

const ANYONE = { caller: { clientIDs: ['*'] } }

describe('book.holdings', () => {
  const HELD = {
    ...{ isin: 'INE002A01018', nseToken: RELIANCE.token, bseToken: 500_325, holdingType: 'Holdings' },
    ...{ quantity: 10, usedQuantity: 0, isCollateral: false, buyAveragePrice: 1_250 },
  }

  it('are at the last price, with what was gained on what was paid', async () => {
    const house = await House.started()
    house.account.heldRows = [HELD]
    house.quoted = { ltp: 1_300, asOfMs: 7 }
    const [holding] = await house.run(house.core.books.holdings.read({}))
    expect(holding).toMatchObject({
      ...{ exchange: 'NSE', symbol: 'RELIANCE', product: 'CNC', quantity: 10, averagePrice: 1_250 },
      ...{ lastPrice: 1_300, lastPriceAtMs: 7, value: 13_000, pnl: 500, pnlPercent: 4 },
    })
  })

  it('are named by their isin where the list does not have them, and unpriced without a price', async () => {
    const house = await House.started()
    house.account.heldRows = [{ ...HELD, nseToken: 1, bseToken: undefined }, HELD]
    const holdings: readonly HoldingView[] = await house.run(house.core.books.holdings.read({}))
    expect(holdings.map(({ symbol, exchange, pnl, value }) => [symbol, exchange, pnl, value])).toEqual([
      ['INE002A01018', undefined, undefined, undefined],
      ['RELIANCE', 'NSE', undefined, undefined],
    ])
  })

  it('are kept for a minute, and read afresh when asked', async () => {
    const house = await House.started()
    const read = (data: object): Promise<unknown> => house.run(house.core.books.holdings.read(data))
    await read({})
    await house.pass(30_000)
    await read({})
    expect(house.account.calls).toHaveLength(1)
    await read({ fresh: true })
    await read({ clientID: 'CLI7' })
    expect(house.account.calls.map(({ clientID }) => clientID)).toEqual([undefined, undefined, 'CLI7'])
  })
})

describe('book.funds', () => {
  it('are the whole account’s limits; what the broker leaves out is left out', async () => {
    const house = await House.started()
    expect(await house.run(house.core.books.funds.read({ clientID: 'CLI7' }))).toEqual({
      account: 'primary',
      clientID: 'CLI7',
      brokerAccountId: 'ABC1234A02',
      limitHeader: 'ALL|ALL|ALL',
      availableMargin: 750,
      cash: 1_000,
      collateral: 0,
      usedMargin: 250,
      brokerRealisedPnl: 0,
      brokerUnrealisedPnl: undefined,
      asOfMs: expect.any(Number) as number,
    })
    expect(house.account.calls).toEqual([{ call: 'balance', clientID: 'CLI7' }])
  })

  it('are an error when they cannot be read', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    expect((await errorOf(house.run(house.core.books.funds.read({})))).code).toBe('XTS_READ_FAILED')
  })
})

describe('order.history', () => {
  it('has everything that was published of the order, also after a restart', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.fill('1110000001', 4)
    house.broker.setState('1110000001', 'cancelled', 'enough')
    await house.pass(1_000)
    await house.crashAndRestart()
    const { order, steps, brokerSteps } = await house.run(
      house.core.books.history.read({ orderId: 'id000001' }, ANYONE),
    )
    expect(order.state).toBe('cancelled')
    expect(steps.map(({ verb, order: then, fill }) => [verb, then.filledQuantity, fill?.quantity])).toEqual([
      ['accepted', 0, undefined],
      ['partially-filled', 4, 4],
      ['cancelled', 4, undefined],
    ])
    expect(brokerSteps).toBeUndefined()
  })

  it('of an order placed by hand is found by the broker’s id, and asks the broker when fresh', async () => {
    const house = await House.started()
    const { brokerOrderId } = house.broker.placeByHand()
    house.broker.placeByHand()
    await house.pass(1_000)
    const history = await house.run(house.core.books.history.read({ brokerOrderId, fresh: true }, ANYONE))
    expect(history.steps.map(({ order }) => order.brokerOrderId)).toEqual([brokerOrderId])
    expect(history.brokerSteps?.map(({ state }) => state)).toEqual(['accepted', 'open'])
  })

  it.each([
    [{ orderId: 'none' }, ['*'], 'ORDER_NOT_FOUND'],
    [{ orderId: 'id000001' }, ['CLI8'], 'ORDER_NOT_FOUND'],
    [{ orderId: 'id000001', clientID: 'CLI8' }, ['*'], 'ORDER_NOT_FOUND'],
    [{ orderId: 'id000001', brokerOrderId: '1' }, ['*'], 'REQUEST_INVALID'],
    [{}, ['*'], 'REQUEST_INVALID'],
  ])('of %j for a caller of %j is %s', async (data, clientIDs, code) => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7' }))
    const asked = house.core.books.history.read(data, { caller: { clientIDs } })
    expect((await errorOf(asked)).code).toBe(code)
  })
})

describe('order.status and order.replay of a named client', () => {
  it('show that client’s orders and events alone', async () => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7' }))
    await house.run(house.place())
    const { readOrder } = house.core
    expect(readOrder.status({ orderId: 'id000001', clientID: 'CLI7' }, ANYONE).orderId).toBe('id000001')
    for (const asked of [
      { orderId: 'id000001', clientID: 'CLI8' },
      { orderId: 'id000002', clientID: 'CLI7' },
    ])
      expect(() => readOrder.status(asked, ANYONE)).toThrow('No order with orderId')
    const { events } = await readOrder.replay({ fromSeq: 0, clientID: 'CLI7' }, ANYONE)
    expect(events.map(({ seq, data }) => [seq, data === null])).toEqual([
      [1, false],
      [2, true],
    ])
    const held = { caller: { clientIDs: ['CLI8'] } }
    const others = await readOrder.replay({ fromSeq: 0, clientID: 'CLI7' }, held)
    expect(others.events.every(({ data }) => data === null)).toBe(true)
  })
})
