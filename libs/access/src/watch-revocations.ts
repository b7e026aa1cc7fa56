import { EventSubscriber, type BusEvent } from '@xts-bridge/bus'
import { keyRevokeSchema, type Clock } from '@xts-bridge/contracts'
import type { KeyCheck } from './key-check'

export interface RevocationWatch {
  readonly keys: KeyCheck
  /** auth-service's events. */
  readonly eventsEndpoint: string
  readonly clock: Clock
}

/**
 * Lets a revoked key die at once instead of when its cache entry does. Whenever an event may have been missed (a gap, a
 * restart of auth-service, an event that cannot be read), every key is asked about anew.
 */
export function watchRevocations(watch: RevocationWatch): { close(): Promise<void> } {
  const { keys, eventsEndpoint, clock } = watch
  const subscriber = new EventSubscriber({
    endpoint: eventsEndpoint,
    clock,
    onEvent: (event) => applyRevocation(keys, event),
    onLoss: () => keys.forgetAll(),
    onEpoch: () => keys.forgetAll(),
  })
  subscriber.start()
  return { close: () => subscriber.close() }
}

function applyRevocation(keys: KeyCheck, event: BusEvent): void {
  if (event.topic !== 'key.revoked') return
  const revoked = keyRevokeSchema.safeParse(event.data)
  if (revoked.success) keys.forget(revoked.data.keyId)
  else keys.forgetAll()
}
