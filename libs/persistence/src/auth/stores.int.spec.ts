import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { USER_SCOPES, type BrokerSession } from '@xts-bridge/contracts'
import type { Database } from '../database'
import { ApiKeyStore } from './api-key-store'
import { openAuthDatabase } from './open-auth-database'
import { SessionStore } from './session-store'
import { TokenCipher } from './token-cipher'

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const PEPPER = 'ff'.repeat(32)
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.known-token.sig'

let folder: string
let database: Database

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auth-stores-'))
  database = await openAuthDatabase(join(folder, 'auth.sqlite'))
})

afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Everything the database has on disk, the write-ahead log too. */
function bytesOnDisk(): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('')
}

function session(overrides: Partial<BrokerSession> = {}): BrokerSession {
  return {
    account: 'primary',
    api: 'interactive',
    token: TOKEN,
    userId: 'ABC1234A02',
    clientCodes: ['ABC1234', 'XYZ9'],
    isInvestorClient: false,
    epoch: 7,
    expiresAtMs: 1_763_700_000_000,
    ...overrides,
  }
}

describe('SessionStore', () => {
  const place = { account: 'primary', api: 'interactive' } as const
  const storeFor = (overrides: { keyHex?: string; broker?: string; loginId?: string } = {}): SessionStore =>
    new SessionStore({
      database,
      cipher: new TokenCipher(overrides.keyHex ?? KEY),
      broker: overrides.broker ?? 'simulator',
      loginId: overrides.loginId ?? 'login1',
    })

  it('recalls the session it saved, after a reopen', async () => {
    await storeFor().save(session(), 1_000)
    await database.close()
    database = await openAuthDatabase(join(folder, 'auth.sqlite'))
    expect(await storeFor().recall(place)).toEqual({
      lastEpoch: 7,
      session: session(),
      obtainedAtMs: 1_000,
      isUnreadable: false,
    })
  })

  it('knows nothing of an account it never saw', async () => {
    expect(await storeFor().recall(place)).toEqual({ lastEpoch: 0, isUnreadable: false })
  })

  it('keeps the two APIs apart, each token in its column', async () => {
    await storeFor().save(session(), 1_000)
    await storeFor().save(session({ api: 'market', token: 'market-token', epoch: 2 }), 1_000)
    expect((await storeFor().recall(place)).session?.token).toBe(TOKEN)
    expect((await storeFor().recall({ account: 'primary', api: 'market' })).session?.token).toBe(
      'market-token',
    )
    const rows = await database.query(
      'SELECT api, auth_token IS NULL AS a, feed_token IS NULL AS f FROM auth ORDER BY api',
    )
    expect(rows).toEqual([
      { api: 'interactive', a: 0, f: 1 },
      { api: 'market', a: 1, f: 0 },
    ])
  })

  it('does not offer the session of another broker', async () => {
    await storeFor({ broker: 'jainam-prop-b' }).save(session(), 1_000)
    expect((await storeFor().recall(place)).session).toBeUndefined()
  })

  it('does not offer a session that was obtained with other login keys', async () => {
    await storeFor().save(session(), 1_000)
    expect(await storeFor({ loginId: 'login2' }).recall(place)).toEqual({ lastEpoch: 7, isUnreadable: true })
  })

  it('writes a later login over the earlier one and keeps when the first was made', async () => {
    await storeFor().save(session(), 1_000)
    await storeFor().save(session({ epoch: 8, token: 'newer' }), 2_000)
    expect((await storeFor().recall(place)).session).toEqual(session({ epoch: 8, token: 'newer' }))
    expect(await database.query('SELECT created_at, updated_at FROM auth')).toEqual([
      { created_at: 1_000, updated_at: 2_000 },
    ])
  })

  it('keeps the epoch of a token it dropped', async () => {
    await storeFor().save(session(), 1_000)
    await storeFor().dropToken({ ...place, epoch: 7 }, 2_000)
    expect(await storeFor().recall(place)).toEqual({ lastEpoch: 7, isUnreadable: false })
  })

  it('does not drop the token of a later login than the dead one', async () => {
    await storeFor().save(session({ epoch: 8 }), 1_000)
    await storeFor().dropToken({ ...place, epoch: 7 }, 2_000)
    expect((await storeFor().recall(place)).session?.epoch).toBe(8)
  })

  it('never has the token itself on disk', async () => {
    await storeFor().save(session(), 1_000)
    expect(bytesOnDisk()).toContain('ABC1234A02')
    expect(bytesOnDisk()).not.toContain(TOKEN)
    expect(bytesOnDisk()).not.toContain('known-token')
  })

  it('offers no session when the encryption key is another one', async () => {
    await storeFor().save(session(), 1_000)
    expect(await storeFor({ keyHex: 'a'.repeat(64) }).recall(place)).toEqual({
      lastEpoch: 7,
      isUnreadable: true,
    })
  })

  it('offers no session whose token was copied from another row', async () => {
    await storeFor().save(session(), 1_000)
    await storeFor().save(session({ account: 'second', token: 'second-token' }), 1_000)
    await database.query(
      `UPDATE auth SET auth_token = (SELECT auth_token FROM auth WHERE account = 'second') WHERE account = 'primary'`,
    )
    expect((await storeFor().recall(place)).isUnreadable).toBe(true)
  })
})

