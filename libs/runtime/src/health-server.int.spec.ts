import { createServer } from 'node:net'
import { HealthServer } from './health-server'
import { Metrics } from './metrics'

const started: HealthServer[] = []
const startHealth = async (readiness: () => Record<string, boolean>, port = 0): Promise<string> => {
  const metrics = new Metrics('orders')
  metrics.gauge({ name: 'orders_unknown', help: 'Orders without evidence', read: () => 2 })
  const server = new HealthServer({
    host: '127.0.0.1',
    port,
    portSetting: 'ORDERS_HEALTH_PORT',
    service: 'orders',
    metrics,
    readiness,
  })
  started.push(server)
  return `http://127.0.0.1:${await server.listen()}`
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()))
})

describe('health server', () => {
  it('is ready only while every condition holds, and names each', async () => {
    const conditions = { session: true, instruments: false }
    const url = await startHealth(() => conditions)
    const before = await fetch(`${url}/health/ready`)
    expect([before.status, await before.json()]).toEqual([
      503,
      { service: 'orders', ready: false, conditions },
    ])
    conditions.instruments = true
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })

  it('is live as soon as it listens', async () => {
    expect((await fetch(`${await startHealth(() => ({ session: false }))}/health/live`)).status).toBe(200)
  })

  it('shows metrics with the service as a label', async () => {
    const text = await (await fetch(`${await startHealth(() => ({}))}/metrics`)).text()
    expect(text).toContain('orders_unknown{service="orders"} 2')
  })

  it('answers 404 in JSON elsewhere', async () => {
    const reply = await fetch(`${await startHealth(() => ({}))}/nothing`)
    expect([reply.status, await reply.json()]).toEqual([404, { message: 'Not found', path: '/nothing' }])
  })

  it('names a taken port and the setting that moves it', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(startHealth(() => ({}), port)).rejects.toThrow(
      `Port ${port} is already in use. Stop the program that uses it, or set ORDERS_HEALTH_PORT`,
    )
    started.splice(0)
    await new Promise((resolve) => other.close(resolve))
  })
})
