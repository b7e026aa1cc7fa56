import { SEGMENTS, type Segment } from '@xts-bridge/contracts'
import { z } from 'zod'
import type { BrokerProfile, CallLimits } from './model'
import { XTS_MESSAGE } from './wire'

const once = { requests: 1, seconds: 1 } as const

/** What most installations' papers say (protocol 8.1). */
const COMMON_LIMITS: CallLimits = {
  orders: { requests: 10, seconds: 1 },
  orderBook: once,
  tradeBook: once,
  positions: once,
  balance: once,
  holdings: once,
  history: once,
}

/** The sheet of Jainam's prop desk (field evidence 1.6). Each order call has 25 of its own there; we count them together. */
const JAINAM_PROP_LIMITS: CallLimits = {
  orders: { requests: 25, seconds: 1 },
  orderBook: { requests: 6, seconds: 1 },
  tradeBook: { requests: 40, seconds: 2 },
  positions: once,
  balance: { requests: 10, seconds: 3 },
  holdings: { requests: 1, seconds: 10 },
  history: once,
}

/** What most XTS installations share; sources in MAPPING.md, "installations". */
const DEFAULTS = {
  interactivePrefix: '/interactive',
  marketPrefix: '/apibinarymarketdata',
  verifyTls: true,
  loginFlow: 'direct',
  hostLookup: {
    path: '/hostlookup',
    version: 'interactive_1.0.1',
    accessPassword: '2021HostLookUpAccess',
    prefix: 'node',
  },
  orderClientId: 'none',
  bookClientId: 'none',
  balanceClientId: 'none',
  bookRoutes: 'regular',
  interactiveLoginFields: { source: 'WEBAPI' },
  broadcastMode: 'Full',
  publishFormat: 'JSON',
  otherSegmentsClock: 'ist',
  ordersPerSecond: 10,
  limits: COMMON_LIMITS,
  marketOrders: 'accepted',
  segments: ['NSECM', 'NSEFO', 'BSECM', 'BSEFO'],
  feed: { depthLevels: [1, 5], messageCodes: Object.values(XTS_MESSAGE) },
  isBookVerified: false,
} as const satisfies Partial<BrokerProfile>

/** A pro dealer's login: five asterisks as client, and the dealer routes, which alone answer its books. */
const JAINAM_PROP = {
  ...DEFAULTS,
  orderClientId: '*****',
  bookClientId: '*****',
  balanceClientId: '*****',
  bookRoutes: 'dealer',
  limits: JAINAM_PROP_LIMITS,
} as const satisfies Partial<BrokerProfile>

/** Installations with a JSON gateway, whose accounts also trade currencies and commodities. */
const JSON_GATEWAY = {
  ...DEFAULTS,
  marketPrefix: '/apimarketdata',
  segments: ['NSECM', 'NSEFO', 'NSECD', 'BSECM', 'BSEFO', 'MCXFO'],
} as const satisfies Partial<BrokerProfile>

const PROFILES: readonly BrokerProfile[] = [
  {
    ...DEFAULTS,
    name: 'simulator',
    baseUrl: 'http://127.0.0.1:6500',
    segments: Object.keys(SEGMENTS) as Segment[],
    isBookVerified: true,
  },
  // A dealer for clients of the simulated broker: its own path is that of its first client.
  {
    ...DEFAULTS,
    name: 'simulator-dealer',
    baseUrl: 'http://127.0.0.1:6500',
    segments: Object.keys(SEGMENTS) as Segment[],
    orderClientId: 'client-code',
    bookClientId: 'client-code',
    balanceClientId: 'login-user',
    bookRoutes: 'dealer',
    isBookVerified: true,
  },
  { ...JAINAM_PROP, name: 'jainam-prop-a', baseUrl: 'https://smpa.jainam.in:6543' },
  { ...JAINAM_PROP, name: 'jainam-prop-b', baseUrl: 'https://smpb.jainam.in:4143' },
  { ...JAINAM_PROP, name: 'jainam-prop-c', baseUrl: 'https://smpc.jainam.in:14543' },
  { ...JAINAM_PROP, name: 'jainam-prop-d', baseUrl: 'https://smpd.jainam.in:3643' },
  {
    ...DEFAULTS,
    name: 'jainam-retail',
    baseUrl: 'https://jtrade.jainam.in:5000',
    // This installation alone takes an access token in place of a source; a dealer's login must not send it.
    interactiveLoginFields: { accessToken: 'jainamxts' },
  },
  {
    ...JSON_GATEWAY,
    name: 'iifl',
    baseUrl: 'https://ttblaze.iifl.com',
    hostLookup: { ...DEFAULTS.hostLookup, path: '/HostLookUp' },
    marketOrders: 'refused',
  },
  { ...JSON_GATEWAY, name: '5paisa', baseUrl: 'https://xtsmum.5paisa.com' },
  {
    ...JSON_GATEWAY,
    name: 'compositedge',
    baseUrl: 'https://xts.compositedge.com',
    loginFlow: 'access-token',
  },
  { ...JSON_GATEWAY, name: 'wisdom', baseUrl: 'https://trade.wisdomcapital.in' },
  {
    ...JSON_GATEWAY,
    name: 'ibulls',
    baseUrl: 'https://xts.ibullssecurities.com',
    marketPrefix: '/apibinarymarketdata',
    marketOrders: 'refused',
  },
  {
    ...JSON_GATEWAY,
    name: 'rmoney',
    baseUrl: 'https://xts.rmoneyindia.co.in:3000',
    marketPrefix: '/apibinarymarketdata',
    loginFlow: 'access-token',
  },
  {
    ...JSON_GATEWAY,
    name: 'motilal',
    baseUrl: 'https://moxtsapi.motilaloswal.com:3000',
    hostLookup: { ...DEFAULTS.hostLookup, path: '/HostLookUp' },
  },
  { ...JSON_GATEWAY, name: 'symphony-sandbox', baseUrl: 'https://developers.symphonyfintech.in' },
]

/** The names that `brokerProfile` knows. */
export const BROKER_PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name)

/** A setting that names a profile. What it lets through `brokerProfile` knows. */
export const brokerProfileNameSchema = z
  .string()
  .refine((name) => BROKER_PROFILE_NAMES.includes(name), `must be one of ${BROKER_PROFILE_NAMES.join(', ')}`)

/** What differs from the profile; undefined leaves it as it is. */
export type BrokerProfileOverrides = {
  readonly [K in keyof BrokerProfile]?: BrokerProfile[K] | undefined
}

/** The profile of this name with the overrides on top. Throws for a name it does not know, listing those it does. */
export function brokerProfile(name: string, overrides: BrokerProfileOverrides = {}): BrokerProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name)
  if (profile === undefined)
    throw new Error(`"${name}" is no broker profile; known are ${BROKER_PROFILE_NAMES.join(', ')}`)
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined)
  return { ...profile, ...(Object.fromEntries(given) as Partial<BrokerProfile>) }
}
