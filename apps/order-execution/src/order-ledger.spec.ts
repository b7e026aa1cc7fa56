import { codeThrown, House } from './testing/house'

const ANYONE = { caller: { clientIDs: ['*'] } }

describe('evidence', () => {
  it('counts a fill once, from whichever source it comes first', async () => {
    const house = await House.started()
    await house.run(house.place())
    const trade = house.broker.fill('1110000001', 4)
    house.core.tradeSeen(trade)
    await house.pass(120_000)
    const order = house.core.readOrder.status({ orderId: 'id000001' }, ANYONE)
    expect(order).toMatchObject({ state: 'partially-filled', filledQuantity: 4, averagePrice: 100 })
    expect(house.topics()).toEqual(['accepted', 'partially-filled'])
  })

  it('is journalled before its event is told, and nothing is journalled for what is known already', async () => {
    const house = await House.started()
    await house.run(house.place())
    const row = house.broker.byTag('id000001')
    if (row === undefined) throw new Error('the order is not at the broker')
    house.core.orderSeen(row)
    await house.pass(0)
    const before = house.disk.entries.length
    house.core.orderSeen(row)
    await house.pass(0)
    expect(house.disk.entries).toHaveLength(before)
    expect(house.disk.kinds()).toEqual(['intended', 'settled', 'event', 'evidence', 'event'])
    expect(house.published.map((event) => event.seq)).toEqual([1, 2])
  })

  it('gives each event of a fill its trade record', async () => {
    const house = await House.started()
    await house.run(house.place())
    const trade = house.broker.fill('1110000001', 10, 101.5)
    await house.pass(0)
    expect(house.published.at(-1)).toMatchObject({
      topic: 'order.primary.filled',
      data: {
        order: { filledQuantity: 10, averagePrice: 101.5 },
        fill: { tradeId: trade.tradeId, price: 101.5 },
      },
    })
  })

  it('finds fills that the socket missed in the trade book after a rejoin, once each', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.drop()
    house.broker.fill('1110000001', 3)
    house.broker.fill('1110000001', 7)
    house.join()
    await house.pass(5_000)
    const fills = house.disk.eventEntries().filter((entry) => entry.data.fill !== undefined)
    expect(fills.map((entry) => entry.data.fill?.quantity)).toEqual([3, 7])
    expect(fills.map((entry) => entry.topic)).toEqual([
      'order.primary.partially-filled',
      'order.primary.filled',
    ])
  })

  it('asks the books when a row names more filled than the trade records', async () => {
    const house = await House.started()
    await house.run(house.place())
    const { onTrade } = house.broker
    house.broker.onTrade = undefined
    house.broker.fill('1110000001', 10)
    house.broker.onTrade = onTrade
    expect(house.core.readOrder.status({ orderId: 'id000001' }, ANYONE)).toMatchObject({
      state: 'open',
      filledQuantity: 0,
    })
    await house.pass(4_000)
    expect(house.core.readOrder.status({ orderId: 'id000001' }, ANYONE).state).toBe('filled')
  })
})

describe('an order that was not placed through us', () => {
  it('is adopted without an id of ours and told like any other', async () => {
    const house = await House.started()
    const row = house.broker.placeByHand({ tag: 'somebody' })
    house.broker.fill(row.brokerOrderId, 5)
    await house.pass(0)
    expect(house.topics()).toEqual(['opened', 'filled'])
    expect(house.published[0]?.data).toMatchObject({
      order: { orderId: '', brokerOrderId: row.brokerOrderId, symbol: 'RELIANCE', exchange: 'NSE' },
    })
  })

  it('keeps a trade that comes before its order, and tells it when the order is known', async () => {
    const house = await House.started()
    const { onOrder } = house.broker
    house.broker.onOrder = undefined
    const row = house.broker.placeByHand()
    house.broker.fill(row.brokerOrderId, 5)
    house.broker.onOrder = onOrder
    await house.pass(0)
    expect(house.topics()).toEqual([])
    await house.pass(4_000)
    expect(house.topics()).toEqual(['opened', 'filled'])
  })

  it('is named by its token when the list does not have its instrument', async () => {
    const house = await House.started()
    house.broker.placeByHand({ segment: 'MCXFO', token: 999 })
    await house.pass(0)
    expect(house.published[0]?.data).toMatchObject({ order: { exchange: 'MCX', symbol: '999' } })
  })

  it('turns out to be ours when an event without our tag came before the reply', async () => {
    const house = await House.started()
    const place = house.broker.place
    house.broker.place = async (...call) => {
      const outcome = await place(...call)
      const row = house.broker.byTag('id000001')
      if (row !== undefined) house.broker.onOrder?.({ ...row, tag: '' })
      return outcome
    }
    await expect(house.run(house.place())).resolves.toMatchObject({ orderId: 'id000001', state: 'open' })
    const all = await house.run(house.core.books.orders.read({}, ANYONE))
    expect(all).toHaveLength(1)
    await house.crashAndRestart()
    expect(await house.run(house.core.books.orders.read({}, ANYONE))).toHaveLength(1)
  })

  it('with our tag and another broker id is kept apart, and alerted', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.placeByHand({ tag: 'id000001' })
    expect(house.logged).toContain('one order of ours stands twice at the broker')
    expect(house.core.ledger.records.all()).toHaveLength(2)
  })
})

