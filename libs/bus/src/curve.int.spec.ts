import { AppError, type BusEvent } from '@xts-bridge/contracts'
import { curveKeyPair, Dealer, Request } from 'zeromq'
import { BusCurve, type BusCurveMode } from './curve/bus-curve'
import type { ClientCurve } from './curve/curve-keys'
import type { RefusedHandshake } from './curve/refused-handshakes'
import { EventPublisher } from './event-publisher'
import { EventSubscriber } from './event-subscriber'
import { RequestClient } from './request-client'
import type { CurveChoice } from './service-connection'
import { CurveFolder, publicAddress } from './testing/curve-folder'
import { countingIds, eventually, realClock as clock } from './testing/real-ports'
import { serveEcho } from './testing/served'
import { TickPublisher } from './tick-publisher'
import { TickSubscriber } from './tick-subscriber'

const ADDRESS = publicAddress()
if (ADDRESS === undefined)
  process.stdout.write(
    'This machine has no address but loopback; CURVE is tested there, switched on by force.\n',
  )
const ENDPOINT = `tcp://${ADDRESS ?? '127.0.0.1'}:*`
const WANTED_TOPIC = 'NSE_RELIANCE_LTP'

describe('a bus under CURVE', () => {
  const reported: RefusedHandshake[] = []
  const problems: string[] = []
  const closers: (() => Promise<unknown>)[] = []
  let folder: CurveFolder
  let curve: BusCurve

  async function open(mode: BusCurveMode = ADDRESS === undefined ? 'always' : 'remote'): Promise<void> {
    curve = await BusCurve.open({
      mode,
      folder: folder.path,
      clock,
      onReport: (refused) => reported.push(refused),
      onProblem: (message, fields) => problems.push(`${message}: ${JSON.stringify(fields)}`),
    })
    closers.push(() => curve.close())
  }

  beforeEach(() => {
    folder = new CurveFolder()
    reported.length = problems.length = 0
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
    folder.remove()
  })

  async function serve(endpoint = ENDPOINT): Promise<string> {
    const { server, app } = await serveEcho({ endpoint })
    closers.push(() => app.close())
    return server.boundEndpoint
  }

  function client(endpoint: string, keys?: CurveChoice): RequestClient {
    const made = new RequestClient({
      ...{ endpoint, clock, ids: countingIds(), apiKey: 'open sesame', curve: keys },
      // Far longer than a refusal takes to be known: a bare timeout would fail these tests.
      timeoutMs: 60_000,
      onProblem: (message, fields) => problems.push(`${message}: ${String(fields['reason'])}`),
    })
    closers.push(() => made.close())
    return made
  }

  function readEvents(endpoint: string, keys?: ClientCurve): BusEvent[] {
    const seen: BusEvent[] = []
    const subscriber = new EventSubscriber({
      ...{ endpoint, clock, curve: keys },
      onEvent: (event) => seen.push(event),
      onProblem: (message, fields) => problems.push(`${message}: ${String(fields['reason'])}`),
    })
    subscriber.start()
    closers.push(() => subscriber.close())
    return seen
  }

  async function publishEvents(): Promise<{ endpoint: string; publisher: EventPublisher }> {
    const publisher = new EventPublisher({ endpoint: ENDPOINT, endpointSetting: 'TEST', clock, epoch: 'e1' })
    closers.push(() => publisher.close())
    return { publisher, endpoint: await publisher.bind() }
  }

  it('carries requests, events and ticks of clients on the allow-list', async () => {
    await open()
    const keys = folder.client('laptop')
    await expect(client(await serve(), keys).request('order.place', 5)).resolves.toEqual({ echo: 5 })

    const { publisher, endpoint } = await publishEvents()
    const seen = readEvents(endpoint, keys)
    await eventually(
      () => (publisher.publish('order.primary.filled', 1), seen.length > 0),
      'an event arrives',
    )

    const ticks = new TickPublisher({
      endpoint: ENDPOINT,
      endpointSetting: 'TEST',
      clock,
      onDemand: () => undefined,
    })
    closers.push(() => ticks.close())
    const read: string[] = []
    const reader = new TickSubscriber({
      ...{ endpoint: await ticks.bind(), clock, curve: keys },
      onTick: (topic) => read.push(topic),
    })
    closers.push(() => reader.close())
    reader.subscribe(WANTED_TOPIC)
    await eventually(() => ticks.isWanted(WANTED_TOPIC), 'the subscription arrives')
    ticks.publish(WANTED_TOPIC, { ltp: 1 })
    await eventually(() => read.length > 0, 'a tick arrives')
    expect(curve.status).toMatchObject({ allowedClients: 2, refusedHandshakes: 0, refusedBy: {} })
  })

  it('carries requests of the house itself, whose sockets take the keys of the process', async () => {
    await open()
    await expect(client(await serve()).request('order.place', 1)).resolves.toEqual({ echo: 1 })
  })

  it('answers every framing as without CURVE: REQ, REQ with correlation, DEALER', async () => {
    await open()
    const endpoint = await serve()
    const { serverPublicKey: curveServerKey, publicKey, secretKey } = folder.client('foreign')
    const keys = { linger: 0, curveServerKey, curvePublicKey: publicKey, curveSecretKey: secretKey }
    const body = JSON.stringify({ v: 1, id: 'a', apiKey: 'open sesame', data: 7 })
    for (const socket of [new Request(keys), new Request({ ...keys, correlate: true }), new Dealer(keys)]) {
      closers.push(async () => socket.close())
      socket.receiveTimeout = 10_000
      socket.connect(endpoint)
      await socket.send(['order.place', body])
      const [reply, ...more] = await socket.receive()
      expect(JSON.parse(String(reply))).toMatchObject({ id: 'a', ok: true, data: { echo: 7 } })
      expect(more).toEqual([])
    }
  })

  it('refuses a key that is not on the list, and both sides say so at once', async () => {
    await open()
    const endpoint = await serve()
    const stranger = folder.client()
    await expect(client(endpoint, stranger).request('order.place', 1)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'CURVE_REFUSED',
      message: expect.stringContaining('does not let this client key in') as string,
    })
    expect(problems).toEqual([
      expect.stringContaining('bus connection refused: the service does not let this'),
    ])
    expect(reported).toEqual([
      { reason: 'unknown-key', clientAddress: ADDRESS ?? '127.0.0.1', clientKey: stranger.publicKey },
    ])
    expect(curve.status).toMatchObject({
      refusedHandshakes: 1,
      lastRefused: { reason: 'unknown-key', clientKey: stranger.publicKey },
      refusedBy: { [endpoint]: expect.stringContaining('key') as string },
    })
  })

  it('tells a reader of events or ticks that it is not let in', async () => {
    await open()
    const { endpoint } = await publishEvents()
    readEvents(endpoint, folder.client())
    await eventually(() => problems.length === 1, 'the reader of events is told')
    const reader = new TickSubscriber({
      ...{ endpoint, clock, curve: folder.client(), onTick: () => undefined },
      onProblem: (message, fields) => problems.push(`${message} ${String(fields['endpoint'])}`),
    })
    closers.push(() => reader.close())
    await eventually(() => problems.length === 2, 'the reader of ticks is told')
    expect(problems[1]).toBe(`bus connection refused ${endpoint}`)
  })

  it('lets a refused client in without a restart of either, once its key is on the list', async () => {
    await open()
    const endpoint = await serve()
    const keys = folder.client()
    const asker = client(endpoint, keys)
    await expect(asker.request('order.place', 1)).rejects.toMatchObject({ code: 'CURVE_REFUSED' })
    folder.allow('late', keys.publicKey)
    const answer = (): Promise<boolean> =>
      asker.request('order.place', 2).then(
        () => true,
        () => false,
      )
    await eventually(answer, 'it is let in')
    expect(curve.status.refusedBy).toEqual({})
  })

  it('keeps out new connections of a revoked key', async () => {
    await open()
    const endpoint = await serve()
    const keys = folder.client('leaver')
    await expect(client(endpoint, keys).request('order.place', 1)).resolves.toEqual({ echo: 1 })
    folder.revoke('leaver')
    const isRefused = async (): Promise<boolean> => {
      const asker = client(endpoint, keys)
      const outcome = await asker.request('order.place', 2).catch((error: { code: string }) => error.code)
      await asker.close()
      return outcome === 'CURVE_REFUSED'
    }
    await eventually(isRefused, 'the revoked key is refused')
  })

  it('tells a client that expects another server key', async () => {
    await open()
    const keys = { ...folder.client('laptop'), serverPublicKey: curveKeyPair().publicKey }
    await expect(client(await serve(), keys).request('order.place', 1)).rejects.toMatchObject({
      code: 'CURVE_REFUSED',
      message: expect.stringContaining('server public key') as string,
    })
    await eventually(() => reported.length > 0, 'the service says so')
    expect(reported[0]).toMatchObject({ reason: 'wrong-server-key' })
  })

  it('tells a client without keys, also on loopback when CURVE is on everywhere', async () => {
    await open('always')
    const endpoint = await serve('tcp://127.0.0.1:*')
    await expect(client(endpoint, 'none').request('order.place', 1)).rejects.toMatchObject({
      code: 'CURVE_REFUSED',
      message: expect.stringContaining('only clients with CURVE keys') as string,
    })
    await eventually(() => reported.length > 0, 'the service says so')
    // Both see it; when the client has hung up first, that is all the service sees.
    expect(reported[0]).toEqual({
      reason: expect.stringMatching(/^(no-curve|protocol)$/) as string,
      endpoint: 'tcp://127.0.0.1:*',
    })
    await expect(client(endpoint).request('order.place', 1)).resolves.toEqual({ echo: 1 })
  })

  it('tells a client with keys of a service without', async () => {
    const endpoint = await serve('tcp://127.0.0.1:*')
    await expect(client(endpoint, folder.client()).request('order.place', 1)).rejects.toMatchObject({
      code: 'CURVE_REFUSED',
      message: expect.stringContaining('does not speak CURVE') as string,
    })
  })

  it('leaves loopback plain unless it is on everywhere', async () => {
    await open('remote')
    const endpoint = await serve('tcp://127.0.0.1:*')
    await expect(client(endpoint, 'none').request('order.place', 1)).resolves.toEqual({ echo: 1 })
  })

  it('is reached under every address of the machine when bound to all of them', async () => {
    await open('remote')
    const bound = await serve('tcp://*:*')
    await expect(client(bound.replace('0.0.0.0', '*')).request('order.place', 1)).resolves.toEqual({
      echo: 1,
    })
    expect(() => client(bound, 'none')).toThrow(new AppError('ENDPOINT_NOT_LOCAL', { endpoint: bound }))
  })

  it('does not bind an address of the network without CURVE, and names the setting', async () => {
    const refusal = /0\.0\.0\.0.*set BUS_CURVE=remote.*npm run curve-keys/
    await expect(serve('tcp://0.0.0.0:*')).rejects.toThrow(refusal)
    await open('off')
    await expect(serve('tcp://0.0.0.0:*')).rejects.toThrow(refusal)
  })

  it('does not bind a name, which is another thing to who binds than to who connects', async () => {
    await open('remote')
    await expect(serve('tcp://eth0:*')).rejects.toMatchObject({ code: 'ENDPOINT_NOT_LOCAL' })
  })

  it('does not bind with a server key that others can read, or that is not there', async () => {
    await open('remote')
    folder.letOthersRead('server.key')
    await expect(serve('tcp://0.0.0.0:*')).rejects.toThrow(/server\.key has mode 644; it must be 600/)
    folder.drop('server.key')
    await expect(serve('tcp://0.0.0.0:*')).rejects.toMatchObject({
      code: 'CURVE_KEYS_UNUSABLE',
      kind: 'refused',
    })
  })

  it('does not connect with a client key that others can read', async () => {
    await open('always')
    folder.letOthersRead('client.key')
    expect(() => client('tcp://127.0.0.1:1')).toThrow(/client\.key has mode 644; it must be 600/)
  })

  it('lets nobody in while the ZAP handler does not answer', async () => {
    await open()
    const endpoint = await serve()
    await curve.close()
    const asker = client(endpoint, folder.client('laptop'))
    await expect(asker.request('order.place', 1, { timeoutMs: 1_000 })).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })

  it('opens keys once in a process', async () => {
    await open('always')
    await expect(open('always')).rejects.toThrow('CURVE is open in this process already')
  })
})
