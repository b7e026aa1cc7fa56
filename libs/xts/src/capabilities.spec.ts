import { whyNotStreamed } from './capabilities'
import { BROKER_PROFILE_NAMES, brokerProfile } from './profiles'

const prop = brokerProfile('jainam-prop-b')

it.each([
  { segment: 'NSEFO' } as const,
  { segment: 'BSECM', depthLevel: 5 } as const,
  { segment: 'NSECM', depthLevel: 1, messageCode: 1510 } as const,
])('streams %j', (wanted) => {
  expect(whyNotStreamed(prop, wanted)).toBeUndefined()
})

it.each([
  [{ segment: 'MCXFO' }, 'jainam-prop-b does not stream MCXFO; it streams NSECM, NSEFO, BSECM, BSEFO'],
  [{ segment: 'NSEFO', depthLevel: 20 }, 'jainam-prop-b has no depth of 20 levels; it has 1, 5'],
  [{ segment: 'NSEFO', messageCode: 5018 }, /^jainam-prop-b has no message 5018; it has 1105, 1501/],
] as const)('says of %j what there is instead', (wanted, sentence) => {
  expect(whyNotStreamed(prop, wanted)).toMatch(sentence)
})

it.each(BROKER_PROFILE_NAMES)('knows what %s streams and allows', (name) => {
  const { segments, feed, limits, ordersPerSecond } = brokerProfile(name)
  expect(segments).toContain('NSECM')
  expect(feed.depthLevels).toContain(5)
  for (const limit of Object.values(limits)) expect(limit.requests / limit.seconds).toBeGreaterThan(0)
  expect(ordersPerSecond).toBeLessThanOrEqual(limits.orders.requests / limits.orders.seconds)
})
