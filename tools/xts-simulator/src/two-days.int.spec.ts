import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import io from 'socket.io-client'
import type { SimulatorOptions } from './options'
import { startSimulator, type RunningSimulator } from './start-simulator'
import { INTERACTIVE_KEYS, MARKET_KEYS, ORDER, rowsOf } from './testing/fault-lab'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const HOUR = 3_600_000
const EVENING = '2026-11-20T23:00:00+05:30'
const RESTING = { orderType: 'LIMIT', limitPrice: 1400 }
type Row = Record<string, unknown>

let folder: string
const seats: Seat[] = []
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'simulator-days-'))))
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A client and an owner of one simulator, from the evening of a Friday on. */
class Seat {
  readonly client: XtsClient
  readonly control: XtsClient

  private constructor(readonly simulator: RunningSimulator) {
    this.client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    this.control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, io)
  }

  static async take(options: SimulatorOptions = {}): Promise<Seat> {
    const usual = { port: 0, controlPort: 0, universe: 'small', clock: 'virtual', start: EVENING } as const
    const seat = new Seat(await startSimulator({ ...usual, ticksPerSecond: 0, ...options }))
    seats.push(seat)
    await seat.client.login('/interactive/user/session', INTERACTIVE_KEYS)
    return seat
  }

  async close(): Promise<void> {
    this.client.close()
    await this.simulator.close()
  }

  async place(change: object): Promise<number> {
    const answer = await this.client.call('POST', '/interactive/orders', { ...ORDER, ...change })
    await this.goOn(1000)
    return (answer.body?.result as { AppOrderID: number }).AppOrderID
  }

  async goOn(advanceMs: number): Promise<void> {
    const { status } = await this.control.call('POST', '/clock', { advanceMs })
    expect(status).toBe(200)
  }

  async socket(): Promise<XtsSocket> {
    const socket = this.client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
    return socket
  }

  async positions(book: 'NetWise' | 'DayWise'): Promise<unknown[]> {
    const rows = await this.rows(`portfolio/positions?dayOrNet=${book}`)
    return rows.map((row) => [
      row['ProductType'],
      row['Quantity'],
      row['OpenBuyQuantity'],
      row['OpenSellQuantity'],
    ])
  }

  /** An empty book is an error of the broker; a dead token must not look like one. */
  async rows(path: string): Promise<Row[]> {
    const answer = await this.client.call('GET', `/interactive/${path}`)
    expect(String(answer.body?.code)).not.toContain('session')
    return rowsOf(answer)
  }
}

describe('a virtual day that ends', () => {
  it('cancels what rests, empties the books, drops intraday positions and carries the others over', async () => {
    const seat = await Seat.take()
    const socket = await seat.socket()
    await seat.place({ productType: 'NRML', orderQuantity: 10 })
    await seat.place({ productType: 'MIS', orderQuantity: 4 })
    const resting = await seat.place({ ...RESTING, productType: 'NRML' })
    expect(await seat.positions('NetWise')).toEqual([['NRML', '10', '10', '0'], ['MIS', '4', '4', '0']]) // prettier-ignore
    const [bought] = await seat.rows('portfolio/positions?dayOrNet=NetWise')
    await seat.goOn(2 * HOUR)

    const ends = socket.messages('order').filter((order) => order['AppOrderID'] === resting)
    expect(ends.at(-1)).toMatchObject({ OrderStatus: 'Cancelled', CancelRejectReason: '16388 : Order cancelled by the system' }) // prettier-ignore
    expect(String(ends.at(-1)?.['LastUpdateDateTime'])).toMatch(/^2026-11-21T00:00:00/)
    expect(await seat.rows('orders')).toEqual([])
    expect(await seat.rows('orders/trades')).toEqual([])
    expect(await seat.positions('DayWise')).toEqual([])
    expect(await seat.positions('NetWise')).toEqual([['NRML', '10', '10', '0']])
    const [carried] = await seat.rows('portfolio/positions?dayOrNet=NetWise')
    expect(carried?.['BuyAveragePrice']).toBe(bought?.['BuyAveragePrice'])
    const received = JSON.parse((await seat.control.call('GET', '/orders')).text) as { orders: Row[] }
    expect(received.orders).toHaveLength(3)
  })

  it('goes on from what was carried over, over a restart and into a third day', async () => {
    const stateFile = join(folder, 'day.jsonl')
    const seat = await Seat.take({ stateFile })
    await seat.place({ productType: 'NRML', orderQuantity: 10 })
    await seat.goOn(2 * HOUR)
    const [first = ''] = readFileSync(stateFile, 'utf8').split('\n')
    expect(JSON.parse(first)).toMatchObject({ kind: 'opened', positions: [{ token: 2885, productType: 'NRML', quantity: 10 }] }) // prettier-ignore
    expect(readFileSync(stateFile, 'utf8')).not.toContain('"received"')
    await seat.place({ productType: 'NRML', orderQuantity: 4, orderSide: 'SELL' })
    const net = [['NRML', '6', '10', '4']]
    expect(await seat.positions('NetWise')).toEqual(net)
    expect(await seat.positions('DayWise')).toEqual([['NRML', '-4', '0', '4']])

    const left = join(folder, 'left.jsonl')
    copyFileSync(stateFile, left)
    const again = await Seat.take({ stateFile: left, start: '2026-11-21T02:00:00+05:30' })
    expect(await again.rows('portfolio/positions?dayOrNet=NetWise')).toEqual(await seat.rows('portfolio/positions?dayOrNet=NetWise')) // prettier-ignore
    expect(await again.rows('orders/trades')).toEqual(await seat.rows('orders/trades'))

    await again.goOn(23 * HOUR)
    expect(await again.positions('NetWise')).toEqual([['NRML', '6', '6', '0']])
    await again.control.call('POST', '/reset', {})
    expect(await again.positions('NetWise')).toEqual([['NRML', '6', '6', '0']])
  })

  it('does not carry a position over that was closed, nor what is bought and sold in the same day', async () => {
    const seat = await Seat.take()
    await seat.place({ productType: 'NRML' })
    await seat.place({ productType: 'NRML', orderSide: 'SELL' })
    await seat.goOn(2 * HOUR)
    expect(await seat.positions('NetWise')).toEqual([])
  })

  it('carries a short position over at its selling price', async () => {
    const seat = await Seat.take()
    await seat.place({ productType: 'NRML', orderSide: 'SELL', orderQuantity: 7 })
    const [sold] = await seat.rows('portfolio/positions?dayOrNet=NetWise')
    await seat.goOn(2 * HOUR)
    const [carried] = await seat.rows('portfolio/positions?dayOrNet=NetWise')
    expect(carried).toMatchObject({ Quantity: '-7', SellAveragePrice: sold?.['SellAveragePrice'] })
  })

  it('leaves no leg of a bracket behind', async () => {
    const seat = await Seat.take()
    const bracket = { ...ORDER, orderType: 'LIMIT', limitPrice: 1480, squarOff: 20, stopLossPrice: 10, trailingStoploss: 0, isProOrder: false } // prettier-ignore
    const { productType: _, ...asked } = bracket
    expect((await seat.client.call('POST', '/interactive/orders/bracket', asked)).status).toBe(200)
    await seat.goOn(1000)
    expect((await seat.rows('orders')).map((order) => order['OrderStatus'])).toEqual(['Filled', 'New', 'New'])
    await seat.goOn(2 * HOUR)
    expect(await seat.rows('orders')).toEqual([])
    expect(await seat.positions('NetWise')).toEqual([])
    await seat.control.call('POST', '/price', { segment: 1, token: 2885, price: 1390 })
    await seat.goOn(1000)
    expect(await seat.rows('orders')).toEqual([])
  })

  it('has nothing intraday left when the profile squared it off in the afternoon', async () => {
    const start = '2026-11-20T15:00:00+05:30'
    const seat = await Seat.take({ start, sessionProfile: 'nse' })
    await seat.place({ productType: 'MIS', orderQuantity: 4 })
    await seat.place({ productType: 'CNC', orderQuantity: 3 })
    await seat.goOn(HOUR)
    expect(await seat.positions('NetWise')).toEqual([['MIS', '0', '4', '4'], ['CNC', '3', '3', '0']]) // prettier-ignore
    await seat.goOn(12 * HOUR)
    expect(await seat.positions('NetWise')).toEqual([['CNC', '3', '3', '0']])
  })
})

