import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const KEYS = { appKey: 'ik', secretKey: 'i$ecret' }
const ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 5, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 'tag-1',
} // prettier-ignore

describe('the interactive API over the wire', () => {
  let simulator: RunningSimulator
  let client: XtsClient
  let socket: XtsSocket

  beforeEach(async () => {
    simulator = await startSimulator({
      port: 0, controlPort: 0, universe: 'small', interactiveKey: KEYS.appKey, interactiveSecret: KEYS.secretKey,
    }) // prettier-ignore
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await client.login('/interactive/user/session', { ...KEYS, source: 'WebAPI' })
    socket = client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
  })

  afterEach(async () => {
    client.close()
    await simulator.close()
  })

  const statuses = (): unknown[] => socket.messages('order').map((order) => order['OrderStatus'])
  const orderReaches = (status: string): Promise<void> =>
    socket.until(() => socket.messages('order').some((order) => order['OrderStatus'] === status))

  it('welcomes the socket with a JSON text', () => {
    expect(socket.messages('joined')).toEqual([
      { type: 'success', code: 's-socket-0001', description: 'Socket joined successfully!' },
    ])
  })

  it('answers an order as received and tells its life: pending, new, trade, filled, both positions', async () => {
    const answer = await client.call('POST', '/interactive/orders', ORDER)
    expect(answer).toMatchObject({
      status: 200,
      body: { type: 'success', code: 's-orders-0001', description: 'Request sent' },
    })
    expect(answer.body?.result).toEqual({
      AppOrderID: expect.any(Number), OrderUniqueIdentifier: 'tag-1', ClientID: 'SIM0001',
    }) // prettier-ignore
    await socket.until((heard) => heard.filter((event) => event.name === 'position').length === 2)
    expect(statuses()).toEqual(['PendingNew', 'New', 'Filled'])
    expect(socket.heard.map((event) => event.name)).toEqual(
      ['joined', 'order', 'order', 'trade', 'order', 'position', 'position'], // prettier-ignore
    )
    expect(socket.messages('position').map((position) => position['IsDayWiseNetWise'])).toEqual([
      'DayWise',
      'NetWise',
    ])
    expect(socket.messages('trade')[0]).toMatchObject({
      LastTradedQuantity: 5,
      OrderUniqueIdentifier: 'tag-1',
      OrderSide: 'Buy',
    })
  })

  it('shows the fill in order book, trade book and positions, and they agree', async () => {
    await client.call('POST', '/interactive/orders', {
      ...ORDER,
      orderQuantity: '7',
      exchangeInstrumentID: '2885',
    })
    await orderReaches('Filled')
    const rows = async (path: string): Promise<Record<string, unknown>[]> => {
      const result = (await client.call('GET', `/interactive/${path}`)).body?.result
      return (
        Array.isArray(result) ? result : (result as { positionList: unknown[] }).positionList
      ) as Record<string, unknown>[]
    }
    const [order] = await rows('orders')
    const [trade] = await rows('orders/trades')
    const [position] = await rows('portfolio/positions?dayOrNet=NetWise')
    expect(order).toMatchObject({
      OrderStatus: 'Filled',
      CumulativeQuantity: 7,
      LeavesQuantity: 0,
      OrderUniqueIdentifier: 'tag-1',
    })
    expect(trade).toMatchObject({ AppOrderID: order?.['AppOrderID'], LastTradedQuantity: 7 })
    expect(position).toMatchObject({ Quantity: '7', OpenBuyQuantity: '7', ExchangeInstrumentId: '2885' })
    expect(position?.['BuyAveragePrice']).toBe(order?.['OrderAverageTradedPrice'])
  })

  it('keeps the history of an order, the last row being the current', async () => {
    const placed = await client.call('POST', '/interactive/orders', ORDER)
    await orderReaches('Filled')
    const { AppOrderID } = placed.body?.result as { AppOrderID: number }
    const history = await client.call('GET', `/interactive/orders?appOrderID=${AppOrderID}`)
    expect((history.body?.result as { OrderStatus: string }[]).map((row) => row.OrderStatus)).toEqual(
      ['PendingNew', 'New', 'Filled'], // prettier-ignore
    )
  })

  it('replaces and cancels a resting order', async () => {
    const resting = { ...ORDER, orderType: 'LIMIT', limitPrice: 1400 }
    const placed = await client.call('POST', '/interactive/orders', resting)
    await orderReaches('New')
    const { AppOrderID } = placed.body?.result as { AppOrderID: number }
    const modified = await client.call('PUT', '/interactive/orders', {
      appOrderID: AppOrderID, modifiedProductType: 'MIS', modifiedOrderType: 'LIMIT', modifiedOrderQuantity: 9,
      modifiedDisclosedQuantity: 0, modifiedLimitPrice: 1401, modifiedStopPrice: 0, modifiedTimeInForce: 'DAY',
      orderUniqueIdentifier: 'tag-1',
    }) // prettier-ignore
    expect(modified.body).toMatchObject({ code: 's-orders-0001', result: { AppOrderID } })
    await orderReaches('Replaced')
    const cancelled = await client.call(
      'DELETE',
      `/interactive/orders?appOrderID=${AppOrderID}&orderUniqueIdentifier=tag-1`,
    )
    expect(cancelled.status).toBe(200)
    await orderReaches('Cancelled')
    expect(statuses()).toEqual([
      'PendingNew',
      'New',
      'PendingReplace',
      'Replaced',
      'PendingCancel',
      'Cancelled',
    ])
    expect(socket.messages('order').at(-1)).toMatchObject({
      OrderQuantity: 9,
      LeavesQuantity: 9,
      OrderPrice: 1401,
    })
  })

  it('refuses to cancel an order that is done', async () => {
    const placed = await client.call('POST', '/interactive/orders', ORDER)
    await orderReaches('Filled')
    const { AppOrderID } = placed.body?.result as { AppOrderID: number }
    const answer = await client.call('DELETE', `/interactive/orders?appOrderID=${AppOrderID}`)
    expect(answer).toMatchObject({ status: 400, body: { type: 'error' } })
    expect(answer.body?.description).toContain('is not found in OpenOrder List')
  })

  it('cancels all working orders of a segment', async () => {
    for (const tag of ['a', 'b']) {
      await client.call('POST', '/interactive/orders', {
        ...ORDER,
        orderType: 'LIMIT',
        limitPrice: 1400,
        orderUniqueIdentifier: tag,
      })
    }
    await socket.until(() => statuses().filter((status) => status === 'New').length === 2)
    const answer = await client.call('POST', '/interactive/orders/cancelall', {
      exchangeSegment: 'NSECM',
      exchangeInstrumentID: 0,
    })
    expect(answer.body).toMatchObject({ code: 's-cancelall-0001', result: '' })
    await socket.until(() => statuses().filter((status) => status === 'Cancelled').length === 2)
  })

  it.each([
    ['orders', 'e-orders-0005'],
    ['orders/trades', 'e-tradeBook-0005'],
    ['portfolio/positions?dayOrNet=NetWise', 'e-portfolio-0005'],
  ])('answers an empty %s with an error', async (path, code) => {
    expect(await client.call('GET', `/interactive/${path}`)).toMatchObject({
      status: 400,
      body: { type: 'error', code, description: 'Data Not Available' },
    })
  })

  it.each<[string, object, object]>([
    [
      'a wrong side',
      { orderSide: 'Buy' },
      { code: 'e-property-validation-failed', description: 'Bad Request' },
    ],
    ['a missing price', { limitPrice: undefined }, { code: 'e-property-validation-failed' }],
    [
      'a tag that is too long',
      { orderUniqueIdentifier: 'x'.repeat(21) },
      { code: 'e-property-validation-failed' },
    ],
    ['an unknown instrument', { exchangeInstrumentID: 99 }, { code: 'e-instrument-0001' }],
    [
      'a clientID of somebody else',
      { clientID: 'OTHER' },
      { description: 'Supplied client not mapped under dealer' },
    ],
  ])('refuses an order with %s, and it never becomes one', async (_, change, expected) => {
    const answer = await client.call('POST', '/interactive/orders', { ...ORDER, ...change })
    expect(answer).toMatchObject({ status: 400, body: { type: 'error', ...expected } })
    expect(await client.call('GET', '/interactive/orders')).toMatchObject({ body: { code: 'e-orders-0005' } })
  })

  it('rejects by event what the exchange does not allow', async () => {
    await client.call('POST', '/interactive/orders', { ...ORDER, orderType: 'LIMIT', limitPrice: 99_999 })
    await orderReaches('Rejected')
    expect(socket.messages('order').at(-1)).toMatchObject({
      ExchangeOrderID: '', LeavesQuantity: 5, CancelRejectReason: 'Price should be within LowPriceRange and HighPriceRange',
    }) // prettier-ignore
  })

  it.each([
    ['no token', '', 'e-token-0002', 'Please Provide token to Authenticate'],
    ['an invented token', 'nonsense', 'e-session-0007', 'Token/Authorization not found'],
  ])('refuses a request with %s', async (_, token, code, description) => {
    client.token = token
    expect(await client.call('GET', '/interactive/orders')).toMatchObject({
      status: 400,
      body: { type: 'error', code, description },
    })
  })

  it('ends the older session when the key logs in again', async () => {
    const other = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await other.login('/interactive/user/session', { ...KEYS, source: 'WEBAPI' })
    await socket.hears('disconnect')
    expect(socket.heard.map((event) => event.name)).toEqual(['joined', 'logout', 'disconnect'])
    expect(await client.call('GET', '/interactive/orders')).toMatchObject({
      body: { type: 'error', description: 'Token/Authorization not found' },
    })
    expect(await other.call('GET', '/interactive/orders')).toMatchObject({ body: { code: 'e-orders-0005' } })
  })

  it('refuses wrong keys and a socket without a session', async () => {
    const stranger = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    const answer = await stranger.login('/interactive/user/session', {
      ...KEYS,
      secretKey: 'x',
      source: 'WEBAPI',
    })
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'error', description: 'Entered invalid credentials' },
    })
    const refused = stranger.openSocket('/interactive/socket.io')
    await refused.hears('error')
    expect(refused.heard).toEqual([{ name: 'error', argument: 'Invalid Token' }])
    stranger.close()
  })

  it('hands out a cluster node that takes the login and the orders', async () => {
    const lookup = await client.call('POST', '/hostlookup', {
      accesspassword: '2021HostLookUpAccess',
      version: 'interactive_1.0.1',
    })
    const { connectionString, uniqueKey } = lookup.body?.result as {
      connectionString: string
      uniqueKey: string
    }
    expect(lookup.body?.type).toBe(true)
    expect(uniqueKey).toHaveLength(64)
    const node = new XtsClient(connectionString, io)
    expect(await node.login('/user/session', { ...KEYS, uniqueKey })).toMatchObject({ status: 200 })
    client.token = node.token
    const path = new URL(connectionString).pathname.replace('hostlookup', 'interactive')
    expect(await client.call('GET', `${path}/orders`)).toMatchObject({ body: { code: 'e-orders-0005' } })
  })

  it('answers an unknown path and an unreadable body with something that is no JSON', async () => {
    expect(await client.call('GET', '/interactive/trades')).toMatchObject({ status: 404, body: undefined })
    const response = await fetch(`http://127.0.0.1:${simulator.port}/interactive/orders`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: client.token }, body: '{"half":',
    }) // prettier-ignore
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('<pre>')
  })
})

