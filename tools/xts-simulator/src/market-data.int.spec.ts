import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
const RELIANCE = { exchangeSegment: 1, exchangeInstrumentID: 2885 }
const NIFTY = { exchangeSegment: 1, exchangeInstrumentID: 26_000 }

describe.each(['/apibinarymarketdata', '/apimarketdata'])('the market-data API under %s', (prefix) => {
  let simulator: RunningSimulator
  let client: XtsClient

  beforeEach(async () => {
    simulator = await startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      ticksPerSecond: 20,
      subscriptionLimit: 3,
    })
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await client.login(`${prefix}/auth/login`, { ...KEYS, source: 'WebAPI' })
  })

  afterEach(async () => {
    client.close()
    await simulator.close()
  })

  const open = async (query: Record<string, string> = {}): Promise<XtsSocket> => {
    const socket = client.openSocket(`${prefix}/socket.io`, {
      publishFormat: 'JSON',
      broadcastMode: 'Full',
      ...query,
    })
    await socket.hears('joined')
    return socket
  }
  const subscribe = (instruments: object[], xtsMessageCode = 1502) =>
    client.call('POST', `${prefix}/instruments/subscription`, { instruments, xtsMessageCode })
  const unsubscribe = (instruments: object[], xtsMessageCode = 1502) =>
    client.call('PUT', `${prefix}/instruments/subscription`, { instruments, xtsMessageCode })

  it('logs in with the success code that looks like an error', async () => {
    expect(await client.login(`${prefix}/auth/login`, KEYS)).toMatchObject({
      status: 200,
      body: { type: 'success', code: 'e-response-0010', result: { userID: 'SIM0001' } },
    })
  })

  it('serves the master of the asked segments as one text, without a token', async () => {
    client.token = ''
    const answer = await client.call('POST', `${prefix}/instruments/master`, {
      exchangeSegmentList: ['NSECM', 'BSEFO'],
    })
    const rows = (answer.body?.result as string).split('\n')
    expect(new Set(rows.map((row) => row.slice(0, 5)))).toEqual(new Set(['NSECM', 'BSEFO']))
    expect(rows.some((row) => row.startsWith('NSECM|2885|8|RELIANCE|'))).toBe(true)
  })

  it('lists the indices, without a token', async () => {
    client.token = ''
    const answer = await client.call('GET', `${prefix}/instruments/indexlist?exchangeSegment=1`)
    expect(answer.body).toMatchObject({ code: 's-instrument-0007', result: { exchangeSegment: '1' } })
    expect((answer.body?.result as { indexList: string[] }).indexList).toContain('NIFTY 50_26000')
  })

  it('quotes known instruments as JSON texts and leaves unknown ones out', async () => {
    const instruments = [RELIANCE, { exchangeSegment: 1, exchangeInstrumentID: '99' }]
    const answer = await client.call('POST', `${prefix}/instruments/quotes`, {
      instruments,
      xtsMessageCode: 1501,
      publishFormat: 'JSON',
    })
    const result = answer.body?.result as { mdp: number; quotesList: object[]; listQuotes: string[] }
    expect(result.quotesList).toEqual([
      { exchangeSegment: 1, exchangeInstrumentID: '2885' },
      { exchangeSegment: 1, exchangeInstrumentID: '99' },
    ])
    expect(result.listQuotes).toHaveLength(1)
    const quote = JSON.parse(result.listQuotes[0] ?? '') as Record<string, unknown>
    expect(quote).toMatchObject({ MessageCode: 1501, ExchangeInstrumentID: 2885, BookType: 1 })
    expect(quote['LastTradedPrice']).toBeGreaterThan(1312)
    expect(quote['Touchline']).toBeUndefined()
  })

  it('ticks what is subscribed, from the book, with a moving price', async () => {
    const socket = await open()
    const answer = await subscribe([RELIANCE])
    const result = answer.body?.result as { listQuotes: string[]; Remaining_Subscription_Count: number }
    expect(result.Remaining_Subscription_Count).toBe(2)
    expect(JSON.parse(result.listQuotes[0] ?? '')).toMatchObject({ MessageCode: 1502 })
    const prices = (): unknown[] =>
      socket
        .messages('1502-json-full')
        .map((tick) => (tick['Touchline'] as { LastTradedPrice: number }).LastTradedPrice)
    await socket.until(() => new Set(prices()).size >= 3)
    const tick = socket.messages('1502-json-full')[0] as {
      Bids: { Price: number }[]
      Asks: { Price: number }[]
      Touchline: { BidInfo: object }
    }
    expect(tick.Bids).toHaveLength(5)
    expect(tick.Bids[0]?.Price).toBeLessThan(tick.Asks[0]?.Price ?? 0)
    expect(tick.Touchline.BidInfo).toEqual(tick.Bids[0])
  })

  it('ticks an index with an empty book', async () => {
    const socket = await open()
    await subscribe([NIFTY], 1501)
    await socket.hears('1501-json-full')
    const touchline = socket.messages('1501-json-full')[0]?.['Touchline'] as Record<string, unknown>
    expect(touchline).toMatchObject({ TotalTradedQuantity: 0, BidInfo: { Size: 0, Price: 0 } })
    expect(touchline['AverageTradedPrice']).toBe(touchline['LastTradedPrice'])
  })

  it('sends key:value texts to a socket in partial mode', async () => {
    const socket = await open({ broadcastMode: 'Partial' })
    await subscribe([RELIANCE], 1501)
    await socket.hears('1501-json-partial')
    const text = socket.heard.find((event) => event.name === '1501-json-partial')?.argument as string
    // captured: the order of the 18 keys of a recorded feed
    expect(text.split(',').map((pair) => pair.slice(0, pair.indexOf(':')))).toEqual([
      't', 'bi', 'ai', 'ltp', 'ltq', 'tb', 'ts', 'v', 'ap', 'ltt', 'lut', 'pc', 'o', 'h', 'l', 'c', 'bt', 'mt',
    ]) // prettier-ignore
    expect(text).toMatch(/^t:1_2885,bi:0\|\d+\|[\d.]+\|\d+,/)
  })

  it('keeps a subscription when the socket goes: a new socket ticks, subscribing again is refused', async () => {
    const first = await open()
    await subscribe([RELIANCE])
    await first.hears('1502-json-full')
    client.close()
    const second = await open()
    await second.hears('1502-json-full')
    expect(await subscribe([RELIANCE])).toMatchObject({
      status: 400,
      body: {
        code: 'e-session-0002',
        description: 'Instrument Already Subscribed !',
        result: { Remaining_Subscription_Count: 2 },
      },
    })
  })

  it('refuses the whole batch for one known instrument, and takes the rest after an unsubscribe', async () => {
    await subscribe([RELIANCE])
    expect(await subscribe([RELIANCE, NIFTY])).toMatchObject({ body: { code: 'e-session-0002' } })
    expect(await unsubscribe([RELIANCE, NIFTY])).toMatchObject({
      body: {
        code: 's-response-0001',
        description: 'Instrument subscription deleted!',
        result: { Remaining_Subscription_Count: 3 },
      },
    })
    expect(await subscribe([RELIANCE, NIFTY])).toMatchObject({ status: 200 })
  })

  it('counts the same instrument under two message codes as two', async () => {
    await subscribe([RELIANCE], 1501)
    expect(await subscribe([RELIANCE], 1502)).toMatchObject({
      body: { result: { Remaining_Subscription_Count: 1 } },
    })
  })

  it.each<[string, object[], number, string]>([
    [
      'more than the limit',
      [2885, 3045, 1594, 11536].map((token) => ({ exchangeSegment: 1, exchangeInstrumentID: token })),
      1502,
      'e-session-0004',
    ],
    ['one instrument twice', [RELIANCE, RELIANCE], 1502, 'e-session-0002'],
    [
      'an unknown instrument',
      [RELIANCE, { exchangeSegment: 1, exchangeInstrumentID: 99 }],
      1502,
      'e-instrument-0001',
    ],
    ['an unknown message code', [RELIANCE], 1599, 'e-property-validation-failed'],
    ['no instrument', [], 1502, 'e-property-validation-failed'],
  ])('refuses %s', async (_, instruments, code, expected) => {
    expect(await subscribe(instruments, code)).toMatchObject({
      status: 400,
      body: { type: 'error', code: expected },
    })
    expect(await subscribe([RELIANCE])).toMatchObject({ status: 200 })
  })

  it('refuses a wrong token and wants the publish format of a quote', async () => {
    expect(
      await client.call('POST', `${prefix}/instruments/quotes`, {
        instruments: [RELIANCE],
        xtsMessageCode: 1501,
      }),
    ).toMatchObject({
      body: { code: 'e-property-validation-failed' },
    })
    client.token = 'nonsense'
    expect(await subscribe([RELIANCE])).toMatchObject({
      status: 400,
      body: { code: 'e-session-0007', description: 'Invalid Token' },
    })
    const socket = client.openSocket(`${prefix}/socket.io`)
    await socket.hears('error')
    expect(socket.heard).toEqual([{ name: 'error', argument: 'Invalid Token' }])
  })
})
