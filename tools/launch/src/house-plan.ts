import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'

/** `simulator`: the whole house with the broker simulator. `live`: the same house against the real broker. */
export type HouseMode = 'simulator' | 'live'

export interface ServicePlan {
  readonly name: string
  /** Compiled program, relative to dist. */
  readonly program: string
  /** Setting of the port that answers `readyPath`. */
  readonly healthPort: HealthPortSetting
  /** Answers 200 when the service is ready. */
  readonly readyPath: string
  /** Settings that hold secrets; no other process gets them. */
  readonly secrets: readonly string[]
}

export const SIMULATOR = 'simulator'
const BROKER_SECRETS = [
  'JAINAM_INTERACTIVE_API_KEY',
  'JAINAM_INTERACTIVE_API_SECRET',
  'JAINAM_MARKET_API_KEY',
  'JAINAM_MARKET_API_SECRET',
] as const
export type BrokerSecret = (typeof BROKER_SECRETS)[number]

/** The simulator's name of each secret that auth-service logs in with. */
export const SIMULATOR_SECRETS: Readonly<Record<BrokerSecret, string>> = {
  JAINAM_INTERACTIVE_API_KEY: 'XTS_SIMULATOR_INTERACTIVE_KEY',
  JAINAM_INTERACTIVE_API_SECRET: 'XTS_SIMULATOR_INTERACTIVE_SECRET',
  JAINAM_MARKET_API_KEY: 'XTS_SIMULATOR_MARKET_KEY',
  JAINAM_MARKET_API_SECRET: 'XTS_SIMULATOR_MARKET_SECRET',
}

const app = (name: string, healthPort: HealthPortSetting, secrets: readonly string[] = []): ServicePlan => ({
  name,
  program: `apps/${name}/src/main.js`,
  healthPort,
  readyPath: '/health/ready',
  secrets,
})

/** Every process of the house in the order they are started; they are stopped the other way round. */
const SERVICES: readonly ServicePlan[] = [
  {
    name: SIMULATOR,
    program: 'tools/xts-simulator/src/main.js',
    healthPort: 'XTS_SIMULATOR_CONTROL_PORT',
    readyPath: '/health',
    secrets: Object.values(SIMULATOR_SECRETS),
  },
  app('auth-service', 'AUTH_HEALTH_PORT', BROKER_SECRETS),
  app('master-contract', 'INSTRUMENTS_HEALTH_PORT'),
  app('order-execution', 'ORDERS_HEALTH_PORT'),
  app('streaming-adapter', 'FEED_HEALTH_PORT'),
  app('ws-proxy', 'WS_PROXY_HEALTH_PORT'),
  app('gateway', 'GATEWAY_HEALTH_PORT'),
]

/** Ports of the simulator and the setting that changes each. */
export const SIMULATOR_PORTS = { XTS_SIMULATOR_PORT: 6500, XTS_SIMULATOR_CONTROL_PORT: 6501 } as const

export type HealthPortSetting = keyof typeof HTTP_PORTS | keyof typeof SIMULATOR_PORTS

/** The processes of a house. With `only`, those named; throws on a name there is not. */
export function servicesOf(mode: HouseMode, only?: readonly string[]): readonly ServicePlan[] {
  const services = SERVICES.filter((service) => mode === 'simulator' || service.name !== SIMULATOR)
  const unknown = only?.filter((name) => !services.some((service) => service.name === name)) ?? []
  if (unknown.length > 0) {
    const names = services.map((service) => service.name).join(', ')
    throw new Error(`There is no service "${unknown.join('", "')}" in this house; there are ${names}.`)
  }
  return only === undefined ? services : services.filter((service) => only.includes(service.name))
}

/**
 * What a user says of the real broker; the simulator's house goes by the profile alone, or a settings file for live trading
 * would change how the simulator is spoken to.
 */
export const BROKER_CHOICES: readonly string[] = [
  'XTS_LOGIN_FLOW',
  'XTS_INTERACTIVE_PREFIX',
  'XTS_MARKET_PREFIX',
  'JAINAM_DISABLE_SSL',
  'JAINAM_TEST_MODE',
  'XTS_ORDER_CLIENT_ID',
  'XTS_BOOK_CLIENT_ID',
  'XTS_BALANCE_CLIENT_ID',
  'XTS_BOOK_ROUTES',
  'XTS_MARKET_ORDERS',
  'XTS_PUBLISH_FORMAT',
  'XTS_BROADCAST_MODE',
  'XTS_TICK_CLOCK',
]

