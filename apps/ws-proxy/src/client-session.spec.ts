import { AppError, ManualClock, type Caller, type Instrument } from '@xts-bridge/contracts'
import { ClientSession, type ClientSocket, type SessionLimits } from './client-session'
import { ServerFrames } from './server-frames'
import { TopicHub } from './topic-hub'

const CALLER: Caller = {
  keyId: 'key-1',
  name: 'trader1',
  kind: 'user',
  scopes: ['market.read', 'order.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}
const LIMITS: SessionLimits = {
  authGraceMs: 15_000,
  bufferBytes: 1_000_000,
  maxTopics: 3,
  maxWaitingFrames: 10,
  maxWaitingRequests: 4,
}
const KNOWN = ['RELIANCE', 'SBIN', 'TCS', 'INFY']

class FakeSocket implements ClientSocket {
  readonly bufferedAmount = 0
  readonly frames: Record<string, unknown>[] = []
  readonly happened: string[] = []

  send(frame: string | Buffer): void {
    this.frames.push(JSON.parse(String(frame)) as Record<string, unknown>)
  }

  close(code: number, reason: string): void {
    this.happened.push(`closed ${code} ${reason}`)
  }

  pause(): void {
    this.happened.push('paused')
  }

  resume(): void {
    this.happened.push('resumed')
  }
}

interface DeskOptions {
  readonly verifyKey?: (apiKey: string) => Promise<Caller>
  readonly hasList?: boolean
}

function desk(options: DeskOptions = {}) {
  const clock = new ManualClock()
  const socket = new FakeSocket()
  const bus: string[] = []
  const frames = new ServerFrames('jainamxts')
  const hub = new TopicHub({
    source: { subscribe: (topic) => bus.push(`+${topic}`), unsubscribe: (topic) => bus.push(`-${topic}`) },
    frames,
    fetchSnapshot: (topics) => Promise.resolve({ ticks: {}, missing: topics }),
  })
  const session = new ClientSession(socket, {
    clock,
    hub,
    frames,
    limits: LIMITS,
    verifyKey: options.verifyKey ?? (() => Promise.resolve(CALLER)),
    symbols: {
      hasList: () => options.hasList ?? true,
      find: ({ exchange, symbol }) =>
        exchange === 'NSE' && KNOWN.includes(symbol) ? ({ exchange, symbol } as Instrument) : undefined,
    },
    feedState: () => 'connected',
    onRefused: () => undefined,
    onProblem: (message) => {
      throw new Error(message)
    },
  })
  const turn = (): Promise<void> => clock.advance(0)
  const say = async (...requests: object[]): Promise<Record<string, unknown>[]> => {
    const before = socket.frames.length
    for (const request of requests) session.receive(JSON.stringify(request))
    await turn()
    return socket.frames.slice(before)
  }
  const authenticated = async (): Promise<void> => {
    await say({ action: 'authenticate', api_key: 'K' })
  }
  return { clock, socket, bus, hub, session, say, turn, authenticated }
}

const named = (...symbols: string[]) => symbols.map((symbol) => ({ symbol, exchange: 'NSE' }))
const NOT_AUTHENTICATED = {
  status: 'error',
  code: 'NOT_AUTHENTICATED',
  message: 'You must authenticate first',
}

describe('authentication', () => {
  it('is answered in the shape that clients check', async () => {
    const { say } = desk()
    expect(await say({ action: 'authenticate', api_key: 'K' })).toEqual([
      {
        type: 'auth',
        status: 'success',
        message: 'Authentication successful',
        broker: 'jainamxts',
        user_id: 'trader1',
        supported_features: { ltp: true, quote: true, depth: true },
        feed_status: 'connected',
      },
    ])
  })

  it('closes a client that has not authenticated when the grace ends', async () => {
    const { clock, socket } = desk()
    await clock.advance(14_999)
    expect(socket.happened).toEqual([])
    await clock.advance(1)
    expect(socket.happened).toEqual(['closed 4401 auth timeout'])
  })

  it('closes also a client that only ever failed', async () => {
    const { clock, socket, say } = desk({ verifyKey: () => Promise.reject(new AppError('KEY_INVALID')) })
    expect(await say({ action: 'authenticate', api_key: 'wrong' })).toEqual([
      { status: 'error', code: 'AUTHENTICATION_ERROR', message: 'Invalid API key' },
    ])
    expect(socket.happened).toEqual([])
    await clock.advance(15_000)
    expect(socket.happened).toEqual(['closed 4401 auth timeout'])
  })

  it('lets a client that authenticated stay', async () => {
    const { clock, socket, authenticated } = desk()
    await authenticated()
    await clock.advance(60_000)
    expect(socket.happened).toEqual([])
  })

  it('lets a client try again after a wrong key', async () => {
    const { say } = desk({
      verifyKey: (key) =>
        key === 'K' ? Promise.resolve(CALLER) : Promise.reject(new AppError('KEY_INVALID')),
    })
    await say({ action: 'authenticate', api_key: 'wrong' })
    expect(await say({ action: 'authenticate', api_key: 'K' })).toMatchObject([{ type: 'auth' }])
  })

  it('refuses a key without the scope for market data', async () => {
    const { say } = desk({ verifyKey: () => Promise.resolve({ ...CALLER, scopes: ['order.write'] }) })
    const [answer] = await say({ action: 'authenticate', api_key: 'K' }, { action: 'get_broker_info' })
    expect(answer).toMatchObject({ code: 'AUTHENTICATION_ERROR' })
    expect(answer?.['message']).toContain('market.read')
  })

  it('says that nobody could check the key, which is not the same as a wrong key', async () => {
    const { say } = desk({ verifyKey: () => Promise.reject(new AppError('KEY_CHECK_UNAVAILABLE')) })
    const [answer] = await say({ action: 'authenticate', api_key: 'K' })
    expect(answer).toMatchObject({ code: 'AUTHENTICATION_ERROR' })
    expect(answer?.['message']).toContain('could not be checked')
  })

  it('is needed before everything but ping and the list of brokers', async () => {
    const { say, bus } = desk()
    const answers = await say(
      { action: 'subscribe', symbols: named('RELIANCE') },
      { action: 'subscribe', symbols: named('RELIANCE'), mode: 4 },
      { action: 'unsubscribe' },
      { action: 'unsubscribe_all' },
    )
    expect(answers).toEqual([NOT_AUTHENTICATED, NOT_AUTHENTICATED, NOT_AUTHENTICATED, NOT_AUTHENTICATED])
    expect(
      await say(
        { action: 'subscribe_orders' },
        { action: 'unsubscribe_orders' },
        { action: 'get_broker_info' },
      ),
    ).toEqual([NOT_AUTHENTICATED, NOT_AUTHENTICATED, NOT_AUTHENTICATED])
    expect(await say({ action: 'ping' }, { action: 'get_supported_brokers' })).toMatchObject([
      { type: 'pong' },
      { type: 'supported_brokers', brokers: ['jainamxts'], count: 1 },
    ])
    expect(bus).toEqual([])
  })

  it('answers frames that came in one burst strictly in their order', async () => {
    let admit: (caller: Caller) => void = () => undefined
    const { socket, session, turn } = desk({ verifyKey: () => new Promise((resolve) => (admit = resolve)) })
    session.receive(JSON.stringify({ action: 'authenticate', api_key: 'K' }))
    session.receive(JSON.stringify({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 }))
    session.receive(JSON.stringify({ action: 'ping' }))
    await turn()
    expect(socket.frames).toEqual([])
    admit(CALLER)
    await turn()
    expect(socket.frames.map((frame) => [frame['type'], frame['status']])).toEqual([
      ['auth', 'success'],
      ['subscribe', 'success'],
      ['pong', 'success'],
    ])
  })
})

describe('subscriptions', () => {
  it('are answered row by row, the unknown ones with the reason', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const request = { action: 'subscribe', mode: 1, request_id: '42' }
    const [answer] = await say({
      ...request,
      symbols: [...named('RELIANCE', 'NOSUCH'), { symbol: 'SBIN', exchange: 'NYSE' }],
    })
    expect(answer).toEqual({
      type: 'subscribe',
      status: 'partial',
      subscriptions: [
        {
          symbol: 'RELIANCE',
          exchange: 'NSE',
          status: 'success',
          mode: 'LTP',
          depth: 5,
          broker: 'jainamxts',
        },
        {
          symbol: 'NOSUCH',
          exchange: 'NSE',
          status: 'error',
          message: 'Symbol NOSUCH not found for exchange NSE',
          broker: 'jainamxts',
        },
        {
          symbol: 'SBIN',
          exchange: 'NYSE',
          status: 'error',
          message: 'Symbol SBIN not found for exchange NYSE',
          broker: 'jainamxts',
        },
      ],
      message: 'Subscription processing complete',
      broker: 'jainamxts',
      request_id: '42',
    })
    expect(bus).toEqual(['+NSE_RELIANCE_LTP'])
  })

  it('of nothing usable succeed with no rows', async () => {
    const { say, authenticated } = desk()
    await authenticated()
    expect(await say({ action: 'subscribe', symbols: [{}] })).toMatchObject([
      { status: 'success', subscriptions: [] },
    ])
  })

  it('of the same topic twice succeed without a second topic on the bus', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const twice = { action: 'subscribe', symbols: named('RELIANCE', 'RELIANCE') }
    expect(await say(twice, twice)).toMatchObject([{ status: 'success' }, { status: 'success' }])
    expect(bus).toEqual(['+NSE_RELIANCE_QUOTE'])
  })

  it('before the first list say that there is no list, not that the symbol is wrong', async () => {
    const { say, authenticated } = desk({ hasList: false })
    await authenticated()
    const [answer] = await say({ action: 'subscribe', symbols: named('NOSUCH') })
    expect(JSON.stringify(answer)).toContain('No instrument list has been loaded yet')
  })

  it('end at the limit of topics, each further row with the reason', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const [answer] = await say({ action: 'subscribe', symbols: named(...KNOWN), mode: 3 })
    expect(answer).toMatchObject({ status: 'partial' })
    expect((answer?.['subscriptions'] as { message?: string }[]).map((row) => row.message)).toEqual([
      undefined,
      undefined,
      undefined,
      'Maximum capacity reached: 3 subscriptions',
    ])
    expect(bus).toHaveLength(3)
  })

  it('bring one frame for each mode that the client holds', async () => {
    const { say, hub, socket, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 })
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 3 })
    const before = socket.frames.length
    hub.deliver('NSE_RELIANCE_LTP', Buffer.from('{"seq":1}'))
    hub.deliver('NSE_RELIANCE_DEPTH', Buffer.from('{"seq":1}'))
    expect(socket.frames.slice(before).map((frame) => frame['mode'])).toEqual([1, 3])
  })

  it.each([
    ['the mode of the entry', { symbols: [{ ...named('RELIANCE')[0], mode: 1 }] }, ['-NSE_RELIANCE_LTP']],
    ['the mode of the frame', { symbols: named('RELIANCE'), mode: 'quote' }, ['-NSE_RELIANCE_QUOTE']],
    ['no mode', { symbols: named('RELIANCE') }, ['-NSE_RELIANCE_LTP', '-NSE_RELIANCE_QUOTE']],
    ['the single form', { symbol: 'RELIANCE', exchange: 'NSE', mode: 1 }, ['-NSE_RELIANCE_LTP']],
    ['what was never subscribed', { symbols: named('SBIN') }, []],
  ])('are let go by %s', async (_, fields, expected) => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 })
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 2 })
    bus.length = 0
    expect(await say({ action: 'unsubscribe', ...fields })).toMatchObject([
      { type: 'unsubscribe', status: 'success', successful: [{ status: 'success' }], failed: [] },
    ])
    expect(bus).toEqual(expected)
  })

  it('are all let go by unsubscribe_all, and when the client leaves', async () => {
    const { say, bus, session, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE', 'SBIN'), mode: 1 })
    expect(await say({ type: 'unsubscribe_all' })).toMatchObject([
      { type: 'unsubscribe', successful: [{ symbol: 'RELIANCE' }, { symbol: 'SBIN' }] },
    ])
    await say({ action: 'subscribe', symbols: named('TCS'), mode: 1 })
    session.ended()
    expect(bus.slice(2)).toEqual(['-NSE_RELIANCE_LTP', '-NSE_SBIN_LTP', '+NSE_TCS_LTP', '-NSE_TCS_LTP'])
  })
})

