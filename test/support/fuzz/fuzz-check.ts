import { eventually } from '../eventually'
import { FuzzedSimulator, type Measure } from './fuzzed-simulator'
import { FuzzHttp } from './fuzz-http'
import { FuzzRun } from './run-fuzz'

/** What orders, refusals and a warmed-up process may rightly keep. */
const KEPT_BYTES = 24 * 1024 * 1024
const KEPT_BYTES_PER_REQUEST = 4_000
const FILLS_WITHIN_MS = 20_000
const PINGS_ARE_OVERDUE_MS = 60_000

/**
 * Fuzzes a simulator of its own for so long, and expects: every answer one the broker knows, no crash, nothing left open,
 * memory in bounds, and that an order is still placed and filled. FUZZ_SEED repeats a run, FUZZ_SECONDS makes it longer.
 */
export async function expectItStandsFuzz(
  usualSeconds: number,
  o: { readonly waitsForTimers: boolean } = { waitsForTimers: false },
): Promise<void> {
  const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const seconds = Number(process.env['FUZZ_SECONDS'] ?? usualSeconds)
  const simulator = await FuzzedSimulator.start()
  try {
    const report = await new FuzzRun(simulator, { seed, durationMs: seconds * 1_000 }).run()
    const { requests, frames, problems, before, after } = report
    const grownBytes = after.heapBytes - before.heapBytes
    console.log(
      `FUZZ_SEED=${seed}: ${requests} requests and ${frames} frames in ${seconds} s, ` +
        `${(grownBytes / 1024).toFixed(0)} KiB more heap, ${JSON.stringify(after.resources)}`,
    )
    expect(problems).toEqual([])
    expect(requests).toBeGreaterThan(20)
    expect(frames).toBeGreaterThan(5)
    expect(openThings(after)).toEqual(openThings(before))
    expect(grownBytes).toBeLessThan(KEPT_BYTES + requests * KEPT_BYTES_PER_REQUEST)
    if (o.waitsForTimers) await expectTimersEnd(simulator, before)
    await expectItFillsAnOrder(simulator)
  } finally {
    await simulator.close()
  }
}

/** Sockets and servers. A long poll that nobody ended has a timer of its own until its ping is overdue, half a minute later. */
function openThings({ resources }: Measure): Readonly<Record<string, number>> {
  const { Timeout: _timers, Immediate: _immediates, ...open } = resources
  return open
}

async function expectTimersEnd(simulator: FuzzedSimulator, before: Measure): Promise<void> {
  const timers = ({ resources }: Measure): number => resources['Timeout'] ?? 0
  await eventually('no more timers run than before the fuzz', PINGS_ARE_OVERDUE_MS, async () => {
    return timers(await simulator.measure()) <= timers(before) || undefined
  })
}

async function expectItFillsAnOrder(simulator: FuzzedSimulator): Promise<void> {
  const http = new FuzzHttp(simulator.port)
  const call = async (method: string, path: string, token: string, body?: object) => {
    const headers = { authorization: token, 'content-type': 'application/json' }
    const answer = await http.send({
      method,
      path: `/interactive${path}`,
      headers,
      body: body && JSON.stringify(body),
    })
    return JSON.parse(answer.text) as { readonly result: Record<string, unknown> }
  }
  const keys = {
    appKey: 'simulator-interactive-key',
    secretKey: 'simulator-interactive-secret',
    source: 'WEBAPI',
  }
  try {
    const { result } = await call('POST', '/user/session', '', keys)
    const token = String(result['token'])
    const placed = await call('POST', '/orders', token, {
      exchangeSegment: 'NSECM',
      exchangeInstrumentID: 1594,
      productType: 'MIS',
      orderType: 'MARKET',
      orderSide: 'BUY',
      timeInForce: 'DAY',
      disclosedQuantity: 0,
      orderQuantity: 1,
      limitPrice: 0,
      stopPrice: 0,
      orderUniqueIdentifier: 'after-fuzz',
    })
    const query = `?appOrderID=${String(placed.result['AppOrderID'])}`
    await eventually('an order fills after the fuzz', FILLS_WITHIN_MS, async () => {
      const history = await call('GET', `/orders${query}`, token)
      return JSON.stringify(history).includes('"OrderStatus":"Filled"') || undefined
    })
  } finally {
    http.close()
  }
}
