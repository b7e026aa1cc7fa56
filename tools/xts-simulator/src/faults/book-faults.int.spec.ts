import io from 'socket.io-client'
import { FaultLab, proves as prove, RESTING, rowsOf } from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

const history = (id: number) => lab.client.call('GET', `/interactive/orders?appOrderID=${id}`)

/** One order that was filled, told by the socket. */
const fill = async (): Promise<void> => {
  const socket = await lab.orderSocket()
  await lab.place()
  await socket.hears('position')
}

describe('faults of books', () => {
  proves('order-book-empty', async () => {
    await lab.place()
    await lab.arm('order-book-empty')
    expect(await lab.orderBook()).toMatchObject({ status: 400, body: { code: 'e-orders-0005' } })
    expect(rowsOf(await lab.orderBook())).toHaveLength(1)
  })

  proves('order-book-html', async () => {
    await lab.arm('order-book-html')
    expect(await lab.orderBook()).toMatchObject({ status: 500, body: undefined })
  })

  proves('book-empty-400', async () => {
    await fill()
    await lab.arm('book-empty-400')
    expect(await lab.orderBook()).toMatchObject({ status: 400, body: { code: 'e-orders-0005' } })
    expect(await lab.tradeBook()).toMatchObject({ status: 400, body: { code: 'e-tradeBook-0005' } })
    expect(await lab.positions()).toMatchObject({ status: 400, body: { code: 'e-portfolio-0005' } })
  })

  proves('book-empty-200', async () => {
    await fill()
    await lab.arm('book-empty-200')
    expect(await lab.orderBook()).toMatchObject({ status: 200, body: { type: 'success', result: [] } })
    expect(await lab.positions()).toMatchObject({ status: 200, body: { result: { positionList: [] } } })
  })

  proves('book-truncated', async () => {
    await lab.place({ ...RESTING, orderUniqueIdentifier: 'first' })
    await lab.place({ ...RESTING, orderUniqueIdentifier: 'second' })
    await lab.arm('book-truncated')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderUniqueIdentifier: 'first' }])
  })

  proves('book-rows-duplicated', async () => {
    await lab.place(RESTING)
    await lab.arm('book-rows-duplicated')
    const [first, second, ...more] = rowsOf(await lab.orderBook())
    expect(second).toEqual(first)
    expect(more).toEqual([])
  })

  proves('order-book-lags-socket', async () => {
    await fill()
    await lab.arm('order-book-lags-socket', { parameters: { lagMs: 60_000 } })
    expect(await lab.orderBook()).toMatchObject({ status: 400, body: { code: 'e-orders-0005' } })
    await lab.clear()
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderStatus: 'Filled' }])
  })

  proves('order-status-misspelled', async () => {
    await lab.place(RESTING)
    await lab.arm('order-status-misspelled', { parameters: { word: 'OPEN' } })
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderStatus: 'OPEN' }])
  })

  proves('tag-not-echoed-in-book', async () => {
    await fill()
    await lab.arm('tag-not-echoed-in-book')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderUniqueIdentifier: '' }])
    expect(rowsOf(await lab.tradeBook())).toMatchObject([{ OrderUniqueIdentifier: '' }])
  })

  proves('tag-shortened', async () => {
    await lab.place({ ...RESTING, orderUniqueIdentifier: '1234567890123456789' })
    await lab.arm('tag-shortened')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderUniqueIdentifier: '123456789012345678' }])
  })

  proves('wrong-client-as-empty', async () => {
    const trades = () => lab.client.call('GET', '/interactive/orders/trades?clientID=NOBODY')
    expect(await trades()).toMatchObject({ status: 400, body: { code: 'e-trade-00002' } })
    await lab.arm('wrong-client-as-empty')
    expect(await trades()).toMatchObject({
      status: 400, body: { code: 'e-tradeBook-0005', description: 'Data Not Available' },
    }) // prettier-ignore
  })

  proves('history-not-ready', async () => {
    const id = await lab.placed(RESTING)
    await lab.arm('history-not-ready')
    expect(await history(id)).toMatchObject({ status: 400, body: { code: 'e-orders-0001' } })
    expect(await history(id)).toMatchObject({ status: 200 })
  })

  proves('positions-without-mtm', async () => {
    await fill()
    await lab.arm('positions-without-mtm')
    expect(rowsOf(await lab.positions())).toMatchObject([
      { Quantity: '5', MTM: '0.00', BuyAmount: '0.00', NetAmount: '0.00', BuyAveragePrice: '0.00' },
    ])
  })

  proves('numbers-as-nan', async () => {
    await fill()
    await lab.arm('numbers-as-nan')
    expect(rowsOf(await lab.orderBook())).toMatchObject([
      { OrderAverageTradedPrice: 'NaN', OrderQuantity: 5 },
    ])
  })
})

it('an order book that lags shows an order as it was, not as it is', async () => {
  await lab.arm('late-confirmation', { delayMs: 250 })
  const id = await lab.placed(RESTING)
  const socket = await lab.orderSocket()
  await socket.until(() => socket.messages('order').some((order) => order['OrderStatus'] === 'New'))
  await lab.arm('order-book-lags-socket', { parameters: { lagMs: 200 } })
  expect(rowsOf(await lab.orderBook())).toMatchObject([{ AppOrderID: id, OrderStatus: 'PendingNew' }])
  expect(rowsOf(await history(id)).map((row) => row['OrderStatus'])).toEqual(['PendingNew'])
})
