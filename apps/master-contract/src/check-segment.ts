import type { GateFailure, ListedInstrument, ListGate, SegmentCount } from '@xts-bridge/contracts'
import { EXPECTED_REFUSALS, type RefusalReason } from '@xts-bridge/xts'
import { dateNumberOfExpiry } from './indian-time'
import type { KeptRows } from './kept-rows'
import { isDerivative, type ListSegment } from './list-segments'
import { missingSymbols, type MandatorySymbol } from './mandatory-symbols'

/** How much a download may differ from what is expected; all of it settings. */
export interface GateLimits {
  /** Of the last good list's instruments that have not expired since. */
  readonly mostLostPercent: number
  readonly mostGainedPercent: number
  /** Of the rows, those refused for a reason that a sound list does not give. */
  readonly mostRefusedPercent: number
  /** Of the contracts, those that expired before today; the exchange takes them off the next day. */
  readonly mostExpiredPercent: number
  readonly mandatory: readonly MandatorySymbol[]
  /** Gates that are not asked, for an emergency. */
  readonly skipped: readonly ListGate[]
}

export interface SegmentToCheck {
  readonly segment: ListSegment
  readonly count: SegmentCount
  /** Those of new lines. */
  readonly instruments: readonly ListedInstrument[]
  /** Of the last good list, whose lines came again; the parser has seen to their keys. */
  readonly kept: KeptRows
  /** Rows of other segments, with one of them. */
  readonly foreign: { readonly rows: number; readonly sample?: string | undefined }
  /** By `segment reason`. */
  readonly samples: Readonly<Record<string, string>>
  /** Instruments of the last good list that have not expired; undefined when it has no such segment. */
  readonly lastGood: number | undefined
  /** Indian dates as numbers: today, and until when a future counts as near. */
  readonly dates: { readonly today: number; readonly soon: number }
  readonly limits: GateLimits
}

type Finding = Omit<GateFailure, 'segment' | 'gate'>
type Gate = (checked: SegmentToCheck) => Finding | undefined

/** A key or a price step that is wrong in more rows than this was not mistyped; the columns are not what we think. */
const MOST_PERCENT_OF_ONE_KIND = 1

/** Everything that speaks against a segment's download; empty when it may replace the last good one. */
export function failuresOfSegment(checked: SegmentToCheck): readonly GateFailure[] {
  const { segment, limits } = checked
  return GATES.flatMap(([gate, find]) => {
    const finding = limits.skipped.includes(gate) ? undefined : find(checked)
    return finding === undefined ? [] : [{ segment, gate, ...finding }]
  })
}

const GATES: readonly (readonly [ListGate, Gate])[] = [
  ['segment', foreignRows],
  ['lot-and-tick', wrongLotsAndTicks],
  ['duplicate-key', sharedKeys],
  ['refused-rows', refusedRows],
  ['row-count', lostOrGained],
  ['mandatory-symbols', absentSymbols],
  ['expiry', onlyExpired],
  ['date', expiredContracts],
]

function foreignRows({ segment, foreign, count }: SegmentToCheck): Finding | undefined {
  const rows = count.rows + foreign.rows
  if (count.rows > 0 && isWithin(foreign.rows, rows, MOST_PERCENT_OF_ONE_KIND)) return undefined
  if (foreign.rows === 0) return undefined
  return {
    found: `${foreign.rows} rows of other segments`,
    expected: `rows of ${segment}`,
    sample: foreign.sample,
  }
}

function wrongLotsAndTicks(checked: SegmentToCheck): Finding | undefined {
  const refused = refusedFor(checked, ['lot-not-positive', 'tick-not-positive', 'multiplier-not-positive'])
  const taken = checked.instruments.find(({ lotSize, tickSize }) => !(lotSize > 0 && tickSize > 0))
  if (taken !== undefined)
    return {
      found: `an instrument with lot ${taken.lotSize} and tick ${taken.tickSize}`,
      ...POSITIVE,
      sample: taken.symbol,
    }
  return refused.rows > 0 && !isWithin(refused.rows, checked.count.rows, MOST_PERCENT_OF_ONE_KIND)
    ? {
        found: `${refused.rows} of ${checked.count.rows} rows (${refused.words})`,
        ...POSITIVE,
        sample: refused.sample,
      }
    : undefined
}

const POSITIVE = { expected: 'lots, ticks and multipliers above 0' }

function sharedKeys(checked: SegmentToCheck): Finding | undefined {
  const expected = 'one row per (segment, token)'
  const keys = new Set<number>()
  for (const { token, symbol } of checked.instruments) {
    if (keys.has(token)) return { found: `token ${token} twice`, expected, sample: symbol }
    keys.add(token)
  }
  const { rows, words, sample } = refusedFor(checked, [
    'conflicting-key',
    'duplicate-key',
    'instrument-id-mismatch',
  ])
  return rows > 0 && !isWithin(rows, checked.count.rows, mostSharing(checked))
    ? { found: `${rows} of ${checked.count.rows} rows (${words})`, expected, sample }
    : undefined
}

/** The broker's index list names a few indices twice, among some hundred. */
function mostSharing({ segment }: SegmentToCheck): number {
  return segment === 'NSE_INDEX' ? 10 : MOST_PERCENT_OF_ONE_KIND
}

