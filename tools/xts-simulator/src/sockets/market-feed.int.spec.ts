import io from 'socket.io-client'
import { startSimulator, type RunningSimulator, type SimulatorOptions } from '../index'
import { decodeFrame, type DecodedPacket } from '../testing/packet-decoder'
import { XtsClient, type XtsSocket } from '../testing/xts-client'

const KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
const RELIANCE = { exchangeSegment: 1, exchangeInstrumentID: 2885 }
const NIFTY = { exchangeSegment: 1, exchangeInstrumentID: 26_000 }
const SENSEX = { exchangeSegment: 11, exchangeInstrumentID: 26_065 }
const BINARY = '/apibinarymarketdata'
const JSON_DOOR = '/apimarketdata'

let simulator: RunningSimulator
let client: XtsClient
let control: XtsClient

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({
    port: 0, controlPort: 0, universe: 'small', clock: 'virtual', ticksPerSecond: 10, noisePerSecond: 0, ...options,
  }) // prettier-ignore
  client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
  control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, io)
  await client.login(`${BINARY}/auth/login`, KEYS)
}

afterEach(async () => {
  client.close()
  await simulator.close()
})

async function open(prefix: string, query: Record<string, string>): Promise<XtsSocket> {
  const socket = client.openSocket(`${prefix}/socket.io`, query)
  await socket.hears('joined')
  return socket
}
const subscribe = (instruments: object[], xtsMessageCode: number) =>
  client.call('POST', `${BINARY}/instruments/subscription`, { instruments, xtsMessageCode })
const advance = (advanceMs: number) => control.call('POST', '/clock', { advanceMs })
const movePrice = (price: number) => control.call('POST', '/price', { segment: 'NSECM', token: 2885, price })
const packetsOf = (socket: XtsSocket): DecodedPacket[] =>
  socket.heard.flatMap(({ name, argument }) =>
    name === 'xts-binary-packet' ? decodeFrame(argument as Buffer) : [],
  )
const textsOf = (socket: XtsSocket, event: string): string[] =>
  socket.heard.flatMap(({ name, argument }) => (name === event ? [String(argument)] : []))

describe('a socket of the binary prefix', () => {
  it.each([
    ['compressed, 64 bit', {}, { 1501: 204, 1502: 432 }, true],
    [
      'plain, 32 bit',
      { binaryGeneration: 'classic', isBinaryCompressed: false },
      { 1501: 180, 1502: 368 },
      false,
    ],
  ] as const)('hears packets unless it asks for JSON: %s', async (_, options, sizes, isCompressed) => {
    await start(options)
    const socket = await open(BINARY, { publishFormat: 'Binary', broadcastMode: 'Full' })
    const json = await open(BINARY, { publishFormat: 'JSON', broadcastMode: 'Full' })
    await subscribe([RELIANCE, NIFTY], 1501)
    await subscribe([RELIANCE], 1502)
    await advance(1000)
    await socket.until(() => packetsOf(socket).length > 25)
    const packets = packetsOf(socket)
    for (const packet of packets) {
      const code = packet.header['messageCode'] as 1501 | 1502
      expect([packet.payload.length, packet.isCompressed]).toEqual([sizes[code], isCompressed])
      expect(packet.fields).toMatchObject({ ExchangeSegment: 1, BookType: 1, MessageVersion: 4 })
    }
    expect(json.messages('1502-json-full').length).toBeGreaterThan(5)
    expect(packetsOf(json)).toEqual([])
    expect(textsOf(socket, '1501-json-full')).toEqual([])
    // One tick is one thing: both forms say the same under the same number.
    const told = json.messages('1502-json-full')[0] ?? {}
    const same = packets.find((packet) => packet.fields['SequenceNumber'] === told['SequenceNumber'])?.fields
    expect(same).toMatchObject({
      Bids: told['Bids'], Asks: told['Asks'],
      LastTradedPrice: (told['Touchline'] as Record<string, unknown>)['LastTradedPrice'],
    }) // prettier-ignore
  })

  it('hears several packets in a frame when several instruments tick at the same moment', async () => {
    await start({ ticksPerSecond: 100 })
    const socket = await open(BINARY, {})
    const tokens = [2885, 3045, 1594, 11_536, 1333]
    await subscribe(tokens.map((token) => ({ exchangeSegment: 1, exchangeInstrumentID: token })), 1501)
    await advance(200)
    const frames = (): number[] =>
      socket.heard.flatMap(({ name, argument }) => (name === 'xts-binary-packet' ? decodeFrame(argument as Buffer).length : []))
    await socket.until(() => frames().some((packets) => packets > 1))
    expect(Math.max(...frames())).toBeLessThanOrEqual(16)
  }) // prettier-ignore

  it('hears JSON and packets at a gateway that sends both', async () => {
    await start({ jsonOnBinaryDoor: 'both' })
    const socket = await open(BINARY, { publishFormat: 'JSON', broadcastMode: 'Full' })
    await subscribe([RELIANCE], 1501)
    await advance(500)
    await socket.until(() => packetsOf(socket).length > 0 && socket.messages('1501-json-full').length > 0)
  })
})

