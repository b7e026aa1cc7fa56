import { ManualClock } from '@xts-bridge/contracts'
import type { HttpRequest } from '@xts-bridge/http'
import { XtsInteractive, type XtsInteractiveOptions } from './interactive'
import type { BrokerOrderInstruction, BrokerProfile, XtsToken } from './model'
import { OrderGovernor } from './order-governor'
import { brokerProfile } from './profiles'
import { answered, failure, FakeHttp, success } from './testing/fake-http'
import { ORDER_ROW, POSITION_ROW, TRADE_ROW } from './testing/rows'

const TOKEN: XtsToken = {
  token: 'jwt-1',
  userId: 'ABC1234A02',
  clientCodes: ['ABC1234'],
  isInvestorClient: false,
  epoch: 7,
}
const ORDER: BrokerOrderInstruction = {
  tag: 'tag000000000000001',
  segment: 'NSEFO',
  token: 48225,
  side: 'BUY',
  priceType: 'SL',
  product: 'NRML',
  validity: 'DAY',
  quantity: 65,
  disclosedQuantity: 0,
  price: 101.5,
  triggerPrice: 101,
}
const ACK = success({ AppOrderID: 3110037830, OrderUniqueIdentifier: ORDER.tag, ClientID: 'ABC1234' })

function client(
  http: FakeHttp,
  profile: Partial<BrokerProfile> = {},
  more: Partial<XtsInteractiveOptions> = {},
): XtsInteractive {
  return new XtsInteractive({
    http: http.asCaller(),
    profile: brokerProfile('simulator', profile),
    token: () => TOKEN,
    ...more,
  })
}

describe('placing', () => {
  it('sends the broker’s own words, and answers with its id as text', async () => {
    const http = new FakeHttp([ACK])
    expect(await client(http).place(ORDER)).toEqual({ kind: 'ok', value: { brokerOrderId: '3110037830' } })
    expect(http.sent[0]).toMatchObject({
      family: 'entry',
      method: 'POST',
      path: '/interactive/orders',
      headers: { Authorization: 'jwt-1' },
    })
    expect(http.sent[0]?.body).toEqual({
      exchangeSegment: 'NSEFO',
      exchangeInstrumentID: 48225,
      productType: 'NRML',
      orderType: 'STOPLIMIT',
      orderSide: 'BUY',
      timeInForce: 'DAY',
      disclosedQuantity: 0,
      orderQuantity: 65,
      limitPrice: 101.5,
      stopPrice: 101,
      orderUniqueIdentifier: ORDER.tag,
    })
  })

  it('sends a reducing order as an exit', async () => {
    const http = new FakeHttp([ACK])
    await client(http).place(ORDER, { isReducing: true })
    expect(http.sent[0]?.family).toBe('exit')
  })

  it('sends the clientID of the profile’s policy, or the one that the order names', async () => {
    const http = new FakeHttp([ACK])
    const xts = client(http, { orderClientId: '*****' })
    await xts.place(ORDER)
    await xts.place({ ...ORDER, clientID: 'CLIENT9' })
    expect(http.sent.map((request) => (request.body as { clientID?: string }).clientID)).toEqual([
      '*****',
      'CLIENT9',
    ])
  })

  it('sends nothing without a session', async () => {
    const http = new FakeHttp([ACK])
    const outcome = await client(http, {}, { token: () => undefined }).place(ORDER)
    expect(outcome).toMatchObject({ kind: 'not-sent', isSessionMissing: true })
    expect(http.sent).toHaveLength(0)
  })

  it.each(['', 'a'.repeat(19)])('sends nothing under the tag %j, which would not come back', async (tag) => {
    const http = new FakeHttp([ACK])
    expect((await client(http).place({ ...ORDER, tag })).kind).toBe('not-sent')
    expect(http.sent).toHaveLength(0)
  })

  it('sends nothing when the check right before it throws', async () => {
    const http = new FakeHttp([ACK])
    const halt = (): void => {
      throw new Error('the account is halted')
    }
    const expected = { kind: 'not-sent', reason: 'the account is halted', isSessionMissing: false }
    expect(await client(http, {}, { beforeSend: halt }).place(ORDER)).toEqual(expected)
    expect(await client(http).place(ORDER, { beforeSend: halt })).toEqual(expected)
    expect(http.sent).toHaveLength(0)
  })

  it.each([
    ['an id that is missing', success({ OrderUniqueIdentifier: ORDER.tag })],
    ['an id that is none', success({ AppOrderID: 'none' })],
    ['an empty result', success('')],
    ['no result', answered(200, { type: 'success' })],
    ['the tag of another order', success({ AppOrderID: 5, OrderUniqueIdentifier: 'other' })],
    ['HTML', answered(502, '<html></html>')],
  ])('is unknown after a success with %s: the order may stand', async (_what, answer) => {
    expect((await client(new FakeHttp([answer])).place(ORDER)).kind).toBe('unknown')
  })

  it('is rejected on definite evidence, and names the dead token', async () => {
    const dead = new FakeHttp([failure(400, 'e-session-0005', 'Invalid Token')])
    expect(await client(dead).place(ORDER)).toMatchObject({
      kind: 'rejected',
      isSessionInvalid: true,
      epoch: 7,
    })
    const refused = new FakeHttp([failure(400, 'e-orders-0002', 'Market order not allowed')])
    expect(await client(refused).place(ORDER)).toMatchObject({
      kind: 'rejected',
      brokerCode: 'e-orders-0002',
      isSessionInvalid: false,
    })
  })
})

