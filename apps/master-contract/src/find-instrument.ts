import {
  AppError,
  instrumentFindSchema,
  parseRequest,
  type FoundInstrument,
  type InstrumentKey,
} from '@xts-bridge/contracts'
import type { IndexFile, InstrumentStore } from '@xts-bridge/instruments'
import type { KeptLists } from './kept-lists'

export interface FindParts {
  readonly store: Pick<InstrumentStore, 'require' | 'version'>
  readonly kept: KeptLists
}

/** `instruments.find`: an instrument as it is, or as an earlier version had it. */
export async function findInstrument(data: unknown, { store, kept }: FindParts): Promise<FoundInstrument> {
  const { version, at, ...key } = parseRequest(instrumentFindSchema, data)
  const earlier = await earlierList({ version, at }, kept)
  if (earlier !== undefined) return { ...requireIn(earlier, key), version: earlier.meta.version }
  const instrument = store.require(key)
  return { ...instrument, version: store.version ?? '' }
}

/** Undefined for the list in force. */
export async function earlierList(
  { version, at }: { readonly version?: string | undefined; readonly at?: number | undefined },
  kept: KeptLists,
): Promise<IndexFile | undefined> {
  if (version !== undefined) return kept.ofVersion(version)
  return at === undefined ? undefined : kept.at(at)
}

function requireIn(list: IndexFile, { exchange, symbol }: InstrumentKey) {
  const instrument = list.find({ exchange, symbol })
  if (instrument === undefined)
    throw new AppError('INSTRUMENT_NOT_FOUND', { exchange, symbol, near: `none in ${list.meta.version}` })
  return instrument
}
