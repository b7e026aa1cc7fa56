import { isMonthly, THURSDAY, TUESDAY } from './expiries'
import { indexLevel } from './indices'
import type { Company } from './known-stocks'
import { instrumentId } from './master-rows'
import { VOLATILITY } from './option-price'
import type { SegmentName } from './segments'

/** What contracts are written on. Prices in rupees, quantities in units. */
export interface Underlying {
  readonly segment: SegmentName
  readonly name: string
  readonly spot: number
  readonly lotSize: number
  /** InstrumentID of the share or currency, -1 for an index. */
  readonly underlyingId: string
  /** As the UnderlyingIndexName column spells it. */
  readonly underlyingName: string
  readonly futureSeries: string
  readonly optionSeries: string
  /** Whether a contract of this expiry is named by its month rather than by its week. */
  isMonthly(expiryDate: string): boolean
  readonly strikeStep: number
  readonly futureTick: number
  readonly optionTick: number
  readonly futureFreeze: number
  readonly optionFreeze: number
  /** How far a future may move from its price, as a part of it. */
  readonly futureBand: number
  /** How far an option's premium may move, in rupees. */
  readonly optionBandWidth: number
  readonly volatility: number
  /** Rupees per point and lot; undefined where quantities are units already. */
  readonly multiplier?: number | undefined
}

interface IndexTerms {
  readonly name: string
  readonly underlyingName: string
  readonly lotSize: number
  readonly strikeStep: number
}

/** NSE states its freeze limit plus one: 1801 means at most 1800 in one order. */
const NSE_LARGEST_INDEX_ORDER = 1800

export function nseIndexUnderlying(terms: IndexTerms): Underlying {
  const largest = Math.floor(NSE_LARGEST_INDEX_ORDER / terms.lotSize) * terms.lotSize
  const freeze = terms.name === 'NIFTY' ? NSE_LARGEST_INDEX_ORDER + 1 : largest + 1
  return {
    ...terms,
    segment: 'NSEFO',
    spot: indexLevel(terms.underlyingName),
    underlyingId: '-1',
    futureSeries: 'FUTIDX',
    optionSeries: 'OPTIDX',
    isMonthly: (expiryDate) => isMonthly(expiryDate, TUESDAY),
    ...shareBands(indexLevel(terms.underlyingName)),
    volatility: VOLATILITY.index,
    futureTick: 0.1,
    optionTick: 0.05,
    futureFreeze: freeze,
    optionFreeze: freeze,
  }
}

/** BSE states the plain limit. */
export function bseIndexUnderlying(terms: IndexTerms): Underlying {
  return {
    ...terms,
    segment: 'BSEFO',
    spot: indexLevel(terms.underlyingName),
    underlyingId: '-1',
    futureSeries: 'IF',
    optionSeries: 'IO',
    isMonthly: (expiryDate) => isMonthly(expiryDate, THURSDAY),
    ...shareBands(indexLevel(terms.underlyingName)),
    volatility: VOLATILITY.index,
    futureTick: 0.05,
    optionTick: 0.05,
    futureFreeze: terms.lotSize * 25,
    optionFreeze: terms.lotSize * 50,
  }
}

export function nseStockUnderlying(company: Company, lotSize: number): Underlying {
  return {
    segment: 'NSEFO',
    name: company.name,
    spot: company.price,
    lotSize,
    underlyingId: instrumentId('NSECM', company.nseToken),
    underlyingName: company.name,
    futureSeries: 'FUTSTK',
    optionSeries: 'OPTSTK',
    isMonthly: (expiryDate) => isMonthly(expiryDate, TUESDAY),
    ...shareBands(company.price),
    volatility: VOLATILITY.stock,
    strikeStep: strikeStepFor(company.price),
    optionTick: 0.05,
    futureTick: company.price < 250 ? 0.05 : 0.1,
    futureFreeze: lotSize * 40 + 1,
    optionFreeze: lotSize * 40 + 1,
  }
}

/** Shares and their indices: futures move ten percent, premiums three percent of the underlying, at least 20 rupees. */
const shareBands = (spot: number): Pick<Underlying, 'futureBand' | 'optionBandWidth'> => ({
  futureBand: 0.1,
  optionBandWidth: Math.max(20, spot * 0.03),
})

/** About one percent of the price, in the steps exchanges use. */
function strikeStepFor(price: number): number {
  const steps = [0.5, 1, 2.5, 5, 10, 20, 50, 100, 200]
  return steps.find((step) => step >= price * 0.008) ?? 500
}
