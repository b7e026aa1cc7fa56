import { loginInteractive, loginMarket, readHandedToken, thirdPartyLoginUrl } from './login'
import { brokerProfile } from './profiles'
import { answered, failure, FakeHttp, success } from './testing/fake-http'

const EXPIRES_AT_SECONDS = 1_771_234_567
const jwt = (claims: unknown): string =>
  ['{"alg":"HS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
const TOKEN = jwt({ userID: 'ABC1234A02_KEY1', exp: EXPIRES_AT_SECONDS })
const RESULT = { token: TOKEN, userID: 'ABC1234A02', clientCodes: ['ABC1234'], isInvestorClient: false }

const options = (http: FakeHttp, profile = 'simulator'): Parameters<typeof loginInteractive>[0] => ({
  http: http.asCaller(),
  profile: brokerProfile(profile),
  appKey: 'app-key',
  secretKey: 'secret$1',
})

it('logs in to the interactive API once, and reads the expiry from the token', async () => {
  const http = new FakeHttp([success(RESULT)])
  expect(await loginInteractive(options(http))).toEqual({
    kind: 'ok',
    value: {
      token: TOKEN,
      userId: 'ABC1234A02',
      clientCodes: ['ABC1234'],
      isInvestorClient: false,
      expiresAtMs: EXPIRES_AT_SECONDS * 1_000,
    },
  })
  expect(http.sent).toEqual([
    {
      family: 'read',
      retry: 'never',
      method: 'POST',
      path: '/interactive/user/session',
      body: { appKey: 'app-key', secretKey: 'secret$1', source: 'WEBAPI' },
    },
  ])
})

it('sends the access token in place of a source where the installation wants it, and nowhere else', async () => {
  const retail = new FakeHttp([success(RESULT)])
  await loginInteractive(options(retail, 'jainam-retail'))
  expect(retail.sent[0]?.body).toEqual({ appKey: 'app-key', secretKey: 'secret$1', accessToken: 'jainamxts' })
  const prop = new FakeHttp([success(RESULT)])
  await loginInteractive(options(prop, 'jainam-prop-b'))
  expect(prop.sent[0]?.body).not.toHaveProperty('accessToken')
})

it('logs in to the market API, whose success code begins with e-', async () => {
  const http = new FakeHttp([
    success({ token: TOKEN, userID: 'ABC1234A02', appVersion: '5.0.15' }, 'e-response-0010'),
  ])
  const outcome = await loginMarket(options(http))
  expect(outcome).toMatchObject({ kind: 'ok', value: { clientCodes: [], isInvestorClient: false } })
  expect(http.sent[0]?.path).toBe('/apibinarymarketdata/auth/login')
})

it.each(['ABC1234A02', 'ABC1234A02_INTERACTIVE', 'abc1234a02_key', 'ABC1234_KEY'])(
  'takes a token whose claim is %s for the login’s own',
  async (userID) => {
    const http = new FakeHttp([success({ ...RESULT, token: jwt({ userID, exp: EXPIRES_AT_SECONDS }) })])
    expect((await loginInteractive(options(http))).kind).toBe('ok')
  },
)

it.each(['ABC', 'ABC1234A021X', 'A', 'ABC1234B'])(
  'does not take a token of %s for ABC1234A02’s',
  async (userID) => {
    const http = new FakeHttp([
      success({ ...RESULT, token: jwt({ userID: `${userID}_KEY1`, exp: EXPIRES_AT_SECONDS }) }),
    ])
    expect((await loginInteractive(options(http))).kind).toBe('rejected')
  },
)

it('takes an answer wrapped in a list', async () => {
  const http = new FakeHttp([answered(200, [{ type: 'success', result: RESULT }])])
  expect((await loginInteractive(options(http))).kind).toBe('ok')
})

it.each([
  ['wrong keys', failure(400, 'e-user-0001', 'Entered invalid credentials')],
  ['an address that is not listed', failure(400, 'e-user-0013', 'not a trusted IP')],
  ['too many logins', failure(429, 'e-apirl-0004')],
  ['a wrong application', failure(400, 'e-response-0012', 'This application is only enabled for CTCL')],
])('is rejected for %s', async (_why, answer) => {
  expect((await loginInteractive(options(new FakeHttp([answer])))).kind).toBe('rejected')
})

it.each([
  ['an nginx page', answered(404, '<html>404</html>')],
  ['trouble at the server', failure(500, 'e-x')],
  ['a result that is none', success('')],
  ['no token', success({ ...RESULT, token: '' })],
  ['no user', success({ ...RESULT, userID: undefined })],
  ['a token without expiry', success({ ...RESULT, token: jwt({ userID: 'ABC1234A02_K' }) })],
  ['a token whose expiry is no number', success({ ...RESULT, token: jwt({ exp: 'soon' }) })],
  ['a token that is no web token', success({ ...RESULT, token: 'opaque' })],
  ['client codes that are no list', success({ ...RESULT, clientCodes: 'ABC1234' })],
])('is unknown after %s, and says nothing of the token', async (_why, answer) => {
  const outcome = await loginInteractive(options(new FakeHttp([answer])))
  expect(outcome.kind).toBe('unknown')
  expect(JSON.stringify(outcome)).not.toContain(TOKEN)
})

it('refuses a token of another user, naming both and not the key behind the name', async () => {
  const token = jwt({ userID: 'ZZZ9999_APPKEY1', exp: EXPIRES_AT_SECONDS })
  const refusal = {
    kind: 'rejected',
    brokerCode: '',
    brokerDescription: 'the token is of user "ZZZ9999", but the login was answered for user "ABC1234A02"',
    isSessionInvalid: false,
  }
  expect(await loginInteractive(options(new FakeHttp([success({ ...RESULT, token })])))).toEqual(refusal)
  expect(await loginMarket(options(new FakeHttp([success({ ...RESULT, token })])))).toEqual(refusal)
  expect(readHandedToken({ token, userId: 'ABC1234A02' })).toEqual(refusal)
})

it.each([EXPIRES_AT_SECONDS, EXPIRES_AT_SECONDS + 1])(
  'refuses a token that ends before it begins, at %d',
  async (iat) => {
    const token = jwt({ userID: 'ABC1234A02_K', iat, exp: EXPIRES_AT_SECONDS })
    expect(await loginInteractive(options(new FakeHttp([success({ ...RESULT, token })])))).toMatchObject({
      kind: 'rejected',
      brokerDescription: 'the token of the login ends before it begins',
    })
  },
)

describe('a session handed over ready-made', () => {
  it('is a login when its token is of its user', () => {
    expect(readHandedToken({ token: TOKEN, userId: 'ABC1234A02' })).toMatchObject({
      kind: 'ok',
      value: { token: TOKEN, userId: 'ABC1234A02', expiresAtMs: EXPIRES_AT_SECONDS * 1_000 },
    })
  })

  it.each(['opaque', 'a.b.c', jwt({ userID: 'ABC1234A02_K' })])('is refused when it is %s', (token) => {
    const outcome = readHandedToken({ token, userId: 'ABC1234A02' })
    expect(outcome.kind).toBe('rejected')
    expect(JSON.stringify(outcome)).not.toContain(token)
  })
})

it('keeps the path of a base URL on the way to the broker’s page', () => {
  const profile = { baseUrl: 'https://xts.example.in/node7/', interactivePrefix: '/interactive' }
  const url = thirdPartyLoginUrl(profile, { appKey: 'k', returnUrl: 'http://r.in' })
  expect(url).toMatch(/^https:\/\/xts\.example\.in\/node7\/interactive\/thirdparty\?appKey=k&/)
})

it('sends a person to the broker’s page with the key and the way back', () => {
  const profile = { baseUrl: 'https://xts.example.in:4143', interactivePrefix: '/interactive' }
  expect(
    thirdPartyLoginUrl(profile, { appKey: 'k&1', returnUrl: 'http://127.0.0.1:5000/broker/callback/n' }),
  ).toBe(
    'https://xts.example.in:4143/interactive/thirdparty?appKey=k%261&returnURL=http%3A%2F%2F127.0.0.1%3A5000%2Fbroker%2Fcallback%2Fn',
  )
})
