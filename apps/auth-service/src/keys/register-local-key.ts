import { keyDigest } from '@xts-bridge/access'
import { USER_SCOPES, type Clock, type Ids } from '@xts-bridge/contracts'
import type { ApiKeyStore } from '@xts-bridge/persistence'
import type { Logger } from '@xts-bridge/runtime'

export interface LocalKeyOptions {
  readonly store: ApiKeyStore
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  /** The key in `${KEYS_DIR}/local-api.key`. */
  readonly localKey: string
  onRevoked(keyId: string): void
}

const LOCAL_KEY_NAME = 'local-api'

/**
 * Makes the generated key of this machine's own strategies known: every user scope, account and clientID. When the file
 * holds a new key the one before is revoked; a key that an administrator revoked stays so.
 */
export async function registerLocalKey(options: LocalKeyOptions): Promise<void> {
  const { store, clock, ids, log } = options
  const digest = keyDigest(options.localKey)
  const known = await store.find(digest)
  if (known?.revokedAtMs !== undefined)
    log.warn('local key is revoked; replace the file local-api.key to have a new one', { keyId: known.keyId })
  if (known) return
  for (const { keyId, name, revokedAtMs } of await store.list()) {
    if (name !== LOCAL_KEY_NAME || revokedAtMs !== undefined) continue
    await store.revoke(keyId, clock.nowMs())
    options.onRevoked(keyId)
  }
  const keyId = ids.next()
  const all = { scopes: USER_SCOPES, accounts: ['*'], clientIDs: ['*'] }
  await store.add({ keyId, name: LOCAL_KEY_NAME, keyDigest: digest, ...all }, clock.nowMs())
  log.info('local key registered', { keyId })
}
