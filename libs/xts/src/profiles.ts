import { z } from 'zod'
import type { BrokerProfile } from './model'

/** What most XTS installations share; sources in MAPPING.md, "installations". */
const DEFAULTS = {
  interactivePrefix: '/interactive',
  marketPrefix: '/apibinarymarketdata',
  verifyTls: true,
  orderClientId: 'none',
  bookClientId: 'none',
  balanceClientId: 'none',
  bookRoutes: 'regular',
  interactiveLoginFields: { source: 'WEBAPI' },
  broadcastMode: 'Full',
  publishFormat: 'JSON',
  otherSegmentsClock: 'ist',
  ordersPerSecond: 10,
  segments: ['NSECM', 'NSEFO', 'BSECM', 'BSEFO'],
  isBookVerified: false,
} as const satisfies Partial<BrokerProfile>

/** A pro dealer's login: five asterisks as client, and the dealer routes, which alone answer its books. */
const JAINAM_PROP = {
  ...DEFAULTS,
  orderClientId: '*****',
  bookClientId: '*****',
  balanceClientId: '*****',
  bookRoutes: 'dealer',
} as const satisfies Partial<BrokerProfile>

const PROFILES: readonly BrokerProfile[] = [
  { ...DEFAULTS, name: 'simulator', baseUrl: 'http://127.0.0.1:6500', isBookVerified: true },
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
