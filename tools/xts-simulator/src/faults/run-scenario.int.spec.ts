import io from 'socket.io-client'
import { eventually, FaultLab, RESTING, rowsOf } from '../testing/fault-lab'

interface Report {
  readonly state: string
  readonly taken: readonly string[]
  readonly waiting: readonly string[]
  readonly failed: readonly string[]
}

const arm = (name: string, more: object = {}): object => ({ arm: [{ as: name, fault: { name, ...more } }] })

describe('a scenario', () => {
  let lab: FaultLab
  beforeAll(async () => {
    lab = await FaultLab.open(io)
  })
  beforeEach(() => lab.begin())
  afterAll(() => lab.close())

  const begin = async (steps: readonly object[]): Promise<Report> => {
    const answer = await lab.control.call('POST', '/scenario', { name: 'test', steps })
    if (answer.status !== 200) throw new Error(answer.text)
    return JSON.parse(answer.text) as Report
  }
  const report = async (): Promise<Report> =>
    JSON.parse((await lab.control.call('GET', '/scenario')).text) as Report
  const taken = (name: string): Promise<void> => eventually(async () => (await report()).taken.includes(name))

  it('arms at a time and clears by the name it gave', async () => {
    await begin([
      { name: 'wrong', atMs: 0, ...arm('bad-gateway') },
      { name: 'well', atMs: 120, clear: ['bad-gateway'] },
    ])
    expect(await lab.orderBook()).toMatchObject({ status: 502 })
    await taken('well')
    expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
    expect(await report()).toMatchObject({ state: 'finished', waiting: [], failed: [] })
  })

  it('waits for orders, trades, a fault that happened, and another step', async () => {
    await begin([
      { name: 'after an order', after: { orders: 1 }, ...arm('order-book-html') },
      {
        name: 'after the fault',
        after: { fault: 'order-book-html', happened: 1 },
        ...arm('order-book-empty'),
      },
      { name: 'after a trade', after: { trades: 1 }, ...arm('accept-then-500') },
      { name: 'after that', after: { step: 'after a trade' }, delayMs: 20, clear: ['accept-then-500'] },
    ])
    expect(await report()).toMatchObject({ state: 'running', taken: [] })
    await lab.place(RESTING)
    await taken('after an order')
    expect(await lab.orderBook()).toMatchObject({ status: 500 })
    await taken('after the fault')
    expect(await lab.orderBook()).toMatchObject({ status: 400 })
    expect((await report()).waiting).toEqual(['after a trade', 'after that'])
    await lab.place()
    await taken('after that')
    expect(await lab.place()).toMatchObject({ status: 200 })
  })

  it('moves prices, and says which step it could not take', async () => {
    const socket = await lab.orderSocket()
    await lab.place(RESTING)
    const begun = await begin([
      { name: 'nowhere', price: [{ segment: 1, token: 99, price: 5 }] },
      { name: 'no virtual clock', advanceMs: 5 },
      { name: 'down', price: [{ segment: 'NSECM', token: 2885, price: 1390 }] },
    ])
    await socket.hears('trade')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderStatus: 'Filled' }])
    expect(begun).toMatchObject({ state: 'finished', taken: ['nowhere', 'no virtual clock', 'down'] })
    expect(begun.failed).toEqual([
      'nowhere: no instrument 99 in segment 1',
      'no virtual clock: advanceMs needs a simulator with a virtual clock',
    ])
  })

  it('is stopped by another one and on demand; what was armed stays', async () => {
    await begin([
      { name: 'now', ...arm('half-json') },
      { name: 'never', atMs: 60_000, clear: 'all' },
    ])
    await lab.control.call('DELETE', '/scenario')
    expect(await report()).toMatchObject({ state: 'stopped', waiting: ['never'] })
    expect(await lab.orderBook()).toMatchObject({ body: undefined })
  })

  it('is refused whole when one step is wrong', async () => {
    await expect(begin([{ name: 'good', ...arm('half-json') }, { name: 'bad' }])).rejects.toThrow(
      'steps[1]: does nothing',
    )
    expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
  })
})

it('a scenario on a virtual clock happens at its own times, however fast they pass', async () => {
  const lab = await FaultLab.open(io, { clock: 'virtual', ticksPerSecond: 0 })
  await lab.begin()
  const steps = [
    { name: 'wrong', atMs: 3_600_000, ...arm('bad-gateway', { forMs: 60_000 }) },
    { name: 'an hour passes', atMs: 0, advanceMs: 3_599_000 },
  ]
  await lab.control.call('POST', '/scenario', { name: 'test', steps })
  expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
  await lab.control.call('POST', '/clock', { advanceMs: 2000 })
  expect(await lab.orderBook()).toMatchObject({ status: 502 })
  await lab.control.call('POST', '/clock', { advanceMs: 60_000 })
  expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
  await lab.close()
})
