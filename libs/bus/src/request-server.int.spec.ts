import { AppError, type ReplyEnvelope } from '@xts-bridge/contracts'
import { Dealer, Request, type Router } from 'zeromq'
import { MAX_BODY_BYTES, type ZmqServerOptions } from './request-server'
import { CALLER, keyDoor, serveEcho, type Served } from './testing/served'
import { eventually, realClock } from './testing/real-ports'

const KEY = 'open sesame'
const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(options: Partial<ZmqServerOptions> = {}): Promise<Served> {
  const served = await serveEcho(options)
  closers.push(async () => {
    served.seen.openGate()
    await served.app.close()
  })
  return served
}

function request(id: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ v: 1, id, apiKey: KEY, data: { n: id }, ...more })
}

function dealerTo({ server }: Served): Dealer {
  const dealer = new Dealer({ linger: 0, receiveTimeout: 10_000 })
  dealer.connect(server.boundEndpoint)
  closers.push(() => dealer.close())
  return dealer
}

function readBody(frames: readonly Buffer[]): ReplyEnvelope {
  return JSON.parse(String(frames.at(-1))) as ReplyEnvelope
}

async function ask(dealer: Dealer, ...frames: (string | Buffer)[]): Promise<ReplyEnvelope> {
  await dealer.send(frames)
  const reply = await dealer.receive()
  expect(reply).toHaveLength(1)
  return readBody(reply)
}

function codeOf(reply: ReplyEnvelope): string {
  return reply.ok ? 'ok' : reply.error.code
}

describe('framings', () => {
  it('answers a plain REQ', async () => {
    const served = await serve()
    const req = new Request({ linger: 0, receiveTimeout: 10_000 })
    closers.push(() => req.close())
    req.connect(served.server.boundEndpoint)
    for (const id of ['a', 'b']) {
      await req.send(['order.place', request(id)])
      expect(readBody(await req.receive())).toMatchObject({ v: 1, id, ok: true, data: { echo: { n: id } } })
    }
  })

  it('answers a REQ with correlation, whose replies must carry the number of the request', async () => {
    const served = await serve()
    const req = new Request({ linger: 0, receiveTimeout: 10_000, correlate: true })
    closers.push(() => req.close())
    req.connect(served.server.boundEndpoint)
    for (const id of ['a', 'b']) {
      await req.send(['order.place', request(id)])
      expect(readBody(await req.receive())).toMatchObject({ id, ok: true })
    }
    const dealer = dealerTo(served)
    await dealer.send(['number', '', 'order.place', request('c')])
    expect((await dealer.receive()).slice(0, -1).map(String)).toEqual(['number', ''])
  })

  it('answers a DEALER, with or without an empty frame of its own', async () => {
    const dealer = dealerTo(await serve())
    expect(await ask(dealer, 'order.place', request('bare'))).toMatchObject({ id: 'bare', ok: true })
    await dealer.send(['', 'order.place', request('delimited')])
    const reply = await dealer.receive()
    expect(reply).toHaveLength(2)
    expect(readBody(reply)).toMatchObject({ id: 'delimited', ok: true })
  })

  it('answers a thousand requests that are in flight together, each once', async () => {
    const dealer = dealerTo(await serve())
    const ids = Array.from({ length: 1_000 }, (_, n) => `r${n}`)
    for (const id of ids) await dealer.send(['order.place', request(id)])
    const answered = new Set<string>()
    for (const _ of ids) answered.add(readBody(await dealer.receive()).id)
    expect(answered.size).toBe(1_000)
    expect(codeOf(await ask(dealer, 'order.place', request('last')))).toBe('ok')
  })
})

describe('what a handler gets and gives', () => {
  it('gets data and context but never the key', async () => {
    const served = await serve()
    const deadlineAtMs = realClock.nowMs() + 60_000
    await ask(dealerTo(served), 'order.place', request('x', { deadlineAtMs, clientOrderId: 'mine' }))
    const [seen] = served.seen.requests
    expect(seen?.data).toEqual({ n: 'x' })
    expect(seen?.request).toMatchObject({
      id: 'x',
      subject: 'order.place',
      caller: CALLER,
      clientOrderId: 'mine',
      deadlineAtMs,
    })
    expect(seen?.request.remainingMs()).toBeGreaterThan(0)
    expect(JSON.stringify(seen)).not.toContain(KEY)
  })

  it('has no end of time without a deadline', async () => {
    const served = await serve()
    await ask(dealerTo(served), 'order.place', request('x'))
    expect(served.seen.requests[0]?.request.remainingMs()).toBe(Infinity)
  })

  it('may give a promise, an observable, a value or nothing', async () => {
    const served = await serve()
    served.seen.openGate()
    const dealer = dealerTo(served)
    expect(await ask(dealer, 'order.status', request('p'))).toMatchObject({ ok: true, data: { n: 'p' } })
    expect(await ask(dealer, 'book.positions', request('o'))).toMatchObject({ ok: true, data: ['observed'] })
    expect(await ask(dealer, 'session.status', request('n'))).toMatchObject({ ok: true, data: null })
  })

  it('answers an AppError with its code, thrown or observed', async () => {
    const dealer = dealerTo(await serve())
    const thrown = await ask(dealer, 'order.smart', request('x'))
    expect(thrown).toMatchObject({
      id: 'x',
      ok: false,
      error: { kind: 'invalid', code: 'ORDER_PRICE_OFF_TICK' },
    })
    expect(codeOf(await ask(dealer, 'market.quotes', request('y')))).toBe('QUOTE_UNAVAILABLE')
  })

  it.each(['book.orders', 'feed.status'])(
    'answers INTERNAL without the cause when %s fails',
    async (subject) => {
      const problems: Record<string, unknown>[] = []
      const dealer = dealerTo(await serve({ onProblem: (_, fields) => problems.push(fields) }))
      const reply = await ask(dealer, subject, request('broken'))
      expect(reply).toMatchObject({
        ok: false,
        error: { kind: 'internal', code: 'INTERNAL', details: { id: 'broken' } },
      })
      expect(JSON.stringify(reply)).not.toContain('secret')
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatchObject({ id: 'broken', subject })
      expect(problems[0]?.['error']).toBeInstanceOf(TypeError)
      expect(codeOf(await ask(dealer, 'order.place', request('next')))).toBe('ok')
    },
  )
})

