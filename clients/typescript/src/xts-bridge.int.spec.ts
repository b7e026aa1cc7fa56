import { AppError, XtsBridge, type OrderEvent, type TickPayload } from './index'
import { order, SmallHouse } from './testing/small-house'

const closers: (() => Promise<void>)[] = []
let house: SmallHouse
let bridge: XtsBridge

beforeEach(async () => {
  house = await SmallHouse.open()
  bridge = XtsBridge.connect({ ...house.endpoints, apiKey: 'the key', timeoutMs: 10_000 })
  closers.push(
    () => house.close(),
    () => bridge.close(),
  )
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function eventually(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAtMs = Date.now() + 10_000
  while (!(await isTrue())) {
    if (Date.now() > giveUpAtMs) throw new Error(`it never came to pass that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const PLACED = { orderId: 'o1', brokerOrderId: 'b1', state: 'accepted' }
const BUY = { exchange: 'NSE', symbol: 'RELIANCE', side: 'BUY', quantity: 10 } as const

describe('placing', () => {
  it('sends the order with key, deadline and a clientOrderId of its own', async () => {
    house.answers['order.place'] = () => ({ data: PLACED })
    await expect(bridge.placeOrder(BUY)).resolves.toEqual(PLACED)
    await bridge.placeOrder(BUY)
    const [first, second] = house.seen.map(({ envelope }) => envelope)
    expect(first).toMatchObject({ v: 1, apiKey: 'the key', data: BUY })
    expect(first?.deadlineAtMs).toBeGreaterThan(Date.now())
    expect(first?.clientOrderId).toMatch(/^[\w-]{16}$/)
    expect(second?.clientOrderId).not.toBe(first?.clientOrderId)
    expect(second?.id).not.toBe(first?.id)
  })

  it('never sends an order again whose reply was lost, and says which clientOrderId it had', async () => {
    house.answers['book.positions'] = () => ({ data: [] })
    await bridge.positions() // connected now
    house.seen.length = 0
    const lost = bridge.placeOrder(BUY, { timeoutMs: 100 })
    await expect(lost).rejects.toBeInstanceOf(AppError)
    await expect(lost).rejects.toMatchObject({ kind: 'unknown', code: 'REPLY_LOST' })
    const sentId = house.seen[0]?.envelope.clientOrderId
    await expect(lost).rejects.toMatchObject({ details: { clientOrderId: sentId } })
    house.answers['order.place'] = () => ({ data: PLACED })
    await bridge.placeOrder(BUY, { clientOrderId: sentId })
    expect(house.seen.map(({ envelope }) => envelope.clientOrderId)).toEqual([sentId, sentId])
  })

  it('asks for changes under a clientOrderId, and for dry runs without', async () => {
    for (const subject of ['order.modify', 'order.cancel', 'order.cancel-all', 'order.dry-run'])
      house.answers[subject] = ({ data }) => ({ data })
    await expect(bridge.modifyOrder({ orderId: 'o1', price: 101.5 })).resolves.toEqual({
      orderId: 'o1',
      price: 101.5,
    })
    await bridge.cancelOrder({ orderId: 'o1' }, { clientOrderId: 'mine' })
    await bridge.cancelAll({ exchange: 'NSE' })
    await bridge.dryRun(BUY)
    expect(house.seen.map(({ subject }) => subject)).toEqual([
      'order.modify',
      'order.cancel',
      'order.cancel-all',
      'order.dry-run',
    ])
    const ids = house.seen.map(({ envelope }) => envelope.clientOrderId)
    expect(ids).toEqual([expect.any(String), 'mine', expect.any(String), undefined])
  })

  it('throws the refusal of the house with its kind, code and sentence', async () => {
    const details = { quantity: 7, lotSize: 5, symbol: 'X' }
    house.answers['order.smart'] = () => ({
      error: { kind: 'invalid', code: 'ORDER_QUANTITY_NOT_LOT_MULTIPLE', details },
    })
    const refused = bridge.smartOrder({ exchange: 'NSE', symbol: 'X', product: 'MIS', targetPosition: 7 })
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ORDER_QUANTITY_NOT_LOT_MULTIPLE',
      message: 'quantity 7 is not a multiple of the lot size 5 of "X".',
    })
  })

  it('says with certainty that nothing was sent while no service is there', async () => {
    const nowhere = XtsBridge.connect({ apiKey: 'k', ordersEndpoint: 'tcp://127.0.0.1:1', timeoutMs: 100 })
    closers.push(() => nowhere.close())
    await expect(nowhere.placeOrder(BUY)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'REQUEST_NOT_SENT',
    })
  })

  it('keeps many requests in flight apart', async () => {
    house.answers['order.place'] = ({ data }) => ({
      data: { ...PLACED, orderId: (data as typeof BUY).symbol },
    })
    const symbols = Array.from({ length: 600 }, (_, n) => `S${n}`)
    const answers = await Promise.all(symbols.map((symbol) => bridge.placeOrder({ ...BUY, symbol })))
    expect(answers.map(({ orderId }) => orderId)).toEqual(symbols)
  })
})

describe('reading', () => {
  it('asks for positions, status and quotes', async () => {
    house.answers['book.positions'] = () => ({ data: [{ symbol: 'RELIANCE', quantity: 5 }] })
    house.answers['order.status'] = () => ({ data: order('o1') })
    house.answers['market.quotes'] = () => ({ data: { ltp: 1290.5 } })
    await expect(bridge.positions()).resolves.toEqual([{ symbol: 'RELIANCE', quantity: 5 }])
    await expect(bridge.orderStatus({ orderId: 'o1' })).resolves.toMatchObject({ state: 'open' })
    await expect(bridge.quotes({ exchange: 'NSE', symbol: 'RELIANCE' })).resolves.toEqual({ ltp: 1290.5 })
    expect(house.seen.map(({ envelope }) => envelope.data)).toEqual([
      {},
      { orderId: 'o1' },
      { exchange: 'NSE', symbol: 'RELIANCE' },
    ])
  })
})

describe('books', () => {
  it('are asked by name, with what the caller asked', async () => {
    const subjects = [
      ...[
        'book.positions',
        'book.open-position',
        'book.orders',
        'book.trades',
        'book.holdings',
        'book.funds',
      ],
      ...['order.history', 'position.convert'],
    ]
    for (const subject of subjects) house.answers[subject] = ({ data }) => ({ data })
    const position = { exchange: 'NSE', symbol: 'X', product: 'MIS' } as const
    const wish = { exchange: 'NSE', symbol: 'X', fromProduct: 'MIS', toProduct: 'NRML', quantity: 5 } as const
    await bridge.nativePositions({ fresh: true })
    await bridge.openPosition(position)
    await bridge.orderBook({ clientID: 'CLI7' })
    await bridge.tradeBook()
    await bridge.holdings()
    await bridge.funds()
    await bridge.orderHistory({ orderId: 'o1' })
    await bridge.convertPosition(wish, { clientOrderId: 'mine' })
    expect(house.seen.map(({ subject }) => subject)).toEqual(subjects)
    expect(house.seen.map(({ envelope }) => envelope.data)).toEqual([
      ...[{ fresh: true, native: true }, position, { clientID: 'CLI7' }, {}, {}, {}],
      ...[{ orderId: 'o1' }, wish],
    ])
    expect(house.seen.at(-1)?.envelope.clientOrderId).toBe('mine')
  })
})

describe('ticks', () => {
  it('come to those who listen to the topic, and the subscription ends with the last of them', async () => {
    const seen: string[] = []
    const note = (who: string) => (tick: TickPayload, topic: string) =>
      seen.push(`${who} ${topic} ${tick.ltp}`)
    const stopA = bridge.onTick('NSE_A_LTP', note('a'))
    const stopB = bridge.onTick({ exchange: 'NSE', symbol: 'A', mode: 'LTP' }, note('b'))
    bridge.onTick('NSE_A', note('prefix'))
    await eventually(() => house.subscriptions.length === 2, 'topic and prefix are subscribed')
    await house.tick('NSE_A_LTP', '{"ltp":1}')
    await eventually(() => seen.length === 3, 'all three hear it')
    expect(seen.sort()).toEqual(['a NSE_A_LTP 1', 'b NSE_A_LTP 1', 'prefix NSE_A_LTP 1'])
    stopA()
    stopB()
    stopB()
    await eventually(() => house.subscriptions.includes('-NSE_A_LTP'), 'the subscription ends')
    expect(house.subscriptions).toEqual(['+NSE_A_LTP', '+NSE_A', '-NSE_A_LTP'])
  })

  it('of a longer topic, or that are no JSON, are not given to a listener of a full one', async () => {
    const seen: number[] = []
    bridge.onTick('NSE_A_LTP', ({ ltp }) => seen.push(ltp))
    await eventually(() => house.subscriptions.length === 1, 'it is subscribed')
    await house.tick('NSE_A_LTP_QUOTE', '{"ltp":1}')
    await house.tick('NSE_A_LTP', '{"ltp":')
    await house.tick('NSE_A_LTP', '{"ltp":2}')
    await eventually(() => seen.length > 0, 'a tick comes')
    expect(seen).toEqual([2])
  })
})

describe('order events', () => {
  async function listen(): Promise<{ events: string[]; losses: string[]; stop: () => void }> {
    const events: string[] = []
    const losses: string[] = []
    const stop = await bridge.onOrderEvent(
      (event: OrderEvent, topic) => events.push(`${topic} ${event.order.orderId}`),
      ({ fromSeq, toSeq }) => losses.push(`${fromSeq}-${toSeq}`),
    )
    return { events, losses, stop }
  }

  it('are those after the listener came: earlier ones are dropped, none falls between', async () => {
    await house.event('filled', order('before'))
    const { events } = await listen()
    await house.event('filled', order('after'))
    await eventually(async () => {
      await house.heartbeat()
      return events.length > 0
    }, 'the event is given')
    expect(events).toEqual(['order.primary.filled after'])
  })

  it('that come while the position in the sequence is asked for are given without waiting for a heartbeat', async () => {
    house.answers['order.replay'] = async (envelope) => {
      await house.eventReader()
      await house.event('filled', order('counted'))
      const answer = house.replay(envelope)
      await house.event('filled', order('between'))
      // Turns of the event loop that let the events come first, as far as two sockets can be put in order at all.
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      return answer
    }
    const { events } = await listen()
    await eventually(() => events.length > 0, 'the event is given')
    expect(events).toEqual(['order.primary.filled between'])
    expect(house.seen).toHaveLength(1)
  })

  it('are given once and in order although some were lost on the way, the last one too', async () => {
    const { events, losses } = await listen()
    await house.event('accepted', order('a'), { isLost: true })
    await house.event('opened', order('b'))
    await house.event('filled', order('c'), { isLost: true })
    await eventually(async () => {
      await house.heartbeat()
      return events.length >= 3
    }, 'all are given')
    expect(events).toEqual(['order.primary.accepted a', 'order.primary.opened b', 'order.primary.filled c'])
    expect(losses).toEqual([])
  })

  it('that nobody has any more are named as lost', async () => {
    const { events, losses } = await listen()
    await house.event('accepted', order('a'), { isLost: true, isStored: false })
    await house.event('opened', order('b'))
    await eventually(async () => {
      await house.heartbeat()
      return events.length > 0
    }, 'the second is given')
    expect(events).toEqual(['order.primary.opened b'])
    expect(losses).toEqual(['1-1'])
  })

  it('do not come any more after the listener stopped', async () => {
    const first = await listen()
    const second = await listen()
    first.stop()
    await house.event('opened', order('x'))
    await eventually(async () => {
      await house.heartbeat()
      return second.events.length > 0
    }, 'the other listener hears it')
    expect(first.events).toEqual([])
  })

  it('cannot be had when the service does not say where the sequence stands', async () => {
    house.answers['order.replay'] = () => ({ error: { kind: 'refused', code: 'SCOPE_MISSING' } })
    await expect(bridge.onOrderEvent(() => undefined)).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
  })
})

describe('waiting for an order', () => {
  it('sees a state that was reached before it was asked', async () => {
    house.answers['order.status'] = () => ({ data: order('o1', { state: 'filled', filledQuantity: 10 }) })
    await expect(bridge.waitForOrder('o1', 'filled')).resolves.toMatchObject({ filledQuantity: 10 })
  })

  it('sees a state that is reached later, whatever happens to other orders', async () => {
    house.answers['order.status'] = () => ({ data: order('o1') })
    const filled = bridge.waitForOrder('o1', ['filled', 'cancelled'])
    await eventually(() => house.seen.some(({ subject }) => subject === 'order.status'), 'it asked')
    await house.event('filled', order('o2', { state: 'filled' }))
    await house.event('filled', order('o1', { state: 'filled', averagePrice: 5 }), { isLost: true })
    await house.heartbeat()
    await expect(filled).resolves.toMatchObject({ orderId: 'o1', averagePrice: 5 })
  })

  it('looks again when events were lost', async () => {
    let state: 'open' | 'filled' = 'open'
    house.answers['order.status'] = () => ({ data: order('o1', { state }) })
    const filled = bridge.waitForOrder('o1', 'filled')
    await eventually(() => house.seen.some(({ subject }) => subject === 'order.status'), 'it asked')
    state = 'filled'
    await house.event('filled', order('o1', { state }), { isLost: true, isStored: false })
    await house.heartbeat()
    await expect(filled).resolves.toMatchObject({ state: 'filled' })
  })

  it('ends with the reason when the order ended in another state', async () => {
    house.answers['order.status'] = () => ({ data: order('o1', { state: 'rejected', reason: 'no margin' }) })
    const waiting = bridge.waitForOrder('o1', 'filled')
    await expect(waiting).rejects.toMatchObject({ name: 'OrderWaitError', order: { state: 'rejected' } })
    await expect(waiting).rejects.toThrow('Order o1 is rejected (no margin).')
  })

  it('ends at its deadline with what is known', async () => {
    house.answers['order.status'] = () => ({ data: order('o1') })
    const waiting = bridge.waitForOrder('o1', 'filled', 300)
    await expect(waiting).rejects.toThrow('Order o1 is open after 300 ms.')
  })

  it('ends when events cannot be had', async () => {
    house.answers['order.replay'] = () => ({ error: { kind: 'refused', code: 'KEY_INVALID' } })
    await expect(bridge.waitForOrder('o1', 'filled')).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })
})
