import { timingSafeEqual } from 'node:crypto'
import { keyDigest } from '@xts-bridge/access'
import type { Caller, Scope } from '@xts-bridge/contracts'

/** The services that ask others, and the least each needs. auth-service itself asks nobody. */
const LEAST_SCOPES = {
  orders: ['session.read', 'key.read', 'instruments.read', 'market.read'],
  instruments: ['session.read', 'key.read'],
  feed: ['session.read', 'key.read'],
  'ws-proxy': ['key.read', 'market.read', 'order.read'],
  gateway: ['key.read'],
  // The operator's command line, which shows a token when told to; only who may read the key folder has this key.
  cli: ['session.read'],
} as const satisfies Record<string, readonly Scope[]>

export type ServiceName = keyof typeof LEAST_SCOPES
export const SERVICE_NAMES = Object.keys(LEAST_SCOPES) as readonly ServiceName[]

/** Which of our own services holds a key. */
export class ServiceKeys {
  private readonly keys: readonly { readonly digest: Buffer; readonly caller: Caller }[]

  constructor(keys: Readonly<Record<ServiceName, string>>) {
    this.keys = SERVICE_NAMES.map((name) => ({
      digest: Buffer.from(keyDigest(keys[name]), 'hex'),
      caller: serviceCaller(name),
    }))
  }

  /** The service whose key has this SHA-256 digest. Every key is compared, each in constant time. */
  find(digestHex: string): Caller | undefined {
    const digest = Buffer.from(digestHex, 'hex')
    const matches = this.keys.filter(
      (key) => key.digest.length === digest.length && timingSafeEqual(key.digest, digest),
    )
    return matches[0]?.caller
  }
}

function serviceCaller(name: ServiceName): Caller {
  return {
    keyId: `service-${name}`,
    name,
    kind: 'service',
    scopes: LEAST_SCOPES[name],
    accounts: ['*'],
    clientIDs: ['*'],
  }
}
