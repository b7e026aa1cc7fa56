const DAY_MS = 86_400_000
export const TUESDAY = 2
export const THURSDAY = 4
export const FRIDAY = 5
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
/** Weekly contracts write the month in one character. */
const WEEKLY_MONTHS = '123456789OND'

const toDate = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** The next `count` dates on this weekday, today included: a contract trades on its expiry day. Dates as `2026-11-24`. */
export function weeklyExpiries(today: string, weekday: number, count: number): string[] {
  const todayMs = Date.parse(today)
  const first = todayMs + ((weekday - new Date(todayMs).getUTCDay() + 7) % 7) * DAY_MS
  return Array.from({ length: count }, (_, week) => toDate(first + week * 7 * DAY_MS))
}

/** The last such weekday of each coming month, starting with the first that has not passed. */
export function monthlyExpiries(today: string, weekday: number, count: number): string[] {
  const found: string[] = []
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1]
  for (let ahead = 0; found.length < count; ahead++) {
    const expiry = lastWeekdayOfMonth(year, month + ahead, weekday)
    if (expiry >= today) found.push(expiry)
  }
  return found
}

/** What a month's own rule gives (see below) for the coming months, starting with the first that has not passed. */
export function monthlyDates(
  today: string,
  ruleOf: (year: number, month: number) => string,
  count: number,
): string[] {
  const found: string[] = []
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1]
  for (let ahead = 0; found.length < count; ahead++) {
    const date = ruleOf(year + Math.floor((month + ahead) / 12), (month + ahead) % 12)
    if (date >= today) found.push(date)
  }
  return found
}

/** The given day of the month (month 0-11), or the last working day before it; 0 is the last day of the month before. */
export function workingDayUpTo(year: number, month: number, day: number): string {
  return workingDaysBack(Date.UTC(year, month, day), 0)
}

/** The working day that is `back` working days before the last one of the month. */
export function workingDayBeforeMonthEnd(year: number, month: number, back: number): string {
  return workingDaysBack(Date.UTC(year, month + 1, 0), back)
}

/** The working day so many before the last one up to this date. */
export function workingDaysBefore(date: string, back: number): string {
  return workingDaysBack(Date.parse(date), back)
}

/** Holidays are not known here: every Monday to Friday counts. */
function workingDaysBack(fromMs: number, back: number): string {
  let [atMs, left] = [fromMs, back]
  while (isWeekend(atMs) || left > 0) {
    if (!isWeekend(atMs)) left--
    atMs -= DAY_MS
  }
  return toDate(atMs)
}

const isWeekend = (atMs: number): boolean => [0, 6].includes(new Date(atMs).getUTCDay())

/** Of the monthly expiries those in the given months (1-12), for the long-dated index contracts. */
export function expiriesInMonths(
  today: string,
  weekday: number,
  months: readonly number[],
  count: number,
): string[] {
  return monthlyExpiries(today, weekday, count * 12)
    .filter((expiry) => months.includes(Number(expiry.slice(5, 7))))
    .slice(0, count)
}

function lastWeekdayOfMonth(year: number, month: number, weekday: number): string {
  const lastDay = Date.UTC(year, month + 1, 0)
  const back = (new Date(lastDay).getUTCDay() - weekday + 7) % 7
  return toDate(lastDay - back * DAY_MS)
}

export function isMonthly(expiry: string, weekday: number): boolean {
  return lastWeekdayOfMonth(Number(expiry.slice(0, 4)), Number(expiry.slice(5, 7)) - 1, weekday) === expiry
}

const monthName = (date: string): string => MONTHS[Number(date.slice(5, 7)) - 1] ?? ''

/** `24NOV2026`, as display names write it. */
export function longDate(date: string): string {
  return `${date.slice(8, 10)}${monthName(date)}${date.slice(0, 4)}`
}

/** `24NOV`, as the legs of a spread are written. */
export function shortDate(date: string): string {
  return `${date.slice(8, 10)}${monthName(date)}`
}

/** `26NOV`: year and month of a monthly contract. */
export function yearMonth(date: string): string {
  return `${date.slice(2, 4)}${monthName(date)}`
}

/** `26N24`: year, month character and day of a weekly contract. */
export function yearWeek(date: string): string {
  return `${date.slice(2, 4)}${WEEKLY_MONTHS.charAt(Number(date.slice(5, 7)) - 1)}${date.slice(8, 10)}`
}
