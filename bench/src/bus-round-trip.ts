import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { RequestClient } from '@xts-bridge/bus'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import { Dealer } from 'zeromq'
import { quantile, type BenchResult } from './result'

const ROUNDS = 30
const REQUESTS_PER_ROUND = 300
const WARM_UP_ROUNDS = 5
const RATIO_LIMIT = 1.3

/** An order as a strategy sends it. */
const ORDER = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  side: 'BUY',
  quantity: 10,
  priceType: 'LIMIT',
  product: 'MIS',
  price: 1290.5,
}

/**
 * Serial round trip of one request over the bus, client and Nest handler included, against bare zeromq.js
 * DEALER and ROUTER that carry a message of the same size, over TCP loopback. The servers are one child process, the
 * clients this one, and rounds of both alternate, so that the machine's other work falls on both alike.
 */
export async function busRoundTrip(): Promise<BenchResult> {
  const child = fork(join(__dirname, 'bus-server.js'))
  try {
    const [endpoints] = (await once(child, 'message')) as [{ ours: string; bare: string }]
    const bus = new RequestClient({
      endpoint: endpoints.ours,
      clock: systemClock,
      ids: randomIds,
      apiKey: 'x'.repeat(43),
    })
    const bare = new Dealer({ linger: 0 })
    bare.connect(endpoints.bare)
    const times = await alternate(
      () => bus.request('order.place', ORDER, { clientOrderId: 'bench' }),
      bareRequest(bare),
    )
    await bus.close()
    bare.close()
    return resultOf(times)
  } finally {
    child.disconnect()
  }
}

interface Times {
  readonly bus: number[]
  readonly bare: number[]
}

async function alternate(askBus: () => Promise<unknown>, askBare: () => Promise<unknown>): Promise<Times> {
  const times: Times = { bus: [], bare: [] }
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const bus = await measureRound(askBus)
    const bare = await measureRound(askBare)
    if (round < 0) continue
    times.bus.push(...bus)
    times.bare.push(...bare)
  }
  return times
}

async function measureRound(ask: () => Promise<unknown>): Promise<number[]> {
  const micros: number[] = []
  for (let n = 0; n < REQUESTS_PER_ROUND; n += 1) {
    const startedAt = process.hrtime.bigint()
    await ask()
    micros.push(Number(process.hrtime.bigint() - startedAt) / 1_000)
  }
  return micros
}

/** The same frames as ours, sent and awaited with nothing in between. */
function bareRequest(dealer: Dealer): () => Promise<unknown> {
  const envelope = {
    v: 1,
    id: 'i'.repeat(18),
    apiKey: 'x'.repeat(43),
    deadlineAtMs: 1_700_000_000_000,
    clientOrderId: 'bench',
    data: ORDER,
  }
  const frames = ['order.place', JSON.stringify(envelope)]
  return async () => {
    await dealer.send(frames)
    return dealer.receive()
  }
}

function resultOf({ bus, bare }: Times): BenchResult {
  const figures = {
    busP50: quantile(bus, 0.5),
    busP99: quantile(bus, 0.99),
    bareP50: quantile(bare, 0.5),
    bareP99: quantile(bare, 0.99),
  }
  return {
    name: 'bus request round trip, serial, tcp loopback',
    unit: 'µs',
    figures,
    ratios: {
      'p50 against bare zeromq.js DEALER/ROUTER': {
        value: figures.busP50 / figures.bareP50,
        limit: RATIO_LIMIT,
      },
    },
  }
}
