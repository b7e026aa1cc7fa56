import type { OrderEvent } from '@xts-bridge/contracts'
import { API_KEY, House, TRADER } from './testing/house'
import { WsClient } from './testing/ws-client'

const LOGIN = { action: 'authenticate', api_key: API_KEY }
const of = (symbol: string) => [{ symbol, exchange: 'NSE' }]

let house: House
const clients: WsClient[] = []

async function client(): Promise<WsClient> {
  const connected = await WsClient.connect(house.proxy.port)
  clients.push(connected)
  return connected
}

async function authenticated(): Promise<WsClient> {
  const connected = await client()
  await connected.ask(LOGIN, { type: 'auth', status: 'success' })
  return connected
}

/** Publishes until the client has it, because a new reader takes a moment to reach the publisher. */
async function publishUntil(reader: WsClient, publish: () => void, isMet: () => boolean): Promise<void> {
  const timer = setInterval(publish, 20)
  try {
    await reader.until(isMet, 'tick')
  } finally {
    clearInterval(timer)
  }
}

beforeEach(async () => {
  house = await House.open()
})

afterEach(async () => {
  for (const connected of clients.splice(0)) connected.close()
  await house.close()
})

describe('ws-proxy', () => {
  it('speaks the transcript of the ecosystem', async () => {
    const ws = await client()
    expect(await ws.ask({ action: 'subscribe', symbols: of('RELIANCE') }, { status: 'error' })).toEqual({
      status: 'error',
      code: 'NOT_AUTHENTICATED',
      message: 'You must authenticate first',
    })
    expect(await ws.ask({ action: 'authenticate', api_key: 'wrong' }, { status: 'error' })).toMatchObject({
      code: 'AUTHENTICATION_ERROR',
      message: 'Invalid API key',
    })
    expect(await ws.ask(LOGIN, { type: 'auth' })).toMatchObject({
      status: 'success',
      broker: 'jainamxts',
      user_id: 'trader1',
    })
    const list = { action: 'subscribe', symbols: of('RELIANCE'), mode: 1, depth: 5 }
    expect(await ws.ask(list, { type: 'subscribe' })).toMatchObject({
      status: 'success',
      subscriptions: [{ symbol: 'RELIANCE', exchange: 'NSE', status: 'success', mode: 'LTP', depth: 5 }],
    })
    await publishUntil(
      ws,
      () => house.tick('RELIANCE', 'LTP'),
      () => ws.frames.some((frame) => frame['type'] === 'market_data'),
    )
    expect(await ws.frame({ type: 'market_data' })).toMatchObject({
      symbol: 'RELIANCE',
      exchange: 'NSE',
      mode: 1,
      data: { symbol: 'RELIANCE', exchange: 'NSE', mode: 1, timestamp: 1_769_823_205_123 },
      broker: 'jainamxts',
    })
    const single = { action: 'subscribe', symbol: 'TCS', exchange: 'NSE', mode: 'quote' }
    expect(await ws.ask(single, { type: 'subscribe' })).toMatchObject({
      subscriptions: [{ symbol: 'TCS', mode: 'Quote' }],
    })
    const charts = { action: 'subscribe', symbol: 'SBIN', exchange: 'NSE', mode: 3, depth_level: 20 }
    expect(await ws.ask(charts, { type: 'subscribe' })).toMatchObject({
      subscriptions: [{ symbol: 'SBIN', mode: 'Depth', depth: 5 }],
    })
    expect(
      await ws.ask({ action: 'subscribe', symbols: of('RELIANCE'), mode: 4 }, { status: 'error' }),
    ).toEqual({
      status: 'error',
      code: 'INVALID_MODE',
      message: 'Invalid mode 4; expected 1 (LTP), 2 (Quote), or 3 (Depth)',
    })
    const leave = { action: 'unsubscribe', symbols: [{ symbol: 'RELIANCE', exchange: 'NSE', mode: 1 }] }
    expect(await ws.ask(leave, { type: 'unsubscribe' })).toMatchObject({ status: 'success' })
    expect(await ws.ask({ action: 'ping', timestamp: 1, _pingId: 'a' }, { type: 'pong' })).toMatchObject({
      client_timestamp: 1,
      _pingId: 'a',
    })
  })

  it('answers authenticate and subscribe of one burst, in this order', async () => {
    const ws = await client()
    ws.say(LOGIN, { action: 'subscribe', symbols: of('RELIANCE'), mode: 1 }, { action: 'ping' })
    await ws.frame({ type: 'pong' })
    expect(ws.frames.slice(0, 3).map((frame) => [frame['type'], frame['status']])).toEqual([
      ['auth', 'success'],
      ['subscribe', 'success'],
      ['pong', 'success'],
    ])
  })

  it('reads a topic once for two clients, and lets it go when both have left', async () => {
    const [first, second] = [await authenticated(), await authenticated()]
    for (const ws of [first, second])
      await ws.ask({ action: 'subscribe', symbols: of('SBIN'), mode: 1 }, { type: 'subscribe' })
    const got = (ws: WsClient): boolean => ws.frames.some((frame) => frame['type'] === 'market_data')
    await publishUntil(
      second,
      () => house.tick('SBIN', 'LTP'),
      () => got(second),
    )
    await first.until(() => got(first), 'tick')
    expect(house.demand).toEqual(['+NSE_SBIN_LTP'])
    await first.ask({ action: 'unsubscribe_all' }, { type: 'unsubscribe' })
    second.close()
    await house.demandIs(['+NSE_SBIN_LTP', '-NSE_SBIN_LTP'])
  })

  it('shows a new reader the last value at once, and no tick twice', async () => {
    house.setSnapshot('RELIANCE', 'LTP', 50)
    const ws = await authenticated()
    await ws.ask({ action: 'subscribe', symbols: of('RELIANCE'), mode: 1 }, { type: 'subscribe' })
    await ws.frame({ type: 'market_data' })
    const seqs = (): number[] =>
      ws.frames
        .filter((frame) => frame['type'] === 'market_data')
        .map((frame) => (frame['data'] as { seq: number }).seq)
    let seq = 48
    await publishUntil(
      ws,
      () => house.tick('RELIANCE', 'LTP', (seq += 1)),
      () => seqs().length >= 3,
    )
    expect(seqs()[0]).toBe(50)
    expect(seqs()).toEqual([...new Set(seqs())].sort((a, b) => a - b))
  })

  it('ends the session of a revoked key', async () => {
    const ws = await authenticated()
    house.revoke(TRADER.keyId)
    expect(await ws.closed).toEqual({ code: 4401, reason: 'key revoked' })
    const again = await client()
    expect(await again.ask(LOGIN, { status: 'error' })).toMatchObject({ message: 'Invalid API key' })
  })

  it('tells clients when the feed is lost and when it is whole again', async () => {
    const ws = await authenticated()
    house.feedIs('disconnected')
    await ws.frame({ type: 'feed_status', status: 'disconnected' })
    expect(await ws.ask({ action: 'get_broker_info' }, { type: 'broker_info' })).toMatchObject({
      adapter_status: 'disconnected',
    })
    house.feedIs('recovered')
    await ws.frame({ type: 'feed_status', status: 'recovered' })
  })

  it('passes order updates to who asked and may see the account, and to nobody else', async () => {
    const [asked, silent] = [await authenticated(), await authenticated()]
    await asked.ask({ action: 'subscribe_orders' }, { type: 'subscribe_orders' })
    const updates = (ws: WsClient) => ws.frames.filter((frame) => frame['type'] === 'order_update')
    await publishUntil(
      asked,
      () => {
        house.publishEvent('order.other.filled', orderEvent('other', '1'))
        house.publishEvent('order.primary.filled', orderEvent('primary', '2'))
      },
      () => updates(asked).length > 0,
    )
    expect(await asked.frame({ type: 'order_update' })).toMatchObject({
      orderid: '2',
      user_id: 'trader1',
      order_status: 'complete',
    })
    await silent.ask({ action: 'ping' }, { type: 'pong' })
    expect(updates(asked).filter((frame) => frame['orderid'] !== '2')).toEqual([])
    expect(updates(silent)).toEqual([])
  })

  it('answers for symbols that the list does not have', async () => {
    const ws = await authenticated()
    const request = { action: 'subscribe', symbols: [...of('NOSUCH'), ...of('SBIN')], request_id: 9 }
    expect(await ws.ask(request, { type: 'subscribe' })).toMatchObject({
      status: 'partial',
      request_id: 9,
      subscriptions: [
        { status: 'error', message: 'Symbol NOSUCH not found for exchange NSE' },
        { status: 'success' },
      ],
    })
  })
})

function orderEvent(account: string, brokerOrderId: string): OrderEvent {
  return {
    order: {
      ...{ orderId: `tag${brokerOrderId}`, brokerOrderId, account, exchange: 'NSE', symbol: 'SBIN' },
      ...{ side: 'BUY', priceType: 'MARKET', product: 'MIS', validity: 'DAY', quantity: 1, price: 0 },
      ...{ triggerPrice: 0, state: 'filled', filledQuantity: 1, averagePrice: 500, updatedAtMs: 1 },
    },
  }
}
