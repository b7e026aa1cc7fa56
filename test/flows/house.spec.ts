import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHouse } from '../support/house'

const SERVICES = [
  'simulator',
  'auth-service',
  'master-contract',
  'order-execution',
  'streaming-adapter',
  'ws-proxy',
  'gateway',
] as const

describe('a house', () => {
  it('becomes ready, answers, says when a service died and starts it again, and stops without an orphan', async () => {
    const house = await startHouse()
    expect(Object.keys(house.pids()).sort()).toEqual([...SERVICES, 'supervisor'].sort())

    const response = await fetch(`${house.restUrl}/quotes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apikey: house.apiKey, symbol: 'RELIANCE', exchange: 'NSE' }),
    })
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'success' }])

    const killed = house.kill('gateway')
    await house.untilRestarted('gateway', killed)
    await house.until('the screen says it', 10_000, () => /gateway +ready again/.test(house.screen))
    expect(house.screen).toMatch(/gateway +ended \(signal SIGKILL\); starting it again in 0\.5 s/)
    expect(house.screen).toContain(join(house.logFolder, 'gateway.log'))

    expect(await house.stop()).toEqual({ code: 0, signal: null, orphans: [] })
    expect(house.screen).not.toContain('did not stop cleanly')
  })

  it('stops all services when the supervisor itself is killed', async () => {
    const house = await startHouse({ services: ['simulator', 'auth-service', 'gateway'] })
    await house.until('three processes run', 30_000, () => Object.keys(house.pids()).length === 4)
    await house.until('auth-service is ready', 60_000, () => {
      return house.record()?.services['auth-service']?.isReady === true
    })
    house.kill('supervisor')
    await house.untilEnded()
    await house.untilNobodyIsLeft()
  })

  it('starts nothing when a port is taken, and names the port and its setting', async () => {
    const { server, port } = await occupyPort()
    try {
      const taken = { GATEWAY_PORT: String(port), FEED_TICKS_ENDPOINT: `tcp://127.0.0.1:${port}` }
      const house = await startHouse({ env: taken, isReadyAwaited: false })
      const end = await house.untilEnded(60_000)
      expect([end.code, house.pids()]).toMatchObject([1, { supervisor: expect.any(Number) as number }])
      expect(house.record()).toBeUndefined()
      expect(house.screen).toContain(`port ${port} is in use by another program; change GATEWAY_PORT`)
      expect(house.screen).toContain(`port ${port} is in use by another program; change FEED_TICKS_ENDPOINT`)
      expect(house.screen).toContain(`port ${port} is asked for by both`)
    } finally {
      server.close()
    }
  })

  it('starts nothing when settings are wrong, and names all of them, of all services', async () => {
    const wrong = {
      LOG_LEVEL: 'loud',
      FEED_MAX_TOPICS: 'many',
      ORDER_SMART_WAIT_MS: '1',
      GATEWAY_REQUEST_TIMEOUT_MS: 'soon',
    }
    const house = await startHouse({ env: wrong, isReadyAwaited: false })
    expect((await house.untilEnded(60_000)).code).toBe(78)
    for (const name of Object.keys(wrong)) expect(house.screen).toContain(`  ${name}: must be`)
    expect(house.record()).toBeUndefined()
  })

  it('generates keys that only their owner can read, once', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'xts-house-'))
    try {
      const first = await startHouse({ services: ['simulator'], dataFolder })
      await first.until('the simulator runs', 30_000, () => first.pids().simulator !== undefined)
      const keyFile = join(dataFolder, 'keys', 'services', 'orders.key')
      expect(statSync(keyFile).mode & 0o777).toBe(0o600)
      expect(statSync(join(keyFile, '..')).mode & 0o777).toBe(0o700)
      const { apiKey } = first
      expect([apiKey.length, first.screen.includes('Generated')]).toEqual([64, true])
      await first.stop()
      const again = await startHouse({ services: ['simulator'], dataFolder })
      await again.until('the simulator runs', 30_000, () => again.pids().simulator !== undefined)
      expect([again.apiKey, again.screen.includes('Generated')]).toEqual([apiKey, false])
      await again.stop()
    } finally {
      rmSync(dataFolder, { recursive: true, force: true })
    }
  })

  it('is refused a data folder on which another house runs', async () => {
    const first = await startHouse({ services: ['simulator'] })
    await first.until('the simulator runs', 30_000, () => first.pids().simulator !== undefined)
    const second = await startHouse({ services: ['simulator'], dataFolder: first.dataFolder })
    expect((await second.untilEnded(30_000)).code).toBe(1)
    expect(second.screen).toContain(`already running on ${first.dataFolder}`)
    expect(first.pids().simulator).toBeDefined()
  })

  it('gives broker secrets to auth-service and the simulator alone', async () => {
    if (!existsSync('/proc/self/environ')) return
    const house = await startHouse({ services: [...SERVICES] })
    await house.until('all processes run', 30_000, () => Object.keys(house.pids()).length === 8)
    const holders = SERVICES.filter((name) => {
      const environment = readFileSync(`/proc/${house.pids()[name]}/environ`, 'utf8')
      return /JAINAM_|_SIMULATOR_[A-Z]+_(KEY|SECRET)=/.test(environment)
    })
    expect(holders).toEqual(['simulator', 'auth-service'])
  })
})

async function occupyPort(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return { server, port: address.port }
}
