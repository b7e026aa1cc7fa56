import type { ContractDirectory, ContractFamily } from './contract-directory'
import type { IndexFile } from './index-file'
import type { SearchEntry } from './search-entries'
import type { ExpiryWord, SearchToken } from './search-tokens'
import type { StrikeFamilies } from './strike-families'

export interface ContractRowsQuery {
  readonly list: IndexFile
  readonly directory: ContractDirectory
  readonly strikes: StrikeFamilies
  readonly entry: Extract<SearchEntry, { kind: 'contracts' }>
  readonly contractWords: readonly SearchToken[]
  /** Without a name, a strike is looked for on every underlying, so only whole ones are. */
  readonly isNamed: boolean
  /** With words all fitting contracts are `first`; without, futures are, and options and spreads are the `rest`. */
  readonly part: 'first' | 'rest'
}

/** Contracts that fit every word: by expiry, and within one those near the middle of the listed strikes first. */
export function* contractRows(query: ContractRowsQuery): Generator<number> {
  const { contractWords, entry, part } = query
  const isPart = (family: ContractFamily): boolean =>
    contractWords.length > 0 ? part === 'first' : (family.instrumentType === 'FUT') === (part === 'first')
  let families: readonly ContractFamily[] = entry.underlying.families.filter(isPart)
  for (const word of contractWords) {
    families = ofExpiry(
      families.filter((family) => fitsType(word, family)),
      word.contract?.expiry,
    )
  }
  const strikes = contractWords.flatMap(({ contract }) => contract?.strike ?? [])
  families = withStrikes(families, strikes, query)
  for (let at = 0; at < families.length;) {
    const expiry = families.filter((family, later) => later >= at && isSameExpiry(family, families[at]))
    yield* rowsOfExpiry(query, expiry, strikes)
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

function fitsType({ contract }: SearchToken, { instrumentType }: ContractFamily): boolean {
  if (contract?.types !== undefined) return contract.types.includes(instrumentType)
  return contract?.strike === undefined || instrumentType === 'CE' || instrumentType === 'PE'
}

/** Without a name only whole strikes count, and only the families that have them need a look. */
function withStrikes(
  families: readonly ContractFamily[],
  strikes: readonly string[],
  { isNamed, strikes: known }: Pick<ContractRowsQuery, 'isNamed' | 'strikes'>,
): readonly ContractFamily[] {
  if (isNamed || strikes.length === 0) return families
  const having = strikes.map((strike) => known.with(Number(strike)))
  return families.filter(({ family }) => having.every((numbers) => numbers.has(family)))
}

/** Where `26NOV` is a day on which contracts expire it is that; else it is November of the year 26. */
function ofExpiry(
  families: readonly ContractFamily[],
  expiry: ExpiryWord | undefined,
): readonly ContractFamily[] {
  if (expiry === undefined) return families
  const { first, month, shortYear } = expiry
  const yearOf = ({ expiryNumber }: ContractFamily): number => Math.floor(expiryNumber / 10_000) % 100
  const ofMonth = families.filter(
    (family) =>
      Math.floor(family.expiryNumber / 100) % 100 === month &&
      (shortYear === undefined || yearOf(family) === shortYear),
  )
  if (first === undefined) return ofMonth
  const ofDay = ofMonth.filter(({ expiryNumber }) => expiryNumber % 100 === first)
  if (ofDay.length > 0 || shortYear !== undefined) return ofDay
  return ofMonth.filter((family) => yearOf(family) === first)
}

/** With a strike that is listed only that one, else those that begin with its digits. */
function rowsOfExpiry(
  { list, directory, isNamed }: Pick<ContractRowsQuery, 'list' | 'directory' | 'isNamed'>,
  families: readonly ContractFamily[],
  strikes: readonly string[],
): readonly number[] {
  const strikeOf = (row: number): number => list.rows.price('strike', row) ?? 0
  const wanted = strikes.map(Number)
  const exact: number[] = []
  for (const { family } of families) {
    for (const row of directory.rowsOf(family)) {
      const strike = strikeOf(row)
      if (wanted.length === 0 || wanted.every((one) => one === strike)) exact.push(row)
    }
  }
  if (wanted.length > 0 && (exact.length > 0 || !isNamed)) return exact.sort((a, b) => a - b)
  if (wanted.length === 0) return nearMiddleFirst(exact, strikeOf)
  const rows = families.flatMap(({ family }) => [...directory.rowsOf(family)])
  const beginning = rows.filter((row) => strikes.every((text) => String(strikeOf(row)).startsWith(text)))
  return nearMiddleFirst(beginning, strikeOf)
}

function nearMiddleFirst(rows: readonly number[], strikeOf: (row: number) => number): readonly number[] {
  const contracts = rows.map((row) => ({ row, strike: strikeOf(row) }))
  const sorted = Float64Array.from(contracts, ({ strike }) => strike).sort()
  const middle = sorted[sorted.length >>> 1] ?? 0
  const distance = (strike: number): number => Math.abs(strike - middle)
  return contracts
    .sort((a, b) => distance(a.strike) - distance(b.strike) || a.strike - b.strike || a.row - b.row)
    .map(({ row }) => row)
}
