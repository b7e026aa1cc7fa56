import type { InstrumentStore } from '@xts-bridge/instruments'
import { longestPauseDuring } from './longest-pause'
import { quantile, type BenchResult } from './result'

const WARM_UP_ROUNDS = 10
const ROUNDS = 60
const GOAL_MS = 5
/** What people type, letter by letter and with mistakes; some find hundreds, some one, some nothing. */
const TEXTS: readonly string[] = [
  'N',
  'NI',
  'NIF',
  'NIFTY',
  'nifty 24500',
  'NIFTY 24NOV 24500 CE',
  'NIFTY24NOV2624500CE',
  'NIFTY24NOV262',
  'NIFTY NOV FUT',
  'BANKNIFTY 52000 PE',
  'BNKNIFTY',
  'SENSEX options',
  'BA',
  'BARE',
  'BARELI',
  'steel',
  'STEEL LTD',
  'INDUSTREIS',
  'LIBARE finance',
  'USDINR 84.25 CE',
  'GOLD fut',
  '24500',
  '500123',
  'FTY',
  'QXZQXZ',
]

/** Searches over all exchanges, at most 500 finds each, once the words of the list are gathered. */
export async function searches(store: InstrumentStore): Promise<BenchResult> {
  const startedAt = process.hrtime.bigint()
  const pauseMs = await longestPauseDuring(() => store.search({ text: 'NIFTY' }))
  const gatheredMs = Number(process.hrtime.bigint() - startedAt) / 1e6
  const taken: number[] = []
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const text of TEXTS) {
      const askedAt = process.hrtime.bigint()
      await store.search({ text })
      if (round >= 0) taken.push(Number(process.hrtime.bigint() - askedAt) / 1e6)
    }
  }
  const p99 = quantile(taken, 0.99)
  return {
    name: `search over ${store.count} instruments, ${TEXTS.length} texts, ${ROUNDS} rounds`,
    unit: 'ms',
    figures: {
      'first search, which gathers the words': gatheredMs,
      'longest pause while they are gathered': pauseMs,
      'search p50': quantile(taken, 0.5),
      'search p99': p99,
      'search, slowest': Math.max(...taken),
    },
    ratios: { [`p99 / goal of ${GOAL_MS} ms`]: { value: p99 / GOAL_MS, limit: 1 } },
  }
}
