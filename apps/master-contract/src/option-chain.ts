import { optionChainSchema, parseRequest, type OptionChainStrikes } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import { versionInForce } from './version-in-force'

/** `instruments.option-chain`: the strikes of one expiry with the instruments of both sides, around the money if asked. */
export async function optionChain(data: unknown, store: InstrumentStore): Promise<OptionChainStrikes> {
  const query = parseRequest(optionChainSchema, data)
  const version = versionInForce(store)
  const directory = await store.directory()
  return { version, ...directory.optionChain(query) }
}
