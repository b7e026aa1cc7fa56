import fc from 'fast-check'
import { bring, errorOf, House, houseWith } from './testing/house'

describe('order.smart', () => {
  it.each([
    [0, 7, 'BUY 7'],
    [0, -7, 'SELL 7'],
    [5, 8, 'BUY 3'],
    [8, 5, 'SELL 3'],
    [5, 0, 'SELL 5'],
    [-5, 0, 'BUY 5'],
    [5, -5, 'SELL 10'],
    [-5, 5, 'BUY 10'],
    [-5, -8, 'SELL 3'],
    [-8, -5, 'BUY 3'],
  ])('brings %i to %i with %s, whether carried forward or traded today', async (net, target, sent) => {
    for (const how of ['carried', 'traded'] as const) {
      const house = await houseWith(net, how)
      const before = house.broker.placed.length
      const answer = await bring(house, target)
      const orders = house.broker.placed.slice(before).map((order) => `${order.side} ${order.quantity}`)
      expect(orders).toEqual([sent])
      expect(house.broker.net()).toBe(target)
      expect(answer).toMatchObject({
        action: 'placed',
        netPosition: net,
        targetPosition: target,
        difference: target - net,
        cancelledOrderIds: [],
        order: { state: 'filled' },
      })
    }
  })

  it.each([
    [0, 0],
    [5, 5],
    [-5, -5],
  ])('sends nothing from %i to %i', async (net, target) => {
    const house = await houseWith(net)
    const before = house.broker.placed.length
    expect(await bring(house, target)).toEqual({
      action: 'none',
      netPosition: net,
      targetPosition: target,
      difference: 0,
      cancelledOrderIds: [],
    })
    expect(house.broker.placed).toHaveLength(before)
  })

  it('sends what whenFlat says only when flat with target 0', async () => {
    const flat = await houseWith(0)
    await bring(flat, 0, { whenFlat: { side: 'SELL', quantity: 10 } })
    expect(flat.broker.net()).toBe(-10)
    const long = await houseWith(5)
    await bring(long, 0, { whenFlat: { side: 'BUY', quantity: 10 } })
    expect(long.broker.net()).toBe(0)
  })

  it('writes the calculation down with the order', async () => {
    const house = await houseWith(5)
    await bring(house, 8)
    const intent = house.disk.entries.filter((entry) => entry.kind === 'intended').at(-1)
    expect(intent).toMatchObject({
      smart: { netPosition: 5, targetPosition: 8, difference: 3, cancelledOrderIds: [] },
    })
  })

  it('slices above the freeze limit and names every order', async () => {
    const house = await houseWith(0)
    const option = { exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', product: 'NRML' }
    const answer = await bring(house, 3_900, option)
    expect(house.broker.placed.map((order) => order.quantity)).toEqual([1_755, 1_755, 390])
    expect(answer.slices?.map((order) => order.orderId)).toEqual(
      house.broker.placed.map((order) => order.tag),
    )
    expect(answer.order).toEqual(answer.slices?.[0])
  })

  it('stops slicing at the first order that is not accepted, and says which were', async () => {
    const house = await houseWith(0)
    const option = { exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', product: 'NRML' }
    house.broker.fates = ['accept', 'reject']
    const answer = await bring(house, 5_265, option)
    expect(answer.slices?.map((order) => order.state)).toEqual(['filled', 'rejected', 'absent'])
    expect(house.broker.placed).toHaveLength(2)
  })

  it('answers unknown when a slice is unknown, with all slices', async () => {
    const house = await houseWith(0)
    const option = { exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', product: 'NRML' }
    house.broker.fates = ['accept', 'never arrives']
    const error = await errorOf(house.run(house.smart({ targetPosition: 3_900, ...option })))
    expect(error.code).toBe('XTS_REPLY_LOST')
    expect(error.details['slices']).toMatchObject([
      { state: 'filled' },
      { state: 'unknown' },
      { state: 'absent' },
    ])
  })
})

describe('a position that cannot be established', () => {
  const refused: [string, (house: House) => void][] = [
    ['the position book cannot be read', (house) => (house.broker.isBookUnreadable = true)],
    ['it answers empty although there were trades', (house) => (house.broker.isBookEmptied = true)],
    ['it lags behind the trades', (house) => (house.broker.frozenPositions = [])],
    [
      'it has two rows for the position',
      (house) =>
        (house.broker.frozenPositions = [...house.broker.positionRows(), ...house.broker.positionRows()]),
    ],
    [
      'it disagrees with the trades',
      (house) =>
        (house.broker.frozenPositions = house.broker.positionRows().map((row) => ({ ...row, quantity: 50 }))),
    ],
  ]
  it.each(refused)('refuses the smart order: %s', async (_, breakBook) => {
    const house = await houseWith(0)
    await bring(house, 5)
    breakBook(house)
    const before = house.broker.placed.length
    const error = await errorOf(house.run(house.smart({ targetPosition: 8 })))
    expect([error.code, error.kind]).toEqual(['POSITION_UNRESOLVED', 'unavailable'])
    expect(house.broker.placed).toHaveLength(before)
  })

  const withoutHistory: [string, (house: House) => void][] = [
    [
      'cannot be read',
      (house) => (house.broker.positions = async () => ({ kind: 'unknown', reason: 'no answer' })),
    ],
    [
      'cannot be asked for',
      (house) =>
        (house.broker.positions = async () => ({
          kind: 'not-sent',
          reason: 'down',
          isSessionMissing: false,
        })),
    ],
    ['lacks the row of a position that traded today', (house) => (house.broker.frozenPositions = [])],
    [
      'has other rows and lacks the one that traded today',
      (house) =>
        (house.broker.frozenPositions = house.broker
          .positionRows()
          .map((row) => ({ ...row, token: 11_536 }))),
    ],
  ]
  it.each(withoutHistory)(
    'refuses the first smart order of a position when the book %s',
    async (_, breakBook) => {
      const house = await houseWith(5)
      breakBook(house)
      const before = house.broker.placed.length
      expect((await errorOf(house.run(house.smart({ targetPosition: 8 })))).code).toBe('POSITION_UNRESOLVED')
      expect(house.broker.placed).toHaveLength(before)
    },
  )

  it('refuses when the book cannot be read, however untouched the position is', async () => {
    const house = await houseWith(0)
    house.broker.positions = async () => ({ kind: 'unknown', reason: 'the answer is not JSON' })
    const error = await errorOf(house.run(house.smart({ targetPosition: 8 })))
    expect(error.code).toBe('POSITION_UNRESOLVED')
    expect(error.message).toContain('not JSON')
    expect(house.broker.placed).toEqual([])
  })

  it('remembers after a restart what traded today, though every book answers empty', async () => {
    const house = await houseWith(5)
    house.broker.isBookEmptied = true
    await house.crashAndRestart()
    await house.pass(60_000)
    expect((await errorOf(house.run(house.smart({ targetPosition: 8 })))).code).toBe('POSITION_UNRESOLVED')
  })

  it('refuses on an empty book that never had rows in this session, on an account that is not verified', async () => {
    const house = await House.started({ isBookVerified: false })
    const error = await errorOf(house.run(house.smart({ targetPosition: 8 })))
    expect(error.code).toBe('POSITION_UNRESOLVED')
    expect(error.message).toContain('proves nothing')
    expect(house.broker.placed).toEqual([])
  })

  it('acts once a lagging book has caught up', async () => {
    const house = await houseWith(0)
    await bring(house, 5)
    house.broker.frozenPositions = []
    const working = house.smart({ targetPosition: 8 })
    await house.pass(1_500)
    house.broker.frozenPositions = undefined
    await house.run(working)
    expect(house.broker.net()).toBe(8)
  })

  it('finds a fill that was missed in the trade book before it sizes', async () => {
    const house = await houseWith(0)
    await bring(house, 5)
    const { onTrade, onOrder } = house.broker
    house.broker.onTrade = house.broker.onOrder = undefined
    const byHand = house.broker.placeByHand({ quantity: 2 })
    house.broker.fill(byHand.brokerOrderId, 2)
    house.broker.onTrade = onTrade
    house.broker.onOrder = onOrder
    await bring(house, 10)
    expect(house.broker.net()).toBe(10)
  })

  it('believes a position that moved without a trade only long after the last one, and twice the same', async () => {
    const house = await houseWith(0)
    await bring(house, 5)
    house.broker.frozenPositions = house.broker.positionRows().map((row) => ({ ...row, quantity: 2 }))
    expect((await errorOf(house.run(house.smart({ targetPosition: 8 })))).code).toBe('POSITION_UNRESOLVED')
    await house.pass(30_000)
    await bring(house, 8)
    expect(house.broker.placed.at(-1)).toMatchObject({ side: 'BUY', quantity: 6 })
  })
})

describe('orders of the position that work already', () => {
  it('are cancelled, and their end is waited for, before the position is sized', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await house.run(house.place({ quantity: 7 }))
    const answer = await bring(house, 5)
    expect(house.broker.cancelled).toEqual(['1110000001'])
    expect(answer).toMatchObject({ difference: 5, cancelledOrderIds: ['id000001'] })
  })

  it('that fill while they are cancelled are counted', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await house.run(house.place({ quantity: 7 }))
    const cancel = house.broker.cancel
    house.broker.cancel = (order) => {
      house.broker.fill(order.brokerOrderId, 4)
      return cancel(order)
    }
    expect(await bring(house, 5)).toMatchObject({ netPosition: 4, difference: 1 })
  })

  it('that were placed by hand are cancelled as well', async () => {
    const house = await houseWith(0)
    const byHand = house.broker.placeByHand()
    expect(await bring(house, 5)).toMatchObject({ cancelledOrderIds: [byHand.brokerOrderId] })
  })

  it('of another product, instrument or client are left alone', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await house.run(house.place({ product: 'CNC' }))
    await house.run(house.place({ clientID: 'CLI7' }))
    await house.run(house.place({ exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', quantity: 65 }))
    expect(await bring(house, 5)).toMatchObject({ cancelledOrderIds: [] })
    expect(house.broker.cancelled).toEqual([])
  })

  it('that do not end by the deadline refuse the smart order', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    house.broker.isCancelIgnored = true
    await house.run(house.place())
    const error = await errorOf(house.run(house.smart({ targetPosition: 5 })))
    expect(error.code).toBe('POSITION_UNRESOLVED')
    expect(error.message).toContain('id000001')
    expect(house.broker.placed).toHaveLength(1)
  })

  it('whose answer is lost refuse the smart order at its deadline, however far its limit is', async () => {
    const house = await houseWith(0)
    house.broker.isBookUnreadable = true
    house.broker.fillsAtPrice = undefined
    house.broker.fates = ['reply lost']
    await errorOf(house.run(house.place()))
    const startedAtMs = house.clock.nowMs()
    const error = await errorOf(
      house.run(house.smart({ targetPosition: 5 }, { deadlineAtMs: house.clock.nowMs() + 3_000 })),
    )
    expect(error.message).toContain('no answer yet')
    expect(house.clock.nowMs() - startedAtMs).toBeLessThanOrEqual(3_200)
    expect(house.broker.placed).toHaveLength(1)
  })

  it('whose answer is found while it waits are cancelled and counted', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    house.broker.fates = ['reply lost']
    await errorOf(house.run(house.place({ quantity: 3 })))
    expect(await bring(house, 5)).toMatchObject({ cancelledOrderIds: ['id000001'], difference: 5 })
  })

  it('whose trades are not known yet are waited for', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await house.run(house.place({ quantity: 4 }))
    const { onTrade } = house.broker
    house.broker.onTrade = undefined
    house.broker.fill('1110000001', 4)
    house.broker.onTrade = onTrade
    expect(await bring(house, 5)).toMatchObject({ netPosition: 4, difference: 1 })
  })
})

