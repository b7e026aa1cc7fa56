import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from './bench-house'
import type { BenchResult } from './result'
import { ended, post, processCpuMs, startBenchSimulator, type BenchSimulator } from './simulator-process'
import { openTickSocket, type TickSocket } from './tick-socket'

const WARM_UP_MS = 2_000
const FOR_MS = 5_000
const BATCH = 50
/** Messages a second that are asked for, all sockets together; less when this process cannot hear so many. */
const DEMANDS_PER_SECOND = [60_000, 30_000, 15_000, 7_500]
/** So much of what was asked for counts as all of it. */
const WHOLE_SHARE = 0.95
const TICKS_PER_SECOND_EACH = 100
const GOAL_PER_SECOND = 50_000
const TOUCHLINE = 1501

type Form = 'json-partial' | 'binary, deflated' | 'binary, plain'

const FORMS: readonly Form[] = ['json-partial', 'binary, deflated', 'binary, plain']

const DOORS: Readonly<Record<Form, { readonly path: string; readonly query: string }>> = {
  'json-partial': { path: '/apimarketdata', query: 'publishFormat=JSON&broadcastMode=Partial' },
  'binary, deflated': { path: '/apibinarymarketdata', query: 'publishFormat=Binary&broadcastMode=Full' },
  'binary, plain': { path: '/apibinarymarketdata', query: 'publishFormat=Binary&broadcastMode=Full' },
}

/** Messages heard by all sockets together. */
interface Measured {
  readonly demanded: number
  readonly perSecond: number
  /** What one core carries: messages by CPU time of the server process. */
  readonly perCpuSecond: number
}

/**
 * Touchlines of many instruments, 100 a second of each, as partial JSON and as binary packets, to one socket and to ten;
 * beside it a bare `ws` server that sends one constant message of that size as fast as its socket takes it.
 */
export async function simulatorTicks(): Promise<BenchResult> {
  const figures: Record<string, number> = {}
  const ratios: BenchResult['ratios'] = {}
  for (const form of FORMS) {
    const peer = await measurePeer(form)
    figures[`bare ws, ${form}, 1 socket, by one core`] = peer.perCpuSecond
    for (const sockets of [1, 10]) {
      const ours = await measureSimulator(form, sockets)
      const name = `${form}, ${sockets} socket${sockets === 1 ? '' : 's'}`
      figures[`simulator, ${name}, asked for`] = ours.demanded
      figures[`simulator, ${name}`] = ours.perSecond
      figures[`simulator, ${name}, by one core`] = ours.perCpuSecond
      const value = GOAL_PER_SECOND / ours.perCpuSecond
      Object.assign(ratios, {
        [`bare ws / simulator, ${name}, by one core`]: { value: peer.perCpuSecond / ours.perCpuSecond },
        [`goal of ${GOAL_PER_SECOND} / simulator, ${name}, by one core`]: { value, limit: 1 },
      })
    }
  }
  return {
    name: 'simulator: ticks from moving books, heard by its sockets',
    unit: '/s',
    figures,
    ratios,
    notes: [
      'By one core: messages divided by the CPU time of the server process, so that a shared machine does not change it.',
      'Messages are counted at every socket: ten sockets hear each tick ten times.',
    ],
  }
}

/** The most that is heard whole; a client that lags behind has not heard what was sent, and is cut off in the end. */
async function measureSimulator(form: Form, count: number): Promise<Measured> {
  let last: Measured | undefined
  for (const demanded of DEMANDS_PER_SECOND) {
    const measured = await tryDemand(form, count, demanded)
    if (measured && measured.perSecond > demanded * WHOLE_SHARE) return measured
    last = measured ?? last
  }
  if (!last) throw new Error('this machine is too busy to listen')
  return last
}

async function tryDemand(form: Form, count: number, demanded: number): Promise<Measured | undefined> {
  const settings = {
    universe: 'small',
    ticksPerSecond: TICKS_PER_SECOND_EACH,
    isBinaryCompressed: form !== 'binary, plain',
  }
  const simulator = await startBenchSimulator([], settings)
  try {
    const login = await simulator.logIn('market')
    const { path, query } = DOORS[form]
    const address = `ws://127.0.0.1:${simulator.port}${path}/socket.io/?token=${login.token}&userID=${login.userID}&${query}`
    const sockets = await Promise.all(Array.from({ length: count }, () => openTickSocket(address)))
    await subscribe(simulator, {
      path,
      token: login.token,
      instruments: demanded / TICKS_PER_SECOND_EACH / count,
    })
    const measured = await measure(sockets, () => simulator.cpuMs())
    const isWhole = sockets.every((socket) => socket.isOpen())
    for (const socket of sockets) socket.close()
    return isWhole ? { ...measured, demanded } : undefined
  } finally {
    await simulator.close()
  }
}

async function subscribe(
  simulator: BenchSimulator,
  o: { readonly path: string; readonly token: string; readonly instruments: number },
): Promise<void> {
  const { path, token } = o
  const master = await post(
    simulator.port,
    `${path}/instruments/master`,
    { exchangeSegmentList: ['NSEFO'] },
    token,
  )
  const rows = (master as { result: string }).result.split('\n').slice(0, o.instruments)
  const instruments = rows.map((row) => ({
    exchangeSegment: 2,
    exchangeInstrumentID: Number(row.split('|')[1]),
  }))
  for (let from = 0; from < instruments.length; from += BATCH) {
    const batch = { instruments: instruments.slice(from, from + BATCH), xtsMessageCode: TOUCHLINE }
    const answer = (await post(simulator.port, `${path}/instruments/subscription`, batch, token)) as {
      type: string
    }
    if (answer.type !== 'success') throw new Error(`a subscription was refused: ${JSON.stringify(answer)}`)
  }
}

async function measurePeer(form: Form): Promise<Omit<Measured, 'demanded'>> {
  const [port = 0] = await freePorts(1)
  const kind = form === 'json-partial' ? 'ws-json' : 'ws-binary'
  const child = spawn(process.execPath, [join(__dirname, 'simulator-peers.js'), kind, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise((resolve) => child.once('message', resolve))
  try {
    const socket = await openTickSocket(`ws://127.0.0.1:${port}/?x=1`)
    return await measure([socket], () => processCpuMs(child.pid ?? 0))
  } finally {
    await ended(child)
  }
}

async function measure(
  sockets: readonly TickSocket[],
  cpuMs: () => number,
): Promise<Omit<Measured, 'demanded'>> {
  const heard = (): number => sockets.reduce((sum, socket) => sum + socket.packets(), 0)
  await wait(WARM_UP_MS)
  const [before, cpuBefore, startedAt] = [heard(), cpuMs(), performance.now()]
  await wait(FOR_MS)
  const messages = heard() - before
  return {
    perSecond: messages / ((performance.now() - startedAt) / 1000),
    perCpuSecond: messages / ((cpuMs() - cpuBefore) / 1000),
  }
}
