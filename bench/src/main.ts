import { startBenchHouse, type BenchHouse } from './bench-house'
import { brokerClient } from './broker-client'
import { busRoundTrip } from './bus-round-trip'
import { decoding } from './decoding'
import { instrumentIndex } from './instrument-index'
import { masterRefresh } from './master-refresh'
import { orderLatency } from './order-latency'
import { residentMemory } from './resident-memory'
import { printResult, type BenchResult } from './result'
import { simulatorMemory } from './simulator-memory'
import { simulatorOrders } from './simulator-orders'
import { simulatorTicks } from './simulator-ticks'

type Results = BenchResult | readonly BenchResult[]

/** Benchmarks that stand alone, by the name that runs one: `npm run bench -- decoding instruments`. */
const ALONE: Readonly<Record<string, () => Results | Promise<Results>>> = {
  bus: busRoundTrip,
  'broker-client': brokerClient,
  decoding,
  instruments: instrumentIndex,
  'master-refresh': masterRefresh,
  'simulator-orders': simulatorOrders,
  'simulator-ticks': simulatorTicks,
  'simulator-memory': simulatorMemory,
}

/** Benchmarks of a whole house against the simulator; they share one. */
const OF_A_HOUSE: Readonly<Record<string, (house: BenchHouse) => Results | Promise<Results>>> = {
  memory: residentMemory,
  orders: orderLatency,
}

/** Runs the benchmarks that are named, or all, one after the other, and prints what they measured; nothing is asserted. */
async function main(asked: readonly string[]): Promise<void> {
  const names = [...Object.keys(ALONE), ...Object.keys(OF_A_HOUSE)]
  const unknown = asked.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Error(`there is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}`)
  const isAsked = ([name]: readonly [string, unknown]): boolean => asked.length === 0 || asked.includes(name)
  for (const [, run] of Object.entries(ALONE).filter(isAsked)) print(await run())
  const ofAHouse = Object.entries(OF_A_HOUSE).filter(isAsked)
  if (ofAHouse.length === 0) return
  const house = await startBenchHouse({ XTS_ORDERS_PER_SECOND: '10000' })
  try {
    for (const [, run] of ofAHouse) print(await run(house))
  } finally {
    await house.stop()
  }
}

function print(results: Results): void {
  for (const result of [results].flat()) console.log(printResult(result))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
