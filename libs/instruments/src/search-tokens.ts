import { MONTHS } from './expiry-date'

/** What a person asked of a contract with one word; all that are set must hold. */
export interface ContractWord {
  readonly types?: readonly string[] | undefined
  readonly expiry?: ExpiryWord | undefined
  /** Digits of a strike, whole or its beginning. */
  readonly strike?: string | undefined
}

/** `NOV`, `26NOV`, `26NOV26`. */
export interface ExpiryWord {
  /** 1 to 12. */
  readonly month: number
  /** The day; without a year it may be that instead, as the broker writes it. */
  readonly first?: number | undefined
  /** Two digits. */
  readonly shortYear?: number | undefined
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
  `^([A-Z&-]+)(\\d{1,2}(?:${MONTH})(?:\\d{2}(?=FUT|$))?)?(\\d+(?:\\.\\d+)?)?(CE|PE|FUT)?$`,
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
  if (month === 0) return undefined
  return {
    expiry: {
      month,
      first: first === undefined ? undefined : Number(first),
      shortYear: last === undefined ? undefined : Number(last.slice(-2)),
    },
  }
}
