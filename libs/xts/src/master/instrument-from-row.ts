import { SEGMENTS, type Exchange, type ListedInstrument, type Segment } from '@xts-bridge/contracts'
import { readContractDate, type ContractDate } from './contract-dates'
import { indexInstrument } from './instruments-from-indices'
import type { XtsMasterRow } from './master-row'
import { isRefusal, type RefusalReason } from './refusal-reasons'

const EXCHANGE_OF: Readonly<Record<Segment, Exchange>> = {
  NSECM: 'NSE',
  NSEFO: 'NFO',
  NSECD: 'CDS',
  BSECM: 'BSE',
  BSEFO: 'BFO',
  BSECD: 'BCD',
  MCXFO: 'MCX',
}

const TEST_NAME = /NSETEST/
const TEST_ISIN = /^DUMMYSAN/
const ISIN = /^[A-Z]{2}[A-Z0-9]{9}\d$/
/** `USDINR26NOVFUT`, weekly `USDINR2691684.25CE`: the month in letters, or as one character before the day. */
const SINGLE_LEG = /\d\d([A-Z]{3}|[1-9OND]\d\d)(FUT|\d+(\.\d+)?(CE|PE))$/
const STRIKE = /^\d+(\.\d+)?$/
const INSTRUMENT_ID = /^\d{9,15}$/
const OPTION_TYPES: Readonly<Record<string, 'CE' | 'PE'>> = { '3': 'CE', '4': 'PE' }
/** What stands for the expiry in the InstrumentID of a row that has none, and of every spread. */
const NO_EXPIRY_CODE = '1001'

/** The instrument a row describes, or why it describes none. */
export function instrumentFromRow(row: XtsMasterRow): ListedInstrument | RefusalReason {
  if (TEST_NAME.test(row.name) || TEST_ISIN.test(row.isin)) return 'test-symbol'
  if (row.name === '') return 'missing-name'
  if (row.series === '') return 'missing-series'
  const terms = termsOf(row)
  if (isRefusal(terms)) return terms
  if (isPlaceholder(row)) return 'placeholder'
  if (row.kind === 'cash') return cashInstrument(row, terms)
  if (row.kind === 'index') return spotInstrument(row)
  return contractInstrument(row, terms)
}

/** BSE lists currency rows that are no contracts; a real one's description is that of a single leg. */
function isPlaceholder({ segment, kind, description }: XtsMasterRow): boolean {
  return segment === 'BSECD' && kind !== 'spread' && !SINGLE_LEG.test(description)
}

type Terms = Pick<
  ListedInstrument,
  'lotSize' | 'tickSize' | 'freezeQuantity' | 'bandLow' | 'bandHigh' | 'multiplier'
>

function termsOf(row: XtsMasterRow): Terms | RefusalReason {
  const tickSize = roundPrice(row.tickSize)
  const multiplier = roundPrice(row.multiplier)
  if (!Number.isInteger(row.lotSize) || row.freezeQuantity < 0) return 'bad-number'
  if (row.lotSize <= 0) return 'lot-not-positive'
  if (tickSize <= 0) return 'tick-not-positive'
  if (multiplier <= 0) return 'multiplier-not-positive'
  if (row.bandHigh < row.bandLow) return 'band-upside-down'
  const hasBand = row.bandHigh !== 0 || row.bandLow !== 0
  return {
    lotSize: row.lotSize,
    tickSize,
    multiplier,
    freezeQuantity: freezeLimit(row.segment, row.freezeQuantity),
    bandLow: hasBand ? pricePresent(row.bandLow) : undefined,
    bandHigh: hasBand ? pricePresent(row.bandHigh) : undefined,
  }
}

/**
 * The largest quantity of one order. NSE states the limit plus one, BSE derivatives the limit itself (or plus one,
 * ending in 1); 0 in any segment means none. Evidence: MAPPING.md, "Freeze quantity".
 */
function freezeLimit(segment: Segment, stated: number): number | undefined {
  const whole = Math.floor(stated + 1e-6)
  const limit = isLimitPlusOne(segment, whole) ? whole - 1 : whole
  return limit > 0 ? limit : undefined
}

function isLimitPlusOne(segment: Segment, stated: number): boolean {
  if (segment === 'NSECM' || segment === 'NSEFO' || segment === 'NSECD') return true
  if (segment === 'BSECM') return false
  return stated % 10 === 1
}

function cashInstrument(row: XtsMasterRow, terms: Terms): ListedInstrument | RefusalReason {
  if (row.instrumentId !== instrumentIdOf(row, NO_EXPIRY_CODE)) return 'instrument-id-mismatch'
  return instrumentOf(row, terms, {
    symbol: cashSymbol(row),
    brokerSymbol: row.displayName || row.name,
    name: companyName(row),
    instrumentType: row.series,
    expiry: undefined,
    strike: undefined,
  })
}

/** NSE lists one name in many series; a BSE name is one security, whose group changes over its life. */
function cashSymbol({ segment, name, series }: XtsMasterRow): string {
  return segment === 'NSECM' && series !== 'EQ' ? `${name}-${series}` : name
}

