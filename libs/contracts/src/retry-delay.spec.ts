import { RetryDelay } from './retry-delay'

it('waits twice as long each time, up to ten seconds, and begins anew after a reset', () => {
  const delay = new RetryDelay()
  const next = (count: number): number[] => Array.from({ length: count }, () => delay.nextMs())
  expect(next(7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  delay.reset()
  expect(next(2)).toEqual([500, 1_000])
})