describe('other requests', () => {
  it('ping echoes what it was sent and nothing else', async () => {
    const { say, clock } = desk()
    expect(await say({ action: 'ping', timestamp: 1, _pingId: 'a' }, { type: 'ping' })).toEqual([
      {
        type: 'pong',
        status: 'success',
        server_timestamp: clock.nowMs(),
        client_timestamp: 1,
        _pingId: 'a',
      },
      { type: 'pong', status: 'success', server_timestamp: clock.nowMs() },
    ])
  })

  it('get_broker_info says whether the feed is up', async () => {
    const { say, authenticated } = desk()
    await authenticated()
    expect(await say({ action: 'get_broker_info' })).toEqual([
      {
        type: 'broker_info',
        status: 'success',
        broker: 'jainamxts',
        adapter_status: 'connected',
        user_id: 'trader1',
      },
    ])
  })

  it('subscribe_orders needs the scope to read orders', async () => {
    const { say, session, authenticated } = desk({
      verifyKey: () => Promise.resolve({ ...CALLER, scopes: ['market.read'] }),
    })
    await authenticated()
    expect(await say({ action: 'subscribe_orders' })).toMatchObject([{ code: 'AUTHENTICATION_ERROR' }])
    expect(session.hasOrderUpdates).toBe(false)
  })

  it('subscribe_orders and unsubscribe_orders are answered and kept', async () => {
    const { say, session, authenticated } = desk()
    await authenticated()
    expect(await say({ action: 'subscribe_orders', request_id: 1 })).toEqual([
      {
        type: 'subscribe_orders',
        status: 'success',
        message: 'Subscribed to order updates',
        request_id: 1,
      },
    ])
    expect(session.hasOrderUpdates).toBe(true)
    expect(await say({ action: 'unsubscribe_orders' })).toMatchObject([
      { type: 'unsubscribe_orders', message: 'Unsubscribed from order updates' },
    ])
    expect(session.hasOrderUpdates).toBe(false)
  })

  it('an unreadable frame is answered and does not end the session', async () => {
    const { session, socket, turn, say } = desk()
    session.receive('{')
    await turn()
    expect(socket.frames).toEqual([
      { status: 'error', code: 'INVALID_JSON', message: 'Invalid JSON message' },
    ])
    expect(await say({ action: 'ping' })).toMatchObject([{ type: 'pong' }])
  })
})

