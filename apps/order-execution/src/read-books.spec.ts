import type { BookDifference, DifferenceEvent, PositionView } from '@xts-bridge/contracts'
import { errorOf, House, houseWith } from './testing/house'

const ANYONE = { caller: { clientIDs: ['*'] } }

function positionsOf(house: House, data: object = {}): Promise<readonly PositionView[]> {
  return house.run(house.core.books.positions.read(data)) as Promise<readonly PositionView[]>
}

function differencesOf(house: House): readonly BookDifference[] {
  return house.published
    .filter(({ topic }) => topic === 'order.primary.difference')
    .map(({ data }) => (data as DifferenceEvent).difference)
}

describe('book.orders', () => {
  it('answers today’s orders from what is known, as of now, without reading the broker', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.placeByHand()
    const reads = house.broker.reads.length
    const orders = await house.core.books.orders.read({}, ANYONE)
    expect(orders.map(({ orderId, state }) => [orderId, state])).toEqual([
      ['id000001', 'accepted'],
      ['', 'open'],
    ])
    expect(orders[0]?.asOfMs).toBe(house.clock.nowMs())
    expect(house.broker.reads).toHaveLength(reads)
  })

  it('reads the broker when asked afresh', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.drop()
    house.broker.setState('1110000001', 'cancelled', 'by the desk')
    house.broker.placeByHand()
    const orders = await house.run(house.core.books.orders.read({ fresh: true }, ANYONE))
    expect(orders.map((order) => [order.orderId, order.state, order.reason])).toEqual([
      ['id000001', 'cancelled', 'by the desk'],
      ['', 'open', undefined],
    ])
  })

  it('says how old it is while the socket is down, and reads again before it is too old', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.drop()
    house.broker.isBookUnreadable = true
    const lastReadMs = house.clock.nowMs()
    await house.pass(4_000)
    const [kept] = await house.core.books.orders.read({}, ANYONE)
    expect(kept?.asOfMs).toBeLessThanOrEqual(lastReadMs)
    await house.pass(10_000)
    expect((await errorOf(house.run(house.core.books.orders.read({}, ANYONE)))).code).toBe('XTS_READ_FAILED')
  })

  it('does not show yesterday’s orders', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.orderRows.clear()
    await house.pass(24 * 3_600_000)
    expect(await house.run(house.core.books.orders.read({}, ANYONE))).toEqual([])
  })

  it('shows one client’s orders when asked for it, and only what the caller may see', async () => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7' }))
    await house.run(house.place())
    const ids = async (data: object, clientIDs: string[]): Promise<readonly string[]> => {
      const orders = await house.run(house.core.books.orders.read(data, { caller: { clientIDs } }))
      return orders.map((order) => order.orderId)
    }
    expect(await ids({ clientID: 'CLI7' }, ['CLI7'])).toEqual(['id000001'])
    expect(await ids({}, ['CLI7'])).toEqual(['id000001'])
    expect(await ids({}, ['*'])).toEqual(['id000001', 'id000002'])
  })

  it('is an error when the book cannot be read, never an empty list', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    const asked = house.core.books.orders.read({ fresh: true }, ANYONE)
    await expect(house.run(asked)).rejects.toMatchObject({ code: 'XTS_READ_FAILED' })
  })
})

