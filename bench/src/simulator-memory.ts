import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { jsonRequest, requestsPerSecond } from './http-lane'
import type { BenchResult } from './result'
import { startBenchSimulator } from './simulator-process'

const OPEN_ORDERS = 10_000
const LANES = 8
const TOKENS = [2885, 3045, 1594, 11536, 1333, 4963, 5900, 1660]
const SETTLE_MS = 2_000
const STARTS = 3
const MIB = 1_048_576
/** Below the market, and inside its price band. */
const RESTING_SHARE = 0.97

interface Health {
  readonly instruments: number
}

interface Quotes {
  readonly result: { readonly listQuotes: readonly string[] }
}

/** What a simulator takes with its whole universe, at rest and with orders that rest in its books, and how soon it is up. */
export async function simulatorMemory(): Promise<readonly BenchResult[]> {
  const starts: number[] = []
  for (let run = 0; run < STARTS; run += 1) {
    const each = await startBenchSimulator([])
    starts.push(each.startedInMs)
    await each.close()
  }
  const simulator = await startBenchSimulator([])
  try {
    const health = (await (await fetch(`http://127.0.0.1:${simulator.controlPort}/health`)).json()) as Health
    await wait(SETTLE_MS)
    const atRest = simulator.residentMiB()
    await restOrders(simulator)
    const withOrders = simulator.residentMiB()
    const memory = memoryResult(health.instruments, atRest, withOrders)
    return [memory, startResult(health.instruments, starts)]
  } finally {
    await simulator.close()
  }
}

function memoryResult(instruments: number, atRest: number, withOrders: number): BenchResult {
  const bare = process.memoryUsage.rss() / MIB
  return {
    name: `simulator: resident memory with ${instruments} instruments`,
    unit: 'MiB',
    figures: {
      'at rest': atRest,
      [`with ${OPEN_ORDERS} open orders`]: withOrders,
      'this measuring process, for scale': bare,
    },
    ratios: { 'simulator at rest / this measuring process': { value: atRest / bare } },
    notes: [
      `An open order takes ${(((withOrders - atRest) * 1024) / OPEN_ORDERS).toFixed(1)} KiB, with its history.`,
    ],
  }
}

function startResult(instruments: number, starts: readonly number[]): BenchResult {
  const startedAt = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  const bare = performance.now() - startedAt
  return {
    name: `simulator: start, until its control API answers, with ${instruments} instruments made`,
    unit: 'ms',
    figures: {
      [`best of ${STARTS}`]: Math.min(...starts),
      [`worst of ${STARTS}`]: Math.max(...starts),
      'node -e 0': bare,
    },
    ratios: { 'best start / node -e 0': { value: Math.min(...starts) / bare } },
  }
}

async function restOrders(simulator: Awaited<ReturnType<typeof startBenchSimulator>>): Promise<void> {
  const prices = await lastPrices(simulator)
  const { token } = await simulator.logIn('interactive')
  let placed = 0
  const next = (): string | undefined => {
    placed += 1
    if (placed > OPEN_ORDERS) return undefined
    const at = placed % TOKENS.length
    const price = Math.floor((prices[at] ?? 0) * RESTING_SHARE)
    return jsonRequest('/interactive/orders', restingOrder(TOKENS[at] ?? 0, price, placed), token)
  }
  await requestsPerSecond({ port: simulator.port, lanes: LANES, forMs: 60_000, next })
  await wait(SETTLE_MS)
  const report = (await (await fetch(`http://127.0.0.1:${simulator.controlPort}/orders`)).json()) as {
    readonly orders: readonly { readonly status: string }[]
  }
  const open = report.orders.filter(({ status }) => status === 'New').length
  if (open !== OPEN_ORDERS) throw new Error(`${open} of ${OPEN_ORDERS} orders are open`)
}

async function lastPrices(
  simulator: Awaited<ReturnType<typeof startBenchSimulator>>,
): Promise<readonly number[]> {
  const { token } = await simulator.logIn('market')
  const instruments = TOKENS.map((exchangeInstrumentID) => ({ exchangeSegment: 1, exchangeInstrumentID }))
  const response = await fetch(`http://127.0.0.1:${simulator.port}/apimarketdata/instruments/quotes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: token },
    body: JSON.stringify({ instruments, xtsMessageCode: 1512, publishFormat: 'JSON' }),
  })
  const { result } = (await response.json()) as Quotes
  return result.listQuotes.map((text) => (JSON.parse(text) as { LastTradedPrice: number }).LastTradedPrice)
}

function restingOrder(token: number, limitPrice: number, count: number): object {
  return {
    exchangeSegment: 'NSECM',
    exchangeInstrumentID: token,
    productType: 'MIS',
    orderType: 'LIMIT',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice,
    stopPrice: 0,
    orderUniqueIdentifier: `bench-${count}`,
  }
}
