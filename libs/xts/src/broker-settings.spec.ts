import { brokerSettings, httpOptions, profileFromSettings } from './broker-settings'
import { brokerProfile } from './profiles'

const read = (given: Record<string, string>): ReturnType<typeof brokerSettings.parse> =>
  brokerSettings.parse(given)

it('leaves the profile as it is when nothing is given', () => {
  const settings = read({ XTS_PROFILE: 'jainam-prop-b' })
  expect(profileFromSettings(settings)).toEqual(brokerProfile('jainam-prop-b'))
  expect(httpOptions(settings, profileFromSettings(settings))).toEqual({
    baseUrl: 'https://smpb.jainam.in:4143',
    verifyTls: true,
    probePath: '/interactive/status/exchange',
    timeoutMs: 10_000,
    retry: { retries: 3, firstDelayMs: 1_000, factor: 2 },
  })
})

it.each([
  ['XTS_BASE_URL', 'https://other.example:1', { baseUrl: 'https://other.example:1' }],
  ['XTS_LOGIN_FLOW', 'host-lookup', { loginFlow: 'host-lookup' }],
  ['XTS_INTERACTIVE_PREFIX', '/7interactive', { interactivePrefix: '/7interactive' }],
  ['XTS_MARKET_PREFIX', '/apimarketdata', { marketPrefix: '/apimarketdata' }],
  ['JAINAM_DISABLE_SSL', 'true', { verifyTls: false }],
  ['XTS_ORDER_CLIENT_ID', 'client-code', { orderClientId: 'client-code' }],
  ['XTS_BOOK_CLIENT_ID', 'none', { bookClientId: 'none' }],
  ['XTS_BALANCE_CLIENT_ID', 'login-user', { balanceClientId: 'login-user' }],
  ['XTS_BOOK_ROUTES', 'regular', { bookRoutes: 'regular' }],
  ['XTS_MARKET_ORDERS', 'refused', { marketOrders: 'refused' }],
  ['XTS_PUBLISH_FORMAT', 'Binary', { publishFormat: 'Binary' }],
  ['XTS_BROADCAST_MODE', 'Partial', { broadcastMode: 'Partial' }],
  ['XTS_TICK_CLOCK', 'utc', { otherSegmentsClock: 'utc' }],
  ['XTS_ORDERS_PER_SECOND', '3', { ordersPerSecond: 3 }],
  ['XTS_BOOK_VERIFIED', 'true', { isBookVerified: true }],
])('%s=%s changes that alone', (name, value, changed) => {
  const profile = profileFromSettings(read({ XTS_PROFILE: 'jainam-prop-b', [name]: value }))
  expect(profile).toEqual({ ...brokerProfile('jainam-prop-b'), ...changed })
})

it('probes the API that the service calls, under its own prefix', () => {
  const settings = read({ XTS_PROFILE: 'iifl' })
  expect(httpOptions(settings, profileFromSettings(settings), 'market').probePath).toBe(
    '/apimarketdata/config/clientConfig',
  )
})

it('waits and retries as it is told', () => {
  const settings = read({
    HTTP_TIMEOUT_MS: '500',
    JAINAM_HTTP_RETRIES: '0',
    JAINAM_HTTP_BACKOFF_BASE: '0.5',
    JAINAM_HTTP_BACKOFF_FACTOR: '1.5',
  })
  expect(httpOptions(settings, profileFromSettings(settings))).toMatchObject({
    timeoutMs: 500,
    retry: { retries: 0, firstDelayMs: 500, factor: 1.5 },
  })
})

it.each([
  ['XTS_PROFILE', 'jainam', /must be one of simulator/],
  ['XTS_BASE_URL', 'smpb.jainam.in', /must be a URL/],
  ['XTS_LOGIN_FLOW', 'sideways', /must be one of direct, host-lookup, access-token/],
  ['XTS_MARKET_PREFIX', 'apimarketdata', /must be a path/],
  ['JAINAM_DISABLE_SSL', 'maybe', /must be true or false/],
  ['XTS_ORDER_CLIENT_ID', 'me', /must be one of none/],
  ['XTS_ORDERS_PER_SECOND', '1.5', /whole number/],
  ['JAINAM_HTTP_RETRIES', '-1', /at least 0/],
  ['JAINAM_HTTP_RETRIES', 'many', /must be a number/],
  ['JAINAM_HTTP_BACKOFF_BASE', '0', /at least 0.05/],
  ['JAINAM_HTTP_BACKOFF_FACTOR', '99', /at most 10/],
  ['HTTP_TIMEOUT_MS', '5', /at least 100/],
])('%s=%s is refused with what it must be', (name, value, message) => {
  expect(brokerSettings.safeParse({ [name]: value }).error?.issues[0]?.message).toMatch(message)
})