/** Other names that a setting may be given under. */
export const SETTING_ALIASES: Readonly<Record<string, readonly string[]>> = {
  XTS_BASE_URL: ['JAINAM_BASE_URL'],
  JAINAM_INTERACTIVE_API_KEY: ['BROKER_API_KEY'],
  JAINAM_INTERACTIVE_API_SECRET: ['BROKER_API_SECRET'],
  JAINAM_MARKET_API_KEY: ['BROKER_API_KEY_MARKET'],
  JAINAM_MARKET_API_SECRET: ['BROKER_API_SECRET_MARKET'],
}

/**
 * Settings without secrets that any service may have; each is handed to every process when the user has set it.
 * A setting that is in neither this list nor a service's `secrets` never reaches a process.
 */
export const OPEN_SETTINGS: readonly string[] = [
  ...Object.keys(BUS_ENDPOINTS),
  ...Object.keys(HTTP_PORTS),
  ...Object.keys(SIMULATOR_PORTS),
  'LOG_LEVEL',
  'DATA_DIR',
  'KEYS_DIR',
  'BUS_CURVE',
  'HTTP_HOST',
  'ACCOUNT_ID',
  'XTS_PROFILE',
  'XTS_BASE_URL',
  ...BROKER_CHOICES,
  'HTTP_TIMEOUT_MS',
  'JAINAM_HTTP_RETRIES',
  'JAINAM_HTTP_BACKOFF_BASE',
  'JAINAM_HTTP_BACKOFF_FACTOR',
  'XTS_ORDERS_PER_SECOND',
  'XTS_BOOK_VERIFIED',
  'AUTH_RENEW_BEFORE_MS',
  'AUTH_RENEW_TIMES_IST',
  'INSTRUMENTS_REFRESH_TIMES_IST',
  'INSTRUMENTS_RETRY_FIRST_MS',
  'INSTRUMENTS_RETRY_MOST_MS',
  'INSTRUMENTS_KEEP_DAYS',
  'INSTRUMENTS_MOST_LOST_PERCENT',
  'INSTRUMENTS_MOST_GAINED_PERCENT',
  'INSTRUMENTS_MOST_REFUSED_PERCENT',
  'INSTRUMENTS_MOST_EXPIRED_PERCENT',
  'INSTRUMENTS_MANDATORY',
  'INSTRUMENTS_SKIPPED_GATES',
  'ORDER_ABSENCE_MARGIN_MS',
  'ORDER_SMART_WAIT_MS',
  'ORDER_MIN_SPACING_MS',
  'ORDER_PROTECT_ENTRIES',
  'FEED_LINGER_MS',
  'FEED_SUBSCRIBE_PAUSE_MS',
  'FEED_SUBSCRIBE_BATCH',
  'FEED_MAX_TOPICS',
  'WS_PROXY_BROKER_NAME',
  'WS_PROXY_AUTH_GRACE_MS',
  'WS_PROXY_PING_INTERVAL_MS',
  'WS_PROXY_CLIENT_BUFFER_BYTES',
  'WS_PROXY_MAX_CLIENTS',
  'WS_PROXY_MAX_TOPICS_PER_CLIENT',
  'GATEWAY_REQUEST_TIMEOUT_MS',
  'GATEWAY_PUBLIC_URL',
  'XTS_SIMULATOR_CONFIG',
  'XTS_SIMULATOR_SEED',
  'XTS_SIMULATOR_MASTERS_DIR',
  'XTS_SIMULATOR_STATE_FILE',
  'XTS_SIMULATOR_UNIVERSE',
  'XTS_SIMULATOR_CLOCK',
  'XTS_SIMULATOR_START',
  'XTS_SIMULATOR_STEP_MS',
  'XTS_SIMULATOR_SESSION_PROFILE',
  'XTS_SIMULATOR_MIS_SQUARE_OFF_AT',
  'XTS_SIMULATOR_SESSION_RESET_AT',
  'XTS_SIMULATOR_TAPE',
  'XTS_SIMULATOR_TAPE_SPEED',
  'XTS_SIMULATOR_TAPE_START',
  'XTS_SIMULATOR_RECORD',
  'XTS_SIMULATOR_SCENARIO',
  'XTS_SIMULATOR_ACCOUNT',
  'XTS_SIMULATOR_ACCOUNT_KIND',
  'XTS_SIMULATOR_CLIENT_CODES',
  'XTS_SIMULATOR_ALGO_ACCOUNT',
  'XTS_SIMULATOR_CASH_RUPEES',
  'XTS_SIMULATOR_ACK_DELAY_MS',
  'XTS_SIMULATOR_EXCHANGE_DELAY_MS',
  'XTS_SIMULATOR_REFILL_DELAY_MS',
  'XTS_SIMULATOR_TICKS_PER_SECOND',
  'XTS_SIMULATOR_SUBSCRIPTION_LIMIT',
]

/** What the operating system and Node need of the environment; none of it is ours. */
export const MACHINE_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_COMPILE_CACHE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const
