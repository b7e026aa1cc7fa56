import { randomBytes } from 'node:crypto'
import { keyDigest, mayUseAccount, mayUseClient } from '@xts-bridge/access'
import {
  AppError,
  type keyCreateSchema,
  type Caller,
  type Clock,
  type CreatedKey,
  type Ids,
  type KeyView,
} from '@xts-bridge/contracts'
import type { ApiKeyStore } from '@xts-bridge/persistence'
import type { z } from 'zod'
import type { ServiceKeys } from './service-keys'

export interface KeyRegisterOptions {
  readonly store: ApiKeyStore
  readonly services: ServiceKeys
  readonly clock: Clock
  readonly ids: Ids
  onRevoked(keyId: string): void
}

const API_KEY_BYTES = 32

/** Who holds which key. An administrator sees and gives no more accounts and clientIDs than their own key has. */
export class KeyRegister {
  constructor(private readonly options: KeyRegisterOptions) {}

  /** The holder of the key with this SHA-256 digest; undefined when it is unknown or revoked. */
  async identify(digest: string): Promise<Caller | undefined> {
    const service = this.options.services.find(digest)
    if (service) return service
    const key = await this.options.store.find(digest)
    return key && key.revokedAtMs === undefined ? callerOf(key) : undefined
  }

  /** Makes a key; it is in the answer and nowhere afterwards. Throws ACCOUNT_NOT_ALLOWED, CLIENT_NOT_ALLOWED. */
  async create(wanted: z.infer<typeof keyCreateSchema>, by: Caller): Promise<CreatedKey> {
    const account = wanted.accounts.find((name) => !mayUseAccount(by, name))
    if (account !== undefined) throw new AppError('ACCOUNT_NOT_ALLOWED', { account })
    const clientId = wanted.clientIDs.find((name) => !mayUseClient(by, name))
    if (clientId !== undefined) throw new AppError('CLIENT_NOT_ALLOWED', { clientId })
    const apiKey = randomBytes(API_KEY_BYTES).toString('hex')
    const keyId = this.options.ids.next()
    await this.options.store.add(
      { ...wanted, keyId, keyDigest: keyDigest(apiKey) },
      this.options.clock.nowMs(),
    )
    return { keyId, apiKey }
  }

  /**
   * From now on the key is refused: here at once, elsewhere by the event. Revoking twice is no error and says it again,
   * for a crash may have come between the first time and its event. Throws KEY_NOT_FOUND.
   */
  async revoke(keyId: string, by: Caller): Promise<KeyView> {
    await this.visible(keyId, by)
    await this.options.store.revoke(keyId, this.options.clock.nowMs())
    this.options.onRevoked(keyId)
    return this.visible(keyId, by)
  }

  /** Every key the administrator may see, revoked ones too, oldest first. */
  async list(by: Caller): Promise<readonly KeyView[]> {
    const keys = await this.options.store.list()
    return keys.filter((key) => isKeyWithin(by, key))
  }

  private async visible(keyId: string, by: Caller): Promise<KeyView> {
    const key = (await this.list(by)).find((view) => view.keyId === keyId)
    if (key) return key
    throw new AppError('KEY_NOT_FOUND', { keyId })
  }
}

function callerOf({ keyId, name, kind, scopes, accounts, clientIDs }: KeyView): Caller {
  return { keyId, name, kind, scopes, accounts, clientIDs }
}

function isKeyWithin(by: Caller, key: KeyView): boolean {
  return (
    key.accounts.every((account) => mayUseAccount(by, account)) &&
    key.clientIDs.every((clientId) => mayUseClient(by, clientId))
  )
}