function companyName({ detailedDescription, name, series }: XtsMasterRow): string {
  const suffix = `-${series}`
  const text = detailedDescription.endsWith(suffix)
    ? detailedDescription.slice(0, -suffix.length)
    : detailedDescription
  return text || name
}

function spotInstrument(row: XtsMasterRow): ListedInstrument | RefusalReason {
  if (row.instrumentId !== instrumentIdOf(row, NO_EXPIRY_CODE)) return 'instrument-id-mismatch'
  return {
    ...indexInstrument(row.segment, row),
    description: row.description || undefined,
    instrumentId: row.instrumentId,
  }
}

function contractInstrument(row: XtsMasterRow, terms: Terms): ListedInstrument | RefusalReason {
  if (row.expiry === '') return 'missing-expiry'
  const expiry = readContractDate(row.expiry)
  if (expiry === undefined) return 'bad-expiry'
  const expiryCode = row.kind === 'spread' ? NO_EXPIRY_CODE : expiryCodeOf(expiry)
  if (row.instrumentId !== instrumentIdOf(row, expiryCode)) return 'instrument-id-mismatch'
  const contract = contractOf(row, expiry)
  if (isRefusal(contract)) return contract
  return instrumentOf(row, terms, {
    symbol: contract.symbol,
    brokerSymbol: row.displayName || row.description || contract.symbol,
    name: row.name,
    instrumentType: contract.instrumentType,
    expiry: expiry.dashed,
    strike: contract.strike,
  })
}

type Identity = Pick<
  ListedInstrument,
  'symbol' | 'brokerSymbol' | 'name' | 'instrumentType' | 'expiry' | 'strike'
>

/** One literal, one shape: a list has a hundred thousand of these. */
function instrumentOf(row: XtsMasterRow, terms: Terms, identity: Identity): ListedInstrument {
  return {
    exchange: EXCHANGE_OF[row.segment],
    symbol: identity.symbol,
    segment: row.segment,
    token: row.token,
    brokerSymbol: identity.brokerSymbol,
    name: identity.name,
    instrumentType: identity.instrumentType,
    expiry: identity.expiry,
    strike: identity.strike,
    lotSize: terms.lotSize,
    tickSize: terms.tickSize,
    freezeQuantity: terms.freezeQuantity,
    bandLow: terms.bandLow,
    bandHigh: terms.bandHigh,
    multiplier: terms.multiplier,
    series: row.series,
    isin: ISIN.test(row.isin) ? row.isin : undefined,
    underlying: row.underlyingName || undefined,
    underlyingToken: underlyingTokenOf(row.underlyingId),
    description: row.description || undefined,
    underlyingInstrumentId: INSTRUMENT_ID.test(row.underlyingId) ? row.underlyingId : undefined,
    instrumentId: row.instrumentId,
    priceNumerator: row.priceNumerator,
    priceDenominator: row.priceDenominator,
  }
}

type Contract = Pick<ListedInstrument, 'symbol' | 'instrumentType' | 'strike'>

function contractOf(row: XtsMasterRow, expiry: ContractDate): Contract | RefusalReason {
  if (row.kind === 'future')
    return { symbol: `${row.name}${expiry.compact}FUT`, instrumentType: 'FUT', strike: undefined }
  if (row.kind === 'spread') return { symbol: spreadSymbol(row), instrumentType: 'SPREAD', strike: undefined }
  const right = OPTION_TYPES[row.optionType]
  if (right === undefined) return 'unknown-option-type'
  if (!STRIKE.test(row.strike)) return row.strike.startsWith('-') ? 'strike-not-positive' : 'bad-number'
  const strike = roundPrice(Number(row.strike))
  if (strike <= 0) return 'strike-not-positive'
  return { symbol: `${row.name}${expiry.compact}${strike}${right}`, instrumentType: right, strike }
}

/**
 * A calendar spread in its own form, so that it never reads as a future: `SENSEX26FEB25MARSPD` from the display name,
 * which has both days; without one, the description's two months.
 */
function spreadSymbol({ displayName, description, name }: XtsMasterRow): string {
  if (displayName.endsWith('SPD')) return displayName.replaceAll(' ', '')
  return `${(description || name).replace(/FUT$/, '')}SPD`
}

/** Segment number, expiry code, token in eight digits. Source: MAPPING.md, "InstrumentID". */
function instrumentIdOf({ segment, token }: XtsMasterRow, expiryCode: string): string {
  return `${SEGMENTS[segment]}${expiryCode}${String(token).padStart(8, '0')}`
}

/** Last digit of the year and three digits of the day in it. */
function expiryCodeOf({ year, dayOfYear }: ContractDate): string {
  return `${year % 10}${String(dayOfYear).padStart(3, '0')}`
}

/** The underlying's InstrumentID ends in its token; an index has -1. */
function underlyingTokenOf(underlyingId: string): number | undefined {
  return INSTRUMENT_ID.test(underlyingId) ? Number(underlyingId.slice(-8)) : undefined
}

function pricePresent(price: number): number | undefined {
  return Number.isNaN(price) ? undefined : roundPrice(price)
}

/** Prices have up to four decimals; the lists carry floating-point leftovers such as 589.3000000000001. */
function roundPrice(price: number): number {
  return Math.round(price * 10_000) / 10_000
}
