import { AppError } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'

/** Throws INSTRUMENTS_UNAVAILABLE before the first list. */
export function versionInForce(store: Pick<InstrumentStore, 'version'>): string {
  if (store.version === undefined) throw new AppError('INSTRUMENTS_UNAVAILABLE')
  return store.version
}
