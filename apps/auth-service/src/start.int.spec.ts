import { createServer } from 'node:net'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from '@xts-bridge/runtime'
import { AuthHouse, SERVICE_KEYS } from './testing/auth-house'

let house: AuthHouse
beforeEach(() => {
  house = new AuthHouse()
})
afterEach(() => house.remove())

const problemOf = (): Promise<unknown> =>
  house.start().then(
    () => undefined,
    (error: unknown) => error,
  )

describe('auth-service, start', () => {
  it('names every wrong key file at once, and logs in to nobody', async () => {
    rmSync(join(house.keysFolder, 'services', 'gateway.key'))
    house.writeKey('services/feed.key', SERVICE_KEYS.feed, 0o644)
    house.writeKey('services/orders.key', 'short')
    house.writeKey('token-encryption.key', 'not hex, but long enough to be a key file')
    rmSync(join(house.keysFolder, 'local-api.key'))
    const error = await problemOf()
    expect(error).toBeInstanceOf(SettingsError)
    const text = String(error)
    expect(text).toMatch(/services\/gateway\.key is missing/)
    expect(text).toMatch(/services\/feed\.key has mode 644; it must be 600/)
    expect(text).toMatch(/services\/orders\.key holds fewer than 32 characters/)
    expect(text).toMatch(/token-encryption\.key must hold 64 hex digits/)
    expect(text).toMatch(/local-api\.key is missing/)
    expect((error as SettingsError).problems).toHaveLength(5)
    expect(house.logins).toEqual([])
  })

  it('refuses two holders of one key, which would have each other’s rights', async () => {
    house.writeKey('services/gateway.key', SERVICE_KEYS.orders)
    house.writeKey('local-api.key', SERVICE_KEYS.feed)
    const text = String(await problemOf())
    expect(text).toContain('gateway.key and orders.key hold the same key')
    expect(text).toContain('feed.key and local-api.key hold the same key')
    expect(text).not.toContain(SERVICE_KEYS.orders)
  })

  it('fails before any login when another auth-service has the endpoint', async () => {
    await house.start()
    const second = new AuthHouse()
    try {
      const taken = { AUTH_REQUESTS_ENDPOINT: house.running.bound.requests }
      await expect(second.start(taken)).rejects.toMatchObject({
        code: 'ENDPOINT_TAKEN',
        message: expect.stringContaining('AUTH_REQUESTS_ENDPOINT'),
      })
      expect(second.logins).toEqual([])
    } finally {
      await second.remove()
    }
  })

  it('names the port and the setting when the health port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    await expect(house.start({ AUTH_HEALTH_PORT: port })).rejects.toThrow(
      `Port ${port} is already in use. Stop the program that uses it, or set AUTH_HEALTH_PORT`,
    )
    await new Promise((resolve) => other.close(resolve))
  })

  it('names the file when the database is no database', async () => {
    writeFileSync(join(house.folder, 'auth.sqlite'), 'a letter, no database'.repeat(100))
    await expect(house.start()).rejects.toThrow(/auth\.sqlite could not be opened/)
    expect(house.logins).toEqual([])
  })

  it('refuses to bind anything but this machine', async () => {
    await expect(house.start({ AUTH_REQUESTS_ENDPOINT: 'tcp://0.0.0.0:*' })).rejects.toMatchObject({
      code: 'ENDPOINT_NOT_LOCAL',
    })
  })
})
