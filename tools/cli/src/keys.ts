import { istTime } from '@xts-bridge/runtime'
import { keyCreateSchema, SCOPES, type Scope } from '@xts-bridge/contracts'
import { textTable } from './text-table'
import { UsageError } from './usage-error'
import type { XbHands, XbOptions } from './xb'

/** `xb keys list`. */
export async function listKeys({ admin, out }: XbHands): Promise<void> {
  const keys = await admin.keys()
  const rows = keys.map((key) => [
    key.keyId,
    key.name,
    key.revokedAtMs === undefined ? 'valid' : `revoked ${dayOf(key.revokedAtMs)}`,
    dayOf(key.createdAtMs),
    key.scopes.join(','),
    key.accounts.join(','),
    key.clientIDs.join(','),
  ])
  out(textTable(['keyId', 'name', 'state', 'created', 'scopes', 'accounts', 'clientIDs'], rows))
}

/** `xb keys create`: everything the key may do is named; nothing is given by default. */
export async function createKey({ admin, out }: XbHands, options: XbOptions): Promise<void> {
  const wanted = {
    name: needed(options, 'name'),
    scopes: listOf(needed(options, 'scopes')).map(scopeOf),
    accounts: listOf(needed(options, 'accounts')),
    clientIDs: listOf(needed(options, 'clients')),
  }
  const checked = keyCreateSchema.safeParse(wanted)
  if (!checked.success)
    throw new UsageError(
      checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}.`).join(' '),
    )
  const { keyId, apiKey } = await admin.createKey(checked.data)
  out(`keyId   ${keyId}\napiKey  ${apiKey}\nThe key is shown this once; it is stored nowhere as it is.\n`)
}

/** `xb keys revoke`. */
export async function revokeKey({ admin, out }: XbHands, keyId: string): Promise<void> {
  const key = await admin.revokeKey(keyId)
  out(`The key ${key.keyId} (${key.name}) is refused from now on.\n`)
}

function needed(options: XbOptions, name: 'name' | 'scopes' | 'accounts' | 'clients'): string {
  const value = options[name]
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`)
  return value
}

function listOf(text: string): readonly string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
}

function scopeOf(word: string): Scope {
  const scope = SCOPES.find((known) => known === word)
  if (scope === undefined) throw new UsageError(`There is no scope "${word}".`)
  return scope
}

const dayOf = (atMs: number): string => istTime(atMs).slice(0, 10)
