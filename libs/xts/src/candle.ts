import { fromBarSeconds } from './broker-time'
import type { Candle } from './model'

/** The parts of a finished minute as a message carried them. */
export interface CandleParts {
  /** Seconds since 1970 on India's wall clock, in every segment. */
  readonly barSeconds: number | undefined
  readonly open: number | undefined
  readonly high: number | undefined
  readonly low: number | undefined
  readonly close: number | undefined
  readonly volume: number | undefined
}

/** The minute, or undefined where one of its parts is missing. */
export function candleFrom({ barSeconds, open, high, low, close, volume }: CandleParts): Candle | undefined {
  const endsAtMs = fromBarSeconds(barSeconds)
  if (endsAtMs === undefined || volume === undefined) return undefined
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined
  return { endsAtMs, open, high, low, close, volume }
}