describe('targets that come together', () => {
  it('are acted on one at a time; of those that wait only the newest is', async () => {
    const house = await houseWith(0)
    const first = house.smart({ targetPosition: 1 })
    const second = errorOf(house.smart({ targetPosition: 2 }))
    const third = house.smart({ targetPosition: 3 })
    expect((await house.run(second)).code).toBe('SMART_ORDER_SUPERSEDED')
    await house.run(Promise.all([first, third]))
    expect(house.broker.net()).toBe(3)
    expect(house.broker.placed.map((order) => order.quantity)).toEqual([1, 2])
  })

  it('of different positions do not wait for each other', async () => {
    const house = await houseWith(0)
    const answers = [house.smart({ targetPosition: 1 }), house.smart({ targetPosition: 2, product: 'CNC' })]
    await house.run(Promise.all(answers))
    expect(house.broker.placed).toHaveLength(2)
  })

  it('never overshoot: the order the one before placed is cancelled or counted by the next', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = undefined
    await bring(house, 10)
    house.broker.fill(house.broker.placed[0] ? '1110000001' : '', 6)
    await bring(house, 10)
    expect(house.broker.placed.map((order) => order.quantity)).toEqual([10, 4])
    expect(house.broker.cancelled).toEqual(['1110000001'])
  })

  it('reach the last target without ever going beyond the targets, for any sequence and any fills', async () => {
    const move = fc.record({
      target: fc.integer({ min: -10, max: 10 }),
      fills: fc.integer({ min: 0, max: 10 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 5 }), async (moves) => {
        const house = await houseWith(0)
        house.broker.fillsAtPrice = undefined
        for (const { target, fills } of moves) {
          const from = house.broker.net()
          await bring(house, target)
          const working = [...house.broker.orderRows.values()].filter((row) => row.state === 'open')
          expect(working.length).toBeLessThanOrEqual(1)
          const [order] = working
          if (order !== undefined) {
            const quantity = Math.min(fills, order.quantity)
            if (quantity > 0) house.broker.fill(order.brokerOrderId, quantity)
          }
          const net = house.broker.net()
          expect(net).toBeGreaterThanOrEqual(Math.min(from, target))
          expect(net).toBeLessThanOrEqual(Math.max(from, target))
        }
        house.broker.fillsAtPrice = 100
        await bring(house, 4)
        expect(house.broker.net()).toBe(4)
      }),
      { numRuns: 25 },
    )
  })
})