describe('a session', () => {
  it('does not read more requests than it can hold until they are answered', async () => {
    let admit: (caller: Caller) => void = () => undefined
    const { socket, session, turn } = desk({ verifyKey: () => new Promise((resolve) => (admit = resolve)) })
    session.receive(JSON.stringify({ action: 'authenticate', api_key: 'K' }))
    for (let count = 0; count < 6; count += 1) session.receive(JSON.stringify({ action: 'ping' }))
    expect(socket.happened).toEqual(['paused'])
    admit(CALLER)
    await turn()
    expect(socket.frames).toHaveLength(7)
    expect(socket.happened).toEqual(['paused', 'resumed'])
  })

  it('ends when its key is found to be revoked, and stays when nobody can say', async () => {
    const answers: Promise<Caller>[] = [Promise.resolve(CALLER)]
    const { socket, session, authenticated } = desk({
      verifyKey: () => answers.shift() ?? Promise.reject(new AppError('KEY_INVALID')),
    })
    await authenticated()
    answers.push(Promise.reject(new AppError('KEY_CHECK_UNAVAILABLE')))
    await session.recheckKey()
    expect(socket.happened).toEqual([])
    await session.recheckKey()
    expect(socket.happened).toEqual(['closed 4401 key revoked'])
  })

  it('neither answers nor sends anything once it is closed', async () => {
    const { socket, session, say, authenticated, hub } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 })
    const before = socket.frames.length
    session.revoked()
    hub.deliver('NSE_RELIANCE_LTP', Buffer.from('{}'))
    session.send('{}')
    expect(await say({ action: 'ping' })).toEqual([])
    expect(socket.frames).toHaveLength(before)
    expect(hub.topicCount).toBe(0)
  })
})
