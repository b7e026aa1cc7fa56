import { loginInteractive, loginMarket } from './login'
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
  ['a token of another user', success({ ...RESULT, token: jwt({ userID: 'ZZZ_KEY', exp: 1 }) })],
  ['a token without expiry', success({ ...RESULT, token: jwt({ userID: 'ABC1234A02_K' }) })],
  ['a token whose expiry is no number', success({ ...RESULT, token: jwt({ exp: 'soon' }) })],
  ['a token that is no web token', success({ ...RESULT, token: 'opaque' })],
  ['client codes that are no list', success({ ...RESULT, clientCodes: 'ABC1234' })],
])('is unknown after %s, and says nothing of the token', async (_why, answer) => {
  const outcome = await loginInteractive(options(new FakeHttp([answer])))
  expect(outcome.kind).toBe('unknown')
  expect(JSON.stringify(outcome)).not.toContain(TOKEN)
})
