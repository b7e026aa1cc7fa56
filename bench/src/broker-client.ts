import { fork, type ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { HttpCaller } from '@xts-bridge/http'
import { systemClock as clock } from '@xts-bridge/runtime'
import { brokerProfile, mergeUpdate, MarketSocket, XtsInteractive, type MarketUpdate } from '@xts-bridge/xts'
import io from 'socket.io-client'
import { quantile, type BenchResult } from './result'

const CALLS = 3_000
const WARM_UP = 500
const CALL_LIMIT = 1.3
const FRAMES = 60_000
const TOKEN = { token: 'jwt', userId: String(FRAMES), clientCodes: [], isInvestorClient: true, epoch: 1 }
const FORMS = ['Full', 'Partial', 'Binary'] as const
type Form = (typeof FORMS)[number]

/** What our client of the broker costs: one call over HTTP, and one frame of the market socket. */
export async function brokerClient(): Promise<readonly BenchResult[]> {
  return [await callOverhead(), await framesPerSecond()]
}

/** Serial reads of an order book: a raw keep-alive request, the HTTP client with its breaker, and the typed call on top. */
async function callOverhead(): Promise<BenchResult> {
  const peer = await startPeer('http')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const http = new HttpCaller({
    baseUrl: `http://127.0.0.1:${peer.port}`,
    verifyTls: true,
    timeoutMs: 10_000,
    clock,
  })
  const xts = new XtsInteractive({ http, profile: brokerProfile('simulator'), token: () => TOKEN })
  const ways = {
    'raw keep-alive request': () => rawGet(peer.port, agent),
    'HTTP client and breaker': () =>
      http.call({ family: 'read', method: 'GET', path: '/interactive/orders' }),
    'typed call': () => xts.orders(),
  }
  try {
    const times = await inTurns(ways)
    const p50 = (way: keyof typeof ways): number => quantile(times[way] ?? [], 0.5)
    const raw = p50('raw keep-alive request')
    return {
      name: 'One read of the broker, serial',
      unit: 'us',
      figures: Object.fromEntries(
        Object.entries(times).flatMap(([way, took]) => [
          [`${way}, p50`, quantile(took, 0.5)],
          [`${way}, p99`, quantile(took, 0.99)],
        ]),
      ),
      ratios: {
        'HTTP client and breaker against raw, p50': {
          value: p50('HTTP client and breaker') / raw,
          limit: CALL_LIMIT,
        },
        'typed call against raw, p50': { value: p50('typed call') / raw, limit: CALL_LIMIT },
      },
    }
  } finally {
    agent.destroy()
    await http.close()
    peer.process.kill()
  }
}

/** Microseconds of each call, the ways taking turns so that a slow moment of the machine hits all of them. */
async function inTurns(
  ways: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]))
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    for (const [way, run] of Object.entries(ways)) {
      const startedAt = process.hrtime.bigint()
      await run()
      const tookUs = Number(process.hrtime.bigint() - startedAt) / 1e3
      if (call >= WARM_UP) times[way]?.push(tookUs)
    }
  }
  return times
}

function rawGet(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/interactive/orders', agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Frames of five levels per second of one core, decoded and merged, against the same frames heard by socket.io-client alone. */
async function framesPerSecond(): Promise<BenchResult> {
  const peer = await startPeer('feed')
  const figures: Record<string, number> = {}
  const ratios: Record<string, { value: number }> = {}
  try {
    for (const form of FORMS) {
      const bare = await perCore((done) => listenBare(peer.port, form, done))
      const ours = await perCore((done) => listenOurs(peer.port, form, done))
      figures[`${form}: socket.io-client alone`] = bare
      figures[`${form}: decoded and merged`] = ours
      ratios[`${form}: cost against the client alone`] = { value: bare / ours }
    }
  } finally {
    peer.process.kill()
  }
  return { name: 'Market frames of five levels, by one core', unit: 'frames/s', figures, ratios }
}

/** Frames per second of CPU time that this process spends on them. */
async function perCore(listen: (done: () => void) => () => unknown): Promise<number> {
  const startedAt = process.cpuUsage()
  let stop = (): unknown => undefined
  await new Promise<void>((resolve) => {
    stop = listen(resolve)
  })
  const { user, system } = process.cpuUsage(startedAt)
  await stop()
  return FRAMES / ((user + system) / 1e6)
}

function listenBare(port: number, form: Form, done: () => void): () => unknown {
  const options = {
    path: '/apibinarymarketdata/socket.io',
    query: { token: 'jwt', userID: String(FRAMES), publishFormat: 'JSON', broadcastMode: form },
    transports: ['websocket'],
    forceNew: true,
    forceNode: true,
    reconnection: false,
  }
  const socket = io(`http://127.0.0.1:${port}`, options as unknown as SocketIOClient.ConnectOpts)
  let heard = 0
  const take = (): void => {
    heard += 1
    if (heard === FRAMES) done()
  }
  for (const event of ['1502-json-full', '1502-json-partial', 'xts-binary-packet']) socket.on(event, take)
  return () => socket.close()
}

function listenOurs(port: number, form: Form, done: () => void): () => unknown {
  const values = new Map<number, MarketUpdate>()
  let heard = 0
  const socket = new MarketSocket({
    profile: brokerProfile('simulator', {
      baseUrl: `http://127.0.0.1:${port}`,
      broadcastMode: form as 'Full' | 'Partial',
    }),
    clock,
    token: () => TOKEN,
    onUpdate: (update) => {
      values.set(update.token, mergeUpdate(values.get(update.token), update))
      heard += 1
      if (heard === FRAMES) done()
    },
    onJoined: () => undefined,
    onLogout: () => undefined,
    onDown: () => undefined,
  })
  socket.start()
  return () => socket.close()
}

async function startPeer(
  kind: 'http' | 'feed',
): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const child = fork(join(__dirname, 'broker-peers.js'), [kind])
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('error', reject)
  })
  return { port, process: child }
}
