import { AppError, ManualClock, type Subject } from '@xts-bridge/contracts'
import { startRestServer, type RestServer } from '../rest-server'

interface Asked {
  readonly subject: Subject
  readonly data: Readonly<Record<string, string>>
  readonly apiKey: string | undefined
}

const ADMIN = 'admin-key'
const clock = new ManualClock()
let asked: Asked[] = []
let refusal: AppError | undefined
let rest: RestServer
let url = ''

/** auth-service, as far as a browser login needs it. */
async function request<T>(
  subject: Subject,
  data: unknown,
  { apiKey }: { readonly apiKey?: string } = {},
): Promise<T> {
  asked.push({ subject, data: data as Asked['data'], apiKey })
  if (apiKey !== ADMIN) throw new AppError('SCOPE_MISSING', { scope: 'admin', subject })
  if (refusal) throw refusal
  const answer =
    subject === 'session.login-page'
      ? { url: 'https://broker.test/interactive/thirdparty?appKey=k' }
      : { account: 'primary', api: 'interactive', state: 'live', epoch: 5, userId: '<U1>', expiresAtMs: 0 }
  return answer as T
}

beforeAll(async () => {
  const bus = { request }
  rest = await startRestServer({
    ...{ host: '127.0.0.1', port: 0, clock, ids: { next: () => 'id' } },
    ...{ auth: bus, orders: bus, feed: bus },
    onInternal: (error) => {
      throw error
    },
    onAnswered: () => undefined,
  })
  url = `http://127.0.0.1:${rest.port}/broker`
})
afterAll(() => rest.close())
beforeEach(() => {
  asked = []
  refusal = undefined
})

const post = (path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
/** Begins a login and returns the path that the broker sends the browser back to. */
async function begin(): Promise<string> {
  await post('/login', { apiKey: ADMIN })
  return new URL(asked.at(-1)?.data['returnUrl'] ?? '').pathname.replace('/broker', '')
}
const handedOver = (): Asked[] => asked.filter(({ subject }) => subject === 'session.hand-over')

describe('the broker login pages', () => {
  it('ask for a key, and are neither kept, framed nor told to other sites', async () => {
    const response = await fetch(`${url}/login`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(await response.text()).toContain('name="apiKey" type="password"')
  })

  it('send an administrator on to the broker, with a way back of their own', async () => {
    const response = await post('/login', { apiKey: ADMIN })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('https://broker.test/interactive/thirdparty?appKey=k')
    const returnUrl = asked[0]?.data['returnUrl']
    expect(returnUrl).toMatch(new RegExp(`^${url}/callback/[\\w-]{43}$`))
    expect(returnUrl).not.toContain(ADMIN)
  })

  it('take the key from a header too, and go to the broker at once', async () => {
    const response = await fetch(`${url}/login`, { headers: { 'x-api-key': ADMIN }, redirect: 'manual' })
    expect(response.status).toBe(303)
  })

  it.each([
    ['no key', {}, 400, 'An API key with the scope “admin” is needed.'],
    ['a blank key', { apiKey: '  ' }, 400, 'An API key with the scope “admin” is needed.'],
    ['a key without the right', { apiKey: 'other' }, 403, 'does not have the scope &quot;admin&quot;'],
  ])('send nobody on with %s', async (_, fields, status, words) => {
    const response = await post('/login', fields)
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(words)
  })

  it('hand the session over once, under the key that began it', async () => {
    const path = await begin()
    const response = await post(path, { session: '%7B%22accessToken%22%3A%22x%22%7D' })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('user &lt;U1&gt;, until 1970-01-01T05:30:00.000+05:30')
    expect(handedOver()).toEqual([
      {
        subject: 'session.hand-over',
        data: { callbackSession: '%7B%22accessToken%22%3A%22x%22%7D' },
        apiKey: ADMIN,
      },
    ])
    expect((await post(path, { session: 'again' })).status).toBe(400)
    expect(handedOver()).toHaveLength(1)
  })

  it('take it from a link as well as from a form', async () => {
    const response = await fetch(`${url}${await begin()}?session=%257B%257D`)
    expect(response.status).toBe(200)
    expect(handedOver()).toMatchObject([{ data: { callbackSession: '%7B%7D' } }])
  })

  it.each(['/callback/made-up', `/callback/${'A'.repeat(43)}`])('refuse %s', async (path) => {
    const response = await post(path, { session: 'x' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('was not begun here')
    expect(handedOver()).toEqual([])
  })

  it('refuse a login that took longer than ten minutes', async () => {
    const path = await begin()
    await clock.advance(600_000)
    expect((await post(path, { session: 'x' })).status).toBe(400)
    expect(handedOver()).toEqual([])
  })

  it('say so when the broker’s page sent nothing along, and let the same login go on', async () => {
    const path = await begin()
    for (const response of [await fetch(`${url}${path}`), await post(path, { session: '' })]) {
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('sent no session along')
    }
    expect((await post(path, { session: 'x' })).status).toBe(200)
  })

  it('show what the broker says when it refuses, as text', async () => {
    const path = await begin()
    refusal = new AppError('SESSION_LOGIN_REFUSED', { api: 'interactive', brokerDescription: '<b>no</b>' })
    const response = await post(path, { session: 'x' })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('refused the interactive login: &lt;b&gt;no&lt;/b&gt;.')
  })

  it.each(['text/plain', 'application/octet-stream'])('take no session out of %s', async (type) => {
    const headers = { 'content-type': type }
    const response = await fetch(`${url}${await begin()}`, { method: 'POST', body: 'session=x', headers })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('sent no session along')
    expect(handedOver()).toEqual([])
  })

  it('keep a hundred logins under way and let the oldest go', async () => {
    const first = await begin()
    for (let count = 0; count < 100; count += 1) await begin()
    expect((await post(first, { session: 'x' })).status).toBe(400)
    expect((await post(await begin(), { session: 'x' })).status).toBe(200)
  })
})
