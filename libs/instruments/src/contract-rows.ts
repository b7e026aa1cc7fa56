import type { ContractDirectory, ContractFamily } from './contract-directory'
import type { IndexFile } from './index-file'
import type { SearchEntry } from './search-entries'
import type { SearchToken } from './search-tokens'

export interface ContractRowsQuery {
  readonly list: IndexFile
  readonly directory: ContractDirectory
  readonly entry: Extract<SearchEntry, { kind: 'contracts' }>
  readonly contractWords: readonly SearchToken[]
  /** With words all fitting contracts are `first`; without, futures are, and options and spreads are the `rest`. */
  readonly part: 'first' | 'rest'
}

/** Contracts that fit every word: by expiry, and within one those near the middle of the listed strikes first. */
export function* contractRows({
  list,
  directory,
  entry,
  contractWords,
  part,
}: ContractRowsQuery): Generator<number> {
  const isPart = (family: ContractFamily): boolean =>
    contractWords.length > 0 ? part === 'first' : (family.instrumentType === 'FUT') === (part === 'first')
  const families = entry.underlying.families.filter(
    (family) => isPart(family) && contractWords.every((word) => fitsFamily(word, family)),
  )
  const strikes = contractWords.flatMap(({ contract }) => contract?.strike ?? [])
  for (let at = 0; at < families.length;) {
    const expiry = families.filter((family, later) => later >= at && isSameExpiry(family, families[at]))
    yield* rowsOfExpiry({ list, directory }, expiry, strikes)
    at += expiry.length
  }
}

/** Calls and puts of one expiry stand together, and so do its futures. */
function isSameExpiry(family: ContractFamily, first: ContractFamily | undefined): boolean {
  const isOption = ({ instrumentType }: ContractFamily): boolean =>
    instrumentType === 'CE' || instrumentType === 'PE'
  return (
    first !== undefined &&
    family.expiryNumber === first.expiryNumber &&
    (family.instrumentType === first.instrumentType || (isOption(family) && isOption(first)))
  )
}

function fitsFamily({ contract }: SearchToken, family: ContractFamily): boolean {
  if (contract?.types !== undefined) return contract.types.includes(family.instrumentType)
  if (contract?.isExpiry !== undefined) return contract.isExpiry(family.expiryNumber)
  return family.instrumentType === 'CE' || family.instrumentType === 'PE'
}

/** With a strike that is listed only that one, else those that begin with its digits. */
function rowsOfExpiry(
  { list, directory }: Pick<ContractRowsQuery, 'list' | 'directory'>,
  families: readonly ContractFamily[],
  strikes: readonly string[],
): readonly number[] {
  const rows = families.flatMap(({ family }) => [...directory.rowsOf(family)])
  const contracts = rows.map((row) => ({ row, strike: list.rows.price('strike', row) ?? 0 }))
  const exact = contracts.filter(({ strike }) => strikes.every((text) => strike === Number(text)))
  const fitting =
    exact.length > 0
      ? exact
      : contracts.filter(({ strike }) => strikes.every((text) => String(strike).startsWith(text)))
  const middle = medianOf(fitting.map(({ strike }) => strike))
  const distance = (strike: number): number => Math.abs(strike - middle)
  return fitting
    .sort((a, b) => distance(a.strike) - distance(b.strike) || a.strike - b.strike || a.row - b.row)
    .map(({ row }) => row)
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >>> 1] ?? 0
}
