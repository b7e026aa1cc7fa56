import { clearTimeout, setTimeout } from 'node:timers'
import type { Clock, Ids } from '@xts-bridge/contracts'

/** The machine's clock for tests over real sockets; the production one lives in runtime, which the bus may not import. */
export const realClock: Clock = {
  nowMs: () => new Date().getTime(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Identifiers that count up. */
export function countingIds(prefix = 'id'): Ids {
  let count = 0
  return { next: () => `${prefix}${(count += 1)}` }
}

/** Resolves when `isTrue` is, looking every few milliseconds; throws when it is not in time. */
export async function eventually(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAtMs = realClock.nowMs() + 10_000
  while (!(await isTrue())) {
    if (realClock.nowMs() > giveUpAtMs) throw new Error(`it never came to pass that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
