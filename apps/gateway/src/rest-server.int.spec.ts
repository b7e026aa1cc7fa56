import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RequestClient } from '@xts-bridge/bus'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import { startRestServer, type RestServer } from './rest-server'
import { GOOD_KEY, startFakeServices, SYMBOLS, type RunningFakes } from './testing/fake-services'

const ORDER = {
  apikey: GOOD_KEY,
  strategy: 'test',
  symbol: SYMBOLS.good,
  exchange: 'NSE',
  action: 'BUY',
  quantity: '10',
}

describe('the REST API over the bus', () => {
  let fakes: RunningFakes
  let bus: RequestClient
  let nobody: RequestClient
  let rest: RestServer
  let restWithoutServices: RestServer
  const internal: unknown[] = []

  beforeAll(async () => {
    fakes = await startFakeServices()
    const ports = { clock: systemClock, ids: randomIds }
    bus = new RequestClient({ ...ports, endpoint: fakes.endpoint, timeoutMs: 10_000 })
    nobody = new RequestClient({ ...ports, endpoint: await freeEndpoint(), timeoutMs: 200 })
    const listen = {
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      ids: randomIds,
      onAnswered: () => undefined,
    }
    const onInternal = (error: unknown): void => void internal.push(error)
    rest = await startRestServer({ ...listen, auth: nobody, orders: bus, feed: bus, onInternal })
    restWithoutServices = await startRestServer({
      ...listen,
      auth: nobody,
      orders: nobody,
      feed: nobody,
      onInternal,
    })
  })
  afterAll(async () => {
    await Promise.all([rest.close(), restWithoutServices.close()])
    await Promise.all([bus.close(), nobody.close()])
    await fakes.app.close()
    expect(internal).toEqual([])
  })

  interface Answer {
    readonly status: number
    readonly type: string | null
    readonly body: Record<string, unknown>
  }

  async function send(path: string, init: RequestInit, port = rest.port): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    const type = response.headers.get('content-type')
    return { status: response.status, type, body: (await response.json()) as Record<string, unknown> }
  }
  const json = { 'content-type': 'application/json' }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    send(path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })

  it.each(['/api/v1/placeorder', '/api/v1/placeorder/'])('places an order at %s', async (path) => {
    const answer = await post(path, ORDER, { 'x-client-order-id': 'mine-1' })
    expect(answer).toMatchObject({ status: 200, body: { status: 'success', orderid: '1110001234' } })
    expect(fakes.arrived.at(-1)).toEqual({
      subject: 'order.place',
      clientOrderId: 'mine-1',
      data: {
        strategy: 'test',
        exchange: 'NSE',
        symbol: SYMBOLS.good,
        side: 'BUY',
        quantity: 10,
        priceType: 'MARKET',
        product: 'MIS',
        price: 0,
        triggerPrice: 0,
        disclosedQuantity: 0,
      },
    })
  })

  it('gives an order an id of its own when the caller sends none', async () => {
    await post('/api/v1/placeorder', ORDER)
    const first = fakes.arrived.at(-1)?.clientOrderId
    await post('/api/v1/placeorder', ORDER)
    expect(first).toMatch(/^\w{18}$/)
    expect(fakes.arrived.at(-1)?.clientOrderId).not.toBe(first)
  })

  it('answers quotes with null where the broker sent nothing', async () => {
    const request = { apikey: GOOD_KEY, symbol: SYMBOLS.good, exchange: 'NSE' }
    expect(await post('/api/v1/quotes', request)).toMatchObject({
      status: 200,
      body: { status: 'success', data: { ltp: 1401.5, bid: 1401.45, ask: null, prev_close: 1390, oi: null } },
    })
  })

  it('refuses a broken order as text and broken quotes as an object', async () => {
    const order = await post('/api/v1/placeorder', { ...ORDER, quantity: 0 })
    expect(order).toMatchObject({
      status: 400,
      body: { status: 'error', message: "{'quantity': ['Quantity must be a positive number.']}" },
    })
    const quotes = await post('/api/v1/quotes', { apikey: GOOD_KEY, symbol: 5, exchange: 'NSE' })
    expect(quotes).toMatchObject({ status: 400, body: { message: { symbol: ['Not a valid string.'] } } })
  })

  it('refuses an unknown key with 403', async () => {
    expect(await post('/api/v1/placeorder', { ...ORDER, apikey: 'guess' })).toMatchObject({
      status: 403,
      body: { status: 'error', message: 'Invalid openalgo apikey' },
    })
  })

  it('answers an unknown symbol with 400 in words', async () => {
    const request = { apikey: GOOD_KEY, symbol: SYMBOLS.unknown, exchange: 'NSE' }
    const { status, body } = await post('/api/v1/quotes', request)
    expect([status, body['message']]).toEqual([
      400,
      "Symbol 'NOSUCH' not found for exchange 'NSE'. Please verify the symbol name and ensure master contracts are downloaded.",
    ])
  })

  it('answers a rejection with the broker’s words, and an unknown fate with 504 and both ids', async () => {
    expect(await post('/api/v1/placeorder', { ...ORDER, symbol: SYMBOLS.rejected })).toMatchObject({
      status: 400,
      body: { status: 'error', message: 'RMS:Margin Exceeds' },
    })
    const lost = { ...ORDER, symbol: SYMBOLS.lost }
    expect(await post('/api/v1/placeorder', lost, { 'x-client-order-id': 'mine-2' })).toMatchObject({
      status: 504,
      body: { status: 'error', orderid: 'ours-1', client_order_id: 'mine-2' },
    })
  })

  it('answers 503, and not an unknown fate, when the order service is not there', async () => {
    const init = { method: 'POST', headers: json, body: JSON.stringify(ORDER) }
    expect(await send('/api/v1/placeorder', init, restWithoutServices.port)).toMatchObject({
      status: 503,
      body: { status: 'error', code: 'REQUEST_NOT_SENT' },
    })
  })

  it.each([
    ['cut off', json, '{"apikey":', 400],
    ['not JSON', json, 'apikey=x', 400],
    ['with NaN', json, '{"quantity": NaN}', 400],
    ['empty', json, '', 400],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'apikey=x', 415],
    ['of 300 kB', json, JSON.stringify({ apikey: 'x'.repeat(300_000) }), 413],
  ])('answers a body that is %s as a JSON error', async (_what, headers, body, status) => {
    const answer = await send('/api/v1/placeorder', { method: 'POST', headers, body })
    expect(answer).toMatchObject({ status, body: { status: 'error', message: expect.any(String) as string } })
    expect(answer.type).toContain('application/json')
  })

  it.each([
    ['POST', '/api/v1/nothing'],
    ['GET', '/api/v1/placeorder'],
    ['GET', '/'],
  ])('answers %s %s, which is not there, with 404 in JSON', async (method, path) => {
    const init = method === 'POST' ? { method, headers: json, body: '{}' } : { method }
    expect(await send(path, init)).toMatchObject({
      status: 404,
      body: { status: 'error', message: 'Not found', path },
    })
  })

  it('refuses an order id header that cannot be one', async () => {
    const answer = await post('/api/v1/placeorder', ORDER, { 'x-client-order-id': 'with space' })
    expect(answer).toMatchObject({ status: 400, body: { status: 'error' } })
  })

  it('names the port and the setting when the port is taken', async () => {
    const services = { clock: systemClock, ids: randomIds, auth: bus, orders: bus, feed: bus }
    const options = { host: '127.0.0.1', port: rest.port, ...services }
    const starting = startRestServer({ ...options, onInternal: () => undefined, onAnswered: () => undefined })
    await expect(starting).rejects.toThrow(new RegExp(`Port ${rest.port} .*GATEWAY_PORT`))
  })
})

/** An endpoint where nobody listens. */
async function freeEndpoint(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `tcp://127.0.0.1:${port}`
}
