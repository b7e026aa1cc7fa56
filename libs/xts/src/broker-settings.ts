import { accountSchema } from '@xts-bridge/contracts'
import { z } from 'zod'
import type { BrokerProfile } from './model'
import { brokerProfile, brokerProfileNameSchema } from './profiles'

const CLIENT_ID_POLICIES = ['none', 'login-user', 'client-code', '*****', 'PRO'] as const

/** A choice that the profile makes unless it is given. */
const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`).optional()
const isTrue = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false')
  .default('false')
  .transform((word) => word === 'true' || word === '1' || word === 'yes')
const prefix = z
  .string()
  .regex(/^(\/[\w-]+)+$/, 'must be a path such as /interactive')
  .optional()
const number = (min: number, max: number, fallback: number) =>
  z.coerce
    .number('must be a number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback)
const wholeNumber = (min: number, max: number, fallback: number) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback)

/**
 * What every service that talks to the broker can be told about it; none of it is secret. A setting that is left out
 * leaves the profile as it is. `aliases` are other names that a setting may be given under.
 */
export const brokerSettings = z.object({
  /** Our name of the broker account; requests that name none mean this one. */
  ACCOUNT_ID: accountSchema.default('primary'),
  /** Which installation; see the profiles in MAPPING.md. */
  XTS_PROFILE: brokerProfileNameSchema.default('simulator'),
  /** Another server than the profile's. */
  XTS_BASE_URL: z
    .url('must be a URL such as https://host:port')
    .optional()
    .meta({ aliases: ['JAINAM_BASE_URL'] }),
  /** How the interactive session is opened. */
  XTS_LOGIN_FLOW: choice(['direct', 'host-lookup', 'access-token']),
  XTS_INTERACTIVE_PREFIX: prefix,
  XTS_MARKET_PREFIX: prefix,
  /** true accepts any certificate of the broker's; for hosts whose chain is known to be broken. */
  JAINAM_DISABLE_SSL: isTrue,
  /** The clientID that orders, books and balances carry when the request names none. */
  XTS_ORDER_CLIENT_ID: choice(CLIENT_ID_POLICIES),
  XTS_BOOK_CLIENT_ID: choice(CLIENT_ID_POLICIES),
  XTS_BALANCE_CLIENT_ID: choice(CLIENT_ID_POLICIES),
  /** Which routes answer the books. */
  XTS_BOOK_ROUTES: choice(['regular', 'dealer']),
  /** refused: a protected limit takes the place of market orders. */
  XTS_MARKET_ORDERS: choice(['accepted', 'refused']),
  /** What the market-data socket asks for. */
  XTS_PUBLISH_FORMAT: choice(['JSON', 'Binary']),
  XTS_BROADCAST_MODE: choice(['Full', 'Partial']),
  /** How the ticks of segments other than NSE count their seconds. */
  XTS_TICK_CLOCK: choice(['ist', 'utc']),
  /** Orders in one sliding second of this login; 0 means the profile's. */
  XTS_ORDERS_PER_SECOND: wholeNumber(0, 10_000, 0),
  /** true: this account's books are known to answer truly, so that an empty one counts as evidence. */
  XTS_BOOK_VERIFIED: isTrue,
  /** true: nothing that places, changes or cancels an order is sent to the broker, whatever else is set. */
  JAINAM_TEST_MODE: isTrue,
  /** Longest wait for one answer of the broker, milliseconds. */
  HTTP_TIMEOUT_MS: wholeNumber(100, 60_000, 10_000),
  /** How often a read is tried again. Orders never are. */
  JAINAM_HTTP_RETRIES: wholeNumber(0, 10, 3),
  /** Seconds before the first retry, and by how much each further wait is longer. */
  JAINAM_HTTP_BACKOFF_BASE: number(0.05, 60, 1),
  JAINAM_HTTP_BACKOFF_FACTOR: number(1, 10, 2),
})
export type BrokerSettings = z.infer<typeof brokerSettings>

/** The installation as the settings have it. Throws for an unknown profile, which the schema lets through no more. */
export function profileFromSettings(settings: BrokerSettings): BrokerProfile {
  return brokerProfile(settings.XTS_PROFILE, {
    baseUrl: settings.XTS_BASE_URL,
    loginFlow: settings.XTS_LOGIN_FLOW,
    interactivePrefix: settings.XTS_INTERACTIVE_PREFIX,
    marketPrefix: settings.XTS_MARKET_PREFIX,
    verifyTls: settings.JAINAM_DISABLE_SSL ? false : undefined,
    orderClientId: settings.XTS_ORDER_CLIENT_ID,
    bookClientId: settings.XTS_BOOK_CLIENT_ID,
    balanceClientId: settings.XTS_BALANCE_CLIENT_ID,
    bookRoutes: settings.XTS_BOOK_ROUTES,
    marketOrders: settings.XTS_MARKET_ORDERS,
    publishFormat: settings.XTS_PUBLISH_FORMAT,
    broadcastMode: settings.XTS_BROADCAST_MODE,
    otherSegmentsClock: settings.XTS_TICK_CLOCK,
    ordersPerSecond: settings.XTS_ORDERS_PER_SECOND || undefined,
    isBookVerified: settings.XTS_BOOK_VERIFIED || undefined,
  })
}

/**
 * What tells that an API answers again: a read that needs no token to be refused by the API itself. The root of the host
 * would not do, since the web server before the broker answers for that one alone.
 */
const PROBE_OF = {
  interactive: ({ interactivePrefix }: ProbedProfile) => `${interactivePrefix}/status/exchange`,
  market: ({ marketPrefix }: ProbedProfile) => `${marketPrefix}/config/clientConfig`,
} as const
type ProbedProfile = Pick<BrokerProfile, 'interactivePrefix' | 'marketPrefix'>

/** What the HTTP client of a service needs, by profile and settings; `api` is the one that the service mostly calls. */
export function httpOptions(
  settings: BrokerSettings,
  profile: Pick<BrokerProfile, 'baseUrl' | 'verifyTls'> & ProbedProfile,
  api: keyof typeof PROBE_OF = 'interactive',
): {
  readonly probePath: string
  readonly baseUrl: string
  readonly verifyTls: boolean
  readonly timeoutMs: number
  readonly retry: { readonly retries: number; readonly firstDelayMs: number; readonly factor: number }
} {
  return {
    baseUrl: profile.baseUrl,
    verifyTls: profile.verifyTls,
    probePath: PROBE_OF[api](profile),
    timeoutMs: settings.HTTP_TIMEOUT_MS,
    retry: {
      retries: settings.JAINAM_HTTP_RETRIES,
      firstDelayMs: settings.JAINAM_HTTP_BACKOFF_BASE * 1_000,
      factor: settings.JAINAM_HTTP_BACKOFF_FACTOR,
    },
  }
}
