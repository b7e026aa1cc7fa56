import io from 'socket.io-client'
import { eventually, FaultLab, proves as prove, RESTING, rowsOf } from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

const profile = () => lab.client.call('GET', '/interactive/user/profile')
const stranger = () => {
  const client = lab.newClient()
  client.token = 'nonsense'
  return client.call('GET', '/interactive/orders')
}
/** The answer with its head; `call` reads only the body. */
const raw = (path: string) => fetch(lab.base + path, { headers: { authorization: lab.client.token } })

describe('faults of answers', () => {
  proves('html-instead-of-json', async () => {
    await lab.arm('html-instead-of-json')
    const answer = await raw('/interactive/user/profile')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await answer.text()).toContain('maintenance')
  })

  proves('half-json', async () => {
    await lab.arm('half-json')
    const answer = await profile()
    expect([answer.status, answer.body]).toEqual([200, undefined])
    expect(answer.text).toMatch(/^\{"type":"success"/)
  })

  proves('answer-cut-off', async () => {
    await lab.arm('answer-cut-off')
    await expect(profile()).rejects.toThrow('terminated')
  })

  proves('empty-body', async () => {
    await lab.arm('empty-body')
    expect(await profile()).toEqual({ status: 200, text: '', body: undefined })
  })

  proves('wrong-content-type', async () => {
    await lab.arm('wrong-content-type', { parameters: { contentType: 'text/plain' } })
    const answer = await raw('/interactive/user/profile')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(JSON.parse(await answer.text())).toMatchObject({ type: 'success' })
  })

  proves('wrapped-in-array', async () => {
    await lab.arm('wrapped-in-array')
    expect(JSON.parse((await profile()).text)).toMatchObject([{ type: 'success', code: 's-user-0001' }])
  })

  proves('success-with-400', async () => {
    await lab.arm('success-with-400')
    expect(await profile()).toMatchObject({ status: 400, body: { type: 'success' } })
    expect(await lab.orderBook()).toMatchObject({ status: 400, body: { type: 'error' } })
  })

  proves('error-with-200', async () => {
    await lab.arm('error-with-200')
    expect(await lab.orderBook()).toMatchObject({
      status: 200,
      body: { type: 'error', code: 'e-orders-0005' },
    })
  })

  proves('dead-token-with-200', async () => {
    await lab.arm('dead-token-with-200')
    expect(await stranger()).toMatchObject({ status: 200, body: { type: 'error', code: 'e-session-0007' } })
    expect(await lab.orderBook()).toMatchObject({ status: 400 })
  })

  proves('rate-limit-storm-wrapped', async () => {
    await lab.arm('rate-limit-storm-wrapped')
    const answer = await profile()
    expect(answer.status).toBe(429)
    expect(JSON.parse(answer.text)).toMatchObject({ err: true, data: { code: 'e-apirl-0004' } })
  })

  proves('rate-limit-storm-plain', async () => {
    await lab.arm('rate-limit-storm-plain', { parameters: { status: 400 } })
    expect(await lab.place()).toMatchObject({ status: 400, body: { type: 'error', code: 'e-apirl-0004' } })
    expect(await lab.received()).toEqual([])
  })

  proves('not-found-window', async () => {
    await lab.arm('not-found-window')
    const answer = await lab.place()
    expect([answer.status, answer.text.includes('nginx')]).toEqual([404, true])
    expect(await lab.received()).toEqual([])
  })

  proves('bad-gateway', async () => {
    await lab.arm('bad-gateway', { count: 1 })
    expect(await profile()).toMatchObject({ status: 502, body: undefined })
    expect(await profile()).toMatchObject({ status: 200 })
  })

  proves('token-refused', async () => {
    await lab.arm('token-refused')
    expect(await profile()).toMatchObject({ status: 400, body: { code: 'e-session-0005' } })
    expect(await profile()).toMatchObject({ status: 200 })
  })

  proves('answer-trickles', async () => {
    await lab.arm('answer-trickles', { delayMs: 200 })
    const answer = await raw('/interactive/user/profile')
    const pieces: number[] = []
    for await (const piece of answer.body ?? []) pieces.push((piece as Uint8Array).length)
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(Number(answer.headers.get('content-length')))
  })

  proves('keep-alive-closed', async () => {
    await lab.arm('keep-alive-closed')
    const answer = await lab.rawRequest('/interactive/user/profile')
    expect(answer.text).toContain('HTTP/1.1 200')
    expect(answer.text.toLowerCase()).not.toContain('connection: close')
    expect(answer.isEnded).toBe(true)
  })

  proves('clock-skew', async () => {
    const socket = await lab.orderSocket()
    await lab.place(RESTING)
    const before = rowsOf(await lab.orderBook())[0]?.['OrderGeneratedDateTime'] as string
    await lab.arm('clock-skew', { parameters: { skewMs: 86_400_000 } })
    const [row] = rowsOf(await lab.orderBook())
    expect(dayOf(row?.['OrderGeneratedDateTime'])).toBe(dayOf(before) + 1)
    expect(row?.['OrderExpiryDate']).toBe('01-01-1980 00:00:00')
    await lab.place(RESTING)
    await socket.until(() => socket.messages('order').length >= 3)
    const [first, , last] = socket.messages('order')
    const at = (order?: Record<string, unknown>): number =>
      Date.parse(`${String(order?.['LastUpdateDateTime']).slice(0, 19)}Z`)
    expect(at(last) - at(first)).toBeGreaterThanOrEqual(86_400_000)
    const date = (await raw('/interactive/user/profile')).headers.get('date') ?? ''
    expect(Date.parse(date) - Date.now()).toBeGreaterThan(86_000_000)
  })

  proves('slow-everything', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('slow-everything', { delayMs: 150 })
    let isAnswered = false
    const answer = lab.place().finally(() => (isAnswered = true))
    const received = async (): Promise<boolean> => (await lab.received()).length > 0
    await eventually(received)
    expect([isAnswered, socket.messages('order')]).toEqual([false, []])
    expect((await answer).status).toBe(200)
    await socket.hears('trade')
  })
})

/** The day number of `20-11-2026 10:00:15`. */
const dayOf = (text: unknown): number => {
  const [day = '', month = '', year = ''] = String(text).slice(0, 10).split('-')
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000
}
