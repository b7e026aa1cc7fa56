import { request } from 'node:http'
import io from 'socket.io-client'
import { FaultLab, RESTING, rowsOf } from '../testing/fault-lab'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

interface Raw {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** fetch would set the Host header itself. */
const raw = ({ method = 'GET', path = '/faults', headers = {}, body }: Raw): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const port = lab.simulator.controlPort
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => (text += piece.toString()))
      response.on('end', () => resolve([response.statusCode ?? 0, text]))
    })
    sent.on('error', reject)
    sent.end(body)
  })
const JSON_BODY = { 'content-type': 'application/json' }
const armed = async (): Promise<{ id: string; name: string }[]> =>
  (JSON.parse((await lab.control.call('GET', '/faults')).text) as { armed: { id: string; name: string }[] })
    .armed

describe('who may use the control API', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a name that only resolves to this machine', { host: 'evil.example:6501' }, 'evil.example'],
    ['a page of another origin', { origin: 'https://evil.example' }, 'evil.example'],
    ['a page without an origin', { origin: 'null' }, 'null'],
  ])('is not %s', async (_, headers, named) => {
    const sent = { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: '{"name":"half-json"}' }
    const [status, text] = await raw(sent)
    expect([status, text]).toEqual([403, expect.stringContaining(named)])
    expect(await armed()).toEqual([])
  })

  it.each([{ host: 'localhost:1' }, { host: '[::1]:6501' }, { origin: 'http://localhost:6501' }])(
    'is this machine: %j',
    async (headers) => {
      expect((await raw({ headers }))[0]).toBe(200)
    },
  )
})

describe('what cannot be read', () => {
  it.each([
    ['half a JSON', { headers: JSON_BODY, body: '{"name":' }, 400, 'the body cannot be read'],
    ['a list', { headers: JSON_BODY, body: '[]' }, 400, 'expected object'],
    ['nothing', { headers: JSON_BODY }, 400, 'name'],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=half-json' }, 415, 'send JSON'],
    ['two megabytes', { headers: JSON_BODY, body: JSON.stringify({ name: 'x'.repeat(2_000_000) }) }, 413, 'too large'],
  ])('is refused in words: %s', async (_, sent, status, words) => {
    const [code, text] = await raw({ method: 'POST', ...sent })
    expect([code, (JSON.parse(text) as { error: string }).error]).toEqual([status, expect.stringContaining(words)])
  }) // prettier-ignore

  it('is a path it does not have', async () => {
    expect(await raw({ path: '/earthquake' })).toEqual([404, '{"error":"there is no GET /earthquake here"}'])
  })
})

describe('faults', () => {
  it('are listed with their counters, and cleared one by one or all', async () => {
    const { id } = await lab.arm('half-json')
    await lab.arm('bad-gateway', { count: 3, match: { call: 'profile' } })
    await lab.orderBook()
    expect(await armed()).toMatchObject([
      { id, name: 'half-json', happened: 1, remaining: 'always' },
      { name: 'bad-gateway', happened: 0, remaining: 3, match: { call: 'profile' } },
    ])
    expect(await raw({ method: 'DELETE', path: `/faults/${id}` })).toMatchObject([200, expect.any(String)])
    expect(await raw({ method: 'DELETE', path: `/faults/${id}` })).toMatchObject([404, expect.any(String)])
    expect((await armed()).map(({ name }) => name)).toEqual(['bad-gateway'])
    await lab.clear()
    expect(await armed()).toEqual([])
  })

  it('act together: one in place of the answer, and all that change or delay it', async () => {
    await lab.arm('wrapped-in-array')
    await lab.arm('error-with-200')
    const answer = await lab.orderBook()
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, [{ code: 'e-orders-0005' }]])
    await lab.clear()
    await lab.arm('error-with-200')
    await lab.arm('wrapped-in-array')
    const other = await lab.orderBook()
    expect([other.status, JSON.parse(other.text)]).toMatchObject([200, [{ code: 'e-orders-0005' }]])
  })

  it('aim at one instrument, one tag, one call', async () => {
    await lab.arm('accept-then-500', {
      count: 'always',
      match: { tagPrefix: 'bad-', token: 2885, call: 'place' },
    })
    expect(await lab.place({ orderUniqueIdentifier: 'bad-1' })).toMatchObject({ status: 500 })
    expect(await lab.place({ orderUniqueIdentifier: 'good-1' })).toMatchObject({ status: 200 })
    expect(await lab.place({ orderUniqueIdentifier: 'bad-2', exchangeInstrumentID: 11536 })).toMatchObject({
      status: 200,
    })
  })
})

describe('the day', () => {
  it('shows its positions, and is begun anew by a reset that tells nobody', async () => {
    const socket = await lab.orderSocket()
    await lab.place()
    await socket.hears('position')
    const { positions } = JSON.parse((await lab.control.call('GET', '/positions')).text) as {
      positions: object[]
    }
    expect(positions).toMatchObject([
      { clientCode: 'SIM0001', token: 2885, productType: 'MIS', netQuantity: 5 },
    ])
    const resting = await lab.placed(RESTING)
    const ofResting = (): unknown[] =>
      socket.messages('order').filter((order) => order['AppOrderID'] === resting)
    await socket.until(() => ofResting().length === 2)
    expect(JSON.parse((await lab.control.call('POST', '/reset', {})).text)).toEqual({ orders: 2, faults: 0 })
    expect(await lab.received()).toEqual([])
    expect(rowsOf(await lab.positions())).toEqual([])
    await lab.control.call('POST', '/price', { segment: 1, token: 2885, price: 1390 })
    await lab.place({ orderUniqueIdentifier: 'after' })
    await socket.until(() => socket.messages('order').at(-1)?.['OrderUniqueIdentifier'] === 'after')
    expect(ofResting()).toHaveLength(2)
    expect(await lab.control.call('POST', '/reset', { all: true })).toMatchObject({ status: 400 })
  })
})

describe('the status page', () => {
  const page = async (): Promise<string> => (await raw({ path: '/' }))[1]

  it('shows orders, positions, sessions and the faults in force, and needs nothing from elsewhere', async () => {
    const socket = await lab.orderSocket()
    await lab.place({ orderUniqueIdentifier: 'seen-tag' })
    await socket.hears('position')
    await lab.arm('reply-delayed', { delayMs: 77, match: { tagPrefix: 'slow-' } })
    const text = await page()
    for (const seen of [
      'seen-tag',
      'Filled',
      'reply-delayed',
      '77',
      'slow-',
      'SIM0001',
      'interactive',
      'live',
    ])
      expect(text).toContain(seen)
    expect(text).not.toMatch(/(src|href)=|https?:\/\/|@import/)
    expect(text).not.toContain(lab.client.token)
  })

  it('escapes what clients send', async () => {
    const tag = `<script>alert("x")</script>&'`
    await lab.place({ orderUniqueIdentifier: tag.slice(0, 20), orderSide: 'Sideways' })
    await lab.arm('half-json', { match: { tag: '"><img src=x onerror=alert(1)>' } })
    const text = await page()
    expect(text).toContain('&lt;script&gt;alert(')
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img')
  })
})
