import { ManualClock } from '@xts-bridge/contracts'
import { InteractiveSocket } from './interactive-socket'
import { MarketSocket, type MarketSocketOptions } from './market-socket'
import type { BrokerOrder, BrokerTrade, MarketUpdate, XtsToken } from './model'
import { brokerProfile } from './profiles'
import { FakeBroker } from './testing/fake-broker'
import { head, level, NUMBERS, packet, tail } from './testing/binary'
import { ORDER_ROW, TRADE_ROW } from './testing/rows'

const FIRST: XtsToken = {
  token: 'jwt-1',
  userId: 'ABC1234A02',
  clientCodes: [],
  isInvestorClient: false,
  epoch: 1,
}
const SECOND: XtsToken = { ...FIRST, token: 'jwt-2', epoch: 2 }

const clock = new ManualClock()
let broker: FakeBroker
let token: XtsToken | undefined
let closeSocket: () => Promise<void>
let log: string[]
/** On the manual clock, as it was told. */
let downAtMs: number[]
let orders: BrokerOrder[]
let trades: BrokerTrade[]
let updates: MarketUpdate[]
let unreadable: string[]

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error(`the condition never came true; log: ${log.join(' | ')}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Moves the manual clock until the condition holds; real traffic happens between the steps. */
async function untilWithTime(condition: () => boolean, stepMs = 100): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error(`the condition never came true; log: ${log.join(' | ')}`)
    await clock.advance(stepMs)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

const listeners = {
  onJoined: () => void log.push('joined'),
  onLogout: (reason: string, epoch: number) => void log.push(`logout of ${epoch}: ${reason}`),
  onDown: (reason: string, refused?: number) => {
    downAtMs.push(clock.nowMs())
    log.push(refused === undefined ? `down: ${reason}` : `down, refused ${refused}: ${reason}`)
  },
  onUnreadable: (event: string, problem: string) => void unreadable.push(`${event}: ${problem}`),
}

async function openInteractive(): Promise<InteractiveSocket> {
  broker = new FakeBroker('/interactive/socket.io')
  const profile = brokerProfile('simulator', { baseUrl: await broker.listen() })
  const socket = new InteractiveSocket({
    profile,
    clock,
    token: () => token,
    onOrder: (order) => orders.push(order),
    onTrade: (trade) => trades.push(trade),
    ...listeners,
  })
  closeSocket = () => socket.close()
  return socket
}

async function openMarket(also: Partial<MarketSocketOptions> = {}, allowEIO3 = true): Promise<MarketSocket> {
  broker = new FakeBroker('/apibinarymarketdata/socket.io', allowEIO3)
  const profile = brokerProfile('simulator', { baseUrl: await broker.listen() })
  const socket = new MarketSocket({
    profile,
    clock,
    token: () => token,
    onUpdate: (update) => updates.push(update),
    ...listeners,
    ...also,
  })
  closeSocket = () => socket.close()
  return socket
}

beforeEach(() => {
  token = FIRST
  log = []
  downAtMs = []
  orders = []
  trades = []
  updates = []
  unreadable = []
})

afterEach(async () => {
  await closeSocket()
  await broker.close()
})

describe('the interactive socket', () => {
  it('joins with token, user and API in its query, and is live from then on', async () => {
    const socket = await openInteractive()
    expect(socket.isLive).toBe(false)
    socket.start()
    await until(() => socket.isLive)
    expect(log).toEqual(['joined'])
    expect(broker.queries[0]).toMatchObject({
      token: 'jwt-1',
      userID: 'ABC1234A02',
      apiType: 'INTERACTIVE',
      EIO: '3',
    })
  })

  it('hands on orders and trades, as text, as object and as a list', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('order', JSON.stringify(ORDER_ROW))
    broker.latest.emit('order', ORDER_ROW)
    broker.latest.emit('trade', JSON.stringify([TRADE_ROW, TRADE_ROW]))
    await until(() => trades.length === 2)
    expect(orders.map((order) => order.brokerOrderId)).toEqual(['3110037831', '3110037831'])
  })

  it('reports what it cannot read, leaves aside what is not ours, and goes on', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('order', '{"AppOrder')
    broker.latest.emit('order', JSON.stringify({ ...ORDER_ROW, OrderStatus: 'Odd' }))
    broker.latest.emit('order', JSON.stringify({ ...ORDER_ROW, ProductType: 'BO' }))
    broker.latest.emit('trade', 'null')
    broker.latest.emit('position', '{}')
    broker.latest.emit('order', JSON.stringify(ORDER_ROW))
    await until(() => orders.length === 1)
    expect(unreadable).toEqual([
      'order: it is not a JSON object: {"AppOrder',
      'order: OrderStatus is not known: Odd',
      'trade: it is not a JSON object: null',
    ])
  })

  it('comes back after a drop with the token of that moment, and says so', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    token = SECOND
    broker.latest.disconnect(true)
    await until(() => !socket.isLive)
    expect(log.at(-1)).toMatch(/^down: disconnected/)
    await untilWithTime(() => socket.isLive)
    expect(log.filter((line) => line === 'joined')).toHaveLength(2)
    expect(broker.queries.at(-1)).toMatchObject({ token: 'jwt-2' })
  })

  it('waits for a token for as long as there is none', async () => {
    token = undefined
    const socket = await openInteractive()
    socket.start()
    await clock.advance(60_000)
    expect(broker.queries).toHaveLength(0)
    token = FIRST
    await untilWithTime(() => socket.isLive)
  })

  it('reports a refused token with its epoch, and waits for another one', async () => {
    const socket = await openInteractive()
    broker.refusal = 'Invalid Token'
    socket.start()
    await until(() => log.length === 1)
    expect(log).toEqual(['down, refused 1: Invalid Token'])
    await clock.advance(20_000)
    expect(broker.queries).toHaveLength(1)
    broker.refusal = undefined
    token = SECOND
    await untilWithTime(() => socket.isLive)
    expect(broker.queries).toHaveLength(2)
  })

  it('tries a refused token again after half a minute, since the broker may have erred', async () => {
    const socket = await openInteractive()
    broker.refusal = 'Invalid Token'
    socket.start()
    await until(() => log.length === 1)
    broker.refusal = undefined
    await untilWithTime(() => socket.isLive, 1_000)
    expect(broker.queries).toHaveLength(2)
  })

  it('reports a logout, leaves the silent connection, and returns with the next token', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    const old = broker.latest
    old.emit(
      'logout',
      JSON.stringify({ type: 'success', description: 'You have been logged out by another user.' }),
    )
    await until(() => !socket.isLive)
    expect(log.slice(1)).toEqual([
      'logout of 1: You have been logged out by another user.',
      'down: logged out: You have been logged out by another user.',
    ])
    token = SECOND
    await untilWithTime(() => socket.isLive)
    old.emit('order', JSON.stringify(ORDER_ROW))
    broker.latest.emit('trade', JSON.stringify(TRADE_ROW))
    await until(() => trades.length === 1)
    expect(orders).toHaveLength(0)
  })

  it('tells a dead epoch once, also when the words of the logout name the session', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('logout', JSON.stringify({ description: 'Your session has been expired' }))
    await until(() => !socket.isLive)
    expect(log.slice(1)).toEqual([
      'logout of 1: Your session has been expired',
      'down: logged out: Your session has been expired',
    ])
  })

  it('is not live until the broker has said joined, and gives up on a broker that does not', async () => {
    const socket = await openInteractive()
    broker.isJoinedSent = false
    socket.start()
    await until(() => broker.sockets.length === 1)
    expect(socket.isLive).toBe(false)
    broker.latest.emit('joined', JSON.stringify({ type: 'error', code: 'e-socket-0001', description: 'no' }))
    await until(() => unreadable.length === 1)
    expect(socket.isLive).toBe(false)
    await clock.advance(10_000)
    expect(log).toEqual(['down: not joined within 10000 ms'])
    await until(() => broker.latest.disconnected)
  })

  it('goes down when the broker says in passing that the session has expired, but not for another complaint', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('error', 'some complaint')
    await until(() => unreadable.length === 1)
    expect([socket.isLive, unreadable]).toEqual([true, ['error: some complaint']])
    broker.latest.emit('error', JSON.stringify({ description: 'Your session has been expired' }))
    await until(() => !socket.isLive)
    expect(log.at(-1)).toBe('down, refused 1: Your session has been expired')
  })

  it('keeps trying with growing waits, at most half a minute apart, while nobody answers', async () => {
    const socket = await openInteractive()
    await broker.close()
    socket.start()
    await untilWithTime(() => downAtMs.length >= 11)
    const waits = downAtMs.slice(1).map((atMs, index) => atMs - (downAtMs[index] ?? 0))
    const nominal = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]
    waits.forEach((waitMs, index) => {
      expect(waitMs).toBeGreaterThanOrEqual((nominal[index] ?? 0) * 0.75)
    })
    expect(Math.max(...waits)).toBeLessThan(40_000)
  })

  it('reports nothing more once it is closed, and does not come back', async () => {
    const socket = await openInteractive()
    socket.start()
    await until(() => socket.isLive)
    const before = [...log]
    await socket.close()
    broker.latest.emit('order', JSON.stringify(ORDER_ROW))
    await until(() => broker.latest.disconnected)
    await clock.advance(120_000)
    expect([socket.isLive, log, orders, broker.queries.length]).toEqual([false, before, [], 1])
    socket.start()
    expect(broker.queries).toHaveLength(1)
  })
})

describe('the market socket', () => {
  it('joins whatever text stands beside the code, with the formats in its query', async () => {
    const socket = await openMarket()
    broker.joinedText = 'Socket joined successfully! SocketId=5KTp'
    socket.start()
    await until(() => socket.isLive)
    expect(broker.queries[0]).toMatchObject({ token: 'jwt-1', publishFormat: 'JSON', broadcastMode: 'Full' })
  })

  it('hands on full and partial messages as updates', async () => {
    const socket = await openMarket()
    socket.start()
    await until(() => socket.isLive)
    const full = {
      MessageCode: 1512,
      ExchangeSegment: 1,
      ExchangeInstrumentID: 2885,
      LastTradedPrice: 1410.5,
    }
    broker.latest.emit('1512-json-full', JSON.stringify(full))
    broker.latest.emit('1501-json-partial', 't:1_26000,ltp:25710.4')
    broker.latest.emit('1105-json-partial', 't:12_1140025,110:2067.75,111:516.95')
    broker.latest.emit('1510-json-partial', 't:2_48225,o:169260')
    await until(() => updates.length === 3)
    expect(updates).toEqual([
      { segment: 'NSECM', token: 2885, lastPrice: 1410.5 },
      { segment: 'NSECM', token: 26000, lastPrice: 25710.4 },
      { segment: 'NSEFO', token: 48225, openInterest: 169260 },
    ])
    expect(unreadable).toEqual([])
  })

  it('reports a binary frame it cannot read once with its length, and texts it cannot read', async () => {
    const socket = await openMarket()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('xts-binary-packet', Buffer.alloc(432))
    broker.latest.emit('1501-json-partial', 't:1_26000,ltp:2571x')
    broker.latest.emit('1502-json-full', '{"MessageCode":1502')
    await until(() => unreadable.length === 3)
    expect(unreadable[0]).toMatch(/^xts-binary-packet: .* unread in a frame of 432 bytes\)$/)
    expect(unreadable[1]).toBe('1501-json-partial: ltp is not a number: 2571x')
    expect(unreadable[2]).toMatch(/^1502-json-full: the message is not a JSON object/)
    expect(updates).toEqual([])
  })

  it('reports an event of a name no document has, with its length, and reads on', async () => {
    const socket = await openMarket()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.emit('1599-json-full', '{"MessageCode":1599}')
    broker.latest.emit('xts-other-packet', Buffer.alloc(7))
    broker.latest.emit('1501-json-partial', 't:1_26000,ltp:25710.4')
    await until(() => updates.length === 1)
    expect(unreadable).toEqual([
      '1599-json-full: an event of an unknown name, 20 characters',
      'xts-other-packet: an event of an unknown name, 7 bytes',
    ])
  })

  it('hands on the packets of a binary frame, price bands and market statuses', async () => {
    const bands: unknown[] = []
    const statuses: unknown[] = []
    const socket = await openMarket({
      onPriceBand: (band) => bands.push(band),
      onMarketStatus: (status) => statuses.push(status),
    })
    socket.start()
    await until(() => socket.isLive)
    const of = { code: 1501, segment: 2, token: 48_225 }
    const writer = level(level(head(of), true, [130, 101.45, 2]), true, [65, 101.55, 1])
    const one = packet(of, tail(writer, true, NUMBERS).done(), true)
    broker.latest.emit('xts-binary-packet', Buffer.concat([one, one]))
    broker.latest.emit('1105-json-partial', 't:12_1140025,110:2067.75,111:516.95')
    broker.latest.emit('1105-json-partial', 't:0_0')
    broker.latest.emit('1507-json-full', '{"MessageCode":1507,"ExchangeSegment":1,"tradingSession":2}')
    await until(() => statuses.length === 1)
    expect(updates).toMatchObject([{ lastPrice: 101.5 }, { lastPrice: 101.5 }])
    expect(bands).toEqual([{ segment: 'BSEFO', token: 1_140_025, high: 2067.75, low: 516.95 }])
    expect(statuses).toMatchObject([{ segment: 'NSECM', session: 2 }])
    expect(unreadable).toEqual([])
  })

  it('comes back after a drop', async () => {
    const socket = await openMarket()
    socket.start()
    await until(() => socket.isLive)
    broker.latest.disconnect(true)
    await until(() => !socket.isLive)
    await untilWithTime(() => socket.isLive)
    expect(log.filter((line) => line === 'joined')).toHaveLength(2)
  })
})