describe('the messages of the feed', () => {
  it('tells a candle at the end of each minute in which something traded, from the same tape', async () => {
    await start({ start: '2026-11-20T10:00:30+05:30' })
    const full = await open(JSON_DOOR, { broadcastMode: 'Full' })
    const partial = await open(JSON_DOOR, { broadcastMode: 'Partial' })
    await subscribe([RELIANCE, NIFTY], 1505)
    await subscribe([RELIANCE], 1501)
    await advance(95_000)
    await full.until((heard) => heard.filter((event) => event.name === '1505-json-full').length === 4)
    const candles = full
      .messages('1505-json-full')
      .filter((candle) => candle['ExchangeInstrumentID'] === 2885)
    const ends = [0, 1].map((minute) => Date.UTC(2026, 10, 20, 10, minute, 59) / 1000)
    expect(candles.map((candle) => candle['BarTime'])).toEqual(ends)
    const ticks = full.messages('1501-json-full').map((tick) => tick['Touchline'] as Record<string, number>)
    const volume = (tick: Record<string, number> | undefined): number => tick?.['TotalTradedQuantity'] ?? 0
    expect(candles[1]?.['BarVolume']).toBeLessThanOrEqual(volume(ticks.at(-1)) - volume(ticks[0]))
    expect(candles[1]?.['High']).toBeGreaterThanOrEqual(candles[1]?.['Low'] as number)
    expect(textsOf(partial, '1505-json-partial')[0]).toMatch(
      /^t:1_\d+,o:[\d.]+,h:[\d.]+,l:[\d.]+,c:[\d.]+,bt:\d+,bv:\d+,pv:[\d.]+,oi:0$/,
    )
    expect(full.messages('1505-json-full').find((candle) => candle['ExchangeInstrumentID'] === 26_000)).toMatchObject({
      BarVolume: 0, SumOfQtyInToPrice: 0,
    }) // prettier-ignore
  })

  it('tells an index by 1504, and refuses to do so for a share', async () => {
    await start()
    const socket = await open(JSON_DOOR, {})
    expect(await subscribe([RELIANCE], 1504)).toMatchObject({
      status: 400,
      body: { code: 'e-instrument-0001' },
    })
    expect(await subscribe([NIFTY], 1504)).toMatchObject({ status: 200 })
    await advance(500)
    await socket.hears('1504-json-full')
    expect(socket.messages('1504-json-full')[0]).toMatchObject({
      IndexName: 'NIFTY 50',
      ExchangeInstrumentID: 26_000,
    })
  })

  it('tells open interest when it changed, with the underlying at recent builds', async () => {
    await start({ feedFields: 'recent' })
    const socket = await open(JSON_DOOR, {})
    const answer = await client.call('GET', `${BINARY}/instruments/instrument/futureSymbol?exchangeSegment=2&series=FUTIDX&symbol=NIFTY&expiryDate=24Nov2026`)
    const [future] = answer.body?.result as { ExchangeInstrumentID: number }[]
    await subscribe([{ exchangeSegment: 2, exchangeInstrumentID: future?.ExchangeInstrumentID }], 1510)
    await advance(3000)
    await socket.until((heard) => heard.filter((event) => event.name === '1510-json-full').length > 5)
    const interests = socket.messages('1510-json-full').map((message) => message['OpenInterest'])
    expect(interests.slice(1).every((interest, at) => interest !== interests[at])).toBe(true)
    expect(socket.messages('1510-json-full')[0]).toMatchObject({ UnderlyingIDIndexName: 'NIFTY 50', UnderlyingExchangeSegment: 1 })
  }) // prettier-ignore

  it('sends only what changed after the first partial, where a gateway does so', async () => {
    await start({ partialKeys: 'changed', ticksPerSecond: 0 })
    const socket = await open(JSON_DOOR, { broadcastMode: 'Partial' })
    await subscribe([RELIANCE], 1512)
    for (const price of [1460, 1461]) {
      await movePrice(price)
      await advance(1000)
    }
    await socket.until(() => textsOf(socket, '1512-json-partial').length === 2)
    const [first, second] = textsOf(socket, '1512-json-partial')
    expect(first).toMatch(/^t:1_2885,ltp:1460,ltq:1,lut:\d+,bt:1,mt:1$/)
    expect(second).toMatch(/^t:1_2885,ltp:1461,lut:\d+$/)
  })

  it('sends every socket 1105 it never asked for: heartbeats, and bands of instruments anywhere', async () => {
    await start({ noisePerSecond: 50 })
    const socket = await open(BINARY, { publishFormat: 'Binary' })
    await advance(2000)
    await socket.until(() => textsOf(socket, '1105-json-partial').length === 100)
    const texts = textsOf(socket, '1105-json-partial')
    const bands = texts.filter((text) => text !== 't:0_0')
    expect([bands.length > 5, bands.length < 60]).toEqual([true, true])
    for (const text of bands) expect(text).toMatch(/^t:\d+_\d+,110:-?[\d.]+,111:-?[\d.]+$/)
  })

  it('tells everybody when a market opens and closes', async () => {
    await start({ sessionProfile: 'nse', start: '2026-11-20T15:29:00+05:30' })
    const socket = await open(JSON_DOOR, {})
    await advance(120_000)
    await socket.until((heard) => heard.some(({ name, argument }) => name === '1507-json-full' && String(argument).includes('"ExchangeSegment":1,')))
    const closed = socket.messages('1507-json-full').find((message) => message['ExchangeSegment'] === 1)
    expect(Object.keys(closed ?? {})).toContain('maketType')
    expect([4, 8]).toContain(closed?.['tradingSession'])
    expect(closed?.['message']).toMatch(/^THE NORMAL MARKET HAS .* FOR 20 NOV 2026$/)
  }) // prettier-ignore

  it.each([
    ['ist', 19_800],
    ['utc', 0],
  ] as const)('counts seconds of a BSE tick by the %s clock', async (otherTickTime, offset) => {
    await start({ otherTickTime, start: '2026-11-20T10:00:00+05:30' })
    const now = Date.parse('2026-11-20T10:00:00+05:30') / 1000
    const answer = await subscribe([SENSEX], 1501)
    const [text] = (answer.body?.result as { listQuotes: string[] }).listQuotes
    const { ExchangeTimeStamp } = JSON.parse(text ?? '') as { ExchangeTimeStamp: number }
    expect(Math.abs(ExchangeTimeStamp - now - offset)).toBeLessThan(5)
  })

  it('fills move the tape: the trade of a client is the next last price', async () => {
    await start({ ticksPerSecond: 0 })
    const socket = await open(JSON_DOOR, {})
    const buyer = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await buyer.login('/interactive/user/session', { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret', source: 'WebAPI' })
    await subscribe([RELIANCE], 1502)
    const quote = await client.call('POST', `${BINARY}/instruments/quotes`, { instruments: [RELIANCE], xtsMessageCode: 1502, publishFormat: 'JSON' })
    const [text] = (quote.body?.result as { listQuotes: string[] }).listQuotes
    const before = JSON.parse(text ?? '') as { Asks: { Price: number; Size: number }[]; Touchline: { TotalTradedQuantity: number } }
    const best = before.Asks[0] ?? { Price: 0, Size: 0 }
    await buyer.call('POST', '/interactive/orders', {
      exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY', timeInForce: 'DAY',
      disclosedQuantity: 0, orderQuantity: best.Size, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 'fill',
    })
    await advance(1000)
    await socket.hears('1502-json-full')
    const after = socket.messages('1502-json-full')[0] as { Touchline: Record<string, number> }
    expect(after.Touchline).toMatchObject({
      LastTradedPrice: best.Price, LastTradedQunatity: best.Size,
      TotalTradedQuantity: before.Touchline.TotalTradedQuantity + best.Size,
    })
  }) // prettier-ignore
})
