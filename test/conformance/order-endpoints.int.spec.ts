import { FaultDesk } from './faults/fault-desk'
import { ok, RELIANCE, until } from './simulated-broker'

let desk: FaultDesk
beforeEach(async () => (desk = await FaultDesk.open()))
afterEach(() => desk.close())

/** The state of an order in the book, by the broker's id. */
const bookState = async (brokerOrderId: string): Promise<string | undefined> =>
  ok(await desk.xts.orders()).rows.find((row) => row.brokerOrderId === brokerOrderId)?.state

async function rest() {
  const sent = await desk.restingOrder()
  const { brokerOrderId } = ok(await desk.xts.place(sent))
  await desk.untilTold(sent, 'open')
  return { sent, brokerOrderId }
}

describe('the order endpoints', () => {
  it('modify an order, whose history then tells each of its states', async () => {
    const { sent, brokerOrderId } = await rest()
    const terms = { ...sent, quantity: 5, price: sent.price - 5 }
    expect(ok(await desk.xts.modify({ brokerOrderId, tag: sent.tag }, terms))).toEqual({ brokerOrderId })
    await until(() => desk.orders.some(({ quantity, state }) => quantity === 5 && state === 'open'))
    const { rows } = ok(await desk.xts.history({ brokerOrderId }))
    expect(rows[0]).toMatchObject({ brokerOrderId, state: 'accepted', quantity: 3 })
    expect(rows.at(-1)).toMatchObject({ brokerOrderId, quantity: 5, price: terms.price, state: 'open' })
  })

  it('cancel every order of an instrument, or of a whole segment', async () => {
    const first = await rest()
    ok(await desk.xts.cancelAll(RELIANCE))
    await desk.untilTold(first.sent, 'cancelled')
    const second = await rest()
    ok(await desk.xts.cancelAll({ segment: 'NSECM' }))
    await desk.untilTold(second.sent, 'cancelled')
  })

  it('read positions day by day and net, each with the day’s own', async () => {
    const sent = desk.order()
    ok(await desk.xts.place(sent))
    await desk.untilTold(sent, 'filled')
    for (const book of ['DayWise', 'NetWise'] as const)
      expect(ok(await desk.xts.positions(undefined, book)).rows).toEqual([
        expect.objectContaining({ ...RELIANCE, quantity: 3, product: 'MIS' }),
      ])
  })
})

describe('the order endpoints of a dealer', () => {
  it('read all three books by the dealer routes, each for the client that is named', async () => {
    const profile = {
      orderClientId: 'client-code',
      bookClientId: 'client-code',
      bookRoutes: 'dealer',
    } as const
    const dealer = await FaultDesk.open({ kind: 'dealer', profile })
    try {
      const sent = dealer.order()
      ok(await dealer.xts.place(sent))
      await dealer.untilTold(sent, 'filled')
      for (const book of [
        await dealer.xts.orders('SIM0001'),
        await dealer.xts.trades('SIM0001'),
        await dealer.xts.positions('SIM0001'),
      ])
        expect(ok<{ rows: readonly object[] }>(book).rows[0]).toMatchObject({ clientID: 'SIM0001' })
    } finally {
      await dealer.close()
    }
  })
})

describe('the endpoints of orders with legs', () => {
  const legOrder = async () => {
    const { tag, segment, token, side, disclosedQuantity } = desk.order()
    const price = Math.floor(await desk.lastPrice()) - 10
    return {
      ...{ tag, segment, token, side, disclosedQuantity, price, priceType: 'LIMIT' as const, quantity: 10 },
    } as const
  }

  it('place a cover order, which names entry and guard, and leave it at the market', async () => {
    const order = { ...(await legOrder()), price: Math.ceil(await desk.lastPrice()) + 5 }
    const { entryOrderId, exitOrderId } = ok(
      await desk.legs.placeCover({ ...order, triggerPrice: order.price - 40 }),
    )
    expect(Number(exitOrderId)).toBeGreaterThan(0)
    expect(exitOrderId).not.toBe(entryOrderId)
    const left = await untilOk(() => desk.legs.exitCover({ exitOrderId, tag: order.tag }))
    expect(left).toEqual({ kind: 'ok', value: undefined })
    await until(async () => ok(await desk.xts.positions()).rows.every(({ quantity }) => quantity === 0))
  })

  it('place a bracket order, change its entry and take it out', async () => {
    const order = await legOrder()
    const legs = { targetOffset: 20, stopLossOffset: 10, trailingStopLoss: 0 }
    const { entryOrderId = '' } = ok(await desk.legs.placeBracket({ ...order, ...legs }))
    expect(entryOrderId).toMatch(/^\d+$/)
    const changed = await untilOk(() =>
      desk.legs.modifyBracket({
        brokerOrderId: entryOrderId,
        quantity: 20,
        price: order.price - 5,
        stopLossPrice: 10,
      }),
    )
    expect(changed).toEqual({ kind: 'ok', value: undefined })
    expect(await untilOk(() => desk.legs.cancelBracket({ entryOrderId }))).toEqual({
      kind: 'ok',
      value: undefined,
    })
    // Nobody here trades such orders, so the book leaves their rows aside, by name.
    const book = ok(await desk.xts.orders())
    expect([book.rows, book.skippedRows?.length]).toEqual([[], 1])
    expect(await bookState(entryOrderId)).toBeUndefined()
  })

  /** A fresh order is refused a change until the exchange has it. */
  async function untilOk<T extends { readonly kind: string }>(call: () => Promise<T>): Promise<T> {
    let outcome = await call()
    await until(async () => {
      if (outcome.kind !== 'ok') outcome = await call()
      return outcome.kind === 'ok'
    })
    return outcome
  }
})
