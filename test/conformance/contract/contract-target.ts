/** One broker to be held against the contract, and how its account trades. */
export interface ContractTarget {
  readonly baseUrl: string
  readonly interactivePrefix: string
  readonly marketPrefix: string
  readonly verifyTls: boolean
  /** Between two calls; a real broker allows one read a second. */
  readonly paceMs: number
  readonly interactive: Keys
  readonly market: Keys
  /** `retail` never sends clientID, `dealer` its first client code, `pro` five asterisks with orders and nothing with books. */
  readonly accountKind: AccountKind
  /** The share that orders are placed in, one at a time, far below its price. */
  readonly share: { readonly segment: string; readonly segmentNumber: number; readonly token: number }
  readonly isLive: boolean
  readonly mayPlaceOrders: boolean
}

export interface Keys {
  readonly appKey: string
  readonly secretKey: string
}

const ACCOUNT_KINDS = ['retail', 'dealer', 'pro'] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

/** Base URLs as the broker's sheets and live sessions give them. */
const LIVE_PROFILES: Readonly<Record<string, string>> = {
  'jainam-prop-a': 'https://smpa.jainam.in:6543',
  'jainam-prop-b': 'https://smpb.jainam.in:4143',
  'jainam-prop-c': 'https://smpc.jainam.in:14543',
  'jainam-prop-d': 'https://smpd.jainam.in:3643',
  'jainam-retail': 'https://jtrade.jainam.in:5000',
}
const LIVE_PACE_MS = 1_200
/** NSE's cash segment; the same token at every XTS broker. */
const RELIANCE = { segment: 'NSECM', segmentNumber: 1, token: 2885 } as const

type Environment = Readonly<Record<string, string | undefined>>

/** Whether a real broker is asked for. */
export const isLiveAsked = (env: Environment): boolean => env['RUN_LIVE'] === '1'

/** The real broker that the environment describes. Throws one sentence that names everything missing; never a value. */
export function liveTarget(env: Environment): ContractTarget {
  const problems: string[] = []
  const needed = (name: string): string => {
    const value = env[name] ?? ''
    if (value === '') problems.push(`${name} is missing`)
    return value
  }
  const profile = env['XTS_PROFILE'] ?? 'jainam-prop-b'
  const baseUrl = env['XTS_BASE_URL'] || LIVE_PROFILES[profile]
  if (baseUrl === undefined)
    problems.push(`XTS_PROFILE must be one of ${Object.keys(LIVE_PROFILES).join(', ')}`)
  const kind = ACCOUNT_KINDS.find((known) => known === (env['CONTRACT_ACCOUNT_KIND'] ?? 'dealer'))
  if (kind === undefined) problems.push(`CONTRACT_ACCOUNT_KIND must be one of ${ACCOUNT_KINDS.join(', ')}`)
  const interactive = {
    appKey: needed('JAINAM_INTERACTIVE_API_KEY'),
    secretKey: needed('JAINAM_INTERACTIVE_API_SECRET'),
  }
  const market = { appKey: needed('JAINAM_MARKET_API_KEY'), secretKey: needed('JAINAM_MARKET_API_SECRET') }
  if (baseUrl === undefined || kind === undefined || problems.length > 0) {
    throw new Error(`RUN_LIVE=1 needs other settings: ${problems.join('; ')}`)
  }
  return {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    interactivePrefix: env['CONTRACT_INTERACTIVE_PREFIX'] ?? '/interactive',
    marketPrefix: env['CONTRACT_MARKET_PREFIX'] ?? '/apibinarymarketdata',
    verifyTls: env['CONTRACT_VERIFY_TLS'] !== 'false',
    paceMs: LIVE_PACE_MS,
    interactive,
    market,
    accountKind: kind,
    share: RELIANCE,
    isLive: true,
    mayPlaceOrders: env['RUN_LIVE_ORDERS'] === '1',
  }
}

/** Our simulator, held against the same contract; orders cost nothing there. */
export function simulatedTarget(
  port: number,
  keys: { readonly interactive: Keys; readonly market: Keys },
  accountKind: AccountKind,
): ContractTarget {
  return {
    ...keys,
    baseUrl: `http://127.0.0.1:${port}`,
    interactivePrefix: '/interactive',
    marketPrefix: '/apibinarymarketdata',
    verifyTls: true,
    paceMs: 0,
    accountKind,
    share: RELIANCE,
    isLive: false,
    mayPlaceOrders: true,
  }
}
