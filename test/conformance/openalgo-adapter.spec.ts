import WebSocket from 'ws'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { startSimulator, type RunningSimulator } from '../../tools/xts-simulator/src/index'
import { eventually } from '../support/eventually'
import { BrokerWire, type WireCall } from './contract/broker-wire'
import { asList, asRecord, resultOf } from './contract/contract-checks'

const WITHIN_MS = 10_000
const INTERACTIVE = '/interactive'
const MARKET = '/apibinarymarketdata'

let simulator: RunningSimulator
let wire: BrokerWire
let token = ''
let feedToken = ''
let userId = ''

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small', ticksPerSecond: 20 })
  wire = new BrokerWire(`http://127.0.0.1:${simulator.port}`, { verifyTls: true, paceMs: 0 })
})
afterAll(() => simulator.close())

const call = async (method: WireCall['method'], path: string, body?: unknown, by = token): Promise<unknown> =>
  resultOf(await wire.call({ method, path, body, token: by }))
const orders = async () => asList(await call('GET', `${INTERACTIVE}/orders`)).map(asRecord)
const orderReaches = (appOrderId: unknown, status: string) =>
  eventually(`order ${String(appOrderId)} is ${status}`, WITHIN_MS, async () =>
    (await orders()).find((row) => row['AppOrderID'] === appOrderId && row['OrderStatus'] === status),
  )
const quoted = async (xtsMessageCode: number, exchangeInstrumentID: string) => {
  const instruments = [{ exchangeSegment: 1, exchangeInstrumentID }]
  const body = { instruments, xtsMessageCode, publishFormat: 'JSON' }
  const result = asRecord(await call('POST', `${MARKET}/instruments/quotes`, body, feedToken))
  return asRecord(JSON.parse(String(asList(result['listQuotes'])[0])))
}

/** Every number a text, the tag always the same, no clientID: an order as this adapter writes it. */
const order = (changes: object): object => ({
  exchangeSegment: 'NSECM',
  exchangeInstrumentID: '2885',
  productType: 'MIS',
  orderType: 'MARKET',
  orderSide: 'BUY',
  timeInForce: 'DAY',
  disclosedQuantity: '0',
  orderQuantity: '2',
  limitPrice: '0',
  stopPrice: '0',
  orderUniqueIdentifier: 'openalgo',
  ...changes,
})

