import type { ChangedOrder, OrderView } from '@xts-bridge/contracts'
import { codeOf, errorOf, House } from './testing/house'
import type { ChangeFate } from './testing/modelled-broker'

const ANYONE = { caller: { clientIDs: ['*'] } }
const BROKER_ID = '1110000001'
const order = (house: House): OrderView => house.core.readOrder.status({ orderId: 'id000001' }, ANYONE)
const changeKinds = (house: House): readonly string[] =>
  house.disk.kinds().filter((kind) => kind.startsWith('change'))
const lastEvent = (house: House): unknown => house.disk.eventEntries().at(-1)?.data

/** A house with one working order: BUY 10 RELIANCE at 100. */
async function withOrder(how: Readonly<Record<string, unknown>> = {}): Promise<House> {
  const house = await House.started()
  await house.run(house.place(how))
  house.broker.setState(BROKER_ID, 'open')
  await house.pass(0)
  return house
}

describe('order.modify', () => {
  it('writes the change down before the wire, sends whole terms once, and shows them when a row does', async () => {
    const house = await withOrder()
    const kindsAtSend: string[] = []
    const modify = house.broker.modify
    house.broker.modify = (...call) => {
      kindsAtSend.push(...changeKinds(house))
      return modify(...call)
    }
    const answer = await house.run(house.modify({ orderId: 'id000001', price: 101.5 }))
    expect(kindsAtSend).toEqual(['change-intended'])
    expect(house.broker.modified).toEqual([
      {
        order: { brokerOrderId: BROKER_ID, tag: 'id000001', clientID: undefined },
        terms: {
          ...{ priceType: 'LIMIT', product: 'MIS', validity: 'DAY', quantity: 10 },
          ...{ disclosedQuantity: 0, price: 101.5, triggerPrice: 0 },
        },
      },
    ])
    expect(answer).toMatchObject({
      orderId: 'id000001',
      brokerOrderId: BROKER_ID,
      state: 'open',
      change: { changeId: 'id000002', change: 'modify', state: 'done' },
    })
    expect(order(house)).toMatchObject({ price: 101.5, quantity: 10, state: 'open' })
    await house.pass(0)
    expect(changeKinds(house).toSorted()).toEqual(['change-evidence', 'change-intended', 'change-settled'])
    expect(house.topics().slice(2)).toEqual(['modified'])
    expect(lastEvent(house)).toMatchObject({ order: { price: 101.5 }, change: { changeId: 'id000002' } })
  })

  it('says "requested", not "done", until a row shows the new terms', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take late']
    const answer = await house.run(house.modify({ orderId: 'id000001', quantity: 20 }))
    expect(answer.change?.state).toBe('requested')
    expect(order(house).quantity).toBe(10)
    await house.pass(30_000)
    expect(house.topics()).not.toContain('modified')
    house.broker.finishChanges()
    await house.pass(0)
    expect(order(house).quantity).toBe(20)
    expect(house.topics().at(-1)).toBe('modified')
  })

  it.each<[ChangeFate, string, string]>([
    ['refuse', 'CHANGE_REJECTED', 'rejected'],
    ['refuse session', 'SESSION_UNAVAILABLE', 'unavailable'],
    ['not sent', 'XTS_NOT_SENT', 'unavailable'],
    ['never arrives', 'CHANGE_REPLY_LOST', 'unknown'],
    ['take, reply lost', 'CHANGE_REPLY_LOST', 'unknown'],
    ['take late, reply lost', 'CHANGE_REPLY_LOST', 'unknown'],
  ])('answers "%s" with %s, and the order stays as it was', async (fate, code, kind) => {
    const house = await withOrder()
    house.broker.changeFates = [fate]
    const error = await errorOf(house.run(house.modify({ orderId: 'id000001', price: 102 })))
    expect(error).toMatchObject({ code, kind, details: { orderId: 'id000001', changeId: 'id000002' } })
    expect(order(house)).toMatchObject({ state: 'open', price: 100 })
    if (fate === 'refuse session') expect(house.reportedEpochs).toEqual([1])
    if (fate === 'refuse') expect(error.details).toMatchObject({ brokerCode: 'e-orders-0099' })
  })

  it('is live again with a reason when the exchange refuses after the broker took it in', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['refuse later', 'refuse later']
    await house.run(house.modify({ orderId: 'id000001', price: 102 }))
    house.broker.finishChanges()
    await house.pass(0)
    expect(order(house)).toMatchObject({ state: 'open', price: 100, reason: '16418 : refused' })
    expect(house.topics().at(-1)).toBe('change-refused')
    expect(lastEvent(house)).toMatchObject({ change: { state: 'refused', reason: '16418 : refused' } })
    // The same words again are another refusal, because the change was seen on its way.
    await house.run(house.modify({ orderId: 'id000001', price: 103 }))
    house.broker.finishChanges()
    await house.pass(0)
    expect(house.topics().filter((topic) => topic === 'change-refused')).toHaveLength(2)
  })

  it('is done although the order fills with the new terms at once, and filled for all of them', async () => {
    const house = await withOrder()
    house.broker.fill(BROKER_ID, 4)
    await house.run(house.modify({ orderId: 'id000001', quantity: 6 }))
    house.broker.fill(BROKER_ID, 2)
    await house.pass(0)
    expect(order(house)).toMatchObject({ state: 'filled', quantity: 6, filledQuantity: 6 })
  })

  it('is overtaken when the order fills at the old terms first', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take late']
    await house.run(house.modify({ orderId: 'id000001', price: 102 }))
    house.broker.amend(BROKER_ID, { isChanging: false })
    house.broker.fill(BROKER_ID, 10)
    await house.pass(0)
    expect(house.core.ledger.orderChanges.find('id000002')).toMatchObject({ shown: 'row overtakes' })
    expect(order(house).state).toBe('filled')
  })

  it('drops the prices that the new type does not have', async () => {
    const house = await withOrder({ priceType: 'SL', price: 101, triggerPrice: 100.5 })
    await house.run(house.modify({ orderId: 'id000001', priceType: 'LIMIT' }))
    expect(house.broker.modified[0]?.terms).toMatchObject({ priceType: 'LIMIT', price: 101, triggerPrice: 0 })
    await house.run(house.modify({ orderId: 'id000001', priceType: 'MARKET' }))
    expect(house.broker.modified[1]?.terms).toMatchObject({ priceType: 'MARKET', price: 0, triggerPrice: 0 })
  })

  it('builds on the terms that an earlier modification left', async () => {
    const house = await withOrder()
    await house.run(house.modify({ orderId: 'id000001', price: 102 }))
    await house.run(house.modify({ orderId: 'id000001', quantity: 30 }))
    expect(house.broker.modified[1]?.terms).toMatchObject({ price: 102, quantity: 30 })
  })

  it('changes an order that was placed by hand, under the tag it has', async () => {
    const house = await withOrder()
    const row = house.broker.placeByHand({ tag: 'terminal' })
    await house.pass(0)
    const answer = await house.run(house.modify({ brokerOrderId: row.brokerOrderId, price: 91 }))
    expect(answer).toMatchObject({ orderId: '', brokerOrderId: row.brokerOrderId, change: { state: 'done' } })
    expect(house.broker.modified[0]?.order).toEqual({
      brokerOrderId: row.brokerOrderId,
      tag: 'terminal',
      clientID: undefined,
    })
  })

  it('sends nothing when the order stands as asked already', async () => {
    const house = await withOrder()
    const answer = await house.run(house.modify({ orderId: 'id000001', price: 100, quantity: 10 }))
    expect(answer).toEqual({ orderId: 'id000001', brokerOrderId: BROKER_ID, state: 'open' })
    expect(house.broker.modified).toEqual([])
  })

  it('does not send after the deadline', async () => {
    const house = await withOrder()
    const late = { deadlineAtMs: house.clock.nowMs() - 5 }
    expect(await codeOf(house.run(house.modify({ orderId: 'id000001', price: 99 }, late)))).toBe(
      'DEADLINE_EXPIRED',
    )
    expect(house.broker.modified).toEqual([])
  })

  it('sends nothing when the disk refuses the intent', async () => {
    const house = await withOrder()
    house.disk.refusal = 'disk full'
    expect(await codeOf(house.run(house.modify({ orderId: 'id000001', price: 99 })))).toBe(
      'JOURNAL_UNAVAILABLE',
    )
    expect(house.broker.modified).toEqual([])
    expect(house.core.ledger.orderChanges.undecided()).toEqual([])
  })
})

