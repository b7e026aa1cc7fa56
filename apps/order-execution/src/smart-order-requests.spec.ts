import { errorOf, houseWith } from './testing/house'

describe('a clientOrderId of a smart order', () => {
  it('gets the first answer again, also after a restart', async () => {
    const house = await houseWith(0)
    const context = { clientOrderId: 'target-5' }
    const answer = await house.run(house.smart({ targetPosition: 5 }, context))
    expect(await house.run(house.smart({ targetPosition: 5 }, context))).toEqual(answer)
    await house.crashAndRestart()
    expect(await house.run(house.smart({ targetPosition: 5 }, context))).toEqual(answer)
    expect((await errorOf(house.run(house.smart({ targetPosition: 6 }, context)))).code).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
    expect(house.broker.placed).toHaveLength(1)
  })

  it('keeps "nothing to do" and a superseded target, so that a late retry does not act on an old target', async () => {
    const house = await houseWith(0)
    const none = await house.run(house.smart({ targetPosition: 0 }, { clientOrderId: 'none' }))
    const first = house.smart({ targetPosition: 1 })
    const second = errorOf(house.smart({ targetPosition: 2 }, { clientOrderId: 'old' }))
    await house.run(Promise.all([first, second, house.smart({ targetPosition: 3 })]))
    await house.crashAndRestart()
    expect(await house.run(house.smart({ targetPosition: 0 }, { clientOrderId: 'none' }))).toEqual(none)
    const again = await errorOf(house.run(house.smart({ targetPosition: 2 }, { clientOrderId: 'old' })))
    expect(again.code).toBe('SMART_ORDER_SUPERSEDED')
    expect(house.broker.net()).toBe(3)
  })

  it('answers from its orders when the process died before the answer was kept', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    const context = { clientOrderId: 'target-5' }
    house.broker.fates = ['hang']
    void house.smart({ targetPosition: 5 }, context).catch(() => undefined)
    await house.pass(1_000)
    expect(house.broker.placed).toHaveLength(1)
    await house.crashAndRestart()
    await house.pass(5_000)
    await expect(house.run(house.smart({ targetPosition: 5 }, context))).resolves.toMatchObject({
      action: 'placed',
      difference: 5,
      order: { orderId: house.broker.placed[0]?.tag, state: 'open' },
    })
    expect(house.broker.placed).toHaveLength(1)
  })
})

describe('what order.smart refuses before it touches anything', () => {
  const refusals: [string, Record<string, unknown>, string, string][] = [
    ['a missing target', { targetPosition: undefined }, 'REQUEST_INVALID', 'targetPosition'],
    ['half a share', { targetPosition: 1.5 }, 'REQUEST_INVALID', 'targetPosition'],
    ['a target as text', { targetPosition: '5' }, 'REQUEST_INVALID', 'targetPosition'],
    ['an absurd target', { targetPosition: 2_000_000_000 }, 'REQUEST_INVALID', 'targetPosition'],
    ['an unknown field', { quantity: 5 }, 'REQUEST_INVALID', 'quantity'],
    ['a missing exchange', { exchange: undefined }, 'REQUEST_INVALID', 'exchange'],
    ['an unknown product', { product: 'BO' }, 'REQUEST_INVALID', 'product'],
    ['a limit without a price', { price: 0 }, 'REQUEST_INVALID', 'price'],
    ['whenFlat without a side', { whenFlat: { quantity: 5 } }, 'REQUEST_INVALID', 'whenFlat.side'],
    [
      'whenFlat with a quantity of 0',
      { whenFlat: { side: 'BUY', quantity: 0 } },
      'REQUEST_INVALID',
      'whenFlat.quantity',
    ],
    ['another account', { account: 'second' }, 'ACCOUNT_UNKNOWN', 'second'],
    ['a symbol there is not', { symbol: 'NOPE' }, 'INSTRUMENT_NOT_FOUND', 'NOPE'],
    ['an index', { exchange: 'NSE_INDEX', symbol: 'NIFTY' }, 'INSTRUMENT_NOT_TRADABLE', 'index'],
    ['a price off the tick', { price: 100.01 }, 'ORDER_PRICE_OFF_TICK', 'price'],
    [
      'a target off the lot',
      { exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE' },
      'ORDER_QUANTITY_NOT_LOT_MULTIPLE',
      '65',
    ],
  ]
  it.each(refusals)('%s', async (_, change, code, word) => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await house.run(house.place())
    const before = house.disk.entries.length
    const error = await errorOf(house.run(house.smart({ targetPosition: 5, ...change })))
    expect(error.code).toBe(code)
    expect(error.message).toContain(word)
    expect(house.disk.entries).toHaveLength(before)
    expect(house.broker.cancelled).toEqual([])
  })
})
