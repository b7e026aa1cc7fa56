import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const KEYS = { appKey: 'ik', secretKey: 'is' }
const ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 5, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 'tag-1',
} // prettier-ignore
/** Far below the market, inside its band. */
const RESTING = { ...ORDER, orderType: 'LIMIT', limitPrice: 1400, orderUniqueIdentifier: 'resting' }
const BOOKS = ['orders', 'orders/trades', 'portfolio/positions?dayOrNet=NetWise', 'portfolio/positions?dayOrNet=DayWise', 'user/balance'] // prettier-ignore

const EVERYTHING_BUT_DATE = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval',
  'clearInterval', 'setTimeout', 'clearTimeout',
] as const // prettier-ignore

interface Seat {
  readonly simulator: RunningSimulator
  readonly client: XtsClient
  readonly control: XtsClient
  readonly socket: XtsSocket
}

describe('a simulator that is started again on its state file', () => {
  let folder: string
  let stateFile: string
  const seats: Seat[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulator-restart-'))
    stateFile = join(folder, 'day.jsonl')
    // The clock stands: a number that is given twice cannot hide behind it, and no midnight comes in between.
    jest.useFakeTimers({ now: Date.parse('2026-11-20T05:00:00Z'), doNotFake: [...EVERYTHING_BUT_DATE] })
  })
  afterEach(async () => {
    for (const seat of seats.splice(0)) {
      seat.client.close()
      await seat.simulator.close()
    }
    jest.useRealTimers()
    rmSync(folder, { recursive: true, force: true })
  })

  async function sitDown(file: string): Promise<Seat> {
    const simulator = await startSimulator({
      port: 0, controlPort: 0, universe: 'small', interactiveKey: KEYS.appKey, interactiveSecret: KEYS.secretKey,
      stateFile: file, ticksPerSecond: 0,
    }) // prettier-ignore
    const client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await client.login('/interactive/user/session', { ...KEYS, source: 'WebAPI' })
    const socket = client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    const control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, io)
    const seat = { simulator, client, control, socket }
    seats.push(seat)
    await socket.hears('joined')
    return seat
  }

  /** What a process that is killed now leaves behind: its file, as it is, while it still runs. */
  function killedNow(): string {
    const left = join(folder, `left-${seats.length}.jsonl`)
    copyFileSync(stateFile, left)
    return left
  }

  const place = async ({ client }: Seat, order: object): Promise<number> => {
    const answer = await client.call('POST', '/interactive/orders', order)
    return (answer.body?.result as { AppOrderID: number }).AppOrderID
  }
  const heardOf = ({ socket }: Seat, appOrderId: number, status: string): Promise<void> =>
    socket.until(() =>
      socket
        .messages('order')
        .some((order) => order['AppOrderID'] === appOrderId && order['OrderStatus'] === status),
    )
  const movePrice = ({ control }: Seat, price: number): Promise<unknown> =>
    control.call('POST', '/price', { segment: 'NSECM', token: 2885, price })

  async function books({ client, control }: Seat, ...ids: number[]): Promise<string[]> {
    const paths = [...BOOKS, ...ids.map((id) => `orders?appOrderID=${id}`)]
    const texts = paths.map(
      async (path) => `${path} ${(await client.call('GET', `/interactive/${path}`)).text}`,
    )
    return Promise.all([...texts, control.call('GET', '/orders').then(({ text }) => text)])
  }

  it('has the books it had when it was killed, byte for byte', async () => {
    const before = await sitDown(stateFile)
    const filled = await place(before, ORDER)
    await heardOf(before, filled, 'Filled')
    const resting = await place(before, RESTING)
    await heardOf(before, resting, 'New')
    await before.client.call('DELETE', `/interactive/orders?appOrderID=${await place(before, RESTING)}`)
    await place(before, { ...ORDER, orderQuantity: -1 })
    await before.socket.until(() =>
      before.socket.messages('order').some((o) => o['OrderStatus'] === 'Cancelled'),
    )
    const left = killedNow()
    const after = await sitDown(left)
    expect(await books(after, filled, resting)).toEqual(await books(before, filled, resting))
  })

  it('fills what rested, adds to the position, and gives no number twice', async () => {
    const before = await sitDown(stateFile)
    const filled = await place(before, ORDER)
    await heardOf(before, filled, 'Filled')
    const resting = await place(before, RESTING)
    await heardOf(before, resting, 'New')
    const after = await sitDown(killedNow())
    await movePrice(after, 1390)
    await heardOf(after, resting, 'Filled')
    const third = await place(after, { ...ORDER, orderUniqueIdentifier: 'tag-3' })
    await heardOf(after, third, 'Filled')
    const rows = async (path: string): Promise<Record<string, unknown>[]> =>
      (await after.client.call('GET', `/interactive/${path}`)).body?.result as Record<string, unknown>[]
    const trades = await rows('orders/trades')
    expect(new Set(trades.map((trade) => trade['ExecutionID'])).size).toBe(3)
    expect(trades.map((trade) => trade['AppOrderID'])).toEqual([filled, resting, third])
    const exchangeIds = (await rows('orders')).map((order) => order['ExchangeOrderID'])
    expect(new Set(exchangeIds).size).toBe(3)
    const positions = await rows('portfolio/positions?dayOrNet=NetWise')
    expect(positions).toMatchObject({ positionList: [{ Quantity: '15' }] })
  })

  it('goes on with the rest of a partly filled order', async () => {
    const before = await sitDown(stateFile)
    const first = await place(before, ORDER)
    await heardOf(before, first, 'Filled')
    const price = before.socket.messages('trade')[0]?.['LastTradedPrice'] as number
    // More than the crowd offers up to there, and offers again.
    const big = await place(before, { ...RESTING, limitPrice: price, orderQuantity: 20_000 })
    await heardOf(before, big, 'PartiallyFilled')
    const left = killedNow()
    const filledBefore = filledQuantity(left, big)
    const after = await sitDown(left)
    await movePrice(after, 1400)
    const large = await after.client.call('GET', `/interactive/orders?appOrderID=${big}`)
    const history = large.body?.result as Record<string, unknown>[]
    expect(history.at(-1)).toMatchObject({ OrderStatus: 'PartiallyFilled' })
    expect(history.at(-1)?.['CumulativeQuantity']).toBeGreaterThan(filledBefore)
    expect(await after.client.call('DELETE', `/interactive/orders?appOrderID=${big}`)).toMatchObject({
      status: 200,
    })
    await heardOf(after, big, 'Cancelled')
  })

  it('knows nothing of the day before', async () => {
    const before = await sitDown(stateFile)
    await heardOf(before, await place(before, RESTING), 'New')
    const left = killedNow()
    jest.setSystemTime(Date.parse('2026-11-21T05:00:00Z'))
    const after = await sitDown(left)
    expect((await after.client.call('GET', '/interactive/orders')).body).toMatchObject({ type: 'error' })
    expect(statSync(left).size).toBe(0)
  })

  it('touches no file of a simulator that holds its port', async () => {
    const before = await sitDown(stateFile)
    await heardOf(before, await place(before, RESTING), 'New')
    jest.setSystemTime(Date.parse('2026-11-21T05:00:00Z'))
    const second = startSimulator({
      port: before.simulator.port,
      controlPort: 0,
      universe: 'small',
      stateFile,
    })
    await expect(second).rejects.toThrow('XTS_SIMULATOR_PORT')
    expect(statSync(stateFile).size).toBeGreaterThan(0)
  })
})

/** As the kept lines add up, without the program under test. */
function filledQuantity(file: string, appOrderId: number): number {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const fills = lines.map((line) => JSON.parse(line) as { kind: string; order: number; quantity: number })
  return fills
    .filter(({ kind, order }) => kind === 'filled' && order === appOrderId)
    .reduce((sum, { quantity }) => sum + quantity, 0)
}
