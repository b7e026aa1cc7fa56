import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePorts } from './bench-house'
import { jsonRequest, requestsPerSecond } from './http-lane'
import type { BenchResult } from './result'
import { ended, processCpuMs, startBenchSimulator, type BenchSimulator } from './simulator-process'
import { openTickSocket } from './tick-socket'

const FOR_MS = 5_000
const LANES = 8
const GOAL_PER_SECOND = 2_000
/** Shares that every generated universe has. */
const TOKENS = [2885, 3045, 1594, 11536, 1333, 4963, 5900, 1660]

interface Measured {
  readonly perSecond: number
  /** What one core carries: requests by CPU time of the server process. */
  readonly perCpuSecond: number
}

/**
 * Market orders over HTTP, bought and sold in turn, answered and matched, with a client that hears their events; beside it
 * an Express server that answers a constant to the same requests over the same connections.
 */
export async function simulatorOrders(): Promise<BenchResult> {
  const peer = await measureExpress()
  const simulator = await startBenchSimulator(['--ticks-per-second', '0'])
  try {
    const { token, userID } = await simulator.logIn('interactive')
    const alone = await measureOrders(simulator, token)
    const query = `token=${token}&userID=${userID}&apiType=INTERACTIVE`
    const listener = await openTickSocket(`ws://127.0.0.1:${simulator.port}/interactive/socket.io/?${query}`)
    const heard = await measureOrders(simulator, token)
    const events = listener.packets()
    listener.close()
    if (events < heard.answered * 5)
      throw new Error(`only ${events} events of ${heard.answered} orders were heard`)
    return orderResult(peer, alone, heard)
  } finally {
    await simulator.close()
  }
}

async function measureOrders(
  simulator: BenchSimulator,
  token: string,
): Promise<Measured & { answered: number }> {
  let placed = 0
  const next = (): string => {
    placed += 1
    return jsonRequest('/interactive/orders', marketOrder(placed), token)
  }
  const cpuBefore = simulator.cpuMs()
  const { perSecond, answered } = await requestsPerSecond({
    port: simulator.port,
    lanes: LANES,
    forMs: FOR_MS,
    next,
  })
  const perCpuSecond = answered / ((simulator.cpuMs() - cpuBefore) / 1000)
  return { perSecond, perCpuSecond, answered }
}

async function measureExpress(): Promise<Measured> {
  const [port = 0] = await freePorts(1)
  const child = spawn(process.execPath, [join(__dirname, 'simulator-peers.js'), 'express', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise((resolve) => child.once('message', resolve))
  try {
    const next = (): string => jsonRequest('/interactive/orders', marketOrder(1), 'x'.repeat(200))
    const before = processCpuMs(child.pid ?? 0)
    const { perSecond, answered } = await requestsPerSecond({ port, lanes: LANES, forMs: FOR_MS, next })
    return { perSecond, perCpuSecond: answered / ((processCpuMs(child.pid ?? 0) - before) / 1000) }
  } finally {
    await ended(child)
  }
}

/** Buys and sells in turn, so that no position grows. */
function marketOrder(count: number): object {
  return {
    exchangeSegment: 'NSECM',
    exchangeInstrumentID: TOKENS[(count >> 1) % TOKENS.length],
    productType: 'MIS',
    orderType: 'MARKET',
    orderSide: count % 2 === 0 ? 'SELL' : 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice: 0,
    stopPrice: 0,
    orderUniqueIdentifier: `bench-${count}`,
  }
}

function orderResult(peer: Measured, alone: Measured, heard: Measured): BenchResult {
  return {
    name: `simulator: market orders accepted and matched over HTTP, ${LANES} connections`,
    unit: '/s',
    figures: {
      'Express answering a constant': peer.perSecond,
      'Express answering a constant, by one core': peer.perCpuSecond,
      'simulator, nobody listens': alone.perSecond,
      'simulator, nobody listens, by one core': alone.perCpuSecond,
      'simulator, events sent to a socket': heard.perSecond,
      'simulator, events sent to a socket, by one core': heard.perCpuSecond,
    },
    ratios: {
      'Express / simulator, nobody listens, by one core': { value: peer.perCpuSecond / alone.perCpuSecond },
      'Express / simulator, events sent, by one core': { value: peer.perCpuSecond / heard.perCpuSecond },
      [`goal of ${GOAL_PER_SECOND} / simulator, events sent, by one core`]: {
        value: GOAL_PER_SECOND / heard.perCpuSecond,
        limit: 1,
      },
    },
    notes: [
      'By one core: requests divided by the CPU time of the server process, so that a shared machine does not change it.',
      'Each order is six events on the socket: PendingNew, New, trade, Filled, and the position in both books.',
    ],
  }
}
