import { codeOf, House, LIMIT_ORDER } from './testing/house'

const ANYONE = { caller: { clientIDs: ['*'] } }
const run = (house: House, change: object = {}): Promise<unknown> =>
  house.run(house.core.dryRun.run({ ...LIMIT_ORDER, ...change }, ANYONE))

describe('order.dry-run', () => {
  it('answers the call that would have been made; nothing is sent or written down', async () => {
    const house = await House.started()
    await expect(run(house)).resolves.toMatchObject({
      orderId: 'id000001',
      state: 'absent',
      dryRun: { method: 'POST', path: '/orders', body: { tag: 'id000001', price: 100, quantity: 10 } },
    })
    expect(house.broker.placed).toEqual([])
    expect(house.disk.entries).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a broken contract', { quantity: 0 }, 'REQUEST_INVALID'],
    ['a price off the tick', { price: 100.01 }, 'ORDER_PRICE_OFF_TICK'],
    ['an unknown symbol', { symbol: 'NOBODY' }, 'INSTRUMENT_NOT_FOUND'],
    ['another account', { account: 'second' }, 'ACCOUNT_UNKNOWN'],
  ])('refuses %s as order.place does', async (_, change, code) => {
    const house = await House.started()
    expect(await codeOf(run(house, change))).toBe(code)
  })
})

describe('test mode', () => {
  it('makes every order a dry run, written down and never sent, with the same answer again', async () => {
    const house = await House.started({ isTestMode: true })
    const first = await house.run(house.place({}, { clientOrderId: 'mine' }))
    expect(first).toMatchObject({
      orderId: 'id000001',
      state: 'absent',
      clientOrderId: 'mine',
      dryRun: { body: { tag: 'id000001' } },
    })
    await house.crashAndRestart()
    await expect(house.run(house.place({}, { clientOrderId: 'mine' }))).resolves.toEqual(first)
    await expect(house.run(house.smart({ targetPosition: 5 }))).resolves.toMatchObject({
      action: 'placed',
      order: { state: 'absent', dryRun: { body: { quantity: 5 } } },
    })
    expect(house.broker.placed).toEqual([])
  })

  it('makes every modification and cancellation one', async () => {
    const house = await House.started({ isTestMode: true })
    const { brokerOrderId } = house.broker.placeByHand()
    await house.pass(0)
    await expect(house.run(house.modify({ brokerOrderId, price: 91 }))).resolves.toMatchObject({
      state: 'open',
      change: { state: 'not-sent' },
      dryRun: { method: 'PUT', body: { price: 91 } },
    })
    await expect(house.run(house.cancel({ brokerOrderId }))).resolves.toMatchObject({
      state: 'open',
      dryRun: { method: 'DELETE', query: { appOrderID: brokerOrderId } },
    })
    const all = await house.run(house.cancelAll())
    expect(all.orders).toMatchObject([{ state: 'open', dryRun: { method: 'DELETE' } }])
    expect([...house.broker.modified, ...house.broker.cancelled]).toEqual([])
  })
})
