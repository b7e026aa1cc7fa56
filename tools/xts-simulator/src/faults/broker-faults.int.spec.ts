import io from 'socket.io-client'
import { FaultLab, proves as prove, INTERACTIVE_KEYS, RESTING, rowsOf } from '../testing/fault-lab'
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

/** Asks until the port answers again, and says whether it ever refused. */
const comesBack = async (): Promise<boolean> => {
  for (let hasRefused = false; ;) {
    try {
      await profile(1000)
      return hasRefused
    } catch (error) {
      const { code } = (error as { cause?: { code?: string } }).cause ?? {}
      hasRefused ||= code === 'ECONNREFUSED'
    }
  }
}

describe('faults of the broker', () => {
  proves('restart-keeps-orders', async () => {
    const socket = await lab.orderSocket()
    const id = await lab.placed(RESTING)
    await lab.arm('restart-keeps-orders', { parameters: { downMs: 150 } })
    await socket.hears('disconnect')
    expect(await comesBack()).toBe(true)
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
    expect(await comesBack()).toBe(true)
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
    expect((await lab.rawRequest('/interactive/user/profile')).text).toContain('200 OK')
    expect(socket.heard.map(({ name }) => name)).not.toContain('disconnect')
  })

  proves('connections-reset', async () => {
    await lab.arm('connections-reset')
    await expect(lab.rawRequest('/interactive/user/profile')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await lab.clear()
    expect((await lab.rawRequest('/interactive/user/profile')).text).toContain('200 OK')
  })
})
