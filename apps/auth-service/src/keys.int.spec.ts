import {
  USER_SCOPES,
  type CreatedKey,
  type KeyVerification,
  type KeyView,
  type Subject,
} from '@xts-bridge/contracts'
import { keyDigest } from '@xts-bridge/access'
import { AuthHouse, LOCAL_KEY, SERVICE_KEYS, until } from './testing/auth-house'

let house: AuthHouse
beforeEach(async () => {
  house = new AuthHouse()
  await house.start()
})
afterEach(() => house.remove())

const wanted = { name: 'one', scopes: ['order.read'], accounts: ['primary'], clientIDs: ['*'] }
const create = (overrides: object = {}, by = LOCAL_KEY): Promise<CreatedKey> =>
  house.ask('key.create', { ...wanted, ...overrides }, by)
const verify = async (apiKey: string): Promise<KeyVerification> =>
  house.ask('key.verify', { keyDigest: keyDigest(apiKey) }, SERVICE_KEYS.orders)

describe('auth-service, keys', () => {
  it('knows the local key with every user scope, account and client', async () => {
    expect((await verify(LOCAL_KEY)).caller).toEqual({
      keyId: expect.any(String),
      name: 'local-api',
      kind: 'user',
      scopes: USER_SCOPES,
      accounts: ['*'],
      clientIDs: ['*'],
    })
  })

  it.each(Object.entries(SERVICE_KEYS))(
    'knows the service key of %s, without any right to order',
    async (name, key) => {
      const { caller } = await verify(key)
      expect(caller).toMatchObject({ name, kind: 'service' })
      expect(caller?.scopes).toContain(name === 'cli' ? 'session.read' : 'key.read')
      expect(caller?.scopes).not.toContain('order.write')
      expect(caller?.scopes).not.toContain('admin')
    },
  )

  it('makes a key of 256 random bits that works at once and after a restart', async () => {
    const { keyId, apiKey } = await create()
    expect(apiKey).toMatch(/^[0-9a-f]{64}$/)
    expect((await create()).apiKey).not.toBe(apiKey)
    const caller = { keyId, kind: 'user', ...wanted }
    expect((await verify(apiKey)).caller).toEqual(caller)
    await house.stop()
    await house.start()
    expect((await verify(apiKey)).caller).toEqual(caller)
  })

  it('lets a revoked key die at once and tells the house', async () => {
    const { keyId, apiKey } = await create()
    await house.watchEvents()
    const revoked = await house.ask<KeyView>('key.revoke', { keyId }, LOCAL_KEY)
    expect(revoked.revokedAtMs).toBeGreaterThan(0)
    await expect(house.ask('session.status', {}, apiKey)).rejects.toMatchObject({ code: 'KEY_INVALID' })
    expect(await verify(apiKey)).toEqual({})
    await until(() => house.events.length > 0)
    expect(house.events).toMatchObject([{ topic: 'key.revoked', data: { keyId } }])
  })

  it('lists keys without the keys', async () => {
    const { keyId, apiKey } = await create()
    const list = await house.ask<KeyView[]>('key.list', {}, LOCAL_KEY)
    expect(list.map((key) => key.name)).toEqual(['local-api', 'one'])
    expect(list[1]).toMatchObject({ keyId, scopes: ['order.read'] })
    expect(JSON.stringify(list)).not.toContain(apiKey)
    expect(JSON.stringify(list)).not.toContain(keyDigest(apiKey))
  })

  it('lets an administrator of one account give, see and revoke nothing of another', async () => {
    const all = await create({ name: 'all', accounts: ['*'] })
    const admin = await create({
      name: 'admin',
      scopes: ['admin'],
      accounts: ['primary'],
      clientIDs: ['ABC1'],
    })
    const own = await create({ clientIDs: ['ABC1'] }, admin.apiKey)
    expect((await verify(own.apiKey)).caller?.clientIDs).toEqual(['ABC1'])
    await expect(create({ accounts: ['*'], clientIDs: ['ABC1'] }, admin.apiKey)).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_ALLOWED',
    })
    await expect(create({ accounts: ['second'], clientIDs: ['ABC1'] }, admin.apiKey)).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_ALLOWED',
    })
    await expect(create({ clientIDs: ['*'] }, admin.apiKey)).rejects.toMatchObject({
      code: 'CLIENT_NOT_ALLOWED',
    })
    const list = await house.ask<KeyView[]>('key.list', {}, admin.apiKey)
    expect(list.map((key) => key.name)).toEqual(['admin', 'one'])
    await expect(house.ask('key.revoke', { keyId: all.keyId }, admin.apiKey)).rejects.toMatchObject({
      code: 'KEY_NOT_FOUND',
    })
    expect((await verify(all.apiKey)).caller).toBeDefined()
  })

  it('takes a new local key from the file, and the one before dies', async () => {
    await house.stop()
    house.writeKey('local-api.key', '9'.repeat(64))
    await house.start()
    expect((await verify('9'.repeat(64))).caller?.name).toBe('local-api')
    expect(await verify(LOCAL_KEY)).toEqual({})
  })

  it('does not bring a local key back that an administrator revoked', async () => {
    const { caller } = await verify(LOCAL_KEY)
    await house.ask('key.revoke', { keyId: caller?.keyId }, LOCAL_KEY)
    await house.stop()
    await house.start()
    expect(await verify(LOCAL_KEY)).toEqual({})
    expect(house.logged).toContain('local key is revoked')
  })
})

