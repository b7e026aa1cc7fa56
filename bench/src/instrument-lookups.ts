import type { InstrumentKey, ListedInstrument } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import { quantile, type BenchResult } from './result'

const ROUNDS = 9
/** Instruments that a desk has orders and ticks of all day. */
const BUSY = 500
const GOAL_MILLIONS = 3

/**
 * Finds each instrument once a round, in an order that jumps through the list, by the index and by a `Map` with a key made
 * per call or at hand; rounds of all kinds alternate.
 */
export function lookups(store: InstrumentStore, instruments: readonly ListedInstrument[]): BenchResult {
  const asked = shuffled(instruments)
  // As requests bring them: texts of their own, which know nothing of the list's.
  const keys = JSON.parse(
    JSON.stringify(asked.map(({ exchange, symbol }) => ({ exchange, symbol }))),
  ) as readonly InstrumentKey[]
  const busy = Array.from(keys, (_, at) => keys[at % BUSY] ?? keys[0])
  const ready = asked.map(({ exchange, symbol }) => `${exchange}:${symbol}`)
  const map = new Map(asked.map((instrument, at) => [ready[at] ?? '', instrument]))
  const kinds: Readonly<Record<string, () => number>> = {
    'index, by exchange and symbol': () => countOf(keys, (key) => store.find(key)),
    [`index, ${BUSY} again and again`]: () => countOf(busy, (key) => key && store.find(key)),
    'index, by segment and token': () => countOf(asked, (one) => store.byToken(one.segment, one.token)),
    [`Map, ${BUSY} again and again, key made per call`]: () =>
      countOf(busy, (key) => key && map.get(`${key.exchange}:${key.symbol}`)),
    'Map, key made per call': () => countOf(keys, (key) => map.get(`${key.exchange}:${key.symbol}`)),
    'Map, key at hand': () => countOf(ready, (key) => map.get(key)),
  }
  const rates = new Map(Object.keys(kinds).map((name) => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, find] of Object.entries(kinds))
      rates.get(name)?.push(millionsPerSecond(asked.length, find))
  }
  const median = (name: string): number => quantile(rates.get(name) ?? [], 0.5)
  const ours = median('index, by exchange and symbol')
  return {
    name: `lookups of ${asked.length} instruments, ${ROUNDS} rounds, medians`,
    unit: 'million/s',
    figures: Object.fromEntries(Object.keys(kinds).map((name) => [name, median(name)])),
    ratios: {
      [`goal of ${GOAL_MILLIONS} million/s / index by symbol`]: { value: GOAL_MILLIONS / ours, limit: 1 },
      'Map with a key made per call / index by symbol': {
        value: median('Map, key made per call') / ours,
        limit: 1,
      },
    },
    notes: [
      'The first round also makes each instrument object; a service looks up a few hundred again and again.',
    ],
  }
}

function millionsPerSecond(count: number, find: () => number): number {
  const startedAt = process.hrtime.bigint()
  const found = find()
  const tookMs = Number(process.hrtime.bigint() - startedAt) / 1e6
  if (found !== count) throw new Error(`Found ${found} of ${count} instruments.`)
  return count / tookMs / 1_000
}

function countOf<Key>(keys: readonly Key[], find: (key: Key) => unknown): number {
  let found = 0
  for (const key of keys) if (find(key) !== undefined) found += 1
  return found
}

/** The same order at each run: positions are taken with a step that shares no factor with their number. */
function shuffled(instruments: readonly ListedInstrument[]): readonly ListedInstrument[] {
  const step = 7_919
  return instruments.flatMap((_, at) => instruments[(at * step) % instruments.length] ?? [])
}