describe('cancelling', () => {
  it('names the order by its id and tag, in the query', async () => {
    const http = new FakeHttp([success([{ AppOrderID: 1, ClientID: 'ABC1234' }])])
    const xts = client(http, { orderClientId: 'client-code' })
    expect(await xts.cancel({ brokerOrderId: '3110037830', tag: 'tag1' })).toEqual({
      kind: 'ok',
      value: undefined,
    })
    expect(http.sent[0]).toMatchObject({
      family: 'exit',
      method: 'DELETE',
      path: '/interactive/orders',
      query: { appOrderID: '3110037830', orderUniqueIdentifier: 'tag1', clientID: 'ABC1234' },
    })
  })

  it('leaves the tag out for an order that has none', async () => {
    const http = new FakeHttp([success({})])
    await client(http).cancel({ brokerOrderId: '5', tag: '' })
    expect(http.sent[0]?.query).toEqual({ appOrderID: '5' })
  })

  it('is rejected for an order that is finished, and unknown when the answer is lost', async () => {
    const finished = new FakeHttp([failure(400, '', '5 is not found in OpenOrder List')])
    expect((await client(finished).cancel({ brokerOrderId: '5', tag: '' })).kind).toBe('rejected')
    const lost = new FakeHttp([{ kind: 'lost', reason: 'reset' }])
    expect((await client(lost).cancel({ brokerOrderId: '5', tag: '' })).kind).toBe('unknown')
  })

  it('sends nothing without a session', async () => {
    const http = new FakeHttp([success({})])
    const outcome = await client(http, {}, { token: () => undefined }).cancel({ brokerOrderId: '5', tag: '' })
    expect(outcome).toMatchObject({ kind: 'not-sent', isSessionMissing: true })
  })
})

describe('the books', () => {
  const pathAndQuery = (request: HttpRequest | undefined): unknown => [request?.path, request?.query]

  it('are read by the regular routes without a clientID', async () => {
    const http = new FakeHttp([
      success([ORDER_ROW]),
      success([TRADE_ROW]),
      success({ positionList: [POSITION_ROW] }),
    ])
    const xts = client(http)
    expect(await xts.orders()).toMatchObject({
      kind: 'ok',
      value: { rows: [{ brokerOrderId: '3110037831' }] },
    })
    expect(await xts.trades()).toMatchObject({ kind: 'ok', value: { rows: [{ tradeId: '2177829' }] } })
    expect(await xts.positions()).toMatchObject({ kind: 'ok', value: { rows: [{ quantity: 65 }] } })
    expect(http.sent.map(pathAndQuery)).toEqual([
      ['/interactive/orders', {}],
      ['/interactive/orders/trades', {}],
      ['/interactive/portfolio/positions', { dayOrNet: 'NetWise' }],
    ])
  })

  it('are read by the dealer routes with the clientID of the policy, where the profile says so', async () => {
    const http = new FakeHttp([success([]), success([]), success({ positionList: [] })])
    const xts = client(http, { bookRoutes: 'dealer', bookClientId: '*****' })
    await xts.orders()
    await xts.trades('CLIENT9')
    await xts.positions()
    expect(http.sent.map(pathAndQuery)).toEqual([
      ['/interactive/orders/dealerorderbook', { clientID: '*****' }],
      ['/interactive/orders/dealertradebook', { clientID: 'CLIENT9' }],
      ['/interactive/portfolio/dealerpositions', { dayOrNet: 'NetWise', clientID: '*****' }],
    ])
  })

  it('of a named client are read by the dealer routes, also where the login’s own are not', async () => {
    const http = new FakeHttp([success([]), success([]), success({ positionList: [] }), success([])])
    const xts = client(http)
    await xts.orders('CLIENT9')
    await xts.trades('CLIENT9')
    await xts.positions('CLIENT9')
    await xts.orders()
    expect(http.sent.map(pathAndQuery)).toEqual([
      ['/interactive/orders/dealerorderbook', { clientID: 'CLIENT9' }],
      ['/interactive/orders/dealertradebook', { clientID: 'CLIENT9' }],
      ['/interactive/portfolio/dealerpositions', { dayOrNet: 'NetWise', clientID: 'CLIENT9' }],
      ['/interactive/orders', {}],
    ])
  })

  it('of positions keep the broker’s own rows beside what we read in them', async () => {
    const xts = client(new FakeHttp([success({ positionList: [POSITION_ROW] })]))
    expect(await xts.positions()).toMatchObject({ kind: 'ok', value: { nativeRows: [POSITION_ROW] } })
  })

  it.each(['e-orders-0005', 'e-tradeBook-0005', 'e-portfolio-0005'])(
    'are empty answers, not errors, after %s',
    async (code) => {
      const xts = client(new FakeHttp([failure(400, code, 'Data Not Available')]))
      expect(await xts.orders()).toEqual({ kind: 'ok', value: { rows: [], isEmptyAnswer: true } })
    },
  )

  it.each([
    [
      'a client that is not ours',
      failure(400, 'e-portfolio-00005', 'Supplied client not mapped under dealer'),
    ],
    ['a dead token', failure(400, 'e-token-0002', 'Please Provide token to Authenticate')],
    ['validation', failure(400, 'e-property-validation-failed', 'Bad Request')],
    ['the rate limit', failure(429, 'e-apirl-0004')],
  ])('are rejected, and not empty, for %s', async (_why, answer) => {
    expect((await client(new FakeHttp([answer])).positions()).kind).toBe('rejected')
  })

  it.each([
    ['HTML', answered(500, '<html></html>')],
    ['a row that cannot be read', success([{ ...ORDER_ROW, OrderStatus: 'Odd' }])],
    ['no list', success('')],
    ['a lost answer', { kind: 'lost', reason: 'reset' } as const],
  ])('are unknown after %s', async (_why, answer) => {
    expect((await client(new FakeHttp([answer])).orders()).kind).toBe('unknown')
  })
})

