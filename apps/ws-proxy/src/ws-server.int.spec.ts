import { connect } from 'node:net'
import { ManualClock, type Caller, type Clock } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'
import { ServerFrames } from './server-frames'
import { WsClient } from './testing/ws-client'
import { TopicHub } from './topic-hub'
import { WsServer } from './ws-server'

const CALLER: Caller = {
  keyId: 'key-1',
  name: 'trader1',
  kind: 'user',
  scopes: ['market.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}
const LOGIN = { action: 'authenticate', api_key: 'K' }
const TOPIC = 'NSE_SBIN_LTP'

interface Running {
  readonly server: WsServer
  readonly hub: TopicHub
  readonly port: number
  readonly refused: string[]
}

const closers: (() => Promise<void> | void)[] = []

async function open(changes: { clock?: Clock; maxClients?: number; port?: number } = {}): Promise<Running> {
  const { clock = systemClock, maxClients = 100, port = 0 } = changes
  const frames = new ServerFrames('jainamxts')
  const refused: string[] = []
  const hub = new TopicHub({
    source: { subscribe: () => undefined, unsubscribe: () => undefined },
    frames,
    fetchSnapshot: (topics) => Promise.resolve({ ticks: {}, missing: topics }),
  })
  const server = new WsServer({
    ...{ host: '127.0.0.1', port, clock, maxClients, pingIntervalMs: 20_000 },
    services: {
      ...{ clock, hub, frames },
      limits: {
        ...{ authGraceMs: 15_000, bufferBytes: 256 * 1024, maxTopics: 10 },
        ...{ maxWaitingFrames: 100, maxWaitingRequests: 100 },
      },
      verifyKey: () => Promise.resolve(CALLER),
      symbols: { hasList: () => true, find: (key) => ({ ...key }) as never },
      feedState: () => 'connected',
      onRefused: (reason) => refused.push(reason),
      onProblem: (message) => refused.push(message),
    },
  })
  const boundPort = await server.listen()
  closers.push(() => server.close())
  return { server, hub, port: boundPort, refused }
}

async function join(port: number): Promise<WsClient> {
  const client = await WsClient.connect(port)
  closers.unshift(() => client.close())
  return client
}

async function reader(port: number): Promise<WsClient> {
  const client = await join(port)
  client.say(LOGIN, { action: 'subscribe', symbol: 'SBIN', exchange: 'NSE', mode: 1 }, { action: 'ping' })
  await client.frame({ type: 'pong' })
  return client
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('WsServer', () => {
  it('closes a client that does not authenticate within 15 s', async () => {
    const clock = new ManualClock()
    const { server, port } = await open({ clock })
    const client = await join(port)
    const other = await join(port)
    await other.ask(LOGIN, { type: 'auth' })
    await clock.advance(15_000)
    expect(await client.closed).toEqual({ code: 4401, reason: 'auth timeout' })
    await other.ask({ action: 'ping' }, { type: 'pong' })
    expect(server.clientCount).toBe(1)
  })

  it('says which setting moves a port that is taken', async () => {
    const { port } = await open()
    await expect(open({ port })).rejects.toThrow(`Port ${port} is already in use`)
    await expect(open({ port })).rejects.toThrow('WS_PROXY_PORT')
  })

  it('turns away the client above the limit, and nobody else', async () => {
    const { port } = await open({ maxClients: 1 })
    const first = await join(port)
    const second = await join(port)
    expect(await second.closed).toEqual({ code: 1013, reason: 'too many clients' })
    await first.ask({ action: 'ping' }, { type: 'pong' })
  })

  it('ends a client that sends more than 64 KiB in one frame, and nobody else', async () => {
    const { port, refused } = await open()
    const [loud, quiet] = [await join(port), await join(port)]
    loud.say({ action: 'ping', padding: 'x'.repeat(70_000) })
    expect((await loud.closed).code).toBe(1009)
    await quiet.ask({ action: 'ping' }, { type: 'pong' })
    expect(refused).toContain('socket error')
  })

  it('survives bytes that are no WebSocket at all', async () => {
    const { port } = await open()
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>((resolve) => {
      socket.on('close', () => resolve())
      socket.on('error', () => undefined)
      socket.write('\u0000\u0001 nonsense\r\n\r\n')
      socket.resume()
    })
    const client = await join(port)
    await client.ask({ action: 'ping' }, { type: 'pong' })
  })

  it('cuts off a client that answers no ping', async () => {
    const clock = new ManualClock()
    const { server, port } = await open({ clock })
    const client = await reader(port)
    client.socket.pause()
    await clock.advance(20_000)
    expect(server.clientCount).toBe(1)
    await clock.advance(20_000)
    client.socket.resume()
    expect((await client.closed).code).toBe(1006)
    expect(server.clientCount).toBe(0)
  })

  it('lets a frozen client cost the others nothing, and itself only the newest tick', async () => {
    const { server, hub, port } = await open()
    const [healthy, frozen] = [await reader(port), await reader(port)]
    frozen.socket.pause()
    const lastSeq = 20_000
    // More than the kernel's buffers and the client's own take together, in turns as a feed would send it.
    for (let seq = 1; seq <= lastSeq; seq += 1) {
      hub.deliver(TOPIC, Buffer.from(JSON.stringify({ seq, padding: 'p'.repeat(1_000) })))
      if (seq % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const seqs = (client: WsClient): number[] =>
      client.frames
        .filter((frame) => frame['type'] === 'market_data')
        .map((frame) => (frame['data'] as { seq: number }).seq)
    await healthy.until(() => seqs(healthy).at(-1) === lastSeq, 'last tick')
    expect(server.totals.conflated).toBeGreaterThan(0)
    expect(seqs(frozen)).toEqual([])
    frozen.socket.resume()
    await frozen.until(() => seqs(frozen).at(-1) === lastSeq, 'last tick')
    expect(seqs(frozen)).toEqual([...seqs(frozen)].sort((a, b) => a - b))
    expect(seqs(frozen).length).toBeLessThan(lastSeq)
  })

  it('says goodbye to its clients when it stops', async () => {
    const { server, port } = await open()
    const client = await reader(port)
    await server.close()
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server is stopping' })
  })
})