// What OpenAlgo's adapter for this broker asks for, in its order and in its spelling (protocol 9.3).
describe("OpenAlgo's jainamxts adapter", () => {
  it('logs in with an accessToken and without a source, and at market data with one', async () => {
    const keys = { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret' }
    const body = { ...keys, accessToken: 'jainamxts' }
    const login = asRecord(await call('POST', `${INTERACTIVE}/user/session`, body, ''))
    token = String(login['token'])
    const market = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret', source: 'WebAPI' }
    const feed = asRecord(await call('POST', `${MARKET}/auth/login`, market, ''))
    feedToken = String(feed['token'])
    userId = String(feed['userID'])
    expect(userId).toBe(login['userID'])
  })

  it.each(['NSECM', 'NSEFO', 'BSECM', 'BSEFO'])(
    'fetches the master of %s alone, without a token',
    async (segment) => {
      const answer = await wire.call({
        method: 'POST',
        path: `${MARKET}/instruments/master`,
        body: { exchangeSegmentList: [segment] },
      })
      const rows = String(resultOf(answer)).split('\n')
      expect(rows.length).toBeGreaterThan(1)
      // Its parser takes futures for rows whose 19th cell is the price numerator, so the number of cells must be right.
      const cellsOf: Readonly<Record<string, number>> = { '1': 21, '2': 23, '4': 21 }
      const isWrong = (cells: readonly string[]): boolean =>
        cells[0] !== segment || cells.length !== (cellsOf[cells[2] ?? ''] ?? 22)
      expect(rows.filter((row) => isWrong(row.split('|')))).toEqual([])
    },
  )

  it.each([
    ['1', 'NIFTY 50_26000'],
    ['11', expect.stringMatching(/^SENSEX_\d+$/)],
  ])('fetches the index list of segment %s without a token', async (segment, wanted) => {
    const path = `${MARKET}/instruments/indexlist?exchangeSegment=${segment}`
    const list = asRecord(resultOf(await wire.call({ method: 'GET', path })))
    expect(asList(list['indexList'])).toContainEqual(wanted)
  })

  it('reads its funds from the first balance row', async () => {
    const balance = asRecord(await call('GET', `${INTERACTIVE}/user/balance`))
    const limits = asRecord(asRecord(asList(balance['BalanceList'])[0])['limitObject'])
    for (const name of [
      'netMarginAvailable',
      'collateral',
      'UnrealizedMTM',
      'RealizedMTM',
      'marginUtilized',
    ]) {
      expect(asRecord(limits['RMSSubLimits'])).toHaveProperty(name)
    }
  })

  it('places an order of texts, and finds it in orders, trades and net positions', async () => {
    const placed = asRecord(await call('POST', `${INTERACTIVE}/orders`, order({})))
    expect(placed['OrderUniqueIdentifier']).toBe('openalgo')
    const row = await orderReaches(placed['AppOrderID'], 'Filled')
    expect(row).toMatchObject({ OrderQuantity: 2, ExchangeSegment: 'NSECM', TradingSymbol: 'RELIANCE' })
    const [trade] = asList(await call('GET', `${INTERACTIVE}/orders/trades`)).map(asRecord)
    expect(trade).toMatchObject({ OrderUniqueIdentifier: 'openalgo', OrderStatus: expect.any(String) })
    const book = asRecord(await call('GET', `${INTERACTIVE}/portfolio/positions?dayOrNet=NetWise`))
    const [position] = asList(book['positionList']).map(asRecord)
    // It finds a position by these three, and reads the quantity with int().
    expect(position).toMatchObject({
      TradingSymbol: 'RELIANCE',
      ExchangeSegment: 'NSECM',
      ProductType: 'MIS',
    })
    expect(position?.['Quantity']).toBe('2')
  })

  it('modifies and cancels a second order under the same tag', async () => {
    const last = Number((await quoted(1512, '2885'))['LastTradedPrice'])
    const price = String(Math.round(last * 0.95))
    const limit = order({ orderType: 'LIMIT', limitPrice: price })
    const { AppOrderID } = asRecord(await call('POST', `${INTERACTIVE}/orders`, limit))
    await orderReaches(AppOrderID, 'New')
    await call('PUT', `${INTERACTIVE}/orders`, {
      appOrderID: String(AppOrderID),
      modifiedProductType: 'MIS',
      modifiedOrderType: 'LIMIT',
      modifiedOrderQuantity: '3',
      modifiedDisclosedQuantity: '0',
      modifiedLimitPrice: price,
      modifiedStopPrice: '0',
      modifiedTimeInForce: 'DAY',
      orderUniqueIdentifier: 'openalgo',
    })
    expect(await orderReaches(AppOrderID, 'Replaced')).toMatchObject({ OrderQuantity: 3 })
    await call('DELETE', `${INTERACTIVE}/orders?appOrderID=${String(AppOrderID)}`)
    await orderReaches(AppOrderID, 'Cancelled')
  })

  it('reads holdings as a map or an error it can take', async () => {
    const answer = await wire.call({ method: 'GET', path: `${INTERACTIVE}/portfolio/holdings`, token })
    expect([200, 400]).toContain(answer.status)
    expect(asRecord(answer.body)['type']).toEqual(expect.stringMatching(/^(success|error)$/))
  })

  it('quotes depth and open interest by ids that are texts', async () => {
    const depth = await quoted(1502, '2885')
    expect([asList(depth['Bids']).length, asList(depth['Asks']).length]).toEqual([5, 5])
    expect(asRecord(depth['Touchline'])['LastTradedQunatity']).toEqual(expect.any(Number))
    expect(await quoted(1510, '2885')).toMatchObject({ MessageCode: 1510, OpenInterest: expect.any(Number) })
  })

  it('reads candles by the name of the segment', async () => {
    const india = new Date(Date.now() + 19_800_000).toUTCString().split(' ')
    const day = `${india[2]} ${india[1]} ${india[3]}`
    const query = new URLSearchParams({
      exchangeSegment: 'NSECM',
      exchangeInstrumentID: '2885',
      startTime: `${day} 000000`,
      endTime: `${day} 235959`,
      compressionValue: '60',
    }).toString()
    const history = asRecord(await call('GET', `${MARKET}/instruments/ohlc?${query}`, undefined, feedToken))
    expect(history['exchangeInstrumentID']).toBe('2885')
    expect(typeof history['dataReponse']).toBe('string')
  })

  it('connects with EIO=4 over websocket alone, subscribes right then and hears the three codes', async () => {
    const heard = await listenAsPythonDoes(async () => {
      for (const xtsMessageCode of [1512, 1501, 1502]) {
        const body = { instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 2885 }], xtsMessageCode }
        await call('POST', `${MARKET}/instruments/subscription`, body, feedToken)
      }
    })
    expect(heard).toEqual(
      expect.arrayContaining(['joined', '1512-json-full', '1501-json-full', '1502-json-full']),
    )
    const body = { instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 2885 }], xtsMessageCode: 1512 }
    await call('PUT', `${MARKET}/instruments/subscription`, body, feedToken)
  })
})

/** The frames of python-socketio 5: it asks for EIO=4, joins with `40` and answers pings. Resolves with the names of all events heard. */
async function listenAsPythonDoes(onJoined: () => Promise<void>): Promise<readonly string[]> {
  const query = `token=${feedToken}&userID=${userId}&publishFormat=JSON&broadcastMode=Full&transport=websocket&EIO=4`
  const socket = new WebSocket(`ws://127.0.0.1:${simulator.port}${MARKET}/socket.io/?${query}`)
  const events: string[] = []
  socket.on('message', (bytes: Buffer) => {
    const frame = bytes.toString()
    if (frame.startsWith('0{')) socket.send('40')
    if (frame === '2') socket.send('3')
    const name = /^42\["([^"]+)"/.exec(frame)?.[1]
    if (name !== undefined) events.push(name)
  })
  try {
    await eventually('the socket is joined', WITHIN_MS, () => events.includes('joined') || undefined)
    await onJoined()
    const isEnough = (): boolean => [1501, 1502, 1512].every((code) => events.includes(`${code}-json-full`))
    await eventually('all three codes are heard', WITHIN_MS, () => isEnough() || undefined)
    return events
  } finally {
    socket.terminate()
  }
}