describe('book.trades', () => {
  it('answers each trade record once, with our order and what it was worth', async () => {
    const house = await House.started()
    await house.run(house.place({ quantity: 10, strategy: 'gap' }))
    const first = house.broker.fill('1110000001', 4, 100.05)
    house.core.tradeSeen(first)
    await house.pass(1_000)
    house.broker.fill('1110000001', 6, 100.1)
    const trades = await house.core.books.trades.read({}, ANYONE)
    expect(trades).toMatchObject([
      {
        ...{ account: 'primary', orderId: 'id000001', brokerOrderId: '1110000001', strategy: 'gap' },
        ...{ tradeId: first.tradeId, exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS', side: 'BUY' },
        ...{ quantity: 4, price: 100.05, value: 400.2, asOfMs: house.clock.nowMs() },
      },
      { quantity: 6, value: 600.6 },
    ])
  })

  it('shows trades of orders that are not known yet, and only what the caller may see', async () => {
    const house = await House.started()
    const [order] = [house.broker.placeByHand({ clientID: 'CLI7' })]
    house.broker.fill(order.brokerOrderId, 5)
    const of = (clientIDs: string[], data: object = {}): Promise<readonly unknown[]> =>
      house.run(house.core.books.trades.read(data, { caller: { clientIDs } }))
    expect(await of(['CLI7'])).toMatchObject([{ orderId: '', clientID: 'CLI7', quantity: 5 }])
    expect(await of(['CLI8'])).toEqual([])
    expect(await of(['*'], { clientID: 'CLI7', fresh: true })).toHaveLength(1)
    expect(house.broker.readFor.at(-1)).toBe('CLI7')
  })
})

describe('book.positions', () => {
  it('has prices, realised and unrealised profit', async () => {
    const house = await House.started()
    house.broker.fillsAtPrice = 100
    await house.run(house.place({ quantity: 10 }))
    house.broker.fillsAtPrice = 100.1
    await house.run(house.place({ quantity: 4, side: 'SELL' }))
    house.quoted = { ltp: 101, asOfMs: 5 }
    const positions = await positionsOf(house)
    expect(positions).toEqual([
      {
        account: 'primary',
        clientID: undefined,
        exchange: 'NSE',
        symbol: 'RELIANCE',
        product: 'MIS',
        quantity: 6,
        buyQuantity: 10,
        sellQuantity: 4,
        averagePrice: 100,
        buyAveragePrice: 100,
        sellAveragePrice: 100.1,
        multiplier: 1,
        realisedPnl: 0.4,
        unrealisedPnl: 6,
        pnl: 6.4,
        lastPrice: 101,
        lastPriceAtMs: 5,
        asOfMs: expect.any(Number) as number,
      },
    ])
  })

  it('leaves the unrealised profit out when the feed is down, at once', async () => {
    const house = await houseWith(10)
    const [position] = await positionsOf(house)
    expect(position).toMatchObject({ quantity: 10, realisedPnl: 0 })
    expect(position).toMatchObject({ unrealisedPnl: undefined, pnl: undefined, lastPrice: undefined })
  })

  it('does not wait for a feed that hangs', async () => {
    const house = await houseWith(10)
    house.isFeedHanging = true
    const begunAtMs = house.clock.nowMs()
    expect(await positionsOf(house)).toMatchObject([{ quantity: 10, unrealisedPnl: undefined }])
    expect(house.clock.nowMs() - begunAtMs).toBeLessThanOrEqual(1_500)
  })

  it('knows a trade from its event, without a read', async () => {
    const house = await houseWith(10)
    const reads = house.broker.reads.filter((name) => name === 'positions').length
    house.broker.fillsAtPrice = 110
    await house.run(house.place({ quantity: 3, side: 'SELL' }))
    expect(await positionsOf(house)).toMatchObject([{ quantity: 7, realisedPnl: 30 }])
    expect(house.broker.reads.filter((name) => name === 'positions')).toHaveLength(reads)
  })

  it('adds what was carried forward to the trades', async () => {
    const house = await houseWith(10, 'carried')
    await house.pass(20_000)
    house.broker.fillsAtPrice = 110
    await house.run(house.place({ quantity: 3, side: 'SELL' }))
    expect(await positionsOf(house)).toMatchObject([{ quantity: 7, averagePrice: 100, realisedPnl: 30 }])
  })

  it('finds a trade whose event was lost, in the trade book, and counts it once', async () => {
    const house = await houseWith(10)
    house.broker.onTrade = undefined
    house.broker.fillsAtPrice = 100
    await house.run(house.place({ quantity: 5 }))
    await house.pass(5_000)
    expect(await positionsOf(house)).toMatchObject([{ quantity: 15 }])
    expect(differencesOf(house)).toEqual([])
  })

  it('follows a position that moved without a trade, and publishes the difference once', async () => {
    const house = await houseWith(10)
    const moved = house.broker.positionRows().map((row) => ({ ...row, quantity: 4, buyQuantity: 4 }))
    house.broker.frozenPositions = moved
    await house.pass(200_000)
    expect(await positionsOf(house)).toMatchObject([{ quantity: 4 }])
    expect(differencesOf(house)).toEqual([
      {
        ...{ type: 'position-moved', exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' },
        ...{ expectedQuantity: 10, bookQuantity: 4 },
      },
    ])
    expect(house.disk.topics().filter((topic) => topic.endsWith('.difference'))).toHaveLength(1)
  })

  it('gives the broker’s own rows when asked for them', async () => {
    const house = await houseWith(10)
    house.broker.nativeRows = [{ Quantity: '10', RealizedMTM: '0.00' }]
    const native = await house.run(house.core.books.positions.read({ native: true, fresh: true }))
    expect(native).toEqual({
      rows: [{ Quantity: '10', RealizedMTM: '0.00' }],
      asOfMs: expect.any(Number) as number,
    })
  })

  it.each(['isBookUnreadable', 'isBookEmptied'] as const)(
    'is an error, never an empty list, when the book proves nothing: %s',
    async (fault) => {
      const house = await House.started()
      house.broker.fillsAtPrice = 100
      await house.run(house.place())
      house.broker[fault] = true
      const asked = house.core.books.positions.read({ fresh: true })
      await expect(house.run(asked)).rejects.toMatchObject({ code: 'XTS_READ_FAILED' })
    },
  )

  it('is an error when there never was a book and none can be read', async () => {
    const house = new House({ isBookVerified: false })
    await house.start()
    await expect(positionsOf(house)).rejects.toMatchObject({ code: 'XTS_READ_FAILED' })
  })

  it('of a named client is read by that client’s name, and read along afterwards', async () => {
    const house = await House.started()
    house.broker.fillsAtPrice = 100
    await house.run(house.place({ clientID: 'CLI7', quantity: 7 }))
    await house.run(house.place({ quantity: 2 }))
    expect(await positionsOf(house, { clientID: 'CLI7' })).toMatchObject([{ clientID: 'CLI7', quantity: 7 }])
    const before = house.broker.readFor.length
    await house.pass(61_000)
    expect(house.broker.readFor.slice(before)).toContain('CLI7')
  })

  it('reports a session that the broker refused', async () => {
    const house = await House.started()
    house.broker.positions = async () => ({
      ...{ kind: 'rejected', brokerCode: 'e-session-0007', brokerDescription: 'Invalid Token' },
      ...{ isSessionInvalid: true, epoch: 3 },
    })
    await expect(positionsOf(house, { fresh: true })).rejects.toMatchObject({ code: 'XTS_READ_FAILED' })
    expect(house.reportedEpochs).toContain(3)
  })
})

describe('book.open-position', () => {
  const asked = { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' }

  it.each([
    [10, 'MIS', '10'],
    [-10, 'MIS', '-10'],
    [10, 'CNC', '0'],
  ])('of %d is as text, for %s "%s"', async (net, product, quantity) => {
    const house = await houseWith(net)
    const answer = await house.run(house.core.books.openPosition.read({ ...asked, product }))
    expect(answer).toMatchObject({ ...asked, product, quantity, asOfMs: expect.any(Number) as number })
  })

  it('is an error and not "0" when the book cannot be read', async () => {
    const house = await houseWith(10)
    house.broker.isBookUnreadable = true
    const open = house.core.books.openPosition.read({ ...asked, fresh: true })
    expect((await errorOf(house.run(open))).code).toBe('XTS_READ_FAILED')
  })

  it('names near matches of a symbol that does not exist', async () => {
    const house = await houseWith(0)
    const open = house.core.books.openPosition.read({ ...asked, symbol: 'RELIANCEX' })
    expect((await errorOf(house.run(open))).code).toBe('INSTRUMENT_NOT_FOUND')
  })
})

describe('differences between the books and what is known', () => {
  it('tells of a row that names more filled than the trade book holds, once, and invents no fill', async () => {
    const house = await House.started()
    await house.run(house.place())
    const row = house.broker.orderRows.get('1110000001')
    if (row === undefined) throw new Error('the order is not at the broker')
    house.broker.orderRows.set('1110000001', { ...row, filledQuantity: 4, state: 'partially-filled' })
    await house.pass(90_000)
    const expected = { type: 'fills-missing', orderId: 'id000001', reportedQuantity: 4, tradedQuantity: 0 }
    expect(differencesOf(house)).toEqual([{ ...expected, brokerOrderId: '1110000001' }])
    expect(await house.run(house.core.books.trades.read({ fresh: true }, ANYONE))).toEqual([])
  })

  it('tells of a trade whose order is in no book', async () => {
    const house = await House.started()
    const { brokerOrderId } = house.broker.placeByHand()
    const trade = house.broker.fill(brokerOrderId, 5)
    house.core.tradeSeen({ ...trade, brokerOrderId: '77', tradeId: 'X1' })
    await house.pass(60_000)
    expect(differencesOf(house)).toEqual([
      { type: 'trade-without-order', brokerOrderId: '77', tradeId: 'X1' },
    ])
  })

  it('tells of an acknowledged order that left the order book', async () => {
    const house = await House.started()
    await house.run(house.place())
    await house.pass(5_000)
    house.broker.orderRows.clear()
    await house.pass(60_000)
    expect(differencesOf(house)).toMatchObject([{ type: 'order-book-incomplete' }])
  })
})

describe('the book requests', () => {
  const requests = {
    orders: (house: House, data: unknown) => house.core.books.orders.read(data, ANYONE),
    trades: (house: House, data: unknown) => house.core.books.trades.read(data, ANYONE),
    positions: (house: House, data: unknown) => house.core.books.positions.read(data),
    openPosition: (house: House, data: unknown) => house.core.books.openPosition.read(data),
    holdings: (house: House, data: unknown) => house.core.books.holdings.read(data),
    funds: (house: House, data: unknown) => house.core.books.funds.read(data),
    conversion: (house: House, data: unknown) => house.core.books.conversion.convert(data, ANYONE),
  }
  const bad = { account: 7, clientID: '', fresh: 'yes', native: 1, exchange: 'XYZ', symbol: '', more: true }

  it.each(Object.entries(requests))('%s name every problem at once and read nothing', async (_, ask) => {
    const house = await House.started()
    const reads = house.broker.reads.length + house.account.calls.length
    const error = await errorOf(ask(house, bad))
    const fields = (error.details['problems'] as { field: string }[]).map(({ field }) => field)
    expect(fields).toEqual(expect.arrayContaining(['account', 'clientID', 'more']))
    expect(house.broker.reads.length + house.account.calls.length).toBe(reads)
  })

  it.each(Object.entries(requests))('%s refuse data that is no object', async (_, ask) => {
    const house = await House.started()
    for (const data of [undefined, null, [], 'x', 7])
      expect((await errorOf(ask(house, data))).code).toBe('REQUEST_INVALID')
  })

  it('refuse another account', async () => {
    const house = await House.started()
    for (const ask of [
      requests.orders,
      requests.trades,
      requests.positions,
      requests.holdings,
      requests.funds,
    ])
      expect((await errorOf(ask(house, { account: 'second' }))).code).toBe('ACCOUNT_UNKNOWN')
  })
})
