import { INSTRUMENT_TYPE } from './listed-instrument'
import { SEGMENT_NUMBERS, type SegmentName } from './segments'

/** What the three row layouts share. Prices in rupees. */
export interface RowCommon {
  readonly segment: SegmentName
  readonly token: number
  readonly name: string
  readonly description: string
  readonly series: string
  readonly bandHigh: number
  readonly bandLow: number
  readonly freezeQuantity: number
  readonly tickSize: number
  readonly lotSize: number
  /** Rupees per point and lot; 1 where quantities are units already. */
  readonly multiplier?: number | undefined
}

export interface CashRow extends RowCommon {
  readonly isin: string
  readonly company: string
  /** The exchange's surveillance indicator; 100 for the large BSE groups. */
  readonly surveillance: number
}

export interface ContractRow extends RowCommon {
  readonly instrumentType: number
  readonly underlyingId: string
  readonly underlyingName: string
  /** `2026-11-24` */
  readonly expiryDate: string
  readonly displayName: string
}

/** Equity layout, 22 columns. */
export function cashRow(row: CashRow): string {
  const id = instrumentId(row.segment, row.token)
  const company = row.segment === 'NSECM' ? `${row.company}-${row.series}` : row.company
  return `${commonColumns(row, 8, id)}|${row.name}|${row.isin}|1|1|${company}` + `|${row.surveillance}|-1|-1`
}

/** Future and spread layout, 21 columns: there are no strike and option type columns. */
export function futureRow(row: ContractRow): string {
  const isSpread = row.instrumentType === INSTRUMENT_TYPE.spread
  const id = instrumentId(row.segment, row.token, isSpread ? undefined : row.expiryDate)
  return (
    `${commonColumns(row, row.instrumentType, id)}|${row.underlyingId}|${row.underlyingName}` +
    `|${expiryCell(row)}|${row.displayName}|1|1|${row.description}`
  )
}

/** What contracts of currencies and commodities refer to: type 16, and no more columns than the price scale (18). */
export function referenceRow(row: RowCommon): string {
  const id = instrumentId(row.segment, row.token)
  return `${commonColumns(row, INSTRUMENT_TYPE.index, id)}|${row.name}|${row.name}|1|1`
}

/** What all options of one chain share. */
export interface OptionChainTerms extends Omit<RowCommon, 'token' | 'description' | 'bandHigh' | 'bandLow'> {
  readonly underlyingId: string
  readonly underlyingName: string
  readonly expiryDate: string
}

/** One option of a chain. Prices in rupees. */
export interface ChainOption {
  readonly token: number
  readonly description: string
  readonly displayName: string
  readonly bandHigh: number
  readonly bandLow: number
  readonly strike: number
  readonly optionType: number
}

/** Option layout, 23 columns. What a chain shares is put together once: there are tens of thousands of options. */
export function optionRows(chain: OptionChainTerms): (option: ChainOption) => string {
  const { segment, name, series } = chain
  const idPrefix = instrumentId(segment, 0, chain.expiryDate).slice(0, -TOKEN_DIGITS)
  const afterDescription = `|${series}|${name}-${series}|${idPrefix}`
  const afterBand =
    `|${chain.freezeQuantity}|${chain.tickSize}|${chain.lotSize}|${chain.multiplier ?? 1}` +
    `|${chain.underlyingId}|${chain.underlyingName}|${expiryCell(chain)}|`
  return (option) =>
    `${segment}|${option.token}|2|${name}|${option.description}${afterDescription}` +
    `${padToken(option.token)}|${option.bandHigh}|${option.bandLow}${afterBand}` +
    `${option.strike}|${option.optionType}|${option.displayName}|1|1|${option.description}`
}

function commonColumns(row: RowCommon, instrumentType: number, id: string): string {
  return (
    `${row.segment}|${row.token}|${instrumentType}|${row.name}|${row.description}|${row.series}` +
    `|${row.name}-${row.series}|${id}|${row.bandHigh}|${row.bandLow}|${row.freezeQuantity}` +
    `|${row.tickSize}|${row.lotSize}|${row.multiplier ?? 1}`
  )
}

/** Each exchange has an hour of its own; the date is what matters. */
const EXPIRY_TIMES: Readonly<Record<SegmentName, string>> = {
  NSECM: '14:30:00',
  NSEFO: '14:30:00',
  NSECD: '14:30:00',
  BSECM: '00:00:00',
  BSEFO: '00:00:00',
  BSECD: '00:00:00',
  MCXFO: '23:30:00',
}

function expiryCell(row: Pick<ContractRow, 'segment' | 'expiryDate'>): string {
  return `${row.expiryDate}T${EXPIRY_TIMES[row.segment]}`
}

/** Segment number, then year digit and day of year of the expiry (1001 for cash and spreads), then the token in 8 digits. */
export function instrumentId(segment: SegmentName, token: number, expiryDate?: string): string {
  const middle = expiryDate === undefined ? '1001' : yearDigitAndDay(expiryDate)
  return `${SEGMENT_NUMBERS[segment]}${middle}${padToken(token)}`
}

const TOKEN_DIGITS = 8
const padToken = (token: number): string => String(token).padStart(TOKEN_DIGITS, '0')

function yearDigitAndDay(expiryDate: string): string {
  const year = Number(expiryDate.slice(0, 4))
  const [month, day] = [Number(expiryDate.slice(5, 7)) - 1, Number(expiryDate.slice(8, 10))]
  const dayOfYear = (Date.UTC(year, month, day) - Date.UTC(year, 0, 0)) / 86_400_000
  return `${year % 10}${String(dayOfYear).padStart(3, '0')}`
}