describe('order.status', () => {
  it('finds an order by each of its three ids', async () => {
    const house = await House.started()
    await house.run(house.place({}, { clientOrderId: 'mine' }))
    for (const id of [{ orderId: 'id000001' }, { brokerOrderId: '1110000001' }, { clientOrderId: 'mine' }]) {
      expect(house.core.readOrder.status(id, ANYONE)).toMatchObject({ orderId: 'id000001', quantity: 10 })
    }
  })

  it.each([
    [{}, 'REQUEST_INVALID'],
    [{ orderId: 'a', clientOrderId: 'b' }, 'REQUEST_INVALID'],
    [{ orderId: '' }, 'REQUEST_INVALID'],
    [{ orderId: 7 }, 'REQUEST_INVALID'],
    [{ orderId: 'a', account: 'second' }, 'ACCOUNT_UNKNOWN'],
    [{ orderId: 'nobody' }, 'ORDER_NOT_FOUND'],
    [{ brokerOrderId: '99' }, 'ORDER_NOT_FOUND'],
    [{ clientOrderId: 'nobody' }, 'ORDER_NOT_FOUND'],
  ])('refuses %j with %s', async (asked, code) => {
    const house = await House.started()
    expect(codeThrown(() => house.core.readOrder.status(asked, ANYONE))).toBe(code)
  })

  it('does not show an order of a client the caller may not see', async () => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7' }))
    const of = (clientID: string) => ({ caller: { clientIDs: [clientID] } })
    expect(house.core.readOrder.status({ orderId: 'id000001' }, of('CLI7')).clientID).toBe('CLI7')
    const other = codeThrown(() => house.core.readOrder.status({ orderId: 'id000001' }, of('CLI8')))
    expect(other).toBe('ORDER_NOT_FOUND')
  })
})

describe('order.replay', () => {
  it('keeps the place of events a caller may not see, without their content', async () => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7' }))
    await house.run(house.place({ clientID: 'CLI8' }))
    const answer = await house.core.readOrder.replay({ fromSeq: 0 }, { caller: { clientIDs: ['CLI8'] } })
    expect(answer.events.map((event) => [event.seq, event.data === null])).toEqual([
      [1, true],
      [2, false],
    ])
  })

  it('begins at the oldest for a reader of another epoch', async () => {
    const house = await House.started()
    await house.run(house.place())
    const answer = await house.core.readOrder.replay({ fromSeq: 77, epoch: 'before' }, ANYONE)
    expect(answer).toMatchObject({ epoch: 'disk', lastSeq: 1, events: [{ seq: 1 }] })
  })

  it.each([
    [{}, 'REQUEST_INVALID'],
    [{ fromSeq: -1 }, 'REQUEST_INVALID'],
    [{ fromSeq: 0, limit: 1_001 }, 'REQUEST_INVALID'],
    [{ fromSeq: 0, epoch: '' }, 'REQUEST_INVALID'],
    [{ fromSeq: 0, account: 'second' }, 'ACCOUNT_UNKNOWN'],
  ])('refuses %j with %s', async (asked, code) => {
    const house = await House.started()
    await expect(house.core.readOrder.replay(asked, ANYONE)).rejects.toMatchObject({ code })
  })
})
