import { isSegment, type Segment } from '@xts-bridge/contracts'
import { isRefusal, type RefusalReason } from './refusal-reasons'

export type RowKind = 'cash' | 'index' | 'future' | 'option' | 'spread'

/** One line of the master, its columns told apart; numbers are read, nothing is judged yet. */
export interface XtsMasterRow {
  readonly kind: RowKind
  readonly segment: Segment
  readonly token: number
  readonly name: string
  readonly description: string
  readonly series: string
  readonly instrumentId: string
  /** Rupees; NaN where the row says NaN. */
  readonly bandHigh: number
  readonly bandLow: number
  readonly freezeQuantity: number
  readonly tickSize: number
  readonly lotSize: number
  readonly multiplier: number
  /** Undefined in the layouts of 2022. */
  readonly priceNumerator: number | undefined
  readonly priceDenominator: number | undefined
  /** Empty in the layouts of 2022. */
  readonly displayName: string
  readonly detailedDescription: string
  readonly isin: string
  readonly underlyingId: string
  readonly underlyingName: string
  /** As it stands in the row; empty for cash. */
  readonly expiry: string
  readonly strike: string
  readonly optionType: string
}

/** Where the columns after the 14 that never moved stand, by kind of row and number of fields. */
interface Tail {
  readonly displayName?: number
  readonly detailedDescription?: number
  readonly isin?: number
  readonly underlyingId?: number
  readonly underlyingName?: number
  readonly expiry?: number
  readonly strike?: number
  readonly optionType?: number
  /** The denominator follows it. */
  readonly priceNumerator?: number
}

const STABLE_FIELDS = 14
const UNDERLYING = { underlyingId: 14, underlyingName: 15, expiry: 16 }
const SINGLE_PRICE = { ...UNDERLYING, displayName: 17, priceNumerator: 18, detailedDescription: 20 }
/** MAPPING.md, "Master layouts": 22/21/23 fields today, 14/17/19 in 2022. */
const LAYOUTS: Readonly<Record<Exclude<RowKind, 'index'>, Readonly<Record<number, Tail>>>> = {
  cash: { 22: { displayName: 14, isin: 15, priceNumerator: 16, detailedDescription: 18 }, 14: {} },
  future: { 21: SINGLE_PRICE, 17: UNDERLYING },
  spread: { 21: SINGLE_PRICE, 17: UNDERLYING },
  option: {
    23: {
      ...UNDERLYING,
      strike: 17,
      optionType: 18,
      displayName: 19,
      priceNumerator: 20,
      detailedDescription: 22,
    },
    19: { ...UNDERLYING, strike: 17, optionType: 18 },
  },
}

const CASH_SEGMENTS: readonly Segment[] = ['NSECM', 'BSECM']
/** XTS InstrumentType: equity, preference shares, debentures, warrants, miscellaneous, mutual funds. */
const CASH_TYPES: readonly string[] = ['8', '32', '64', '128', '256', '512']
const DERIVATIVE_KINDS: ReadonlyMap<string, RowKind> = new Map([
  ['1', 'future'],
  ['2', 'option'],
  ['4', 'spread'],
])
/** Index or underlying. */
const SPOT_TYPE = '16'
const PLAIN_TEXT = /^[\x20-\x7e]*$/
const HEADER = 'ExchangeSegment|'
const TOKEN = /^\d{1,8}$/
const NUMBER = /^-?\d+(\.\d+)?$/

/** True for printable ASCII, the only characters the broker uses. */
export function isPlainText(text: string): boolean {
  return PLAIN_TEXT.test(text)
}

/** True for a line of column names; the broker sends none, but saved copies of its lists have them. */
export function isHeaderLine(line: string): boolean {
  return line.startsWith(HEADER)
}

/** Reads one line, which has no line ending. */
export function readMasterRow(line: string): XtsMasterRow | RefusalReason {
  if (!isPlainText(line)) return 'not-plain-text'
  const fields = line.split('|')
  const segment = fields[0] ?? ''
  if (!isSegment(segment)) return 'unknown-segment'
  const kind = kindOf(fields, segment)
  if (isRefusal(kind)) return kind
  const tail = tailOf(kind.kind, fields.length)
  if (tail === undefined) return 'wrong-field-count'
  return readFields(fields, { kind: kind.kind, segment }, tail)
}

