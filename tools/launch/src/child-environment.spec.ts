import { childEnvironment } from './child-environment'
import { servicesOf, type HouseMode, type ServicePlan } from './house-plan'
import type { HouseSettings } from './settings'

const SIMULATOR_SECRETS = {
  JAINAM_INTERACTIVE_API_KEY: 'sim-ik',
  JAINAM_INTERACTIVE_API_SECRET: 'sim-is',
  JAINAM_MARKET_API_KEY: 'sim-mk',
  JAINAM_MARKET_API_SECRET: 'sim-ms',
}

const settings = {
  DATA_DIR: '/data',
  KEYS_DIR: '/data/keys',
  HTTP_HOST: '127.0.0.1',
  LOG_LEVEL: 'info',
  XTS_PROFILE: 'jainam-prop-b',
  GATEWAY_PORT: 5001,
  XTS_SIMULATOR_PORT: 6600,
  given: {
    PATH: '/bin',
    DATA_DIR: 'relative',
    FEED_MAX_TOPICS: '7',
    LOG_LEVEL: 'debug',
    JAINAM_INTERACTIVE_API_KEY: 'real-ik',
    JAINAM_MARKET_API_SECRET: 'real-ms',
    AWS_SECRET_ACCESS_KEY: 'somebody else’s',
  },
} as unknown as HouseSettings

function environmentOf(mode: HouseMode, name: string): Readonly<Record<string, string>> {
  const plan = servicesOf(mode).find((service) => service.name === name) as ServicePlan
  return childEnvironment(plan, settings, mode === 'simulator' ? SIMULATOR_SECRETS : undefined)
}
const textOf = (mode: HouseMode, name: string): string => JSON.stringify(environmentOf(mode, name))

describe('the environment of a process', () => {
  it('holds what the user set and what the supervisor decided, which wins', () => {
    expect(environmentOf('live', 'streaming-adapter')).toEqual({
      PATH: '/bin',
      FEED_MAX_TOPICS: '7',
      DATA_DIR: '/data',
      KEYS_DIR: '/data/keys',
      HTTP_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      XTS_PROFILE: 'jainam-prop-b',
      GATEWAY_PORT: '5001',
      XTS_SIMULATOR_PORT: '6600',
      ENV_FILE: '/dev/null',
    })
  })

  it('holds broker secrets in auth-service alone', () => {
    const holders = servicesOf('live').filter((service) => textOf('live', service.name).includes('real-'))
    expect(holders.map((service) => service.name)).toEqual(['auth-service'])
  })

  it('never holds a variable that is not on a list', () => {
    for (const { name } of servicesOf('simulator')) expect(textOf('simulator', name)).not.toContain('AWS_')
  })

  it('never sends the real broker secrets, or the real address, into a house with a simulator', () => {
    expect(environmentOf('simulator', 'auth-service')).toMatchObject({
      XTS_BASE_URL: 'http://127.0.0.1:6600',
      ...SIMULATOR_SECRETS,
    })
    for (const { name } of servicesOf('simulator')) expect(textOf('simulator', name)).not.toContain('real-')
  })

  it('gives the simulator the same secrets that auth-service logs in with', () => {
    expect(environmentOf('simulator', 'simulator')).toMatchObject({
      XTS_SIMULATOR_INTERACTIVE_KEY: 'sim-ik',
      XTS_SIMULATOR_MARKET_SECRET: 'sim-ms',
    })
    expect(textOf('simulator', 'simulator')).not.toContain('JAINAM_')
  })

  it('lets the simulator, and nobody else, keep its day in the data folder', () => {
    const keepers = servicesOf('simulator').filter(({ name }) =>
      textOf('simulator', name).includes('/data/simulator/day.jsonl'),
    )
    expect(keepers.map(({ name }) => name)).toEqual(['simulator'])
  })

  it('leaves the place of the simulator’s day to the user who named one', () => {
    const plan = servicesOf('simulator', ['simulator'])[0] as ServicePlan
    const given = { ...settings.given, XTS_SIMULATOR_STATE_FILE: '/elsewhere' }
    expect(childEnvironment(plan, { ...settings, given }, SIMULATOR_SECRETS)).toMatchObject({
      XTS_SIMULATOR_STATE_FILE: '/elsewhere',
    })
  })
})

describe('the plan of a house', () => {
  it('has no simulator when it is live', () => {
    expect(servicesOf('live').map((service) => service.name)).not.toContain('simulator')
    expect(servicesOf('simulator')).toHaveLength(servicesOf('live').length + 1)
  })

  it('refuses a service there is not, naming those there are', () => {
    expect(() => servicesOf('live', ['gateway', 'simulator'])).toThrow(/"simulator".*auth-service.*gateway/)
  })

  it('keeps the order of the house, whatever the order of the names', () => {
    const names = servicesOf('simulator', ['gateway', 'auth-service']).map((service) => service.name)
    expect(names).toEqual(['auth-service', 'gateway'])
  })
})
