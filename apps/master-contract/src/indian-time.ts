const IST_OFFSET_MS = 5.5 * 3_600_000
const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/

/** The Indian date as a version has it: `20261120`. */
export function indianDate(atMs: number): string {
  return new Date(atMs + IST_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

/** Minutes after midnight for each of `06:30,08:30`; undefined when one is no time of day. */
export function parseTimesOfDay(text: string): readonly number[] | undefined {
  const times = text.split(',').map((part) => TIME_OF_DAY.exec(part.trim()))
  const minutes = times.map((match) => (match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN))
  return minutes.some(Number.isNaN) ? undefined : minutes
}

/** Milliseconds until the next of these Indian times of day, at least 1; undefined without times. */
export function untilNextTimeMs(nowMs: number, minutesOfDay: readonly number[]): number | undefined {
  const dayMs = DAY_MINUTES * MINUTE_MS
  const sinceMidnightMs = (nowMs + IST_OFFSET_MS) % dayMs
  const waits = minutesOfDay.map((minute) => {
    const waitMs = minute * MINUTE_MS - sinceMidnightMs
    return waitMs > 0 ? waitMs : waitMs + dayMs
  })
  return waits.length === 0 ? undefined : Math.min(...waits)
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** `26-NOV-26` as 20261126, which sorts and compares like the date; NaN for anything else. */
export function dateNumberOfExpiry(expiry: string): number {
  const [day = '', month = '', year = ''] = expiry.split('-')
  const monthNumber = MONTHS.indexOf(month) + 1
  return monthNumber === 0 ? Number.NaN : (2_000 + Number(year)) * 10_000 + monthNumber * 100 + Number(day)
}

/** The Indian date as 20261120, some days later if asked. */
export function indianDateNumber(atMs: number, daysLater = 0): number {
  return Number(indianDate(atMs + daysLater * DAY_MINUTES * MINUTE_MS))
}
