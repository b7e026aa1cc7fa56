import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@xts-bridge/contracts'
import type { HttpCallRecord, HttpOutcome, HttpRequest } from './http-call'
import { HttpCaller, type HttpCallerOptions } from './http-caller'
import { httpAnswer, startRawServer, type RawServer } from './testing/raw-server'

const ENTRY: HttpRequest = { family: 'entry', method: 'POST', path: '/orders', body: { quantity: 1 } }
const EXIT: HttpRequest = {
  family: 'exit',
  method: 'DELETE',
  path: '/orders',
  query: { appOrderID: '7', clientID: 'a b&c' },
}
const READ: HttpRequest = { family: 'read', method: 'GET', path: '/orders' }

const clock = new ManualClock()
let server: RawServer | undefined
let caller: HttpCaller | undefined
let records: HttpCallRecord[] = []

function callerFor(port: number, options: Partial<HttpCallerOptions> = {}): HttpCaller {
  records = []
  caller = new HttpCaller({
    baseUrl: `http://127.0.0.1:${port}`,
    verifyTls: true,
    timeoutMs: 10_000,
    clock,
    onCall: (record) => records.push(record),
    ...options,
  })
  return caller
}

/** Moves the manual clock in steps until the promise settles; real I/O happens between the steps. */
async function settleBy(promise: Promise<HttpOutcome>, stepMs = 500): Promise<HttpOutcome> {
  let outcome: HttpOutcome | undefined
  void promise.then((value) => (outcome = value))
  for (let step = 0; step < 20_000 && outcome === undefined; step += 1) await clock.advance(stepMs)
  if (outcome === undefined) throw new Error('the call never settled')
  return outcome
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error('the condition never came true')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

afterEach(async () => {
  await caller?.close()
  await server?.close()
  caller = undefined
  server = undefined
})

describe('an answer', () => {
  it('of any status is answered with its text, and an order is sent once', async () => {
    for (const status of [200, 400, 401, 404, 429, 500, 502]) {
      server = await startRawServer((socket) => socket.write(httpAnswer(status, '<html>x</html>')))
      const outcome = await callerFor(server.port).call(ENTRY)
      expect(outcome).toEqual({ kind: 'answered', status, text: '<html>x</html>' })
      expect(server.requests).toHaveLength(1)
      await caller?.close()
      await server.close()
    }
  })

  it('comes to what was asked: method, encoded query, headers as spelt, JSON body', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')))
    await callerFor(server.port, { baseUrl: `http://127.0.0.1:${server.port}/node7/` }).call(EXIT)
    await caller?.call({ ...ENTRY, headers: { Authorization: 'token-1' } })
    expect(server.requests[0]?.head).toMatch(
      /^DELETE \/node7\/orders\?appOrderID=7&clientID=a\+b%26c HTTP\/1\.1/,
    )
    expect(server.requests[1]?.head).toContain('\r\nAuthorization: token-1')
    expect(server.requests[1]?.head).toContain('Content-Type: application/json')
    expect(server.requests[1]?.body).toBe('{"quantity":1}')
  })

  it('is reported once per attempt, its query beside its path', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')))
    await callerFor(server.port).call(EXIT)
    expect(records).toEqual([
      {
        family: 'exit',
        method: 'DELETE',
        path: '/orders',
        outcome: 'answered',
        status: 200,
        reason: undefined,
        attempt: 1,
        tookMs: 0,
        query: { appOrderID: '7', clientID: 'a b&c' },
        requestBody: undefined,
        responseText: 'ok',
      },
    ])
  })
})