describe('what order.modify refuses', () => {
  it.each<[string, object, string]>([
    ['no order named', { price: 1 }, 'exactly one of orderId'],
    ['two names', { orderId: 'a', brokerOrderId: 'b', price: 1 }, 'exactly one of orderId'],
    ['nothing to change', { orderId: 'a' }, 'must change at least one of'],
    ['both at once', {}, 'exactly one of orderId'],
    ['an unknown field', { orderId: 'a', price: 1, side: 'BUY' }, 'side is not a known field'],
    ['a quantity of 0', { orderId: 'a', quantity: 0 }, 'quantity must be greater than 0'],
    ['half a share', { orderId: 'a', quantity: 1.5 }, 'quantity must be a whole number'],
    ['a negative price', { orderId: 'a', price: -1 }, 'price must not be negative'],
    ['a strange type', { orderId: 'a', priceType: 'STOP' }, 'priceType must be one of'],
  ])('%s', async (_, asked, words) => {
    const house = await House.started()
    await expect(house.modify(asked)).rejects.toMatchObject({ code: 'REQUEST_INVALID', kind: 'invalid' })
    await expect(house.modify(asked)).rejects.toThrow(words)
  })

  it('names all problems at once', async () => {
    const house = await House.started()
    const error = await errorOf(house.modify({ orderId: 1, quantity: 'x', price: null, foo: 1 }))
    expect(error.details['problems']).toHaveLength(4)
  })

  it.each<[string, object, string]>([
    ['a limit order without price', { price: 0 }, 'REQUEST_INVALID'],
    ['a market order with a price', { priceType: 'MARKET', price: 5 }, 'REQUEST_INVALID'],
    ['a price off the tick', { price: 100.02 }, 'ORDER_PRICE_OFF_TICK'],
    ['a price outside the band', { price: 6_000 }, 'ORDER_PRICE_OUTSIDE_BAND'],
    ['a quantity that is filled already', { quantity: 4 }, 'ORDER_QUANTITY_FILLED'],
    ['several of them', { quantity: 3, price: 100.02 }, 'ORDER_INVALID'],
  ])('%s', async (_, asked, code) => {
    const house = await withOrder()
    house.broker.fill(BROKER_ID, 4)
    expect(await codeOf(house.run(house.modify({ orderId: 'id000001', ...asked })))).toBe(code)
    expect(changeKinds(house)).toEqual([])
  })

  it('an order that is not known, or that the caller may not see', async () => {
    const house = await withOrder()
    const held = { caller: { clientIDs: ['OTHER'] } }
    expect(await codeOf(house.modify({ orderId: 'nobody', price: 1 }))).toBe('ORDER_NOT_FOUND')
    expect(await codeOf(house.modify({ orderId: 'id000001', price: 99 }, held))).toBe('ORDER_NOT_FOUND')
  })

  it('an order that has ended, and one the broker has not answered for', async () => {
    const house = await withOrder()
    house.broker.setState(BROKER_ID, 'cancelled')
    const error = await errorOf(house.modify({ orderId: 'id000001', price: 99 }))
    expect(error).toMatchObject({ code: 'ORDER_NOT_WORKING', details: { state: 'cancelled' } })
    house.broker.isBookUnreadable = true
    house.broker.fates = ['reply lost']
    await house.run(house.place()).catch(() => undefined)
    expect(await codeOf(house.modify({ orderId: 'id000002', price: 99 }))).toBe('ORDER_UNRESOLVED')
  })

  it('a second change while the first is not decided', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take late']
    await house.run(house.modify({ orderId: 'id000001', price: 102 }))
    const error = await errorOf(house.run(house.modify({ orderId: 'id000001', price: 103 })))
    expect(error).toMatchObject({ code: 'CHANGE_PENDING', details: { changeId: 'id000002' } })
    expect(house.broker.modified).toHaveLength(1)
  })

  it('anything while the house is not ready', async () => {
    const house = await withOrder()
    house.sessionEpoch = undefined
    expect(await codeOf(house.modify({ orderId: 'id000001', price: 99 }))).toBe('NOT_READY')
  })
})

