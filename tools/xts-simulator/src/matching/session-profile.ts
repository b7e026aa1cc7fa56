import type { SegmentName } from '../universe/segments'
import { SEGMENT_NAMES } from '../universe/segments'
import { indianDate, msOfIndianDay } from '../wire/indian-time'
import type { SessionPhase } from './session-phase'

/** The days this broker can keep: `always-open` never closes, `nse` keeps the hours of the Indian exchanges. */
export const SESSION_PROFILES = ['always-open', 'nse'] as const
export type SessionProfile = (typeof SESSION_PROFILES)[number]

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const at = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * MINUTE_MS
}

/** A phase from a time of the Indian day (milliseconds since midnight) until the next one begins. */
interface PhaseStart {
  readonly fromMs: number
  readonly phase: SessionPhase
}

interface Hours {
  readonly phases: readonly PhaseStart[]
  /** When the risk system squares off what is intraday; milliseconds since midnight. */
  readonly squareOffMs: number
}

const hours = (squareOff: string, ...phases: readonly (readonly [string, SessionPhase])[]): Hours => ({
  squareOffMs: at(squareOff),
  phases: phases.map(([from, phase]) => ({ fromMs: at(from), phase })),
})

/** Cash segments have a pre-open and, after ten minutes of rest, a session at the closing price. */
const CASH = hours(
  '15:15',
  ['09:00', 'pre-open'],
  ['09:15', 'open'],
  ['15:30', 'closed'],
  ['15:40', 'closing'],
  ['16:00', 'closed'],
)
const DERIVATIVES = hours('15:15', ['09:15', 'open'], ['15:30', 'closed'])
const CURRENCY = hours('16:45', ['09:00', 'open'], ['17:00', 'closed'])
const COMMODITY = hours('23:15', ['09:00', 'open'], ['23:30', 'closed'])

const HOURS: Readonly<Record<SegmentName, Hours>> = {
  NSECM: CASH,
  BSECM: CASH,
  NSEFO: DERIVATIVES,
  BSEFO: DERIVATIVES,
  NSECD: CURRENCY,
  BSECD: CURRENCY,
  MCXFO: COMMODITY,
}

/** The phase of a segment at a moment. Saturdays and Sundays are closed. */
export function phaseAt(profile: SessionProfile, segment: SegmentName, atMs: number): SessionPhase {
  if (profile === 'always-open') return 'open'
  if (isWeekend(atMs)) return 'closed'
  const timeMs = msOfIndianDay(atMs)
  return HOURS[segment].phases.findLast(({ fromMs }) => fromMs <= timeMs)?.phase ?? 'closed'
}

/** Milliseconds since midnight in India at which the risk system squares off what is intraday. */
export function squareOffTimeMs(segment: SegmentName, chosen: string | undefined): number {
  return chosen === undefined ? HOURS[segment].squareOffMs : at(chosen)
}

/** A working day of a profile that ends. */
export function hasHours(profile: SessionProfile, atMs: number): boolean {
  return profile !== 'always-open' && !isWeekend(atMs)
}

/** The next moment after this one at which anything may begin or end; `extraMs` are times of the day that count too. */
export function nextMomentAfter(atMs: number, extraMs: readonly number[]): number {
  const midnight = atMs - msOfIndianDay(atMs)
  const phaseTimesMs = SEGMENT_NAMES.flatMap((segment) => HOURS[segment].phases.map(({ fromMs }) => fromMs))
  const timesMs = [...extraMs, ...phaseTimesMs]
  const later = timesMs.map((timeMs) => midnight + timeMs).filter((momentMs) => momentMs > atMs)
  return Math.min(midnight + DAY_MS, ...later)
}

function isWeekend(atMs: number): boolean {
  const day = new Date(`${indianDate(atMs)}T00:00:00Z`).getUTCDay()
  return day === 0 || day === 6
}
