import type { OrderView } from '@xts-bridge/contracts'
import { codeOf, errorOf, House } from './testing/house'
import type { ChangeFate } from './testing/modelled-broker'

const ANYONE = { caller: { clientIDs: ['*'] } }
const BROKER_ID = '1110000001'
const THIS = { orderId: 'id000001' }
const order = (house: House): OrderView => house.core.readOrder.status(THIS, ANYONE)

async function withOrder(how: Readonly<Record<string, unknown>> = {}): Promise<House> {
  const house = await House.started()
  await house.run(house.place(how))
  house.broker.setState(BROKER_ID, 'open')
  await house.pass(0)
  return house
}

describe('order.cancel', () => {
  it('writes the cancellation down before the wire, and the order is cancelled by its row', async () => {
    const house = await withOrder()
    const kindsAtSend: string[] = []
    const cancel = house.broker.cancel
    house.broker.cancel = (...call) => {
      kindsAtSend.push(...house.disk.kinds())
      return cancel(...call)
    }
    const answer = await house.run(house.cancel(THIS))
    expect(kindsAtSend.at(-1)).toBe('change-intended')
    expect(answer).toMatchObject({ state: 'cancelled', change: { change: 'cancel', state: 'done' } })
    expect(house.topics()).toEqual(['accepted', 'opened', 'cancelled'])
  })

  it('is not answered cancelled before there is evidence', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take late']
    expect(await house.run(house.cancel(THIS))).toMatchObject({
      state: 'open',
      change: { state: 'requested' },
    })
    await house.pass(60_000)
    expect(order(house).state).toBe('open')
    house.broker.finishChanges()
    await house.pass(0)
    expect(order(house).state).toBe('cancelled')
  })

  it('keeps what was filled, and the remainder the broker names, when part was filled first', async () => {
    const house = await withOrder()
    house.broker.fill(BROKER_ID, 4)
    expect(await house.run(house.cancel(THIS))).toMatchObject({ state: 'cancelled' })
    expect(order(house)).toMatchObject({ state: 'cancelled', quantity: 10, filledQuantity: 4 })
  })

  it('counts a late fill after the cancellation', async () => {
    const house = await withOrder()
    await house.run(house.cancel(THIS))
    house.broker.fill(BROKER_ID, 10)
    await house.pass(0)
    expect(order(house)).toMatchObject({ state: 'filled', filledQuantity: 10 })
  })

  it.each(['filled', 'cancelled', 'rejected'] as const)(
    'answers the state of an order that is %s, and sends nothing',
    async (state) => {
      const house = await withOrder()
      if (state === 'filled') house.broker.fill(BROKER_ID, 10)
      else house.broker.setState(BROKER_ID, state)
      await expect(house.run(house.cancel(THIS))).resolves.toEqual({
        orderId: 'id000001',
        brokerOrderId: BROKER_ID,
        state,
      })
      expect(house.broker.cancelled).toEqual([])
      expect(house.disk.kinds()).not.toContain('change-intended')
    },
  )

  it('answers how the order ended when only the broker knows it yet', async () => {
    const house = await withOrder()
    house.drop()
    house.broker.fill(BROKER_ID, 10)
    await expect(house.run(house.cancel(THIS))).resolves.toMatchObject({
      state: expect.stringMatching(/^(filled|open)$/) as string,
      change: { state: 'refused' },
    })
    await house.pass(3_000)
    expect(order(house).state).toBe('filled')
  })

  it.each<[ChangeFate, string]>([
    ['refuse', 'CHANGE_REJECTED'],
    ['refuse session', 'SESSION_UNAVAILABLE'],
    ['not sent', 'XTS_NOT_SENT'],
    ['never arrives', 'CHANGE_REPLY_LOST'],
    ['take, reply lost', 'CHANGE_REPLY_LOST'],
  ])('answers "%s" with %s while the order works', async (fate, code) => {
    const house = await withOrder()
    house.broker.changeFates = [fate]
    expect(await codeOf(house.run(house.cancel(THIS)))).toBe(code)
    expect(order(house).state).toBe('open')
  })

  it('is resolved when its reply was lost: cancelled by the row, or still working by a late healthy read', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take, reply lost', 'never arrives']
    await house.run(house.cancel(THIS)).catch(() => undefined)
    house.broker.onOrder = undefined
    house.broker.finishChanges()
    await house.pass(3_000)
    expect(house.topics().slice(2)).toEqual(['unknown', 'cancelled', 'resolved'])

    await house.run(house.place())
    await house.run(house.cancel({ orderId: 'id000003' })).catch(() => undefined)
    await house.pass(60_000)
    expect(house.core.readOrder.status({ orderId: 'id000003' }, ANYONE).state).toBe('open')
    expect(house.topics().slice(-2)).toEqual(['resolved', 'change-refused'])
    expect(house.broker.cancelled).toHaveLength(2)
  })

  it('is not sent a second time while the first is not decided, and answers about the first', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['take late']
    const [first, second] = await house.run(Promise.all([house.cancel(THIS), house.cancel(THIS)]))
    expect(second).toEqual(first)
    const third = await house.run(house.cancel(THIS, { clientOrderId: 'again' }))
    expect(third.change?.changeId).toBe('id000002')
    await house.crashAndRestart()
    await expect(house.run(house.cancel(THIS, { clientOrderId: 'again' }))).resolves.toEqual(third)
    expect(house.broker.cancelled).toHaveLength(1)
  })

  it('goes while a modification is not decided', async () => {
    const house = await withOrder()
    house.broker.changeFates = ['never arrives']
    await house.run(house.modify({ ...THIS, price: 102 })).catch(() => undefined)
    expect(await house.run(house.cancel(THIS))).toMatchObject({ state: 'cancelled' })
    await house.pass(0)
    expect(house.core.ledger.orderChanges.undecided()).toEqual([])
  })

  it('goes without books, instruments or a disk that takes entries, and is written down when it does', async () => {
    const house = await withOrder()
    house.hasInstruments = false
    house.disk.refusal = 'disk full'
    expect(await house.run(house.cancel(THIS))).toMatchObject({ state: 'cancelled' })
    expect(house.broker.cancelled).toEqual([BROKER_ID])
    house.disk.refusal = undefined
    await house.pass(2_000)
    expect(house.disk.kinds()).toEqual(expect.arrayContaining(['change-intended', 'change-settled']))
    await house.crashAndRestart()
    expect(order(house).state).toBe('cancelled')
    expect(house.broker.cancelled).toHaveLength(1)
  })

  it('needs a session, and an order the broker has answered for', async () => {
    const house = await withOrder()
    house.sessionEpoch = undefined
    expect(await codeOf(house.cancel(THIS))).toBe('NOT_READY')
    house.sessionEpoch = 1
    house.broker.isBookUnreadable = true
    house.broker.fates = ['reply lost']
    await house.run(house.place()).catch(() => undefined)
    expect(await codeOf(house.cancel({ orderId: 'id000002' }))).toBe('ORDER_UNRESOLVED')
  })

  it('names its order by the clientOrderId it was placed under', async () => {
    const house = await House.started()
    await house.run(house.place({}, { clientOrderId: 'mine' }))
    expect(await house.run(house.cancel({ clientOrderId: 'mine' }))).toMatchObject({ state: 'cancelled' })
    const error = await errorOf(house.cancel({ clientOrderId: 'other' }))
    expect(error).toMatchObject({ code: 'ORDER_NOT_FOUND', details: { field: 'clientOrderId' } })
  })
})

