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
}

/** Reads `26-NOV-26`; undefined for anything else. */
export function readExpiry(expiry: string | undefined): ExpiryDate | undefined {
  const [, day = '', monthName = '', shortYear = ''] = EXPIRY.exec(expiry ?? '') ?? []
  const month = MONTHS.indexOf(monthName) + 1
  if (month === 0) return undefined
  return { day, month, monthName, shortYear, monthCharacter: MONTH_CHARACTERS.charAt(month - 1) }
}

/** `20261126` of `26-NOV-26`, which orders expiries; 0 for anything else. */
export function expiryNumber(expiry: string | undefined): number {
  const date = readExpiry(expiry)
  return date === undefined ? 0 : Number(`20${date.shortYear}`) * 10_000 + date.month * 100 + Number(date.day)
}

/** 1 to 366, of a year of this century. */
export function dayOfYear({ day, month, shortYear }: ExpiryDate): number {
  const year = 2000 + Number(shortYear)
  return (Date.UTC(year, month - 1, Number(day)) - Date.UTC(year, 0, 1)) / 86_400_000 + 1
}
