import { setTimeout as wait } from 'node:timers/promises'
import { RequestClient } from '@xts-bridge/bus'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import type { BenchHouse } from './bench-house'
import { startRawBroker } from './raw-broker'
import { quantile, type BenchResult } from './result'

const WARM_UP = 100
const ROUNDS = 5
const ORDERS_PER_ROUND = 100
/** 50 orders a second, as a desk sends them; back to back each order would wait for the journal of the one before. */
const PAUSE_MS = 20

/**
 * One order after the other over the bus, 50 a second, with its synced intent, beside the same order as a raw keep-alive POST to the
 * simulator; rounds alternate. The simulator answers both alike, so the difference is what the house adds.
 */
export async function orderLatency(house: BenchHouse): Promise<BenchResult> {
  const client = (setting: string): RequestClient =>
    new RequestClient({
      endpoint: String(house.places[setting]),
      clock: systemClock,
      ids: randomIds,
      apiKey: house.apiKey,
    })
  const orders = client('ORDERS_REQUESTS_ENDPOINT')
  const price = await restingPrice(client('FEED_REQUESTS_ENDPOINT'))
  const broker = await startRawBroker({})
  const order = {
    exchange: 'NSE',
    symbol: 'SBIN',
    side: 'BUY',
    quantity: 1,
    product: 'MIS',
    priceType: 'LIMIT',
    price,
  }
  const viaBus = (): Promise<unknown> => orders.request('order.place', order)
  const viaHttp = (): Promise<unknown> => broker.place(price)
  const ours: number[] = []
  const raw: number[] = []
  try {
    await timed(WARM_UP, viaHttp)
    await timed(WARM_UP, viaBus)
    for (let round = 0; round < ROUNDS; round += 1) {
      raw.push(...(await timed(ORDERS_PER_ROUND, viaHttp)))
      ours.push(...(await timed(ORDERS_PER_ROUND, viaBus)))
    }
  } finally {
    await orders.close()
    await broker.close()
  }
  return orderResult(ours, raw)
}

/** Rupees: below the market and inside the band, so that the order rests and both sides do the same work. */
async function restingPrice(feed: RequestClient): Promise<number> {
  const { ltp } = await feed.request<{ ltp: number }>('market.quotes', { exchange: 'NSE', symbol: 'SBIN' })
  await feed.close()
  return Math.floor(ltp * 0.97)
}

/** Microseconds of each of `count` calls, 50 a second. */
async function timed(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let n = 0; n < count; n += 1) {
    const startedAt = process.hrtime.bigint()
    await call()
    taken.push(Number(process.hrtime.bigint() - startedAt) / 1_000)
    await wait(PAUSE_MS)
  }
  return taken
}

function orderResult(ours: readonly number[], raw: readonly number[]): BenchResult {
  const figures: Record<string, number> = {}
  for (const [name, p] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    figures[`raw keep-alive POST ${name}`] = quantile(raw, p)
    figures[`order over the bus with synced intent ${name}`] = quantile(ours, p)
    figures[`added by the house ${name}`] = quantile(ours, p) - quantile(raw, p)
  }
  return {
    name: 'one order, 50 a second',
    unit: 'µs',
    figures,
    ratios: { 'over the bus / raw POST, p50': { value: quantile(ours, 0.5) / quantile(raw, 0.5) } },
    notes: ['Two disk syncs lie in ours: the intent before the wire, the outcome before the reply.'],
  }
}