describe('refusals', () => {
  const malformed: [string, (string | Buffer)[], string][] = [
    ['one frame', ['order.place'], ''],
    ['an empty frame', [''], ''],
    ['three frames', ['order.place', request('x'), 'more'], ''],
    ['an empty body', ['order.place', ''], ''],
    ['a body that is no JSON', ['order.place', '{"v":1,'], ''],
    ['a body that is no object', ['order.place', '[1]'], ''],
    ['bytes that are no text', ['order.place', Buffer.from([0xff, 0xfe, 0x00])], ''],
    ['another version', ['order.place', JSON.stringify({ v: 2, id: 'old', data: {} })], 'old'],
    ['no id', ['order.place', JSON.stringify({ v: 1, data: {} })], ''],
    ['an unknown field', ['order.place', request('odd', { api_key: 'x' })], 'odd'],
    ['a deadline in words', ['order.place', request('word', { deadlineAtMs: 'soon' })], 'word'],
    ['a body over the limit', ['order.place', 'x'.repeat(MAX_BODY_BYTES + 1)], ''],
  ]

  it.each(malformed)('answers %s with ENVELOPE_MALFORMED and its id', async (_, frames, id) => {
    const served = await serve()
    const dealer = dealerTo(served)
    await dealer.send(frames)
    const reply = readBody(await dealer.receive())
    expect(reply).toMatchObject({
      v: 1,
      id,
      ok: false,
      error: { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
    })
    expect(codeOf(await ask(dealer, 'order.place', request('next')))).toBe('ok')
    expect(served.seen.requests).toHaveLength(1)
  })

  it('answers a REQ whose request is malformed, so that it does not hang', async () => {
    const served = await serve()
    const req = new Request({ linger: 0, receiveTimeout: 10_000 })
    closers.push(() => req.close())
    req.connect(served.server.boundEndpoint)
    for (const frames of [[''], ['one'], ['order.place', '{'], ['a', 'b', 'c']]) {
      await req.send(frames)
      expect(codeOf(readBody(await req.receive()))).toBe('ENVELOPE_MALFORMED')
    }
  })

  it.each(['order.plaice', 'toString', '{"cmd":"order.place"}', 'not.a-subject', 'key.create'])(
    'answers the subject %s with SUBJECT_UNKNOWN',
    async (subject) => {
      const outcomes: unknown[] = []
      const dealer = dealerTo(await serve({ onAnswered: (answered) => outcomes.push(answered) }))
      expect(codeOf(await ask(dealer, subject, request('x')))).toBe('SUBJECT_UNKNOWN')
      expect(outcomes).toMatchObject([{ subject: 'unknown', outcome: 'SUBJECT_UNKNOWN' }])
    },
  )

  it('refuses at the door before any handler', async () => {
    const served = await serve()
    const dealer = dealerTo(served)
    expect(codeOf(await ask(dealer, 'order.place', request('x', { apiKey: undefined })))).toBe('KEY_MISSING')
    expect(codeOf(await ask(dealer, 'order.place', request('x', { apiKey: 'guess' })))).toBe('KEY_INVALID')
    expect(served.seen.requests).toHaveLength(0)
  })

  it('refuses a request whose deadline has passed, and never executes it', async () => {
    const served = await serve()
    const late = request('late', { deadlineAtMs: realClock.nowMs() - 1 })
    expect(await ask(dealerTo(served), 'order.place', late)).toMatchObject({
      id: 'late',
      error: { kind: 'refused', code: 'DEADLINE_EXPIRED' },
    })
    expect(served.seen.requests).toHaveLength(0)
  })

  it('does not execute a request whose deadline passed while the door was asked', async () => {
    let openDoor: () => void = () => undefined
    const opened = new Promise<void>((resolve) => (openDoor = resolve))
    const slowDoor = { admit: () => opened.then(() => CALLER) }
    const served = await serve({ door: slowDoor })
    const dealer = dealerTo(served)
    const reply = await ask(dealer, 'order.place', request('x', { deadlineAtMs: realClock.nowMs() + 50 }))
    expect(codeOf(reply)).toBe('DEADLINE_EXPIRED')
    openDoor()
    expect(codeOf(await ask(dealer, 'order.place', request('next')))).toBe('ok')
    expect(served.seen.requests.map(({ request }) => request.id)).toEqual(['next'])
  })

  it('answers unknown, once, for a handler that has not ended at the deadline', async () => {
    const served = await serve()
    const dealer = dealerTo(served)
    const slow = request('slow', { deadlineAtMs: realClock.nowMs() + 50 })
    expect(await ask(dealer, 'order.status', slow)).toMatchObject({
      error: { kind: 'unknown', code: 'REPLY_LOST' },
    })
    served.seen.openGate()
    expect(await ask(dealer, 'order.status', request('after'))).toMatchObject({ id: 'after', ok: true })
  })

  it('answers unknown for a handler that never ends although the caller gave no deadline', async () => {
    const served = await serve({ handlingLimitMs: 50 })
    expect(codeOf(await ask(dealerTo(served), 'order.status', request('x')))).toBe('REPLY_LOST')
  })
})

describe('peers that leave', () => {
  it('counts the reply that cannot be delivered and goes on answering others', async () => {
    const served = await serve()
    const leaving = new Dealer({ linger: 1_000 })
    leaving.connect(served.server.boundEndpoint)
    for (let n = 0; n < 20; n += 1) await leaving.send(['order.status', request(`gone${n}`)])
    await eventually(() => served.server.counters.inFlight === 20, 'all twenty are in flight')
    const { events } = served.server.unwrap<Router>()
    leaving.close()
    while ((await events.receive()).type !== 'disconnect') continue
    const dealer = dealerTo(served)
    expect(codeOf(await ask(dealer, 'order.place', request('here')))).toBe('ok')
    served.seen.openGate()
    await eventually(() => served.server.counters.undeliverableReplies === 20, 'twenty replies are counted')
    expect(served.server.counters.inFlight).toBe(0)
    expect(codeOf(await ask(dealer, 'order.place', request('still here')))).toBe('ok')
  })
})

describe('binding and closing', () => {
  it.each(['tcp://0.0.0.0:*', 'tcp://*:5999', 'tcp://192.168.1.5:5562', 'tcp://[::]:5562'])(
    'refuses to bind %s',
    async (endpoint) => {
      await expect(serveEcho({ endpoint })).rejects.toMatchObject({ code: 'ENDPOINT_NOT_LOCAL' })
    },
  )

  it('names endpoint and setting when the endpoint is taken', async () => {
    const { server } = await serve()
    const second = serveEcho({ endpoint: server.boundEndpoint, endpointSetting: 'ORDERS_REQUESTS_ENDPOINT' })
    await expect(second).rejects.toThrow(AppError)
    await expect(second).rejects.toMatchObject({
      code: 'ENDPOINT_TAKEN',
      details: { endpoint: server.boundEndpoint, setting: 'ORDERS_REQUESTS_ENDPOINT' },
    })
  })

  it('frees its port', async () => {
    const first = await serveEcho()
    const endpoint = first.server.boundEndpoint
    await first.app.close()
    let second: Served | undefined
    await eventually(async () => {
      second = await serve({ endpoint }).catch(() => undefined)
      return second !== undefined
    }, 'the port is free again')
    expect(second?.server.boundEndpoint).toBe(endpoint)
  })

  it('refuses what waits at the door when it stops, and lets a begun handler end', async () => {
    let admissions = 0
    const door = {
      admit: (asked: Parameters<typeof keyDoor.admit>[0]) =>
        (admissions += 1) > 1 ? new Promise<never>(() => undefined) : keyDoor.admit(asked),
    }
    const served = await serve({ door })
    const dealer = dealerTo(served)
    await dealer.send(['order.status', request('begun')])
    await dealer.send(['order.place', request('waiting')])
    await eventually(() => admissions === 2, 'both reached the door')
    const closed = served.app.close()
    expect(readBody(await dealer.receive())).toMatchObject({
      id: 'waiting',
      error: { code: 'SERVICE_STOPPING' },
    })
    expect(codeOf(await ask(dealer, 'order.place', request('new')))).toBe('SERVICE_STOPPING')
    served.seen.openGate()
    expect(readBody(await dealer.receive())).toMatchObject({ id: 'begun', ok: true })
    await closed
    expect(served.seen.requests).toHaveLength(0)
  })

  it('answers unknown for a begun handler that does not end while it stops', async () => {
    const served = await serve({ drainMs: 50 })
    const dealer = dealerTo(served)
    await dealer.send(['order.status', request('stuck')])
    await eventually(() => served.server.counters.inFlight === 1, 'it is in flight')
    await served.app.close()
    expect(readBody(await dealer.receive())).toMatchObject({ id: 'stuck', error: { code: 'REPLY_LOST' } })
  })
})
