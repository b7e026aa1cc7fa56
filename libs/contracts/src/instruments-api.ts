import { z } from 'zod'
import { instrumentKeySchema } from './instrument'

/** `instruments.find`. Reply: Instrument. */
export const instrumentFindSchema = instrumentKeySchema
/** `instruments.refresh`: download now. Reply: InstrumentsStatus. */
export const instrumentRefreshSchema = z.strictObject({})

/** Rows of one segment that did not become instruments, by reason. */
export interface SegmentCount {
  readonly segment: string
  readonly rows: number
  readonly instruments: number
  readonly refused: Readonly<Record<string, number>>
  /** Instruments that got `-TOKEN` because their symbol was taken; 0 when left out. */
  readonly renamed?: number | undefined
}

/** Reply of `instruments.status` and `data` of `instruments.swapped`. */
export interface InstrumentsStatus {
  /** `vYYYYMMDD-n`; undefined before the first list. */
  readonly version?: string | undefined
  readonly swappedAtMs?: number | undefined
  readonly total: number
  readonly segments: readonly SegmentCount[]
  readonly isRefreshing: boolean
  readonly lastProblem?: string | undefined
}

/** Topics of master-contract's event stream. */
export const INSTRUMENT_EVENTS = ['instruments.swapped', 'instruments.refused'] as const
export type InstrumentEventTopic = (typeof INSTRUMENT_EVENTS)[number]
