import type { SessionPhase } from '../matching/session-phase'
import { SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'
import { indianDate } from '../wire/indian-time'
import type { MarketStatus } from '../wire/market-notices'

/** Numbers of the broker's trading sessions. A captured pre-open has 1, though lists call that its end. */
const SESSION_NUMBERS: Readonly<Record<SessionPhase, number>> = {
  'pre-open': 1,
  open: 2,
  closing: 8,
  closed: 4,
}

const WORDS: Readonly<Record<SessionPhase, string>> = {
  'pre-open': 'PREOPENED',
  open: 'OPENED',
  closing: 'ENTERED THE CLOSING SESSION',
  closed: 'CLOSED',
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const NORMAL_MARKET = 1

/** `THE NORMAL MARKET HAS PREOPENED FOR 22 JAN 2021`. */
export function statusOf(segment: SegmentName, phase: SessionPhase, nowMs: number): MarketStatus {
  const [year = '', month = '', day = ''] = indianDate(nowMs).split('-')
  return {
    segment: SEGMENT_NUMBERS[segment],
    marketType: NORMAL_MARKET,
    tradingSession: SESSION_NUMBERS[phase],
    message: `THE NORMAL MARKET HAS ${WORDS[phase]} FOR ${day} ${MONTHS[Number(month) - 1] ?? ''} ${year}`,
  }
}