describe('a day by the clock of the machine', () => {
  afterEach(() => jest.useRealTimers())

  it('ends with the first request after midnight', async () => {
    jest.useFakeTimers({ now: Date.parse(EVENING), doNotFake: [...EVERYTHING_BUT_DATE] })
    const seat = await Seat.take({ clock: 'wall' })
    const socket = await seat.socket()
    await seat.client.call('POST', '/interactive/orders', { ...ORDER, ...RESTING, productType: 'NRML' })
    await socket.until(() => socket.messages('order').some((order) => order['OrderStatus'] === 'New'))
    jest.setSystemTime(Date.parse(EVENING) + 2 * HOUR)
    expect(await seat.rows('orders')).toEqual([])
    await socket.until(() => socket.messages('order').at(-1)?.['OrderStatus'] === 'Cancelled')
  })
})

const EVERYTHING_BUT_DATE = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval',
  'clearInterval', 'setTimeout', 'clearTimeout',
] as const // prettier-ignore

describe('the sessions overnight', () => {
  it('end at the time that is set, in both APIs, and a new login opens another', async () => {
    const seat = await Seat.take({ sessionResetAt: '03:00' })
    const market = new XtsClient(`http://127.0.0.1:${seat.simulator.port}`, io)
    await market.login('/apimarketdata/auth/login', MARKET_KEYS)
    const socket = await seat.socket()
    await seat.goOn(4 * HOUR - 60_000)
    expect((await seat.client.call('GET', '/interactive/user/profile')).status).toBe(200)
    await seat.goOn(120_000)
    await socket.hears('logout')
    expect(socket.messages('logout')).toMatchObject([{ description: 'Your session has been expired' }])
    const refused = await seat.client.call('GET', '/interactive/user/profile')
    expect(refused).toMatchObject({ status: 400, body: { code: 'e-session-0005' } })
    const config = await market.call('GET', '/apimarketdata/config/clientConfig')
    expect(config).toMatchObject({ status: 400, body: { code: 'e-session-0007' } })
    await seat.client.login('/interactive/user/session', INTERACTIVE_KEYS)
    expect((await seat.client.call('GET', '/interactive/user/profile')).status).toBe(200)
    await seat.goOn(24 * HOUR)
    expect((await seat.client.call('GET', '/interactive/user/profile')).status).toBe(400)
  })

  it('go on when nothing is set', async () => {
    const seat = await Seat.take()
    await seat.goOn(12 * HOUR)
    expect((await seat.client.call('GET', '/interactive/user/profile')).status).toBe(200)
  })
})
