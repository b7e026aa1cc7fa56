import { EXCHANGES, type Exchange } from '@xts-bridge/contracts'
import type { ContractDirectory, Underlying } from './contract-directory'
import type { IndexFile } from './index-file'
import { TermCollector, type SearchTerms } from './search-terms'
import { StrikeFamilies } from './strike-families'

/** Entries gathered between two pauses: about a millisecond. */
const ENTRIES_PER_STEP = 300
/** Rows passed over between two pauses. */
const ROWS_PER_STEP = 1_500
/** Which exchange a name most likely means. */
const EXCHANGE_ORDER: readonly Exchange[] = [
  'NSE_INDEX',
  'BSE_INDEX',
  ...EXCHANGES.filter((name) => !name.endsWith('_INDEX')),
]
const LONGEST_SYMBOL = 256

/** What a search finds first: a cash instrument or index, or all contracts on one name. */
export type SearchEntry =
  | { readonly kind: 'cash'; readonly exchange: Exchange; readonly base: string; readonly row: number }
  | {
      readonly kind: 'contracts'
      readonly exchange: Exchange
      readonly base: string
      readonly underlying: Underlying
    }

export interface SearchIndex {
  /** Likely ones first: by exchange, then short names before long ones, then by alphabet. */
  readonly entries: readonly SearchEntry[]
  readonly terms: SearchTerms
  readonly strikes: StrikeFamilies
}

/** Gathers the names of a list and the words they can be found by; gives way every millisecond or so. */
export async function buildSearchIndex(
  list: IndexFile,
  directory: ContractDirectory,
  giveWay: () => Promise<void>,
): Promise<SearchIndex> {
  const buckets = new Map<number, SearchEntry[]>()
  for (const entry of entriesOf(list, directory)) {
    if (entry === undefined) {
      await giveWay()
      continue
    }
    const rank = EXCHANGE_ORDER.indexOf(entry.exchange) * LONGEST_SYMBOL + entry.base.length
    const bucket = buckets.get(rank)
    if (bucket === undefined) buckets.set(rank, [entry])
    else bucket.push(entry)
  }
  await giveWay()
  const ranks = [...buckets.keys()].sort((a, b) => a - b)
  const entries = ranks.flatMap((rank) => buckets.get(rank) ?? [])
  const strikes = await StrikeFamilies.of(list, directory, giveWay)
  return { entries, terms: await termsOf(entries, list, giveWay), strikes }
}

/** By alphabet within each exchange; undefined now and then, when it is time to give way. */
function* entriesOf(list: IndexFile, directory: ContractDirectory): Generator<SearchEntry | undefined> {
  const { rows } = list
  for (let position = 0; position < list.count; position += 1) {
    const row = list.rowInOrder(position) ?? 0
    if (position % ROWS_PER_STEP === 0) yield undefined
    if (rows.isContract(row)) continue
    yield { kind: 'cash', exchange: rows.exchange(row), base: rows.symbol(row), row }
  }
  const underlyings = [...directory.underlyings].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const underlying of underlyings) {
    yield { kind: 'contracts', exchange: underlying.exchange, base: underlying.name, underlying }
  }
}

async function termsOf(
  entries: readonly SearchEntry[],
  list: IndexFile,
  giveWay: () => Promise<void>,
): Promise<SearchTerms> {
  const collector = new TermCollector()
  for (const [number, entry] of entries.entries()) {
    const name = entry.kind === 'cash' ? list.rows.name(entry.row) : (entry.underlying.brokerName ?? '')
    collector.add(entry.base, number)
    for (const word of `${entry.base} ${name.toUpperCase()}`.split(/[^A-Z0-9&.]+/))
      collector.add(word, number)
    if (number % ENTRIES_PER_STEP === 0) await giveWay()
  }
  return collector.finish(giveWay)
}
