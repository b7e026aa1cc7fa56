import { AppError } from '@xts-bridge/contracts'
import { Router } from 'zeromq'
import { RequestClient, type RequestClientOptions } from './request-client'
import { countingIds, eventually, realClock } from './testing/real-ports'
import { serveEcho, type Served } from './testing/served'

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(endpoint = 'tcp://127.0.0.1:*'): Promise<Served> {
  let served: Served | undefined
  await eventually(async () => {
    served = await serveEcho({ endpoint, drainMs: 0 }).catch(() => undefined)
    return served !== undefined
  }, `${endpoint} can be bound`)
  if (served === undefined) throw new Error('unreachable')
  const { app, seen } = served
  closers.push(async () => {
    seen.openGate()
    await app.close()
  })
  return served
}

function clientTo(endpoint: string, options: Partial<RequestClientOptions> = {}): RequestClient {
  const client = new RequestClient({
    endpoint,
    clock: realClock,
    ids: countingIds(),
    apiKey: 'open sesame',
    timeoutMs: 10_000,
    ...options,
  })
  closers.push(() => client.close())
  return client
}

/** A peer that hears requests and answers what the test says. */
async function silentRouter(endpoint = 'tcp://127.0.0.1:*'): Promise<Router> {
  const router = new Router({ linger: 0, receiveTimeout: 10_000 })
  await router.bind(endpoint)
  closers.push(() => router.close())
  return router
}

describe('RequestClient', () => {
  it('gets the data of the reply', async () => {
    const { server } = await serve()
    await expect(clientTo(server.boundEndpoint).request('order.place', { n: 1 })).resolves.toEqual({
      echo: { n: 1 },
    })
  })

  it('sends key, clientOrderId and deadline with the request', async () => {
    const { server, seen } = await serve()
    const client = clientTo(server.boundEndpoint, { apiKey: undefined })
    const before = realClock.nowMs()
    await client.request(
      'order.place',
      {},
      { apiKey: 'open sesame', clientOrderId: 'mine', timeoutMs: 5_000 },
    )
    const [first] = seen.requests
    expect(first?.request.clientOrderId).toBe('mine')
    expect(first?.request.deadlineAtMs).toBeGreaterThanOrEqual(before + 5_000)
    expect(first?.request.deadlineAtMs).toBeLessThanOrEqual(realClock.nowMs() + 5_000)
  })

  it('throws the error of the service', async () => {
    const { server } = await serve()
    const refused = clientTo(server.boundEndpoint).request('order.smart', {})
    await expect(refused).rejects.toBeInstanceOf(AppError)
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', code: 'ORDER_PRICE_OFF_TICK' })
    const keyless = clientTo(server.boundEndpoint, { apiKey: undefined })
    await expect(keyless.request('order.place', {})).rejects.toMatchObject({ code: 'KEY_MISSING' })
  })

  it('keeps a thousand requests in flight apart', async () => {
    const { server } = await serve()
    const client = clientTo(server.boundEndpoint)
    const asked = Array.from({ length: 1_000 }, (_, n) => n)
    const answers = await Promise.all(asked.map((n) => client.request<{ echo: number }>('order.place', n)))
    expect(answers.map(({ echo }) => echo)).toEqual(asked)
  })

  it('takes answers in any order', async () => {
    const { server, seen } = await serve()
    const client = clientTo(server.boundEndpoint)
    const slow = client.request('order.status', 'slow')
    await expect(client.request('order.place', 'fast')).resolves.toEqual({ echo: 'fast' })
    seen.openGate()
    await expect(slow).resolves.toBe('slow')
  })

  it('answers unknown when a request was sent and no reply came in time', async () => {
    const router = await silentRouter()
    const client = clientTo(String(router.lastEndpoint))
    const lost = client.request('order.place', {}, { timeoutMs: 100 })
    await expect(lost).rejects.toMatchObject({ kind: 'unknown', code: 'REPLY_LOST' })
    expect(await router.receive()).toHaveLength(3)
  })

  it('ignores replies that are unreadable or to nobody, and counts on the right one', async () => {
    const problems: string[] = []
    const router = await silentRouter()
    const client = clientTo(String(router.lastEndpoint), { onProblem: (message) => problems.push(message) })
    const asked = client.request('order.place', {})
    const [identity] = await router.receive()
    const ok = (id: string): string =>
      JSON.stringify({ v: 1, id, atMs: realClock.nowMs(), ok: true, data: id })
    for (const body of ['{', '[]', 'null', '{"id":"id1-1"}', ok('id1-9'), ok('id1-1'), ok('id1-1')]) {
      await router.send([identity ?? '', body])
    }
    await expect(asked).resolves.toBe('id1-1')
    expect(problems).toEqual(Array(4).fill('unreadable reply'))
  })

  it('reports once a service whose clock differs by more than a quarter second', async () => {
    const problems: string[] = []
    const router = await silentRouter()
    const client = clientTo(String(router.lastEndpoint), { onProblem: (message) => problems.push(message) })
    for (const id of ['id1-1', 'id1-2']) {
      const asked = client.request('order.place', {})
      const [identity] = await router.receive()
      const late = { v: 1, id, atMs: realClock.nowMs() + 60_000, ok: true, data: null }
      await router.send([identity ?? '', JSON.stringify(late)])
      await asked
    }
    expect(problems).toEqual(['clock differs from the service'])
  })
})

describe('a service that is down', () => {
  /** An endpoint that was free a moment ago. */
  async function freeEndpoint(): Promise<string> {
    const { server, app } = await serveEcho()
    await app.close()
    return server.boundEndpoint
  }

  it('gets what still waits when it comes up', async () => {
    const endpoint = await freeEndpoint()
    const asked = clientTo(endpoint).request('order.place', 'early')
    await serve(endpoint)
    await expect(asked).resolves.toEqual({ echo: 'early' })
  })

  it('never gets a request that was withdrawn at its deadline: it was certainly not sent', async () => {
    const endpoint = await freeEndpoint()
    const client = clientTo(endpoint)
    const withdrawn = client.request('order.place', 'withdrawn', { timeoutMs: 50 })
    await expect(withdrawn).rejects.toMatchObject({ kind: 'unavailable', code: 'REQUEST_NOT_SENT' })
    const { seen } = await serve(endpoint)
    await client.request('order.place', 'later')
    expect(seen.requests.map(({ data }) => data)).toEqual(['later'])
  })

  it('is reached again after it was restarted', async () => {
    const first = await serveEcho()
    const client = clientTo(first.server.boundEndpoint)
    await client.request('order.place', 1)
    await first.app.close()
    await serve(first.server.boundEndpoint)
    await expect(client.request('order.place', 2)).resolves.toEqual({ echo: 2 })
  })
})

describe('closing', () => {
  it('settles what waits, by what is known of it', async () => {
    const router = await silentRouter()
    const client = clientTo(String(router.lastEndpoint))
    const sent = client.request('order.place', {})
    const lost = expect(sent).rejects.toMatchObject({ code: 'REPLY_LOST' })
    await router.receive()
    await client.close()
    await lost
    await expect(client.request('order.place', {})).rejects.toMatchObject({ code: 'REQUEST_NOT_SENT' })
  })

  it('settles what never found a connection', async () => {
    const client = clientTo('tcp://127.0.0.1:1')
    const waiting = expect(client.request('order.place', {})).rejects.toMatchObject({
      code: 'REQUEST_NOT_SENT',
    })
    await new Promise((resolve) => setImmediate(resolve))
    await client.close()
    await waiting
  })
})
