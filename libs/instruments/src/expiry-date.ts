const EXPIRY = /^(0[1-9]|[12]\d|3[01])-([A-Z]{3})-(\d{2})$/
export const MONTHS: readonly string[] = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
]
const DAY_MS = 86_400_000
/** The month in one character, as the exchanges' weekly codes have it. */
const MONTH_CHARACTERS = '123456789OND'

/** An expiry of the list, taken apart. */
export interface ExpiryDate {
  /** `05`. */
  readonly day: string
  /** 1 to 12. */
  readonly month: number
  /** `NOV`. */
  readonly monthName: string
  /** `N`. */
  readonly monthCharacter: string
  /** `26`. */
  readonly shortYear: string
  /** 1 to 366. */
  readonly dayOfYear: number
}

/** A list has a few dozen expiries on a hundred thousand rows; more than this many are not remembered. */
const MOST_REMEMBERED = 512
const remembered = new Map<string, ExpiryDate | undefined>()

/** Reads `26-NOV-26`; undefined for anything else. */
export function readExpiry(expiry: string | undefined): ExpiryDate | undefined {
  if (expiry === undefined) return undefined
  if (remembered.has(expiry)) return remembered.get(expiry)
  const date = parseExpiry(expiry)
  if (remembered.size < MOST_REMEMBERED) remembered.set(expiry, date)
  return date
}

function parseExpiry(expiry: string): ExpiryDate | undefined {
  const [, day = '', monthName = '', shortYear = ''] = EXPIRY.exec(expiry) ?? []
  const month = MONTHS.indexOf(monthName) + 1
  if (month === 0) return undefined
  const year = 2000 + Number(shortYear)
  const dayOfYear = (Date.UTC(year, month - 1, Number(day)) - Date.UTC(year, 0, 1)) / DAY_MS + 1
  const monthCharacter = MONTH_CHARACTERS.charAt(month - 1)
  return { day, month, monthName, monthCharacter, shortYear, dayOfYear }
}

/** `20261126` of `26-NOV-26`, which orders expiries; 0 for anything else. */
export function expiryNumber(expiry: string | undefined): number {
  const date = readExpiry(expiry)
  return date === undefined ? 0 : Number(`20${date.shortYear}`) * 10_000 + date.month * 100 + Number(date.day)
}
