import { isWorthRetrying, retryDelayMs } from './read-retry'

const options = (random: number): Parameters<typeof retryDelayMs>[0] => ({
  retries: 3,
  firstDelayMs: 1_000,
  factor: 2,
  random: () => random,
})

it('waits 1, 2 and 4 s, and up to a quarter more, never less', () => {
  expect([1, 2, 3].map((attempt) => retryDelayMs(options(0), attempt))).toEqual([1_000, 2_000, 4_000])
  expect(retryDelayMs(options(0.9999), 1)).toBeLessThan(1_250)
  expect(retryDelayMs(options(0.5), 1)).toBe(1_125)
})

it('waits by the base and factor it is told', () => {
  const told = { ...options(0), firstDelayMs: 500, factor: 3 }
  expect([1, 2, 3].map((attempt) => retryDelayMs(told, attempt))).toEqual([500, 1_500, 4_500])
})

it.each([
  [{ kind: 'not-sent', reason: 'refused' }, true],
  [{ kind: 'lost', reason: 'reset' }, true],
  [{ kind: 'answered', status: 500, text: '' }, true],
  [{ kind: 'answered', status: 502, text: '' }, true],
  [{ kind: 'answered', status: 429, text: '' }, true],
  [{ kind: 'answered', status: 200, text: '' }, false],
  [{ kind: 'answered', status: 400, text: '' }, false],
  [{ kind: 'answered', status: 401, text: '' }, false],
  [{ kind: 'answered', status: 404, text: '' }, false],
] as const)('finds %j worth another try: %s', (outcome, isWorth) => {
  expect(isWorthRetrying(outcome)).toBe(isWorth)
})
