import { BROKER_PROFILE_NAMES, brokerProfile, brokerProfileNameSchema } from './profiles'

it('knows every installation by name', () => {
  expect(BROKER_PROFILE_NAMES).toEqual([
    'simulator',
    'simulator-dealer',
    'jainam-prop-a',
    'jainam-prop-b',
    'jainam-prop-c',
    'jainam-prop-d',
    'jainam-retail',
    'iifl',
    '5paisa',
    'compositedge',
    'wisdom',
    'ibulls',
    'rmoney',
    'motilal',
    'symphony-sandbox',
  ])
})

it('speaks TLS to every broker, and verifies it', () => {
  for (const name of BROKER_PROFILE_NAMES.filter((other) => !other.startsWith('simulator')))
    expect(brokerProfile(name)).toMatchObject({ baseUrl: expect.stringMatching(/^https:/), verifyTls: true })
})

it('reads a pro dealer’s books by the dealer routes, as five asterisks', () => {
  expect(brokerProfile('jainam-prop-b')).toMatchObject({
    baseUrl: 'https://smpb.jainam.in:4143',
    marketPrefix: '/apibinarymarketdata',
    orderClientId: '*****',
    bookClientId: '*****',
    bookRoutes: 'dealer',
    isBookVerified: false,
  })
})

it('puts the overrides on top', () => {
  const profile = brokerProfile('simulator', { baseUrl: 'http://127.0.0.1:1', ordersPerSecond: 3 })
  expect(profile).toMatchObject({ name: 'simulator', baseUrl: 'http://127.0.0.1:1', ordersPerSecond: 3 })
})

it('keeps what an override leaves undefined', () => {
  const profile = brokerProfile('jainam-retail', { baseUrl: undefined, isBookVerified: true })
  expect(profile).toEqual({ ...brokerProfile('jainam-retail'), isBookVerified: true })
})

it.each(BROKER_PROFILE_NAMES)('takes %s as a setting', (name) => {
  expect(brokerProfileNameSchema.safeParse(name).success).toBe(true)
})

it.each(['jainam', 'SIMULATOR', ' simulator', 'constructor'])(
  'refuses %j as a setting, naming all',
  (name) => {
    const problem = brokerProfileNameSchema.safeParse(name).error?.issues[0]?.message
    expect(problem).toBe(`must be one of ${BROKER_PROFILE_NAMES.join(', ')}`)
  },
)

it.each(['', 'jainam', 'Simulator', 'toString'])('does not know %j, and says which it knows', (name) => {
  expect(() => brokerProfile(name)).toThrow(/known are simulator, simulator-dealer, jainam-prop-a/)
})

it('asks the simulator for every segment there is', () => {
  expect(brokerProfile('simulator').segments).toEqual([
    'NSECM',
    'NSEFO',
    'NSECD',
    'BSECM',
    'BSEFO',
    'BSECD',
    'MCXFO',
  ])
})
