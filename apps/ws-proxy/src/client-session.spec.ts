import { AppError, type Caller } from '@xts-bridge/contracts'
import { CALLER, desk, named } from './testing/session-desk'

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
