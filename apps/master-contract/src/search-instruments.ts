import { instrumentSearchSchema, parseRequest, type InstrumentsFound } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import { asInstrument } from './plain-instrument'
import { versionInForce } from './version-in-force'

/** `instruments.search`: instruments whose symbol or name begins with the text, then those that are like it. */
export async function searchInstruments(data: unknown, store: InstrumentStore): Promise<InstrumentsFound> {
  const { query: text, exchange, limit } = parseRequest(instrumentSearchSchema, data)
  const version = versionInForce(store)
  const found = await store.search({ text, exchange, limit })
  return { version, instruments: found.map(asInstrument) }
}