/** One literal, one shape: a list has a hundred thousand of these. */
function readFields(
  fields: readonly string[],
  { kind, segment }: { kind: RowKind; segment: Segment },
  tail: Tail,
): XtsMasterRow | RefusalReason {
  const token = fields[1] ?? ''
  if (!TOKEN.test(token)) return 'bad-token'
  const numbers = readNumbers(fields, tail.priceNumerator)
  if (numbers === undefined) return 'bad-number'
  return {
    kind,
    segment,
    token: Number(token),
    name: textAt(fields, 3),
    description: textAt(fields, 4),
    series: textAt(fields, 5),
    instrumentId: textAt(fields, 7),
    bandHigh: numbers.bandHigh,
    bandLow: numbers.bandLow,
    freezeQuantity: numbers.freezeQuantity,
    tickSize: numbers.tickSize,
    lotSize: numbers.lotSize,
    multiplier: numbers.multiplier,
    priceNumerator: numbers.priceNumerator,
    priceDenominator: numbers.priceDenominator,
    displayName: textAt(fields, tail.displayName),
    detailedDescription: textAt(fields, tail.detailedDescription),
    isin: textAt(fields, tail.isin),
    underlyingId: textAt(fields, tail.underlyingId),
    underlyingName: textAt(fields, tail.underlyingName),
    expiry: textAt(fields, tail.expiry),
    strike: textAt(fields, tail.strike),
    optionType: textAt(fields, tail.optionType),
  }
}

type Numbers = Pick<
  XtsMasterRow,
  | 'bandHigh'
  | 'bandLow'
  | 'freezeQuantity'
  | 'tickSize'
  | 'lotSize'
  | 'multiplier'
  | 'priceNumerator'
  | 'priceDenominator'
>

/** Only a band may be NaN. */
function readNumbers(fields: readonly string[], numeratorColumn: number | undefined): Numbers | undefined {
  const bandHigh = fields[8] === 'NaN' ? Number.NaN : readNumber(fields[8])
  const bandLow = fields[9] === 'NaN' ? Number.NaN : readNumber(fields[9])
  const freezeQuantity = readNumber(fields[10])
  const tickSize = readNumber(fields[11])
  const lotSize = readNumber(fields[12])
  const multiplier = readNumber(fields[13])
  if (bandHigh === undefined || bandLow === undefined || freezeQuantity === undefined) return undefined
  if (tickSize === undefined || lotSize === undefined || multiplier === undefined) return undefined
  const units = readPriceUnits(fields, numeratorColumn)
  if (units === undefined) return undefined
  return { bandHigh, bandLow, freezeQuantity, tickSize, lotSize, multiplier, ...units }
}

type PriceUnits = Pick<XtsMasterRow, 'priceNumerator' | 'priceDenominator'>
const NO_PRICE_UNITS: PriceUnits = { priceNumerator: undefined, priceDenominator: undefined }

/** Both or neither: half a fraction says nothing. */
function readPriceUnits(fields: readonly string[], column: number | undefined): PriceUnits | undefined {
  if (column === undefined) return NO_PRICE_UNITS
  const numerator = textAt(fields, column)
  const denominator = textAt(fields, column + 1)
  if (numerator === '' && denominator === '') return NO_PRICE_UNITS
  const units = { priceNumerator: readNumber(numerator), priceDenominator: readNumber(denominator) }
  const isFraction = (units.priceNumerator ?? 0) > 0 && (units.priceDenominator ?? 0) > 0
  return isFraction ? units : undefined
}

function kindOf(fields: readonly string[], segment: Segment): { readonly kind: RowKind } | RefusalReason {
  const type = fields[2] ?? ''
  const isCash = CASH_SEGMENTS.includes(segment)
  const isSpot = isCash && fields[5] === 'SPOT'
  if (type === SPOT_TYPE) return isSpot ? { kind: 'index' } : 'underlying-reference'
  if (isCash && CASH_TYPES.includes(type)) return { kind: isSpot ? 'index' : 'cash' }
  const kind = isCash ? undefined : DERIVATIVE_KINDS.get(type)
  return kind === undefined ? 'unknown-instrument-type' : { kind }
}

/** Index rows of type 16 vary after the stable columns, which are all that is used of them. */
function tailOf(kind: RowKind, fieldCount: number): Tail | undefined {
  if (kind === 'index') return fieldCount >= STABLE_FIELDS ? {} : undefined
  return LAYOUTS[kind][fieldCount]
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && NUMBER.test(text) ? Number(text) : undefined
}

/** Older gateways print the word `undefined` for an empty column. */
function textAt(fields: readonly string[], column: number | undefined): string {
  if (column === undefined) return ''
  const text = fields[column]?.trim() ?? ''
  return text === 'undefined' ? '' : text
}
