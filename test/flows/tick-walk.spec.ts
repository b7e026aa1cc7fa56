import type { FeedStatus, SmartOrderAnswer } from '@xts-bridge/contracts'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { Strategy } from '../support/strategy'

interface Frame {
  readonly type?: string
  readonly status?: string
  readonly symbol?: string
  readonly mode?: number
  readonly data?: Record<string, unknown>
}

let house: House
let strategy: Strategy
const sockets: WebSocket[] = []
beforeAll(async () => {
  house = await startHouse({ env: { FEED_LINGER_MS: '200' } })
  strategy = new Strategy(house)
})
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await strategy?.close()
})

async function openSocket(): Promise<{ frames: Frame[]; send(frame: object): void }> {
  const socket = new WebSocket(house.webSocketUrl)
  sockets.push(socket)
  const frames: Frame[] = []
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return { frames, send: (frame) => socket.send(JSON.stringify(frame)) }
}
const frameOf = (frames: readonly Frame[], wanted: Partial<Frame>): Promise<Frame> =>
  eventually(`a frame ${JSON.stringify(wanted)} among ${JSON.stringify(frames.slice(-5))}`, 15_000, () =>
    frames.find((frame) =>
      Object.entries(wanted).every(([name, value]) => frame[name as keyof Frame] === value),
    ),
  )

describe('a tick through the whole house', () => {
  it('flows on the bus once a topic is subscribed, with its sequence, and follows a fill', async () => {
    const ticks = strategy.watchTicks('NSE_RELIANCE_QUOTE')
    await eventually('three ticks', 20_000, () => (ticks.length >= 3 ? true : undefined))
    expect(ticks[0]).toMatchObject({ symbol: 'RELIANCE', exchange: 'NSE', mode: 2 })
    const seqs = ticks.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index))
    const volumeBefore = ticks.at(-1)?.volume ?? 0
    await strategy.ask<SmartOrderAnswer>('orders', 'order.smart', {
      exchange: 'NSE',
      symbol: 'RELIANCE',
      product: 'MIS',
      targetPosition: 500,
    })
    await eventually('volume that holds the fill', 15_000, () =>
      (ticks.at(-1)?.volume ?? 0) >= volumeBefore + 500 ? true : undefined,
    )
  })

  it('flows for an index and a derivative alike', async () => {
    const ticks = strategy.watchTicks('NSE_INDEX_NIFTY_LTP')
    await eventually('an index tick', 20_000, () =>
      ticks.find(({ exchange, ltp }) => exchange === 'NSE_INDEX' && ltp > 0),
    )
  })

  it('reaches a WebSocket client that authenticated and subscribed in one burst', async () => {
    const { frames, send } = await openSocket()
    send({ action: 'authenticate', api_key: house.apiKey })
    send({ action: 'subscribe', symbols: [{ symbol: 'RELIANCE', exchange: 'NSE' }], mode: 1 })
    send({ action: 'subscribe', symbol: 'SBIN', exchange: 'NSE', mode: 'quote' })
    expect(await frameOf(frames, { type: 'auth' })).toMatchObject({ status: 'success' })
    const tick = await frameOf(frames, { type: 'market_data', symbol: 'RELIANCE', mode: 1 })
    expect(tick.data).toMatchObject({
      symbol: 'RELIANCE',
      exchange: 'NSE',
      ltp: expect.any(Number) as number,
    })
    const quote = await frameOf(frames, { type: 'market_data', symbol: 'SBIN', mode: 2 })
    expect(quote.data).toMatchObject({
      volume: expect.any(Number) as number,
      open: expect.any(Number) as number,
    })
    send({ action: 'ping', timestamp: 1, _pingId: 'a' })
    expect(await frameOf(frames, { type: 'pong' })).toMatchObject({ client_timestamp: 1, _pingId: 'a' })
  })

  it('stops for a client that unsubscribed, and the instrument is released when nobody is left', async () => {
    const { frames, send } = await openSocket()
    send({ action: 'authenticate', api_key: house.apiKey })
    send({ action: 'subscribe', symbols: [{ symbol: 'INFY', exchange: 'NSE' }], mode: 1 })
    await frameOf(frames, { type: 'market_data', symbol: 'INFY' })
    const before = await strategy.ask<FeedStatus>('feed', 'feed.status', {})
    send({ action: 'unsubscribe', symbols: [{ symbol: 'INFY', exchange: 'NSE', mode: 1 }] })
    expect(await frameOf(frames, { type: 'unsubscribe' })).toMatchObject({ status: 'success' })
    await eventually('the instrument is released', 20_000, async () => {
      const now = await strategy.ask<FeedStatus>('feed', 'feed.status', {})
      return now.subscribedInstruments < before.subscribedInstruments ? true : undefined
    })
  })

  it('comes back by itself after the broker dropped every socket, and clients are told', async () => {
    const { frames, send } = await openSocket()
    send({ action: 'authenticate', api_key: house.apiKey })
    send({ action: 'subscribe', symbols: [{ symbol: 'TCS', exchange: 'NSE' }], mode: 1 })
    await frameOf(frames, { type: 'market_data', symbol: 'TCS' })
    const dropped = await fetch(`${house.controlUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'all-sessions-dropped' }),
    })
    expect(dropped.status).toBe(200)
    await frameOf(frames, { type: 'feed_status' })
    const seen = frames.length
    await eventually('ticks after the drop', 20_000, () =>
      frames.slice(seen).some(({ type, symbol }) => type === 'market_data' && symbol === 'TCS')
        ? true
        : undefined,
    )
  })

  it('is refused to a client without a valid key', async () => {
    const { frames, send } = await openSocket()
    send({ action: 'subscribe', symbols: [{ symbol: 'TCS', exchange: 'NSE' }], mode: 1 })
    send({ action: 'authenticate', api_key: 'f'.repeat(64) })
    await eventually('two refusals', 10_000, () =>
      frames.filter(({ status }) => status === 'error').length >= 2 ? true : undefined,
    )
    expect(frames.filter(({ type }) => type === 'market_data')).toEqual([])
  })
})