describe('order.cancel-all', () => {
  async function withThree(): Promise<House> {
    const house = await House.started()
    await house.run(house.place())
    await house.run(house.place({ product: 'CNC', clientID: 'CLI7' }))
    await house.run(
      house.place({ exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', quantity: 65, product: 'NRML' }),
    )
    house.broker.placeByHand()
    await house.pass(0)
    return house
  }
  const idsOf = (answer: {
    orders: readonly { brokerOrderId: string; state: string }[]
  }): readonly string[] => answer.orders.map(({ brokerOrderId, state }) => `${brokerOrderId} ${state}`)

  it('cancels every working order, those placed elsewhere too, each with its own answer', async () => {
    const house = await withThree()
    house.broker.fill('1110000001', 10)
    const answer = await house.run(house.cancelAll())
    expect(idsOf(answer)).toEqual(['1110000002 cancelled', '1110000003 cancelled', '1110000004 cancelled'])
    expect(answer.orders[0]).toMatchObject({ symbol: 'RELIANCE', change: { state: 'done' } })
    expect(new Set(answer.orders.map(({ change }) => change?.changeId)).size).toBe(3)
  })

  it.each<[string, object, readonly string[]]>([
    ['a client', { clientID: 'CLI7' }, ['1110000002']],
    ['the login’s own code', { clientID: 'ABC1234' }, ['1110000001', '1110000003', '1110000004']],
    ['a product', { product: 'CNC' }, ['1110000002']],
    ['an exchange', { exchange: 'NFO' }, ['1110000003']],
    ['a symbol', { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' }, ['1110000001', '1110000004']],
    ['nothing there', { exchange: 'BSE' }, []],
  ])('keeps to %s', async (_, asked, ids) => {
    const house = await withThree()
    await house.run(house.cancelAll(asked))
    expect(house.broker.cancelled.toSorted()).toEqual(ids)
  })

  it('says of each order that may still work why, and cancels the others all the same', async () => {
    const house = await withThree()
    house.broker.isBookUnreadable = true
    house.broker.fates = ['never arrives']
    await house.run(house.place()).catch(() => undefined)
    house.broker.changeFates = ['never arrives', 'refuse']
    const answer = await house.run(house.cancelAll())
    expect(answer.orders.map(({ state, error }) => [state, error?.code])).toEqual([
      ['accepted', 'CHANGE_REPLY_LOST'],
      ['accepted', 'CHANGE_REJECTED'],
      ['cancelled', undefined],
      ['cancelled', undefined],
      ['unknown', 'ORDER_UNRESOLVED'],
    ])
  })

  it('touches only the clients its caller may act for', async () => {
    const house = await withThree()
    await house.run(house.cancelAll({}, { caller: { clientIDs: ['CLI7'] } }))
    expect(house.broker.cancelled).toEqual(['1110000002'])
  })

  it('gives its clientOrderId the first answer, also after a restart, and sends nothing again', async () => {
    const house = await withThree()
    const first = await house.run(house.cancelAll({}, { clientOrderId: 'all' }))
    await house.run(house.place())
    await expect(house.run(house.cancelAll({}, { clientOrderId: 'all' }))).resolves.toEqual(first)
    await house.crashAndRestart()
    const third = await house.run(house.cancelAll({}, { clientOrderId: 'all' }))
    expect(idsOf(third)).toEqual(idsOf(first))
    expect(house.broker.cancelled).toHaveLength(4)
  })

  it('takes its clientOrderId with the first cancellation it sends, not with one that runs already', async () => {
    const house = await withThree()
    house.broker.changeFates = ['take late']
    await house.run(house.cancel({ brokerOrderId: '1110000001' }))
    await house.run(house.cancelAll({}, { clientOrderId: 'all' }))
    const claimed = house.disk.entries.filter((entry) => entry.kind === 'change-intended' && entry.claim)
    expect(claimed).toMatchObject([{ brokerOrderId: '1110000002', claim: { clientOrderId: 'all' } }])
    expect(house.disk.entries.at(-1)).toMatchObject({ kind: 'answered', isClaimHeld: true })
  })

  it('refuses a symbol without its exchange, and unknown fields, together', async () => {
    const house = await House.started()
    const error = await errorOf(house.cancelAll({ symbol: 'RELIANCE' }))
    expect(error).toMatchObject({ code: 'REQUEST_INVALID' })
    expect(error.message).toContain('exchange must be named with a symbol')
    await expect(house.cancelAll({ product: 'X', foo: 1 })).rejects.toThrow('foo is not a known field')
  })
})
