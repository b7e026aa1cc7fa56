import { THURSDAY, TUESDAY } from './expiries'
import { indexLevel } from './indices'
import type { Company } from './known-stocks'
import { instrumentId } from './master-rows'

/** What contracts are written on. Prices in rupees, quantities in units. */
export interface Underlying {
  readonly segment: 'NSEFO' | 'BSEFO'
  readonly name: string
  readonly spot: number
  readonly lotSize: number
  readonly isIndex: boolean
  /** InstrumentID of the share, -1 for an index. */
  readonly underlyingId: string
  /** As the UnderlyingIndexName column spells it. */
  readonly underlyingName: string
  readonly weekday: number
  readonly strikeStep: number
  readonly futureTick: number
  readonly futureFreeze: number
  readonly optionFreeze: number
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
    isIndex: true,
    underlyingId: '-1',
    weekday: TUESDAY,
    futureTick: 0.1,
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
    isIndex: true,
    underlyingId: '-1',
    weekday: THURSDAY,
    futureTick: 0.05,
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
    isIndex: false,
    underlyingId: instrumentId('NSECM', company.nseToken),
    underlyingName: company.name,
    weekday: TUESDAY,
    strikeStep: strikeStepFor(company.price),
    futureTick: company.price < 250 ? 0.05 : 0.1,
    futureFreeze: lotSize * 40 + 1,
    optionFreeze: lotSize * 40 + 1,
  }
}

/** About one percent of the price, in the steps exchanges use. */
function strikeStepFor(price: number): number {
  const steps = [0.5, 1, 2.5, 5, 10, 20, 50, 100, 200]
  return steps.find((step) => step >= price * 0.008) ?? 500
}
