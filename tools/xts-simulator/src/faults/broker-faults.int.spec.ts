import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import io from 'socket.io-client'
import {
  eventually,
  FaultLab,
  proves as prove,
  INTERACTIVE_KEYS,
  ORDER,
  RESTING,
  rowsOf,
} from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

const profile = (timeoutMs?: number) =>
  lab.client.call('GET', '/interactive/user/profile', undefined, timeoutMs)

/** Asks until the broker answers again; why it did not before. */
async function refusalsUntilBack(call: () => Promise<unknown>): Promise<unknown[]> {
  const refusals: unknown[] = []
  const isBack = async (): Promise<boolean> => {
    try {
      await call()
      return true
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: { code?: string } }
      refusals.push(cause?.code ?? code)
      return false
    }
  }
  await eventually(isBack)
  return refusals
}

describe('faults of the broker', () => {
  proves('restart-keeps-orders', async () => {
    const socket = await lab.orderSocket()
    const id = await lab.placed(RESTING)
    await lab.arm('restart-keeps-orders', { parameters: { downMs: 150 } })
    await socket.hears('disconnect')
    expect(await refusalsUntilBack(() => profile(1000))).toContain('ECONNREFUSED')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ AppOrderID: id, OrderStatus: 'New' }])
    const again = await lab.orderSocket()
    await lab.cancel(id)
    await again.until(() => again.messages('order').some((order) => order['OrderStatus'] === 'Cancelled'))
  })

  proves('restart-forgets-orders', async () => {
    const socket = await lab.orderSocket()
    const id = await lab.placed(RESTING)
    await socket.until(() => socket.messages('order').length >= 2)
    await lab.arm('restart-forgets-orders', { parameters: { downMs: 150, endsSessions: true } })
    expect(await refusalsUntilBack(() => profile(1000))).toContain('ECONNREFUSED')
    expect(await profile()).toMatchObject({ body: { code: 'e-session-0005' } })
    await lab.client.login('/interactive/user/session', INTERACTIVE_KEYS)
    expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
    expect(await lab.cancel(id)).toMatchObject({ status: 400 })
    expect(await lab.received()).toHaveLength(1)
  })

  proves('connection-limit', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('connection-limit', { parameters: { most: 1 } })
    await expect(lab.rawRequest('/interactive/user/profile')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await lab.clear()
    expect((await lab.rawRequest('/interactive/user/profile', 'connection: close')).text).toContain('200 OK')
    expect(socket.heard.map(({ name }) => name)).not.toContain('disconnect')
  })

  proves('connections-reset', async () => {
    await lab.arm('connections-reset')
    await expect(lab.rawRequest('/interactive/user/profile')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await lab.clear()
    expect((await lab.rawRequest('/interactive/user/profile', 'connection: close')).text).toContain('200 OK')
  })
})

describe('a broker that is down', () => {
  it('can be closed, and does not come back', async () => {
    const other = await FaultLab.open(io)
    await other.arm('restart-keeps-orders', { parameters: { downMs: 50 } })
    await other.close()
    await expect(other.rawRequest('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('forgets its orders in its state file too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forgotten-'))
    const stateFile = join(folder, 'day.jsonl')
    const first = await FaultLab.open(io, { stateFile })
    await first.begin()
    await first.place({ ...RESTING, orderUniqueIdentifier: 'forgotten' })
    await first.arm('restart-forgets-orders', { parameters: { downMs: 0 } })
    await first.client.login('/interactive/user/session', INTERACTIVE_KEYS)
    await first.place({ ...RESTING, orderUniqueIdentifier: 'remembered' })
    await first.close()
    const second = await FaultLab.open(io, { stateFile })
    await second.client.login('/interactive/user/session', INTERACTIVE_KEYS)
    const tags = rowsOf(await second.orderBook()).map((row) => row['OrderUniqueIdentifier'])
    const received = (await second.received()).map(({ tag }) => tag)
    await second.close()
    rmSync(folder, { recursive: true })
    expect([tags, received]).toEqual([['remembered'], ['forgotten', 'remembered']])
  })
})

describe('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fault-tls-'))
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const itWithTls = hasCertificate(tlsCert, tlsKey) ? it : it.skip
  afterAll(() => rmSync(folder, { recursive: true }))

  itWithTls('an answer is cut or reset, and a restart refuses and comes back', async () => {
    const other = await FaultLab.open(io, { tlsCert, tlsKey })
    const { port } = other.simulator
    const logIn = () => ask({ port, path: '/interactive/user/session', body: INTERACTIVE_KEYS })
    const { token } = (JSON.parse((await logIn()).text) as { result: { token: string } }).result
    await other.arm('answer-cut-off', { count: 1 })
    await expect(logIn()).rejects.toThrow('aborted')
    await other.arm('accept-then-reset')
    const { token: again } = (JSON.parse((await logIn()).text) as { result: { token: string } }).result
    expect(again).not.toBe(token)
    const placed = ask({ port, path: '/interactive/orders', body: ORDER, token: again })
    await expect(placed).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await other.received()).toHaveLength(1)
    await other.arm('restart-keeps-orders', { parameters: { downMs: 100 } })
    expect(await refusalsUntilBack(logIn)).toContain('ECONNREFUSED')
    await other.close()
  })
})

/** Without openssl there is nothing to make a certificate with. */
function hasCertificate(cert: string, key: string): boolean {
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  try {
    execFileSync('openssl', [...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

interface Asked {
  readonly port: number
  readonly path: string
  readonly body: object
  readonly token?: string
}

/** POST over TLS without looking at the certificate, on a connection of its own. */
function ask({ port, path, body, token = '' }: Asked): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', authorization: token }
  const to = {
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    headers,
    rejectUnauthorized: false,
    agent: false,
  }
  return new Promise((resolve, reject) => {
    const sent = request(to, (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => (text += piece.toString()))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}
