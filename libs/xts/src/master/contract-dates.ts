const EXPIRY = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}$/
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const DAY_MS = 86_400_000

/** The day a contract expires; its time of day in the master differs by exchange and means nothing. */
export interface ContractDate {
  readonly year: number
  /** 1 to 366. */
  readonly dayOfYear: number
  /** `17FEB26`, as symbols have it. */
  readonly compact: string
  /** `17-FEB-26`. */
  readonly dashed: string
}

/** A list has a few dozen expiries on a hundred thousand rows; more than this many are not remembered. */
const MOST_REMEMBERED = 512
const remembered = new Map<string, ContractDate | undefined>()

/** Reads `2026-02-17T14:30:00`; undefined for anything else, and for a day no calendar has. */
export function readContractDate(text: string): ContractDate | undefined {
  if (remembered.has(text)) return remembered.get(text)
  const date = parseContractDate(text)
  if (remembered.size < MOST_REMEMBERED) remembered.set(text, date)
  return date
}

function parseContractDate(text: string): ContractDate | undefined {
  const [, year = '', month = '', day = ''] = EXPIRY.exec(text) ?? []
  const monthName = MONTHS[Number(month) - 1]
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (monthName === undefined || new Date(atMs).getUTCDate() !== Number(day)) return undefined
  const shortYear = year.slice(2)
  return {
    year: Number(year),
    dayOfYear: (atMs - Date.UTC(Number(year), 0, 1)) / DAY_MS + 1,
    compact: day + monthName + shortYear,
    dashed: `${day}-${monthName}-${shortYear}`,
  }
}
