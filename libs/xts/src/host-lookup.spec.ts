import { XtsInteractive } from './interactive'
import { loginInteractive } from './login'
import type { BrokerProfile } from './model'
import { brokerProfile } from './profiles'
import { answered, failure, FakeHttp, success } from './testing/fake-http'

const BASE = 'https://smpb.jainam.in:4143'
const jwt = ['{"alg":"HS256"}', '{"userID":"ABC1234A02_KEY1","exp":1771234567}', 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.')
const LOGIN = success({ token: jwt, userID: 'ABC1234A02' })
/** `type` is a boolean here, and only here. */
const found = (connectionString: string): ReturnType<typeof answered> =>
  answered(200, {
    type: true,
    code: 'hostlookup',
    description: 'Hostlookup successful',
    result: { uniqueKey: 'unique', connectionString, timeStamp: '0', remarks: '' },
  })

const profile = (changes: Partial<BrokerProfile> = {}): BrokerProfile =>
  brokerProfile('jainam-prop-b', { loginFlow: 'host-lookup', ...changes })
const logIn = (http: FakeHttp, changes: Partial<BrokerProfile> = {}): ReturnType<typeof loginInteractive> =>
  loginInteractive({ http: http.asCaller(), profile: profile(changes), appKey: 'key', secretKey: 'secret' })

it('logs in at the node that the lookup names, with its unique key', async () => {
  const http = new FakeHttp([found(`${BASE}/7hostlookup`), LOGIN])
  expect(await logIn(http)).toMatchObject({ kind: 'ok', value: { interactivePrefix: '/7interactive' } })
  expect(http.sent).toMatchObject([
    { method: 'POST', path: '/hostlookup', body: { accesspassword: '2021HostLookUpAccess' } },
    {
      path: '/7hostlookup/user/session',
      retry: 'never',
      body: { appKey: 'key', secretKey: 'secret', source: 'WEBAPI', uniqueKey: 'unique' },
    },
  ])
})

it('sends the calls of the token to its node', async () => {
  const http = new FakeHttp([success([])])
  const token = { token: jwt, userId: 'U', clientCodes: [], isInvestorClient: false, epoch: 1 }
  const xts = new XtsInteractive({
    http: http.asCaller(),
    profile: profile(),
    token: () => ({ ...token, interactivePrefix: '/7interactive' }),
  })
  await xts.orders()
  expect(http.sent[0]?.path).toBe('/7interactive/orders/dealerorderbook')
})

it.each([
  ['blanks and back-ticks', ` \`${BASE}/10hostlookup/\` `, '/10interactive'],
  ['a path alone', '/1hostlookup', '/1interactive'],
  ['an interactive address', `${BASE}/1interactive`, '/1interactive'],
  ['the bare server', BASE, '/interactive'],
])('understands %s', async (_what, connectionString, interactivePrefix) => {
  expect(await logIn(new FakeHttp([found(connectionString), LOGIN]))).toMatchObject({
    value: { interactivePrefix },
  })
})

it('stays with the plain prefix where the profile wants it', async () => {
  const hostLookup = { ...profile().hostLookup, prefix: 'plain' } as const
  const outcome = await logIn(new FakeHttp([found('/7hostlookup'), LOGIN]), { hostLookup })
  expect(outcome).toMatchObject({ kind: 'ok' })
  expect(outcome.kind === 'ok' && outcome.value).not.toHaveProperty('interactivePrefix')
})

it.each([
  ['another server', found('https://smpa.jainam.in:6543/7hostlookup'), 'unknown', /set XTS_BASE_URL/],
  ['no address', found('http://['), 'unknown', /no address/],
  ['no unique key', answered(200, { type: 'success', result: { connectionString: '/7hostlookup' } }), 'unknown', /uniqueKey/],
  ['no result', answered(200, { type: true }), 'unknown', /no result/],
  ['an nginx page', answered(404, '<html>404</html>'), 'unknown', /HTML/],
  ['a refusal', failure(400, 'e-hostlookup', 'wrong password'), 'rejected', /wrong password/],
] as const)('does not log in after a lookup with %s', async (_what, answer, kind, words) => {
  const http = new FakeHttp([answer, LOGIN])
  const outcome = await logIn(http)
  expect(outcome.kind).toBe(kind)
  expect(JSON.stringify(outcome)).toMatch(words)
  expect(http.sent).toHaveLength(1)
}) // prettier-ignore

describe('a broker that logs in through its own page', () => {
  const accessToken = { loginFlow: 'access-token' } as const

  it('is sent the token that the page handed over', async () => {
    const http = new FakeHttp([LOGIN])
    const options = {
      http: http.asCaller(),
      profile: profile(accessToken),
      appKey: 'key',
      secretKey: 'secret',
    }
    expect(await loginInteractive({ ...options, accessToken: 'from-page' })).toMatchObject({ kind: 'ok' })
    expect(http.sent[0]?.body).toMatchObject({ accessToken: 'from-page' })
  })

  it('is not asked before the page was used', async () => {
    const http = new FakeHttp([LOGIN])
    expect(await logIn(http, accessToken)).toMatchObject({
      kind: 'not-sent',
      reason: expect.stringMatching(/its own page/),
    })
    expect(http.sent).toEqual([])
  })
})