describe('not sent', () => {
  it('is what a refused connection is', async () => {
    server = await startRawServer(() => undefined)
    const port = server.port
    await server.close()
    expect(await callerFor(port).call(ENTRY)).toMatchObject({
      kind: 'not-sent',
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is what a name that does not resolve is', async () => {
    const outcome = await callerFor(1, { baseUrl: 'http://no-such-host.invalid' }).call(ENTRY)
    expect(outcome.kind).toBe('not-sent')
  })

  it('is what a TLS handshake that never ends is at the deadline', async () => {
    server = await startRawServer(() => undefined)
    const call = callerFor(server.port, { baseUrl: `https://127.0.0.1:${server.port}` }).call(ENTRY)
    await until(() => server?.connectionCount() === 1)
    expect(await settleBy(call)).toEqual({ kind: 'not-sent', reason: 'no connection within 10000 ms' })
  })

  it('is what a TLS handshake with a server that does not speak TLS is', async () => {
    server = await startRawServer(
      () => undefined,
      (socket) => socket.end('HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n'),
    )
    const call = callerFor(server.port, { baseUrl: `https://127.0.0.1:${server.port}` }).call(ENTRY)
    expect((await settleBy(call)).kind).toBe('not-sent')
  })

  it('is what a header that cannot be written is', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')))
    const outcome = await callerFor(server.port).call({ ...ENTRY, headers: { Authorization: 'a\r\nb' } })
    expect(outcome.kind).toBe('not-sent')
    expect(outcome).not.toMatchObject({ reason: expect.stringContaining('a\r\nb') })
    expect(server.requests).toHaveLength(0)
  })

  it('is what an entry is that found no free connection, and it never goes out afterwards', async () => {
    const held: (() => void)[] = []
    let isHolding = true
    server = await startRawServer((socket) => {
      const answer = (): void => void socket.write(httpAnswer(200, 'ok'))
      if (isHolding) held.push(answer)
      else answer()
    })
    const http = callerFor(server.port)
    const first = Array.from({ length: 16 }, () => http.call({ ...ENTRY, timeoutMs: 60_000 }))
    await until(() => server?.requests.length === 16)
    const late = await settleBy(http.call({ ...ENTRY, body: { late: true } }))
    expect(late).toEqual({ kind: 'not-sent', reason: 'no connection within 10000 ms' })
    isHolding = false
    held.forEach((answer) => answer())
    await Promise.all(first)
    for (let n = 0; n < 16; n += 1) expect((await http.call(ENTRY)).kind).toBe('answered')
    expect(server.requests.filter((request) => request.body.includes('late'))).toHaveLength(0)
  }, 30_000)

  it('is what a call is that was stopped at the last instant, and its connection carries the next one', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')))
    const http = callerFor(server.port)
    const beforeStart = (): void => {
      throw new Error('the account is halted')
    }
    expect(await http.call({ ...ENTRY, beforeStart })).toEqual({
      kind: 'not-sent',
      reason: 'the account is halted',
      isHeldBack: true,
    })
    expect((await http.call(ENTRY)).kind).toBe('answered')
    expect(server.requests).toHaveLength(1)
    expect(server.connectionCount()).toBe(1)
  })

  it('is what a call after close is', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')))
    const http = callerFor(server.port)
    await http.close()
    expect((await http.call(READ)).kind).toBe('not-sent')
  })
})

describe('lost', () => {
  it('is what a connection reset after the request is, and the order is not sent again', async () => {
    server = await startRawServer((socket) => socket.resetAndDestroy())
    expect((await callerFor(server.port).call(ENTRY)).kind).toBe('lost')
    expect((await callerFor(server.port).call(EXIT)).kind).toBe('lost')
    expect(server.requests).toHaveLength(2)
  })

  it('is what an answer that never comes is at the deadline', async () => {
    server = await startRawServer(() => undefined)
    const call = callerFor(server.port).call(ENTRY)
    await until(() => server?.requests.length === 1)
    expect(await settleBy(call)).toEqual({ kind: 'lost', reason: 'no complete answer within 10000 ms' })
  })

  it('is what an answer cut off in its body is', async () => {
    server = await startRawServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"type":'),
    )
    expect((await callerFor(server.port).call(ENTRY)).kind).toBe('lost')
  })

  it('is what an answer that is not HTTP is', async () => {
    server = await startRawServer((socket) => socket.end('hello\r\n\r\n'))
    expect((await callerFor(server.port).call(ENTRY)).kind).toBe('lost')
  })

  it('is what an answer still dripping at the deadline is', async () => {
    server = await startRawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"a'))
    const call = callerFor(server.port).call(ENTRY)
    await until(() => server?.requests.length === 1)
    expect((await settleBy(call)).kind).toBe('lost')
  })

  it('is what a keep-alive connection is that dies as the second order arrives; the order is not sent a third time', async () => {
    server = await startRawServer((socket, request) =>
      request.nthOnConnection === 1 ? socket.write(httpAnswer(200, 'ok')) : socket.resetAndDestroy(),
    )
    const http = callerFor(server.port)
    expect((await http.call(ENTRY)).kind).toBe('answered')
    await new Promise((resolve) => setImmediate(resolve))
    expect((await http.call(ENTRY)).kind).toBe('lost')
    expect(server.requests).toHaveLength(2)
    expect(server.connectionCount()).toBe(1)
  })

  it('is not what a connection is that the server closed while it was idle: the order takes a new one', async () => {
    server = await startRawServer((socket) => socket.end(httpAnswer(200, 'ok')))
    const http = callerFor(server.port)
    for (let n = 0; n < 3; n += 1) expect((await http.call(ENTRY)).kind).toBe('answered')
    expect(server.requests).toHaveLength(3)
    expect(server.connectionCount()).toBe(3)
  })
})

