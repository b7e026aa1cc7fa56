import { z } from 'zod'
import { EXCHANGES, exchangeSchema, instrumentKeySchema, SEGMENTS, type Instrument } from './instrument'

/** Most instruments of one search. */
export const MOST_INSTRUMENTS_FOUND = 500
/** Most instruments of one page of `instruments.list`, and changes of one page of `instruments.diff`. */
export const MOST_INSTRUMENTS_LISTED = 1_000
/** Most strikes on each side of the money. */
export const MOST_STRIKES_EACH_SIDE = 100

/** `v20261120-2`: the Indian date and a counter within it. */
export const listVersionSchema = z.string().regex(/^v\d{8}-\d{1,6}$/, 'must be a version such as v20261120-1')
/** `26-NOV-26`, as instruments have it. */
const expirySchema = z
  .string()
  .regex(
    /^(0[1-9]|[12]\d|3[01])-(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)-\d{2}$/,
    'must be an expiry such as 26-NOV-26',
  )
const underlyingSchema = z.string().trim().min(1).max(64)
const wholeFrom = (min: number, max: number) =>
  z
    .number()
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)

/**
 * `instruments.find`. Reply: Instrument, as it is now; with `version` or `at` (epoch ms) as it was in that version or
 * in the one in force at that time: FoundInstrument.
 */
export const instrumentFindSchema = instrumentKeySchema
  .extend({ version: listVersionSchema.optional(), at: wholeFrom(0, Number.MAX_SAFE_INTEGER).optional() })
  .refine(({ version, at }) => version === undefined || at === undefined, {
    path: ['at'],
    message: 'must not be given together with version',
  })
export interface FoundInstrument extends Instrument {
  /** The version that answered. */
  readonly version: string
}

/** `instruments.search`: the beginning of a symbol or name, or something like it. Reply: InstrumentsFound. */
export const instrumentSearchSchema = z.strictObject({
  query: z.string().trim().min(1, 'must not be empty').max(64),
  exchange: exchangeSchema.optional(),
  limit: wholeFrom(1, MOST_INSTRUMENTS_FOUND).default(MOST_INSTRUMENTS_FOUND),
})
export interface InstrumentsFound {
  readonly version: string
  /** Best match first. */
  readonly instruments: readonly Instrument[]
}

/** `instruments.expiries`. Reply: ExpiryDates. */
export const instrumentExpiriesSchema = z.strictObject({
  exchange: exchangeSchema,
  underlying: underlyingSchema,
  kind: z.enum(['futures', 'options']).optional(),
})
export interface ExpiryDates {
  readonly version: string
  /** `26-NOV-26`, earliest first; none that has passed. */
  readonly expiries: readonly string[]
}

/** `instruments.option-chain`: strikes around a price. Without `around` all strikes. Reply: OptionChainStrikes. */
export const optionChainSchema = z
  .strictObject({
    exchange: exchangeSchema,
    underlying: underlyingSchema,
    expiry: expirySchema,
    /** Rupees. */
    around: z.number().positive('must be above 0').optional(),
    /** Strikes on each side of the one nearest to `around`. */
    strikeCount: wholeFrom(1, MOST_STRIKES_EACH_SIDE).optional(),
  })
  .refine(({ around, strikeCount }) => strikeCount === undefined || around !== undefined, {
    path: ['strikeCount'],
    message: 'must come with around',
  })
export interface OptionChainStrikes {
  readonly version: string
  /** Rupees; undefined without `around` or without strikes. */
  readonly atTheMoney?: number | undefined
  /** By strike, upwards; a side the exchange does not list is left out. */
  readonly strikes: readonly {
    readonly strike: number
    readonly call?: Instrument | undefined
    readonly put?: Instrument | undefined
  }[]
}

/** `instruments.list`: one page; ask again with `next` and the same `version` until there is none. Reply: InstrumentsListed. */
export const instrumentListSchema = z
  .strictObject({
    exchange: exchangeSchema.optional(),
    segment: z.enum(Object.keys(SEGMENTS) as [keyof typeof SEGMENTS]).optional(),
    format: z.enum(['json', 'csv']).default('json'),
    limit: wholeFrom(1, MOST_INSTRUMENTS_LISTED).default(MOST_INSTRUMENTS_LISTED),
    version: listVersionSchema.optional(),
    next: wholeFrom(0, 0xffff_ffff).optional(),
  })
  .refine(({ next, version }) => next === undefined || version !== undefined, {
    path: ['version'],
    message: 'must come with next',
  })
/** One row in the columns of `symbol_token`. */
export interface SymbolTokenRow {
  readonly symbol: string
  readonly brsymbol: string
  readonly name: string
  readonly token: string
  readonly exchange: (typeof EXCHANGES)[number]
  readonly brexchange: string
  readonly expiry: string
  readonly strike: number | null
  readonly lotsize: number
  readonly instrumenttype: string
  readonly tick_size: number
  readonly freeze_quantity: number | null
}
export interface InstrumentsListed {
  readonly version: string
  /** Instruments of the whole version. */
  readonly total: number
  /** Of `format: 'json'`. */
  readonly rows?: readonly SymbolTokenRow[] | undefined
  /** Of `format: 'csv'`: lines of the page; the first page begins with the names of the columns. */
  readonly csv?: string | undefined
  /** Undefined after the last page. */
  readonly next?: number | undefined
}

