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

const statuses = (messages: Record<string, unknown>[]): unknown[] => messages.map((one) => one['OrderStatus'])

describe('faults of order events', () => {
  proves('duplicate-ack', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('duplicate-ack')
    await lab.place(RESTING)
    await socket.until(() => socket.messages('order').length >= 4)
    expect(statuses(socket.messages('order'))).toEqual(['PendingNew', 'PendingNew', 'New', 'New'])
  })

  proves('duplicate-trade', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('duplicate-trade')
    await lab.place()
    await socket.until(() => socket.messages('trade').length >= 2)
    const [first, second] = socket.messages('trade')
    expect(second).toEqual(first)
    expect(rowsOf(await lab.tradeBook())).toHaveLength(1)
  })

  proves('events-reversed', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('events-reversed', { parameters: { windowMs: 60 } })
    await lab.place()
    await socket.hears('order')
    expect(socket.heard.map(({ name }) => name)).toEqual(
      ['joined', 'position', 'position', 'order', 'trade', 'order', 'order'],
    ) // prettier-ignore
    expect(statuses(socket.messages('order'))).toEqual(['Filled', 'New', 'PendingNew'])
  })

  proves('event-lost', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('event-lost', { match: { event: 'trade' } })
    await lab.place()
    await socket.hears('position')
    expect(socket.messages('trade')).toEqual([])
    expect(statuses(socket.messages('order')).at(-1)).toBe('Filled')
  })

  proves('missed-fills', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('missed-fills')
    await lab.place()
    await socket.hears('disconnect')
    const again = await lab.orderSocket()
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderStatus: 'Filled' }])
    expect([...socket.messages('trade'), ...again.messages('trade')]).toEqual([])
    await lab.place({ orderUniqueIdentifier: 'tag-2' })
    await again.hears('trade')
    expect(again.messages('trade')).toMatchObject([{ OrderUniqueIdentifier: 'tag-2' }])
  })

  proves('socket-lags-order-book', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('socket-lags-order-book', { parameters: { lagMs: 300 } })
    await lab.place()
    const filledBook = async (): Promise<boolean> =>
      rowsOf(await lab.orderBook())[0]?.['OrderStatus'] === 'Filled'
    await eventually(filledBook)
    expect(socket.messages('order')).toEqual([])
    await socket.hears('position')
    expect(statuses(socket.messages('order'))).toEqual(['PendingNew', 'New', 'Filled'])
  })

  proves('tag-not-echoed-in-events', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('tag-not-echoed-in-events')
    await lab.place()
    await socket.hears('position')
    const tags = [...socket.messages('order'), ...socket.messages('trade')].map(
      (one) => one['OrderUniqueIdentifier'],
    )
    expect(tags).toEqual(['', '', '', ''])
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderUniqueIdentifier: 'tag-1' }])
  })

  proves('event-as-object', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('event-as-object', { match: { event: 'trade' } })
    await lab.place()
    await socket.hears('trade')
    const trade = socket.heard.find(({ name }) => name === 'trade')
    expect(trade?.argument).toMatchObject({ MessageCode: 9005, OrderUniqueIdentifier: 'tag-1' })
  })

  proves('event-half-json', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('event-half-json', { match: { event: 'trade' } })
    await lab.place()
    await socket.hears('trade')
    const text = socket.heard.find(({ name }) => name === 'trade')?.argument as string
    expect(text).toMatch(/^\{"LoginID"/)
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
  })

  proves('late-confirmation', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('late-confirmation', { delayMs: 150 })
    await lab.place()
    await socket.hears('order')
    expect(rowsOf(await lab.orderBook())).toMatchObject([{ OrderStatus: 'PendingNew', ExchangeOrderID: '' }])
    await socket.hears('trade')
    expect(statuses(socket.messages('order'))[0]).toBe('PendingNew')
  })

  proves('late-rejection', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('late-rejection', { delayMs: 50, parameters: { reason: '16388 : invented' } })
    await lab.place(RESTING)
    await socket.until(() => statuses(socket.messages('order')).includes('Rejected'))
    expect(statuses(socket.messages('order'))).toEqual(['PendingNew', 'New', 'Rejected'])
    expect(rowsOf(await lab.orderBook())).toMatchObject([
      { OrderStatus: 'Rejected', CancelRejectReason: '16388 : invented' },
    ])
  })

  proves('late-fill-after-cancel', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('late-fill-after-cancel', { delayMs: 50 })
    const id = await lab.placed(RESTING)
    await lab.cancel(id)
    await socket.hears('trade')
    expect(statuses(socket.messages('order'))).toContain('Cancelled')
    expect(socket.messages('trade')).toMatchObject([
      { AppOrderID: id, LastTradedPrice: 1400, LastTradedQuantity: 5, OrderStatus: 'Filled' },
    ])
    expect(rowsOf(await lab.positions())).toMatchObject([{ Quantity: '5' }])
  })
})