describe('ApiKeyStore', () => {
  const digest = createHash('sha256').update('the-api-key').digest('hex')
  const key = {
    keyId: 'K1',
    name: 'strategy one',
    keyDigest: digest,
    scopes: USER_SCOPES,
    accounts: ['primary'],
    clientIDs: ['*'],
  }
  const view = {
    keyId: 'K1',
    name: 'strategy one',
    kind: 'user',
    scopes: USER_SCOPES,
    accounts: ['primary'],
    clientIDs: ['*'],
    createdAtMs: 1_000,
  }
  const storeFor = (pepperHex = PEPPER): ApiKeyStore => new ApiKeyStore({ database, pepperHex })

  it('finds a key by its digest', async () => {
    await storeFor().add(key, 1_000)
    expect(await storeFor().find(digest)).toEqual(view)
  })

  it('stores HMAC-SHA256 under the pepper and neither key nor digest', async () => {
    await storeFor().add(key, 1_000)
    const expected = createHmac('sha256', Buffer.from(PEPPER, 'hex')).update(digest).digest('hex')
    expect(await database.query('SELECT hash FROM api_keys')).toEqual([{ hash: expected }])
    expect(bytesOnDisk()).not.toContain(digest)
    expect(bytesOnDisk()).not.toContain('the-api-key')
  })

  it('finds nothing under another pepper, nor for another key', async () => {
    await storeFor().add(key, 1_000)
    expect(await storeFor('ee'.repeat(32)).find(digest)).toBeUndefined()
    expect(await storeFor().find(createHash('sha256').update('another').digest('hex'))).toBeUndefined()
  })

  it('revokes once, and shows when', async () => {
    await storeFor().add(key, 1_000)
    expect(await storeFor().revoke('K1', 5_000)).toBe(true)
    expect(await storeFor().revoke('K1', 6_000)).toBe(false)
    expect(await storeFor().find(digest)).toEqual({ ...view, revokedAtMs: 5_000 })
  })

  it('says that a key which is not there was not revoked', async () => {
    expect(await storeFor().revoke('nobody', 5_000)).toBe(false)
  })

  it('refuses the same key, and the same keyId, twice', async () => {
    await storeFor().add(key, 1_000)
    await expect(storeFor().add({ ...key, keyId: 'K2' }, 1_000)).rejects.toThrow('UNIQUE')
    await expect(storeFor().add({ ...key, keyDigest: 'other' }, 1_000)).rejects.toThrow('UNIQUE')
  })

  it('lists all keys, oldest first', async () => {
    await storeFor().add({ ...key, keyId: 'K2', keyDigest: 'b' }, 2_000)
    await storeFor().add(key, 1_000)
    expect((await storeFor().list()).map((row) => row.keyId)).toEqual(['K1', 'K2'])
  })

  it('gives nothing for a scope that it does not know', async () => {
    await storeFor().add(key, 1_000)
    await database.query(`UPDATE api_keys SET scopes = '["order.read","everything"]'`)
    expect((await storeFor().find(digest))?.scopes).toEqual(['order.read'])
  })

  it.each(['not json', '"order.read"', '[1]', '{}'])(
    'refuses to read %j as a list of scopes',
    async (text) => {
      await storeFor().add(key, 1_000)
      await database.query('UPDATE api_keys SET scopes = ?', [text])
      await expect(storeFor().find(digest)).rejects.toThrow()
    },
  )

  it.each(['', 'short', 'z'.repeat(64)])('refuses %j as a pepper', (pepper) => {
    expect(() => storeFor(pepper)).toThrow('64 hex digits')
  })
})