/** `instruments.refresh`: download now; one run at a time, so a request during a run gets its outcome. Reply: InstrumentsStatus. */
export const instrumentRefreshSchema = z.strictObject({})
/** `instruments.status`. Reply: InstrumentsStatus. */
export const instrumentStatusSchema = z.strictObject({})

/** Rows of one segment: instruments, and refusals by reason. */
export interface SegmentCount {
  readonly segment: string
  readonly rows: number
  readonly instruments: number
  readonly refused: Readonly<Record<string, number>>
  /** Instruments that got `-TOKEN` because their symbol was taken; 0 when left out. */
  readonly renamed?: number | undefined
  /** The version these instruments were downloaded for, when that is an earlier one: a later download was refused. */
  readonly carriedFrom?: string | undefined
  /** Why the latest download was not taken; undefined when it was. */
  readonly refusedBecause?: string | undefined
}

/** What a list must pass, segment by segment, before it replaces the last good one. */
export const LIST_GATES = [
  /** The list could be had, and was one. */
  'download',
  /** Its rows are of the segment that was asked for. */
  'segment',
  /** Few rows are refused. */
  'refused-rows',
  /** Lots and ticks are above 0. */
  'lot-and-tick',
  /** One row per (segment, token). */
  'duplicate-key',
  /** About as many instruments as the last good list. */
  'row-count',
  'mandatory-symbols',
  /** A contract that can still be traded. */
  'expiry',
  /** Not the list of an earlier day. */
  'date',
] as const
export type ListGate = (typeof LIST_GATES)[number]

/** Why the list of one segment must not replace the last good one. */
export interface GateFailure {
  readonly segment: string
  readonly gate: ListGate
  readonly found: string
  readonly expected: string
  /** A row, a symbol or the beginning of a text that shows it; undefined where there is none. */
  readonly sample?: string | undefined
}

/** Instruments that one version has and another has not, and those of both that differ. */
export interface DiffCounts {
  readonly added: number
  readonly removed: number
  readonly changed: number
  /** Changed instruments by field; one that differs in two fields counts in both. */
  readonly fields: Readonly<Record<string, number>>
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
  /** Segments whose last download was refused, with each reason; empty when all are as the broker has them. */
  readonly refused?: readonly GateFailure[] | undefined
  /** When the broker's lists were last downloaded and taken, wholly or in part. */
  readonly lastRefreshAtMs?: number | undefined
  /** Age of the list in force. */
  readonly ageMs?: number | undefined
  /** From the version before to this one. */
  readonly diff?: DiffCounts | undefined
  readonly progress?: RefreshProgress | undefined
}

/** `data` of `instruments.refused`: the segments of one run whose last good list was kept, and the state of all. */
export interface InstrumentsRefused extends InstrumentsStatus {
  readonly refused: readonly GateFailure[]
}

/** Steps of a refresh, in their order. */
export const REFRESH_STEPS = ['download', 'check', 'write-index', 'swap-table', 'point', 'done'] as const
/** `data` of `instruments.progress`. */
export interface RefreshProgress {
  readonly step: (typeof REFRESH_STEPS)[number]
  /** The segment that is being downloaded. */
  readonly segment?: string | undefined
  /** Segments downloaded, and to download. */
  readonly done: number
  readonly of: number
}

/** `instruments.diff`: what changed between two kept versions; from the one before to the one in force unless said. Reply: InstrumentsDiff. */
export const instrumentDiffSchema = z.strictObject({
  from: listVersionSchema.optional(),
  to: listVersionSchema.optional(),
  kind: z.enum(['added', 'removed', 'changed']).optional(),
  exchange: exchangeSchema.optional(),
  offset: wholeFrom(0, 10_000_000).default(0),
  limit: wholeFrom(1, MOST_INSTRUMENTS_LISTED).default(100),
})
/** One instrument that differs between two versions. */
export interface InstrumentChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly exchange: (typeof EXCHANGES)[number]
  readonly symbol: string
  readonly segment: string
  readonly token: number
  /** Of a changed one: what differs, from old to new. */
  readonly fields?: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>> | undefined
}
export interface InstrumentsDiff {
  readonly from: string
  readonly to: string
  /** Of the whole difference, whatever was asked of it. */
  readonly counts: DiffCounts
  /** Those that fit `kind` and `exchange`. */
  readonly matching: number
  readonly changes: readonly InstrumentChange[]
  /** Versions that can be asked for, newest first. */
  readonly versions: readonly string[]
}

/** Topics of master-contract's event stream. */
export const INSTRUMENT_EVENTS = [
  'instruments.swapped',
  'instruments.refused',
  'instruments.progress',
] as const
export type InstrumentEventTopic = (typeof INSTRUMENT_EVENTS)[number]
