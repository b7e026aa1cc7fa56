import { MONTHS } from './expiry-date'

/** What a person asked of a contract with one word; all that are set must hold. */
export interface ContractWord {
  readonly types?: readonly string[] | undefined
  /** True for an expiry (`20261126`) the word may mean. */
  readonly isExpiry?: ((expiryNumber: number) => boolean) | undefined
  /** Digits of a strike, whole or its beginning. */
  readonly strike?: string | undefined
}

/** One word of a search: part of a name, or something about a contract, or both. */
export interface SearchToken {
  readonly text: string
  readonly contract?: ContractWord | undefined
}

/** Longer searches are no names. */
const MOST_TOKENS = 8
const LONGEST_TEXT = 100
const MONTH = MONTHS.join('|')
/** `26 NOV 26` is one word. */
const SPACED_EXPIRY = new RegExp(`\\b(\\d{1,2})[ -](${MONTH})(?:[ -](\\d{4}|\\d{2}))?\\b`, 'g')
const EXPIRY = new RegExp(`^(\\d{1,2})?(${MONTH})(\\d{4}|\\d{2})?$`)
const STRIKE = /^\d+(\.\d+)?$/
/** A contract written in one word: the broker's `NIFTY26NOV24500CE`, or part of ours. */
const ONE_WORD = new RegExp(
  `^([A-Z&-]+)(\\d{1,2}(?:${MONTH})(?:\\d{2}(?=\\d{3,}|FUT|$))?)?(\\d+(?:\\.\\d+)?)?(CE|PE|FUT)?$`,
)
const TYPES: Readonly<Record<string, readonly string[]>> = {
  CE: ['CE'],
  CALL: ['CE'],
  CALLS: ['CE'],
  PE: ['PE'],
  PUT: ['PE'],
  PUTS: ['PE'],
  FUT: ['FUT'],
  FUTURE: ['FUT'],
  FUTURES: ['FUT'],
  OPTION: ['CE', 'PE'],
  OPTIONS: ['CE', 'PE'],
  SPD: ['SPREAD'],
  SPREAD: ['SPREAD'],
}

/** The words of a search in capitals; more than some are left out. */
export function searchTokens(text: string): readonly SearchToken[] {
  const capitals = text.slice(0, LONGEST_TEXT).toUpperCase().replace(SPACED_EXPIRY, '$1$2$3')
  return capitals
    .split(/[\s,;:/]+/)
    .filter((word) => word !== '')
    .slice(0, MOST_TOKENS)
    .map((word) => ({ text: word, contract: contractWord(word) }))
}

/** A contract that was written in one word, taken apart; undefined when the word is none. */
export function splitContract(word: string): readonly SearchToken[] | undefined {
  const [, name = '', expiry, strike, type] = ONE_WORD.exec(word) ?? []
  if (name === '' || (expiry ?? strike) === undefined) return undefined
  const rest = [expiry, strike, type].filter((part) => part !== undefined)
  return [{ text: name }, ...rest.map((part) => ({ text: part, contract: contractWord(part) }))]
}

function contractWord(word: string): ContractWord | undefined {
  if (Object.hasOwn(TYPES, word)) return { types: TYPES[word] }
  if (STRIKE.test(word)) return { strike: word }
  const [, first, monthName = '', last] = EXPIRY.exec(word) ?? []
  const month = MONTHS.indexOf(monthName) + 1
  return month === 0 ? undefined : { isExpiry: expiryTest(month, first, last) }
}

/** `26NOV` is the 26th, or the year 26 as the broker writes it. */
function expiryTest(
  month: number,
  first: string | undefined,
  last: string | undefined,
): (expiryNumber: number) => boolean {
  const year = last === undefined ? undefined : Number(last.slice(-2))
  return (expiryNumber) => {
    const day = expiryNumber % 100
    const shortYear = Math.floor(expiryNumber / 10_000) % 100
    if (Math.floor(expiryNumber / 100) % 100 !== month) return false
    if (year !== undefined && year !== shortYear) return false
    if (first === undefined) return true
    return Number(first) === day || (year === undefined && Number(first) === shortYear)
  }
}
