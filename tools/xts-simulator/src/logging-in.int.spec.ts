import io from 'socket.io-client'
import { Counter, RESTING_ORDER } from './testing/counter'

const PASSWORD = '2021HostLookUpAccess'
const counter = new Counter(io)
afterEach(() => counter.close())

describe('logging in', () => {
  it('answers with the documented keys, in their order', async () => {
    await counter.start()
    const client = counter.newClient()
    const body = { appKey: 'dealer-ik', secretKey: 'dealer-is', source: 'WebAPI' }
    const answer = await client.login('/interactive/user/session', body)
    const result = answer.body?.result as Record<string, object>
    expect(answer.text).toMatch(
      /^\{"type":"success","code":"s-user-0001","description":"Valid User\.","result":\{/,
    )
    expect(Object.keys(result)).toEqual([
      'enums', 'clientCodes', 'exchangeSegmentArray', 'token', 'userID', 'isInvestorClient', 'isOneTouchUser',
    ]) // prettier-ignore
    expect(Object.keys(result['enums'] ?? {})).toEqual([
      'socketEvent', 'orderSide', 'orderSource', 'positionSqureOffMode', 'positionSquareOffQuantityType', 'dayOrNet',
      'instrumentType', 'exchangeSegment', 'exchangeInfo',
    ]) // prettier-ignore
    expect(result).toMatchObject({
      clientCodes: ['ABC1', 'ABC2'],
      userID: 'ABC1A02',
      isInvestorClient: false,
    })
    const enums = await client.call('GET', '/interactive/user/enums?userID=ABC1A02')
    expect(enums.body?.result).toEqual(result['enums'])
  })

  const interactive = '/interactive/user/session'
  const market = '/apibinarymarketdata/auth/login'
  it.each<[string, string, object, object]>([
    ['wrong keys', interactive, { secretKey: 'x' }, { status: 400, body: { type: 'error', description: 'Entered invalid credentials' } }],
    ['keys of the other API', interactive, { appKey: 'retail-mk', secretKey: 'retail-ms' }, { status: 400, body: { description: 'Entered invalid credentials' } }],
    ['no source', interactive, { source: undefined }, { status: 400, body: { code: 'e-property-validation-failed' } }],
    ['the accessToken of a browser login', interactive, { source: undefined, accessToken: 'any' }, { status: 200, body: { code: 's-user-0001' } }],
    ['interactive keys at market data', market, {}, { status: 400, body: { code: 'e-response-0012', description: 'This application is only enabled for CTCL' } }],
  ])('is answered as documented with %s', async (_, path, change, expected) => {
    await counter.start()
    const body = { appKey: 'retail-ik', secretKey: 'retail-is', source: 'WEBAPI', ...change }
    expect(await counter.newClient().call('POST', path, body)).toMatchObject(expected)
  }) // prettier-ignore

  it('refuses a caller whose address is not trusted, and one who logs in too often, where that is chosen', async () => {
    await counter.start({ isTrustedIp: false, loginsPerMinute: 2 })
    const body = { appKey: 'retail-ik', secretKey: 'retail-is', source: 'WEBAPI' }
    const answers = []
    for (let count = 0; count < 3; count++)
      answers.push(await counter.newClient().call('POST', '/interactive/user/session', body))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429])
    expect(answers[0]?.body).toMatchObject({
      code: 'e-user-0013',
      description: expect.stringContaining('trusted IP'),
    })
    expect(answers[2]?.body).toMatchObject({ err: true, data: { code: 'e-apirl-0004' } })
  })

  it.each<[200 | 400 | 401]>([[400], [200], [401]])(
    'answers a dead token with status %i where that is chosen',
    async (tokenErrorStatus) => {
      await counter.start({ tokenErrorStatus })
      const client = await counter.logIn('retail')
      await counter.logIn('retail')
      // captured: an error of the token check has no result
      expect(await client.call('GET', '/interactive/orders')).toMatchObject({
        status: tokenErrorStatus,
        text: '{"type":"error","code":"e-session-0005","description":"Token/Authorization not found"}',
      })
      client.token = ''
      expect((await client.call('GET', '/interactive/orders')).text).toBe(
        '{"type":"error","code":"e-token-0002","description":"Please Provide token to Authenticate"}',
      )
    },
  )

  it('refuses a token that is a day old as expired', async () => {
    await counter.start({ clock: 'virtual' })
    const client = await counter.logIn('retail')
    const wait = (ms: number) =>
      fetch(`${counter.controlBase}/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advanceMs: ms }),
      })
    const status = async (): Promise<number> => (await client.call('GET', '/interactive/user/balance')).status
    expect((await wait(86_390_000)).status).toBe(200)
    expect(await status()).toBe(200)
    await wait(10_000)
    expect((await client.call('GET', '/interactive/user/balance')).body).toMatchObject({
      type: 'error',
      code: 'e-session-0005',
      description: 'Your session has been expired',
    })
  })

  it('answers in a list of one where that is chosen', async () => {
    await counter.start({ loginReply: 'array' })
    const body = { appKey: 'retail-ik', secretKey: 'retail-is', source: 'WEBAPI' }
    const { text } = await counter.newClient().call('POST', '/interactive/user/session', body)
    expect(JSON.parse(text)).toMatchObject([{ type: 'success', code: 's-user-0001' }])
  })

  it('leaves the sockets of a session that was replaced open and deaf where that is chosen', async () => {
    await counter.start({ endedSockets: 'mute' })
    const client = await counter.logIn('retail')
    const socket = client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
    const next = await counter.logIn('retail')
    await socket.hears('logout')
    expect(socket.messages('logout')).toMatchObject([
      { description: 'You have been logged out by another user.' },
    ])
    const other = next.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await other.hears('joined')
    await next.call('POST', '/interactive/orders', RESTING_ORDER)
    await other.hears('order')
    expect(socket.heard.map(({ name }) => name)).toEqual(['joined', 'logout'])
  })

  it('cuts an interactive socket that names no apiType after ten seconds, where that is chosen', async () => {
    await counter.start({ missingApiType: 'cut', clock: 'virtual' })
    const client = await counter.logIn('retail')
    const [unnamed, named] = [
      client.openSocket('/interactive/socket.io', {}),
      client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' }),
    ]
    await unnamed.hears('joined')
    await named.hears('joined')
    await fetch(`${counter.controlBase}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advanceMs":10000}',
    })
    await unnamed.hears('disconnect')
    expect(unnamed.messages('error')).toMatchObject([{ description: 'Your session has been expired' }])
    expect(named.heard.map(({ name }) => name)).toEqual(['joined'])
    expect((await client.call('GET', '/interactive/user/balance')).status).toBe(200)
  })

  it('ends the session of the key that logs in anew, and no other', async () => {
    await counter.start()
    const [retail, pro] = [await counter.logIn('retail'), await counter.logIn('pro')]
    const market = counter.newClient()
    await market.login('/apibinarymarketdata/auth/login', { appKey: 'retail-mk', secretKey: 'retail-ms' })
    await counter.logIn('retail')
    expect((await retail.call('GET', '/interactive/user/balance')).status).toBe(400)
    expect((await pro.call('GET', '/interactive/user/balance')).status).toBe(200)
    expect((await market.call('GET', '/apibinarymarketdata/config/clientConfig')).status).toBe(200)
    expect((await retail.call('GET', '/apibinarymarketdata/config/clientConfig')).body?.code).toBe(
      'e-session-0007',
    )
  })

  it('holds requests to the limits of the documents where that is chosen, by token', async () => {
    await counter.start({ rateLimits: 'documented', clock: 'virtual', stepMs: 1 })
    const [retail, pro] = [await counter.logIn('retail'), await counter.logIn('pro')]
    const statuses = []
    for (let count = 0; count < 11; count++) {
      statuses.push((await retail.call('DELETE', '/interactive/orders?appOrderID=1')).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429])
    expect((await pro.call('GET', '/interactive/orders')).body?.code).toBe('e-orders-0005')
    const tooSoon = await pro.call('GET', '/interactive/orders')
    expect(tooSoon).toMatchObject({ status: 429, body: { err: true, data: { code: 'e-apirl-0004' } } })
    pro.token = 'nonsense'
    expect((await pro.call('GET', '/interactive/orders')).body?.code).toBe('e-session-0007')
  })
})