function refusedRows({ count, limits, samples, segment }: SegmentToCheck): Finding | undefined {
  const reasons = Object.entries(count.refused).sort(([, a], [, b]) => b - a)
  const words = reasons.map(([reason, rows]) => `${reason} ${rows}`).join(', ')
  const unexpected = reasons.filter(([reason]) => !isExpected(reason))
  const rows = unexpected.reduce((sum, [, number]) => sum + number, 0)
  const sample = samples[`${segment} ${(unexpected[0] ?? reasons[0])?.[0] ?? ''}`]
  if (count.rows > 0 && count.instruments === 0)
    return { found: `not one instrument in ${count.rows} rows (${words})`, expected: 'instruments', sample }
  const expected = `at most ${limits.mostRefusedPercent} % of the rows refused`
  return isWithin(rows, count.rows, limits.mostRefusedPercent)
    ? undefined
    : { found: `${rows} of ${count.rows} rows (${words})`, expected, sample }
}

function lostOrGained({ instruments, kept, lastGood, limits }: SegmentToCheck): Finding | undefined {
  if (lastGood === undefined || lastGood === 0) return undefined
  const total = instruments.length + kept.count
  const found = `${total} instruments`
  const least = Math.ceil((lastGood * (100 - limits.mostLostPercent)) / 100)
  const most = Math.floor((lastGood * (100 + limits.mostGainedPercent)) / 100)
  if (total < least)
    return {
      found,
      expected: `at least ${least}, as the last good list has ${lastGood} that have not expired`,
    }
  return total > most
    ? { found, expected: `at most ${most}, as the last good list has ${lastGood}` }
    : undefined
}

/** A segment that was always empty is one that the broker does not have. */
function absentSymbols({
  segment,
  instruments,
  kept,
  count,
  dates,
  lastGood,
  limits,
}: SegmentToCheck): Finding | undefined {
  if (count.rows === 0 && (lastGood ?? 0) === 0) return undefined
  const ours = limits.mandatory.filter(({ exchange }) => SEGMENT_OF[exchange] === segment)
  const missing = missingSymbols(ours, [...instruments, ...kept.witnesses], dates).map(
    ({ exchange, symbol }) => `${exchange}:${symbol}`,
  )
  return missing.length === 0
    ? undefined
    : { found: `no ${missing.join(', ')}`, expected: 'every mandatory symbol', sample: missing[0] }
}

const SEGMENT_OF: Readonly<Record<MandatorySymbol['exchange'], ListSegment>> = {
  NSE: 'NSECM',
  NFO: 'NSEFO',
  CDS: 'NSECD',
  BSE: 'BSECM',
  BFO: 'BSEFO',
  BCD: 'BSECD',
  MCX: 'MCXFO',
  NSE_INDEX: 'NSE_INDEX',
  BSE_INDEX: 'BSECM',
}

function onlyExpired(checked: SegmentToCheck): Finding | undefined {
  const { live, expired, latest } = expiriesOf(checked)
  if (!isDerivative(checked.segment) || live + expired === 0) return undefined
  const expected = `a contract that expires on ${checked.dates.today} or later`
  return live > 0
    ? undefined
    : { found: `none; the last one expired on ${latest.date}`, expected, sample: latest.symbol }
}

function expiredContracts(checked: SegmentToCheck): Finding | undefined {
  const { limits, segment, dates } = checked
  if (!isDerivative(segment)) return undefined
  const { live, expired, sample } = expiriesOf(checked)
  const contracts = live + expired
  const expected = `at most ${limits.mostExpiredPercent} % expired before ${dates.today}`
  return isWithin(expired, contracts, limits.mostExpiredPercent)
    ? undefined
    : { found: `${expired} of ${contracts} contracts expired`, expected, sample }
}

function expiriesOf({ instruments, kept, dates }: SegmentToCheck) {
  let live = 0
  let all = 0
  let latest = { date: 0, symbol: '' }
  let sample: string | undefined
  const take = (expiry: string, { rows, symbol }: { rows: number; symbol: string }): void => {
    const date = dateNumberOfExpiry(expiry)
    all += rows
    if (date >= dates.today) live += rows
    else sample ??= symbol
    if (date > latest.date) latest = { date, symbol }
  }
  for (const [expiry, contracts] of kept.expiries) take(expiry, contracts)
  for (const { expiry, symbol } of instruments) take(expiry ?? '', { rows: 1, symbol })
  return { live, expired: all - live, latest, sample }
}

function refusedFor({ count, samples, segment }: SegmentToCheck, reasons: readonly RefusalReason[]) {
  const present = reasons.filter((reason) => (count.refused[reason] ?? 0) > 0)
  return {
    rows: present.reduce((sum, reason) => sum + (count.refused[reason] ?? 0), 0),
    words: present.map((reason) => `${reason} ${count.refused[reason] ?? 0}`).join(', '),
    sample: samples[`${segment} ${present[0] ?? ''}`],
  }
}

function isExpected(reason: string): boolean {
  return (EXPECTED_REFUSALS as readonly string[]).includes(reason)
}

/** One row alone says nothing against a list. */
function isWithin(part: number, whole: number, percent: number): boolean {
  return part <= 1 || part * 100 <= whole * percent
}
