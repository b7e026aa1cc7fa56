import { SEGMENTS, type Segment } from '@xts-bridge/contracts'

/** A cash row in the layout of 2026 (documented). */
export function cashRow(segment: 'NSECM' | 'BSECM', name: string, token: number, lotSize = 1): string {
  const id = `${SEGMENTS[segment]}1001${String(token).padStart(8, '0')}`
  const series = segment === 'NSECM' ? 'EQ' : 'A'
  const coded = `${name}-${series}`
  return `${segment}|${token}|8|${name}|${coded}|${series}|${coded}|${id}|110|90|1000|0.05|${lotSize}|1|${name}|INE002A01018|1|1|${name} LTD|0|-1|-1`
}

/** Rows S<from>, S<from + 1>, … of one cash segment as one text. */
export function cashText(segment: 'NSECM' | 'BSECM', count: number, from = 1): string {
  return Array.from({ length: count }, (_, at) => cashRow(segment, `S${from + at}`, from + at)).join('\n')
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAY_MS = 86_400_000

/** An NSEFO row in the layout of 2026 (documented); a future without a strike. `date`: `2026-11-26`. */
export function contractRow({
  token,
  date,
  strike,
}: {
  token: number
  date: string
  strike?: number
}): string {
  const [year = '', month = '', day = ''] = date.split('-')
  const dayOfYear = (Date.parse(date) - Date.parse(`${year}-01-01`)) / DAY_MS + 1
  const id = `2${year.slice(3)}${String(dayOfYear).padStart(3, '0')}${String(token).padStart(8, '0')}`
  const monthName = MONTHS[Number(month) - 1] ?? ''
  const shown = `NIFTY ${day}${monthName}${year}`
  const head = (type: number, code: string, series: string): string =>
    `NSEFO|${token}|${type}|NIFTY|${code}|${series}|NIFTY-${series}|${id}|900|0.05|1801|0.05|65|1|-1|Nifty 50|${date}T14:30:00`
  const code = `NIFTY${year.slice(2)}${monthName}`
  if (strike === undefined) return `${head(1, `${code}FUT`, 'FUTIDX')}|${shown}|1|1|${code}FUT`
  return `${head(2, `${code}${strike}CE`, 'OPTIDX')}|${strike}|3|${shown} CE ${strike}|1|1|${code}${strike}CE`
}

/** One future and `count` options that expire on a date. */
export function contractText(date: string, count: number, firstToken = 50_000): string {
  const options = Array.from({ length: count }, (_, at) =>
    contractRow({ token: firstToken + 1 + at, date, strike: 20_000 + at * 50 }),
  )
  return [contractRow({ token: firstToken, date }), ...options].join('\n')
}

/** Texts per segment; one that is missing is empty. */
export type Texts = Partial<Record<Segment, string>>
