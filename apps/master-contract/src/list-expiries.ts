import { instrumentExpiriesSchema, parseRequest, type Clock, type ExpiryDates } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import { dateNumberOfExpiry, indianDateNumber } from './indian-time'
import { versionInForce } from './version-in-force'

/** `instruments.expiries`: when the contracts on an underlying expire, without those of earlier days. */
export async function listExpiries(
  data: unknown,
  { store, clock }: { readonly store: InstrumentStore; readonly clock: Clock },
): Promise<ExpiryDates> {
  const query = parseRequest(instrumentExpiriesSchema, data)
  const version = versionInForce(store)
  const directory = await store.directory()
  const today = indianDateNumber(clock.nowMs())
  const expiries = directory.expiries(query).filter((expiry) => dateNumberOfExpiry(expiry) >= today)
  return { version, expiries }
}
