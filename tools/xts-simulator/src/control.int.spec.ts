import io from 'socket.io-client'
import { PortUnavailable, startSimulator, type RunningSimulator } from './index'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 5, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 'tag-1',
} // prettier-ignore
const KEYS = {
  appKey: 'simulator-interactive-key',
  secretKey: 'simulator-interactive-secret',
  source: 'WEBAPI',
}

describe('the control API', () => {
  let simulator: RunningSimulator
  let client: XtsClient
  let control: XtsClient
  let socket: XtsSocket

  beforeEach(async () => {
    simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small' })
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, io)
    await client.login('/interactive/user/session', KEYS)
    socket = client.openSocket('/interactive/socket.io')
    await socket.hears('joined')
  })

  afterEach(async () => {
    client.close()
    await simulator.close()
  })

  const place = (change: object = {}, timeoutMs?: number) =>
    client.call('POST', '/interactive/orders', { ...ORDER, ...change }, timeoutMs)
  const setFault = (fault: object) => control.call('POST', '/faults', fault)
  const received = async (): Promise<{
    count: number
    tags: Record<string, number>
    orders: Record<string, unknown>[]
  }> => JSON.parse((await control.call('GET', '/orders')).text) as never
  const isFilled = (): boolean => socket.messages('order').some((order) => order['OrderStatus'] === 'Filled')

  it('says it is well and what it lists', async () => {
    const health = JSON.parse((await control.call('GET', '/health')).text) as {
      status: string
      segments: object
    }
    expect(health.status).toBe('ok')
    expect(Object.keys(health.segments)).toEqual([
      'NSECM', 'NSEFO', 'BSECM', 'BSEFO', 'NSECD', 'BSECD', 'MCXFO',
    ]) // prettier-ignore
  })

  it('shows every placement ever received, the refused ones too, and how often each tag came', async () => {
    await place()
    await place()
    await place({ orderUniqueIdentifier: 'tag-2', orderSide: 'Buy' })
    const report = await received()
    expect(report.count).toBe(3)
    expect(report.tags).toEqual({ 'tag-1': 2, 'tag-2': 1 })
    expect(report.orders[2]).toMatchObject({ tag: 'tag-2', count: 1, status: 'Refused' })
  })

  it('takes an order and never answers it', async () => {
    await setFault({ name: 'accept-then-timeout' })
    await expect(place({}, 300)).rejects.toThrow()
    await socket.until(isFilled)
    expect((await received()).tags).toEqual({ 'tag-1': 1 })
    expect(await place({ orderUniqueIdentifier: 'tag-2' })).toMatchObject({ status: 200 })
  })

  it('takes an order and resets the connection', async () => {
    await setFault({ name: 'accept-then-reset' })
    await expect(place()).rejects.toThrow()
    await socket.until(isFilled)
    expect((await received()).orders[0]).toMatchObject({ tag: 'tag-1', status: 'Filled' })
  })

  it('takes an order and answers with a crash page, as often as asked', async () => {
    await setFault({ name: 'accept-then-500', count: 2 })
    const answers = [await place(), await place(), await place()]
    expect(answers.map((answer) => answer.status)).toEqual([500, 500, 200])
    expect(answers[0]?.text).toContain('Internal Server Error')
    expect((await received()).count).toBe(3)
  })

  it('takes an order and answers late', async () => {
    await setFault({ name: 'reply-delayed', delayMs: 50 })
    let isAnswered = false
    const answer = place().then((late) => {
      isAnswered = true
      return late
    })
    await socket.until(isFilled)
    expect(isAnswered).toBe(false)
    expect(await answer).toMatchObject({ status: 200, body: { code: 's-orders-0001' } })
  })

  it('loses an order on the way: no answer and no order', async () => {
    await setFault({ name: 'timeout-without-accept' })
    await expect(place({}, 300)).rejects.toThrow()
    expect((await received()).count).toBe(0)
  })

  it('refuses an order over the rate limit without processing it', async () => {
    await setFault({ name: 'rate-limited' })
    const answer = await place()
    expect(answer.status).toBe(429)
    expect(JSON.parse(answer.text)).toMatchObject({
      err: true,
      data: { type: 'error', code: 'e-apirl-0004' },
    })
    expect((await received()).count).toBe(0)
  })

  it('aims a fault at one kind of call', async () => {
    await setFault({ name: 'accept-then-500', call: 'cancel' })
    const placed = await place({ orderType: 'LIMIT', limitPrice: 1400 })
    const { AppOrderID } = placed.body?.result as { AppOrderID: number }
    expect(await client.call('DELETE', `/interactive/orders?appOrderID=${AppOrderID}`)).toMatchObject({
      status: 500,
    })
    await socket.until(() => socket.messages('order').some((order) => order['OrderStatus'] === 'Cancelled'))
  })

  it('denies or breaks the order book', async () => {
    await place()
    await setFault({ name: 'order-book-empty' })
    await setFault({ name: 'order-book-html' })
    const books = [1, 2, 3].map(() => () => client.call('GET', '/interactive/orders'))
    const answers = []
    for (const read of books) answers.push(await read())
    expect(answers.map((answer) => [answer.status, answer.body?.code])).toEqual([
      [400, 'e-orders-0005'],
      [500, undefined],
      [200, 's-orders-0001'],
    ])
  })

  it('drops all sockets and leaves the token alive', async () => {
    await setFault({ name: 'all-sessions-dropped' })
    await socket.hears('disconnect')
    expect(await client.call('GET', '/interactive/user/profile')).toMatchObject({ status: 200 })
    await client.openSocket('/interactive/socket.io').hears('joined')
  })

  it('revokes the tokens: the socket hears logout, requests are refused', async () => {
    await setFault({ name: 'token-revoked', api: 'interactive' })
    await socket.hears('disconnect')
    expect(socket.heard.map((event) => event.name)).toEqual(['joined', 'logout', 'disconnect'])
    expect(await client.call('GET', '/interactive/orders')).toMatchObject({
      body: { code: 'e-session-0005' },
    })
    const sessions = JSON.parse((await control.call('GET', '/sessions')).text) as { sessions: object[] }
    expect(sessions.sessions).toMatchObject([{ api: 'interactive', state: 'revoked', sockets: 0 }])
    expect(JSON.stringify(sessions)).not.toContain(client.token)
  })

  it('forgets what was set', async () => {
    await setFault({ name: 'accept-then-500', count: 9 })
    await control.call('DELETE', '/faults')
    expect(await place()).toMatchObject({ status: 200 })
  })

  it.each([
    ['a fault it does not know', { name: 'earthquake' }],
    ['a count of zero', { name: 'accept-then-500', count: 0 }],
    ['a field it does not know', { name: 'accept-then-500', often: 2 }],
    ['no name', {}],
  ])('refuses %s in words', async (_, fault) => {
    const answer = await setFault(fault)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('error')
  })

  it('moves a price: what rests on the way is hit', async () => {
    await place({ orderType: 'LIMIT', limitPrice: 1400 })
    const answer = await control.call('POST', '/price', { segment: 'NSECM', token: 2885, price: 1390 })
    expect(JSON.parse(answer.text)).toMatchObject({ lastPrice: 1390 })
    await socket.until(isFilled)
    expect(socket.messages('trade')[0]).toMatchObject({ LastTradedPrice: 1400 })
  })

  it.each([
    ['an unknown instrument', { segment: 'NSECM', token: 99, price: 1 }, 404],
    ['a price outside the band', { segment: 1, token: 2885, price: 1 }, 400],
    ['no price', { segment: 1, token: 2885 }, 400],
  ])('does not move %s', async (_, request, status) => {
    expect((await control.call('POST', '/price', request)).status).toBe(status)
  })

  it('names the port and the setting when a port is taken', async () => {
    const second = startSimulator({ port: simulator.port, controlPort: 0, universe: 'small' })
    await expect(second).rejects.toBeInstanceOf(PortUnavailable)
    await expect(second).rejects.toThrow(new RegExp(`port ${simulator.port} .* XTS_SIMULATOR_PORT`))
    const third = startSimulator({ port: 0, controlPort: simulator.controlPort, universe: 'small' })
    await expect(third).rejects.toThrow('XTS_SIMULATOR_CONTROL_PORT')
  })
})