describe('a read', () => {
  it('is tried again after 1, 2 and 4 s while the server is in trouble, and then answered', async () => {
    const statuses = [503, 429, 500, 200]
    server = await startRawServer((socket) => socket.write(httpAnswer(statuses.shift() ?? 200, 'x')))
    const sentAtMs: number[] = []
    const http = callerFor(server.port, {
      retry: { random: () => 0 },
      onCall: () => sentAtMs.push(clock.nowMs()),
    })
    const outcome = await settleBy(http.call(READ), 100)
    expect(outcome).toEqual({ kind: 'answered', status: 200, text: 'x' })
    const waits = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0))
    expect(waits.map((ms, index) => ms >= 1_000 * 2 ** index)).toEqual([true, true, true])
  })

  it('is answered with the last trouble when no try helped, after four in all', async () => {
    server = await startRawServer((socket) => socket.resetAndDestroy())
    const outcome = await settleBy(callerFor(server.port).call(READ))
    expect(outcome.kind).toBe('lost')
    expect(server.requests).toHaveLength(4)
    expect(records.map((record) => record.attempt)).toEqual([1, 2, 3, 4])
  })

  it('is not tried again for a refusal, nor when it asks not to be', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(400, 'x')))
    await callerFor(server.port).call(READ)
    await server.close()
    server = await startRawServer((socket) => socket.write(httpAnswer(503, 'x')))
    await callerFor(server.port).call({ ...READ, retry: 'never' })
    expect(records).toHaveLength(1)
  })
})

describe('the breaker', () => {
  it('holds entries back after failures, lets exits pass, and closes only when its own probe is answered', async () => {
    let isHealthy = false
    server = await startRawServer((socket) => socket.write(httpAnswer(isHealthy ? 200 : 503, 'x')))
    const http = callerFor(server.port, { probePath: '/probe' })
    for (let n = 0; n < 5; n += 1) await http.call(ENTRY)
    expect(http.isBreakerOpen('entry')).toBe(true)

    expect((await http.call(ENTRY)).kind).toBe('not-sent')
    expect(server.requests).toHaveLength(5)
    for (let n = 0; n < 7; n += 1) expect((await http.call(EXIT)).kind).toBe('answered')
    expect(http.isBreakerOpen('exit')).toBe(true)

    const probes = (): number =>
      server?.requests.filter(({ head }) => head.startsWith('GET /probe')).length ?? 0
    await clock.advance(5_000)
    await until(() => probes() === 1)
    await until(() => records.at(-1)?.path === '/probe')
    expect((await http.call(ENTRY)).kind).toBe('not-sent')

    isHealthy = true
    await clock.advance(5_000)
    await until(() => !http.isBreakerOpen('entry'))
    expect((await http.call(ENTRY)).kind).toBe('answered')
    const orders = server.requests.filter(({ head }) => head.startsWith('POST'))
    expect(orders).toHaveLength(6)
  })

  it('does not open for calls that we stopped ourselves', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(200, 'x')))
    const http = callerFor(server.port)
    const beforeStart = (): void => {
      throw new Error('halted')
    }
    for (let n = 0; n < 12; n += 1) await http.call({ ...ENTRY, beforeStart })
    expect(http.isBreakerOpen('entry')).toBe(false)
  })

  it('does not open for refusals, however many', async () => {
    server = await startRawServer((socket) => socket.write(httpAnswer(429, 'x')))
    const http = callerFor(server.port)
    for (let n = 0; n < 12; n += 1) await http.call(ENTRY)
    expect(http.isBreakerOpen('entry')).toBe(false)
  })
})

it('answers a cancel while every entry connection hangs', async () => {
  server = await startRawServer((socket, request) => {
    if (request.head.startsWith('DELETE')) socket.write(httpAnswer(200, 'ok'))
  })
  const http = callerFor(server.port)
  const hanging = Array.from({ length: 40 }, () => http.call(ENTRY))
  await until(() => server?.requests.length === 16)
  expect((await http.call(EXIT)).kind).toBe('answered')
  await http.close()
  const kinds = (await Promise.all(hanging)).map((outcome) => outcome.kind)
  expect(kinds.filter((kind) => kind === 'lost')).toHaveLength(16)
  expect(kinds.filter((kind) => kind === 'not-sent')).toHaveLength(24)
})

describe('a certificate that does not verify', () => {
  it('is refused before anything is sent, unless verification is switched off', async () => {
    const identity = selfSigned()
    if (identity === undefined) {
      process.stdout.write('skipped: no openssl on this machine to make a certificate with\n')
      return
    }
    let requests = 0
    const tls = createTlsServer(identity, (_request, response) => {
      requests += 1
      response.end('ok')
    })
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
    const baseUrl = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`
    expect((await callerFor(0, { baseUrl }).call(ENTRY)).kind).toBe('not-sent')
    await caller?.close()
    expect(requests).toBe(0)
    expect((await callerFor(0, { baseUrl, verifyTls: false }).call(ENTRY)).kind).toBe('answered')
    await caller?.close()
    await new Promise((resolve) => tls.close(resolve))
  })
})

function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'xts-bridge-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '2']
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    )
    return { key: readFileSync(key), cert: readFileSync(cert) }
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}
