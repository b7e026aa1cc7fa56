import { SEGMENTS, type Segment } from '@xts-bridge/contracts'

/** India keeps one offset all year. */
const IST_OFFSET_SECONDS = 19_800
const FROM_1970_TO_1980_SECONDS = 315_532_800
const CIVIL_INDIAN = /^(\d{2})-(\d{2})-(\d{4}) (\d{2}:\d{2}:\d{2})$/
const CIVIL_ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/
/** Segments whose ticks count from 1980; numbers 1, 2 and 3. */
const NSE_SEGMENTS: readonly Segment[] = ['NSECM', 'NSEFO', 'NSECD']

/**
 * Epoch milliseconds of a date and time in either of the broker's styles, read as Indian time unless it carries an
 * offset. Undefined for none (empty, or the broker's "no date" of 1980-01-01 00:00:00) and for what is no date.
 * Sub-milliseconds are cut off. Source: MAPPING.md, "time".
 */
export function parseBrokerTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const indian = CIVIL_INDIAN.exec(text)
  if (indian) return fromCivil(`${indian[3]}-${indian[2]}-${indian[1]}T${indian[4]}`, '', undefined)
  const iso = CIVIL_ISO.exec(text)
  return iso ? fromCivil(`${iso[1]}`, iso[2] ?? '', iso[3]) : undefined
}

/** `civil` is `yyyy-MM-ddTHH:mm:ss`. A day or hour that does not exist does not survive the way there and back. */
function fromCivil(civil: string, fraction: string, zone: string | undefined): number | undefined {
  const iso = `${civil}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
  const atUtc = Date.parse(iso)
  if (Number.isNaN(atUtc) || new Date(atUtc).toISOString() !== iso) return undefined
  const isNoDate = Number(civil.slice(0, 4)) <= 1980
  return isNoDate ? undefined : atUtc - offsetSeconds(zone) * 1_000
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined) return IST_OFFSET_SECONDS
  if (zone === 'Z') return 0
  const seconds = Number(zone.slice(1, 3)) * 3_600 + Number(zone.slice(4, 6)) * 60
  return zone.startsWith('-') ? -seconds : seconds
}

/**
 * Epoch milliseconds of a tick's seconds. NSE segments count from 1980-01-01 on India's wall clock; the others from 1970,
 * on the clock the profile names. Undefined for 0 and less, which mean no time. Source: MAPPING.md, "time".
 */
export function fromTickSeconds(
  seconds: number | undefined,
  segment: Segment,
  otherSegmentsClock: 'ist' | 'utc',
): number | undefined {
  if (seconds === undefined || seconds <= 0) return undefined
  if (NSE_SEGMENTS.includes(segment))
    return (seconds + FROM_1970_TO_1980_SECONDS - IST_OFFSET_SECONDS) * 1_000
  return (seconds - (otherSegmentsClock === 'ist' ? IST_OFFSET_SECONDS : 0)) * 1_000
}

/** Epoch milliseconds of a candle's seconds, which count from 1970 on India's wall clock in every segment. */
export function fromBarSeconds(seconds: number | undefined): number | undefined {
  if (seconds === undefined || seconds <= 0) return undefined
  return (seconds - IST_OFFSET_SECONDS) * 1_000
}

/** The number a segment has in market data. */
export function segmentNumber(segment: Segment): number {
  return SEGMENTS[segment]
}