describe('what a browser or a broken client hears', () => {
  it('lets pages of any origin ask, and says so before they do', async () => {
    await counter.start()
    const response = await fetch(`${counter.base}/interactive/orders`, { method: 'OPTIONS' })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toContain('x-compression')
  })

  it.each<[string, string, number, string]>([
    ['half a body', '{"appKey":', 400, 'Bad Request'],
    ['a body that is too large', `"${'x'.repeat(2_200_000)}"`, 413, 'Payload Too Large'],
  ])('answers %s with a page', async (_, body, status, title) => {
    await counter.start()
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${counter.base}/interactive/user/session`, {
      method: 'POST',
      headers,
      body,
    })
    expect(response.status).toBe(status)
    expect(await response.text()).toContain(`<pre>${title}</pre>`)
  })
})

describe('the host lookup', () => {
  const lookUp = (body: object) => counter.newClient().call('POST', '/HostLookUp', body)

  it('answers with a boolean type and a key of 64 characters', async () => {
    await counter.start()
    const { text, body } = await lookUp({ AccessPassword: PASSWORD, version: 'interactive_2.0' })
    expect(text).toMatch(
      /^\{"type":true,"code":"hostlookup","description":"Hostlookup successful","result":\{"uniqueKey":"[A-Za-z0-9+/]{64}","connectionString":"http:\/\/127\.0\.0\.1:\d+\/\d+hostlookup","timeStamp":"0","remarks":""\}\}$/,
    )
    expect(body).toMatchObject({ type: true })
  })

  it.each<[object, string]>([
    [{ accesspassword: 'x', version: 'interactive_1.0.1' }, 'Invalid access password'],
    [{ accesspassword: PASSWORD, version: 'marketdata' }, 'Invalid version marketdata'],
    [{ version: 'interactive_1.0.1' }, 'Bad Request'],
    [{}, 'Bad Request'],
  ])('refuses %j', async (body, description) => {
    await counter.start()
    expect(await lookUp(body)).toMatchObject({ status: 400, body: { type: 'error', description } })
  })

  it('leads to the socket of the node', async () => {
    await counter.start()
    const { body } = await lookUp({ accesspassword: PASSWORD, version: 'interactive_1.0.1' })
    const { connectionString, uniqueKey } = body?.result as { connectionString: string; uniqueKey: string }
    const { pathname } = new URL(connectionString)
    const client = counter.newClient()
    const keys = { appKey: 'retail-ik', secretKey: 'retail-is', uniqueKey }
    expect((await client.login(`${pathname}/user/session`, keys)).status).toBe(200)
    const path = `${pathname.replace('hostlookup', 'interactive')}/socket.io`
    const socket = client.openSocket(path, { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
    await client.call('POST', `${pathname}/orders`, RESTING_ORDER)
    await socket.hears('order')
  })

  it('may name a bare host and port: then paths and socket have no prefix', async () => {
    await counter.start({ hostLookupAddress: 'bare', hostLookupType: 'text' })
    const { body } = await lookUp({ accesspassword: PASSWORD, version: 'interactive_1.0.1' })
    expect(body).toMatchObject({
      type: 'success',
      result: { connectionString: counter.base },
    })
    const client = counter.newClient()
    await client.login('/user/session', { appKey: 'retail-ik', secretKey: 'retail-is', uniqueKey: 'x' })
    await client.openSocket('/socket.io', { apiType: 'INTERACTIVE' }).hears('joined')
    expect((await client.call('GET', '/orders')).body?.code).toBe('e-orders-0005')
  })
})

describe('the browser login', () => {
  const RETURN = 'http://127.0.0.1:9/back?a=1&b="x"'
  const post = async (form: Record<string, string>): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${counter.base}/interactive/thirdparty`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return { status: response.status, text: await response.text() }
  }
  const form = { appKey: 'retail-ik', returnURL: RETURN, userID: 'RET1', password: 'retail-is' }

  it('shows a form, and hands over an accessToken with which the program logs in', async () => {
    await counter.start()
    const shown = await counter
      .newClient()
      .call('GET', `/interactive/thirdparty?appKey=retail-ik&returnURL=${encodeURIComponent(RETURN)}`)
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('name="userID"')])
    expect(shown.text).not.toContain('b="x"')
    const { text } = await post(form)
    expect(text).toContain('action="http://127.0.0.1:9/back?a=1&amp;b=&quot;x&quot;"')
    const handed = JSON.parse(sessionIn(text)) as { accessToken: string }
    const body = { appKey: 'retail-ik', secretKey: 'retail-is', accessToken: handed.accessToken }
    expect(await counter.newClient().call('POST', '/interactive/user/session', body)).toMatchObject({
      status: 200,
    })
  })

  it('hands over the session itself, or the text encoded twice, where that is chosen', async () => {
    await counter.start({ thirdPartySession: 'token' })
    const { token, userID } = JSON.parse(sessionIn((await post(form)).text)) as {
      token: string
      userID: string
    }
    const client = counter.newClient()
    client.token = token
    expect(userID).toBe('RET1')
    expect((await client.call('GET', '/interactive/user/balance')).status).toBe(200)
    await counter.start({ thirdPartySession: 'access-token-twice' })
    const once = JSON.parse(sessionIn((await post(form)).text)) as string
    expect(JSON.parse(once)).toMatchObject({ userID: 'RET1', accessToken: expect.any(String) })
  })

  it('shows the form again after a wrong password, and refuses an address that is none', async () => {
    await counter.start()
    expect((await post({ ...form, password: 'x' })).text).toContain('Invalid user id or password.')
    expect(await post({ ...form, returnURL: 'javascript:alert(1)' })).toMatchObject({ status: 400 })
    expect(await post({ ...form, appKey: 'nobody' })).toMatchObject({ status: 400 })
  })
})

const sessionIn = (page: string): string =>
  decodeURIComponent(/name="session" value="([^"]+)"/.exec(page)?.[1] ?? '')