describe('under a governor', () => {
  it('waits for room before it sends, cancels first', async () => {
    const clock = new ManualClock()
    const http = new FakeHttp([(request) => (request.method === 'DELETE' ? success({}) : ACK)])
    const xts = client(http, {}, { governor: new OrderGovernor({ clock, ordersPerSecond: 1 }) })
    const calls = [
      xts.place(ORDER),
      xts.place(ORDER),
      xts.place(ORDER, { isReducing: true }),
      xts.cancel({ brokerOrderId: '5', tag: '' }),
    ]
    for (let second = 0; second < 4; second += 1) {
      await clock.advance(0)
      expect(http.sent).toHaveLength(second + 1)
      await clock.advance(1_100)
    }
    await Promise.all(calls)
    expect(http.sent.map(({ method, family }) => `${method} ${family}`)).toEqual([
      'POST entry',
      'DELETE exit',
      'POST exit',
      'POST entry',
    ])
  })

  it('asks for room anew when it was gone at the instant of sending, and sends once', async () => {
    const clock = new ManualClock()
    const governor = new OrderGovernor({ clock, ordersPerSecond: 1 })
    const http = new FakeHttp([ACK])
    const slow = new FakeHttp([ACK])
    const sendNow = slow.call.bind(slow)
    let attempts = 0
    let connectionFound = (): void => undefined
    slow.call = async (request) => {
      attempts += 1
      if (attempts === 1) await new Promise<void>((resolve) => (connectionFound = resolve))
      return sendNow(request)
    }
    const placed = client(slow, {}, { governor }).place(ORDER)
    // The permit lapses while the call looks for a connection, and another order takes the place.
    await clock.advance(300)
    await client(http, {}, { governor }).place(ORDER)
    connectionFound()
    await clock.advance(0)
    expect([attempts, slow.sent.length]).toEqual([1, 0])
    await clock.advance(1_100)
    expect(await placed).toMatchObject({ kind: 'ok' })
    expect([attempts, slow.sent.length, http.sent.length]).toEqual([2, 1, 1])
  })

  it('is not sent when there is no room in time', async () => {
    const clock = new ManualClock()
    const governor = new OrderGovernor({ clock, ordersPerSecond: 1, maxWaitMs: 500 })
    const http = new FakeHttp([ACK])
    const xts = client(http, {}, { governor })
    await xts.place(ORDER)
    const second = xts.place(ORDER)
    await clock.advance(600)
    expect(await second).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('rate limit') })
    expect(http.sent).toHaveLength(1)
  })

  it.each([
    ['429 in a wrapping', answered(429, { err: true, data: { type: 'error', code: 'e-apirl-0004' } })],
    ['a bare 429', answered(429, '<html>slow down</html>')],
    ['the code under HTTP 400', failure(400, 'e-apirl-0004', 'Max limit')],
  ])('slows down after %s', async (_what, answer) => {
    const slowed: number[] = []
    const listener = { onSlowedDown: (ordersPerSecond: number) => slowed.push(ordersPerSecond) }
    const governor = new OrderGovernor({ clock: new ManualClock(), ordersPerSecond: 10, listener })
    await client(new FakeHttp([answer]), {}, { governor }).place(ORDER)
    expect(slowed).toEqual([5])
  })

  it('does not slow down for another refusal', async () => {
    const slowed: number[] = []
    const listener = { onSlowedDown: (ordersPerSecond: number) => slowed.push(ordersPerSecond) }
    const governor = new OrderGovernor({ clock: new ManualClock(), ordersPerSecond: 10, listener })
    await client(new FakeHttp([failure(400, 'e-orders-0002')]), {}, { governor }).place(ORDER)
    expect(slowed).toEqual([])
  })
})
