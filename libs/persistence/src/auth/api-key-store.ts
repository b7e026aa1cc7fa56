import { createHmac } from 'node:crypto'
import { SCOPES, type Caller, type KeyView, type Scope } from '@xts-bridge/contracts'
import { IsNull } from 'typeorm'
import type { Database } from '../database'
import { ApiKeyEntity } from './api-key-entity'

export interface ApiKeyStoreOptions {
  readonly database: Database
  /** 64 hex digits; without it the stored hashes are of no use to whoever takes the file. */
  readonly pepperHex: string
}

/** A key to be stored; `keyDigest` is the SHA-256 of the key in hex. */
export interface NewApiKey extends Omit<Caller, 'kind'> {
  readonly keyDigest: string
}

/** API keys at rest: HMAC-SHA256, under the pepper, of the key's digest. */
export class ApiKeyStore {
  private readonly database: Database
  private readonly pepper: Buffer

  /** Throws when the pepper is not 64 hex digits. */
  constructor({ database, pepperHex }: ApiKeyStoreOptions) {
    if (!/^[0-9a-f]{64}$/i.test(pepperHex)) throw new Error('The API key pepper must be 64 hex digits.')
    this.database = database
    this.pepper = Buffer.from(pepperHex, 'hex')
  }

  /** The key with this digest, revoked or not. Found by its keyed hash, so the time it takes tells nothing of the key. */
  async find(keyDigest: string): Promise<KeyView | undefined> {
    const row = await this.database.read((manager) =>
      manager.findOneBy(ApiKeyEntity, { hash: this.hashOf(keyDigest) }),
    )
    return row ? viewOf(row) : undefined
  }

  /** Throws when the keyId or the key is there already. */
  async add(key: NewApiKey, nowMs: number): Promise<void> {
    await this.database.transaction((manager) =>
      manager.insert(ApiKeyEntity, {
        keyId: key.keyId,
        name: key.name,
        hash: this.hashOf(key.keyDigest),
        scopes: key.scopes,
        accounts: key.accounts,
        clientIds: key.clientIDs,
        createdAt: nowMs,
        revokedAt: null,
      }),
    )
  }

  /** On disk when this resolves. False when there is no such key, or it was revoked before. */
  async revoke(keyId: string, nowMs: number): Promise<boolean> {
    const result = await this.database.transaction((manager) =>
      manager.update(ApiKeyEntity, { keyId, revokedAt: IsNull() }, { revokedAt: nowMs }),
    )
    return result.affected === 1
  }

  /** All keys, revoked ones too, oldest first. */
  async list(): Promise<readonly KeyView[]> {
    const rows = await this.database.read((manager) =>
      manager.find(ApiKeyEntity, { order: { createdAt: 'ASC', keyId: 'ASC' } }),
    )
    return rows.map(viewOf)
  }

  private hashOf(keyDigest: string): string {
    return createHmac('sha256', this.pepper).update(keyDigest).digest('hex')
  }
}

function viewOf(row: ApiKeyEntity): KeyView {
  return {
    keyId: row.keyId,
    name: row.name,
    kind: 'user',
    scopes: row.scopes.filter(isScope),
    accounts: row.accounts,
    clientIDs: row.clientIds,
    createdAtMs: row.createdAt,
    ...(row.revokedAt === null ? {} : { revokedAtMs: row.revokedAt }),
  }
}

/** A scope that a later version knew and this one does not gives nothing. */
function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}