describe('auth-service, refusals', () => {
  const session = { account: 'primary', api: 'interactive' }

  it.each<[string, Subject, unknown, string | undefined, string]>([
    ['no key', 'session.get', session, undefined, 'KEY_MISSING'],
    ['a key nobody knows', 'session.get', session, 'f'.repeat(64), 'KEY_INVALID'],
    ['a user key for a token', 'session.get', session, LOCAL_KEY, 'SCOPE_MISSING'],
    [
      'a user key for a report',
      'session.report-invalid',
      { ...session, epoch: 1 },
      LOCAL_KEY,
      'SCOPE_MISSING',
    ],
    ['a user key for a check', 'key.verify', { keyDigest: 'a'.repeat(64) }, LOCAL_KEY, 'SCOPE_MISSING'],
    ['gateway asking for a token', 'session.get', session, SERVICE_KEYS.gateway, 'SCOPE_MISSING'],
    ['ws-proxy asking for a token', 'session.get', session, SERVICE_KEYS['ws-proxy'], 'SCOPE_MISSING'],
    ['a service making a key', 'key.create', wanted, SERVICE_KEYS.orders, 'SCOPE_MISSING'],
    ['a key that is not there', 'key.revoke', { keyId: 'nobody' }, LOCAL_KEY, 'KEY_NOT_FOUND'],
    ['a subject of another service', 'order.place', {}, LOCAL_KEY, 'SUBJECT_UNKNOWN'],
    [
      'another account',
      'session.get',
      { ...session, account: 'second' },
      SERVICE_KEYS.orders,
      'SESSION_UNAVAILABLE',
    ],
  ])('answers %s with one clear refusal', async (...[, subject, data, apiKey, code]) => {
    await expect(house.ask(subject, data, apiKey)).rejects.toMatchObject({ code })
  })

  it.each<[Subject, unknown, string, string]>([
    ['session.get', { api: 'interactive' }, SERVICE_KEYS.orders, 'account is missing'],
    ['session.get', { account: 'primary', api: 'both' }, SERVICE_KEYS.orders, 'api '],
    ['session.get', { ...session, more: 1 }, SERVICE_KEYS.orders, 'more is not a known field'],
    ['session.get', 'primary', SERVICE_KEYS.orders, 'data '],
    ['session.report-invalid', session, SERVICE_KEYS.orders, 'epoch is missing'],
    ['session.report-invalid', { ...session, epoch: -1 }, SERVICE_KEYS.orders, 'epoch '],
    ['session.report-invalid', { ...session, epoch: '1' }, SERVICE_KEYS.orders, 'epoch '],
    ['session.status', { account: 'Primary!' }, LOCAL_KEY, 'account must be'],
    ['key.verify', { keyDigest: 'abc' }, SERVICE_KEYS.orders, 'keyDigest must be 64 hex digits'],
    ['key.verify', {}, SERVICE_KEYS.orders, 'keyDigest is missing'],
    ['key.create', { ...wanted, scopes: ['session.read'] }, LOCAL_KEY, 'must not be a scope for services'],
    ['key.create', { ...wanted, scopes: [] }, LOCAL_KEY, 'scopes '],
    ['key.create', { ...wanted, accounts: [] }, LOCAL_KEY, 'accounts '],
    ['key.create', { name: '' }, LOCAL_KEY, 'clientIDs is missing'],
    ['key.revoke', {}, LOCAL_KEY, 'keyId is missing'],
    ['key.list', { all: true }, LOCAL_KEY, 'all is not a known field'],
  ])('names the field of a malformed %s %j', async (...[subject, data, apiKey, words]) => {
    await expect(house.ask(subject, data, apiKey)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(words),
    })
  })
})
