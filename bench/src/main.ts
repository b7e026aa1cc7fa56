import { startBenchHouse } from './bench-house'
import { busRoundTrip } from './bus-round-trip'
import { instrumentIndex } from './instrument-index'
import { orderLatency } from './order-latency'
import { residentMemory } from './resident-memory'
import { printResult } from './result'

/** Runs every benchmark one after the other and prints what it measured; nothing is asserted. */
async function main(): Promise<void> {
  console.log(printResult(await busRoundTrip()))
  for (const result of await instrumentIndex()) console.log(printResult(result))
  const house = await startBenchHouse({ XTS_ORDERS_PER_SECOND: '10000' })
  try {
    console.log(printResult(await residentMemory(house)))
    console.log(printResult(await orderLatency(house)))
  } finally {
    await house.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