describe('a modification whose reply was lost', () => {
  const lose = async (fate: ChangeFate): Promise<House> => {
    const house = await withOrder()
    house.broker.changeFates = [fate]
    await house
      .run(house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'm1' }))
      .catch(() => undefined)
    return house
  }
  const again = (house: House): Promise<ChangedOrder> =>
    house.run(house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'm1' }))

  it('is told unknown and is found by the new terms of the row, after about 1, 2, 4 s', async () => {
    const house = await lose('take, reply lost')
    expect(house.topics().at(-1)).toBe('unknown')
    expect(lastEvent(house)).toMatchObject({ order: { state: 'open' }, change: { state: 'unknown' } })
    expect(await codeOf(again(house))).toBe('CHANGE_REPLY_LOST')
    house.broker.onOrder = undefined
    house.broker.finishChanges()
    await house.pass(3_000)
    expect(house.topics().slice(-2)).toEqual(['resolved', 'modified'])
    await expect(again(house)).resolves.toMatchObject({ change: { state: 'done' } })
    expect(house.broker.modified).toHaveLength(1)
  })

  it('is proven without effect by a healthy read begun late enough, not a moment before', async () => {
    const house = await lose('never arrives')
    const sentAtMs = house.clock.nowMs()
    await house.pass(14_500)
    expect(house.core.ledger.orderChanges.undecided()).toHaveLength(1)
    await house.pass(45_000)
    expect(house.topics().slice(-2)).toEqual(['resolved', 'change-refused'])
    const proof = house.disk.entries.find((entry) => entry.kind === 'change-evidence')
    expect(proof).toMatchObject({ shown: 'proven without effect', row: { price: 100 } })
    expect(proof?.readBegunAtMs).toBeGreaterThanOrEqual(sentAtMs + 14_900)
    expect(await codeOf(again(house))).toBe('CHANGE_NO_EFFECT')
  })

  it('may be asked again then, with an id of its own that names the first', async () => {
    const house = await lose('never arrives')
    await house.pass(60_000)
    const answer = await house.run(house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'm2' }))
    expect(answer.change).toMatchObject({ changeId: 'id000003', follows: 'id000002', state: 'done' })
  })

  it('stays unknown for ever while the book cannot be read, and alerts once', async () => {
    const house = await withOrder()
    house.broker.isBookUnreadable = true
    house.broker.changeFates = ['never arrives']
    await house.run(house.modify({ orderId: 'id000001', price: 102 })).catch(() => undefined)
    await house.pass(6 * 3_600_000)
    expect(house.core.ledger.orderChanges.undecided()).toHaveLength(1)
    expect(house.logged.filter((line) => line === 'order change stays unknown')).toHaveLength(1)
  })

  it('stays unknown while the book misses an order it must have', async () => {
    const house = await withOrder()
    await house.run(house.place())
    house.broker.changeFates = ['never arrives']
    await house.run(house.modify({ orderId: 'id000001', price: 102 })).catch(() => undefined)
    house.broker.orderRows.delete('1110000002')
    await house.pass(3_600_000)
    expect(house.core.ledger.orderChanges.undecided()).toHaveLength(1)
  })

  it('is told as resurrected when the new terms come after all', async () => {
    const house = await lose('take, reply lost')
    await house.pass(60_000)
    expect(house.topics().at(-1)).toBe('change-refused')
    house.broker.finishChanges()
    await house.pass(0)
    expect(house.topics().slice(-2)).toEqual(['resurrected', 'modified'])
    expect(order(house).price).toBe(102)
  })
})

describe('a clientOrderId of a modification', () => {
  it('gives the first answer in flight, finished and after a restart, and sends once', async () => {
    const house = await withOrder()
    const ask = (): Promise<ChangedOrder> =>
      house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'mine' })
    const [first, second] = await house.run(Promise.all([ask(), ask()]))
    expect(second).toEqual(first)
    await house.crashAndRestart()
    await expect(house.run(ask())).resolves.toEqual(first)
    expect(house.broker.modified).toHaveLength(1)
  })

  it('is refused with another body, another subject, or an order’s own', async () => {
    const house = await withOrder()
    await house.run(house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'mine' }))
    const other = house.modify({ orderId: 'id000001', price: 103 }, { clientOrderId: 'mine' })
    expect(await codeOf(other)).toBe('CLIENT_ORDER_ID_REUSED')
    expect(await codeOf(house.cancel({ orderId: 'id000001' }, { clientOrderId: 'mine' }))).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
    expect(await codeOf(house.place({}, { clientOrderId: 'mine' }))).toBe('CLIENT_ORDER_ID_REUSED')
  })
})
