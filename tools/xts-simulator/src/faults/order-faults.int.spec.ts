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

describe('faults of order calls', () => {
  proves('accept-then-500', async () => {
    await lab.arm('accept-then-500')
    expect(await lab.place()).toMatchObject({ status: 500, body: undefined })
    expect(await lab.received()).toMatchObject([{ tag: 'tag-1', appOrderId: expect.any(Number) as number }])
    expect(await lab.place()).toMatchObject({ status: 200 })
  })

  proves('accept-then-timeout', async () => {
    await lab.arm('accept-then-timeout')
    await expect(lab.place({}, 150)).rejects.toThrow('timeout')
    expect(await lab.received()).toHaveLength(1)
  })

  proves('accept-then-reset', async () => {
    await lab.arm('accept-then-reset')
    await expect(lab.place()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(await lab.received()).toHaveLength(1)
  })

  proves('reply-delayed', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('reply-delayed', { delayMs: 100 })
    let isAnswered = false
    const answer = lab.place().finally(() => (isAnswered = true))
    await socket.hears('trade')
    expect(isAnswered).toBe(false)
    expect(await answer).toMatchObject({ status: 200, body: { code: 's-orders-0001' } })
  })

  proves('timeout-without-accept', async () => {
    await lab.arm('timeout-without-accept')
    await expect(lab.place({}, 150)).rejects.toThrow('timeout')
    expect(await lab.received()).toEqual([])
  })

  proves('ack-without-order', async () => {
    await lab.arm('ack-without-order')
    expect(await lab.place()).toMatchObject({
      status: 200,
      body: { code: 's-orders-0001', result: { AppOrderID: expect.any(Number) as number, OrderUniqueIdentifier: 'tag-1' } },
    }) // prettier-ignore
    expect(await lab.received()).toEqual([])
    expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-orders-0005' } })
  })

  proves('fill-before-ack', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('fill-before-ack')
    const answer = await lab.place()
    expect(answer.status).toBe(200)
    const statuses = socket.messages('order').map((order) => order['OrderStatus'])
    expect(statuses.at(-1)).toBe('Filled')
    expect(socket.messages('trade').length).toBeGreaterThan(0)
  })

  proves('tag-not-echoed-in-ack', async () => {
    await lab.arm('tag-not-echoed-in-ack')
    expect((await lab.place()).body?.result).toMatchObject({ OrderUniqueIdentifier: '' })
    expect((await lab.place()).body?.result).toMatchObject({ OrderUniqueIdentifier: 'tag-1' })
  })

  proves('token-revoked-mid-order', async () => {
    await lab.arm('token-revoked-mid-order')
    const socket = await lab.orderSocket()
    expect(await lab.place()).toMatchObject({ status: 400, body: { code: 'e-session-0005' } })
    await socket.hears('logout')
    expect(await lab.received()).toMatchObject([{ appOrderId: expect.any(Number) as number }])
    expect(await lab.orderBook()).toMatchObject({ body: { code: 'e-session-0005' } })
  })

  proves('market-orders-refused', async () => {
    await lab.arm('market-orders-refused')
    expect(await lab.place()).toMatchObject({ status: 400, body: { code: 'e-orders-0002' } })
    expect(await lab.place(RESTING)).toMatchObject({ status: 200 })
    expect(await lab.received()).toHaveLength(1)
  })

  proves('rate-limited', async () => {
    await lab.arm('rate-limited')
    const answer = await lab.place()
    expect(answer.status).toBe(429)
    expect(JSON.parse(answer.text)).toMatchObject({ err: true, data: { code: 'e-apirl-0004' } })
    expect(await lab.received()).toEqual([])
  })

  proves('order-ids-jump', async () => {
    const first = await lab.placed()
    await lab.arm('order-ids-jump')
    await lab.placed()
    expect((await lab.placed()) - first).toBeGreaterThan(2 ** 32)
    expect(rowsOf(await lab.orderBook()).map((row) => row['AppOrderID'])).toHaveLength(3)
  })
})