describe('accounts', () => {
  it('wants the clientID from a dealer in orders and books, and echoes it', async () => {
    const simulator = await startSimulator({
      port: 0, controlPort: 0, universe: 'small', accountKind: 'dealer', clientCodes: ['ABC1', 'ABC2'],
    }) // prettier-ignore
    const client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    const login = await client.login('/interactive/user/session', {
      appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret', source: 'WEBAPI',
    }) // prettier-ignore
    expect(login.body?.result).toMatchObject({
      userID: 'ABC1A02',
      clientCodes: ['ABC1', 'ABC2'],
      isInvestorClient: false,
    })
    expect(await client.call('POST', '/interactive/orders', ORDER)).toMatchObject({
      status: 400,
      body: { result: { errors: [{ field: ['clientID'], types: ['any.required'] }] } },
    })
    expect(await client.call('POST', '/interactive/orders', { ...ORDER, clientID: 'ABC2' })).toMatchObject({
      body: { result: { ClientID: 'ABC2' } },
    })
    expect(await client.call('GET', '/interactive/orders?clientID=ABC1')).toMatchObject({
      body: { code: 'e-orders-0005' },
    })
    expect(await client.call('GET', '/interactive/orders?clientID=ABC2')).toMatchObject({ status: 200 })
    expect(await client.call('GET', '/interactive/orders/trades?clientID=X')).toMatchObject({
      body: { code: 'e-trade-00002' },
    })
    await simulator.close()
  })

  it('refuses market orders of an algo account with the answer', async () => {
    const simulator = await startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      isAlgoAccount: true,
    })
    const client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await client.login('/interactive/user/session', {
      appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret', source: 'WEBAPI',
    }) // prettier-ignore
    expect(await client.call('POST', '/interactive/orders', ORDER)).toMatchObject({
      status: 400,
      body: {
        code: 'e-orders-0002',
        description: 'Market order Or Price 0 is not allowed for ALGO enabled orders',
      },
    })
    await simulator.close()
  })
})
