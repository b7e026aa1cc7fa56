import { listingRows, type Chain, type Listing } from './contract-listing'
import * as calendar from './expiries'
import type { Company } from './known-stocks'
import { TokenPicker } from './token-picker'
import { bseIndexUnderlying, nseIndexUnderlying, nseStockUnderlying } from './underlyings'

/** Near months list more strikes than far ones. */
const STOCK_STRIKES_EACH_SIDE = [32, 28, 16]

/** The NSEFO master: weekly and monthly index contracts, three months of stock contracts, and the calendar spreads. */
export function* nseDerivativeRows(companies: readonly Company[], today: string): Generator<string> {
  const generation = {
    today,
    tokens: new TokenPicker(35_000, 899_999),
    spreadTokens: new TokenPicker(12_000_000, 16_999_999),
  }
  const months = calendar.monthlyExpiries(today, calendar.TUESDAY, 3)
  const stockChains = months.map((expiryDate, i) => ({
    expiryDate,
    strikesEachSide: STOCK_STRIKES_EACH_SIDE[i] ?? 16,
  }))
  const stocks = companies.flatMap((company) =>
    company.contractLot === undefined
      ? []
      : [
          {
            underlying: nseStockUnderlying(company, company.contractLot),
            futureExpiries: months,
            spreadExpiries: months,
            chains: stockChains,
          },
        ],
  )
  for (const listing of [...nseIndexListings(today, months), ...stocks])
    yield* listingRows(listing, generation)
}

/** The BSEFO master: SENSEX weekly and monthly, BANKEX and SENSEX50 monthly, and their calendar spreads. */
export function* bseDerivativeRows(today: string): Generator<string> {
  const tokens = new TokenPicker(820_000, 1_199_999)
  const generation = { today, tokens, spreadTokens: tokens }
  const months = calendar.monthlyExpiries(today, calendar.THURSDAY, 3)
  const listings: Listing[] = [
    {
      underlying: bseIndexUnderlying({
        name: 'SENSEX',
        underlyingName: 'SENSEX',
        lotSize: 20,
        strikeStep: 100,
      }),
      futureExpiries: months,
      spreadExpiries: months,
      chains: indexChains(today, months, { weekday: calendar.THURSDAY, weekly: 130, monthly: 160 }),
    },
    {
      underlying: bseIndexUnderlying({
        name: 'BANKEX',
        underlyingName: 'BANKEX',
        lotSize: 30,
        strikeStep: 100,
      }),
      futureExpiries: months,
      spreadExpiries: months,
      chains: monthChains(months, 120),
    },
    {
      underlying: bseIndexUnderlying({
        name: 'SENSEX50',
        underlyingName: 'SNSX50',
        lotSize: 75,
        strikeStep: 50,
      }),
      futureExpiries: months,
      spreadExpiries: months,
      chains: monthChains(months, 60),
    },
  ]
  for (const listing of listings) yield* listingRows(listing, generation)
}

function nseIndexListings(today: string, futureExpiries: readonly string[]): Listing[] {
  const monthly = [
    { name: 'BANKNIFTY', underlyingName: 'Nifty Bank', lotSize: 30, strikeStep: 100 },
    { name: 'FINNIFTY', underlyingName: 'Nifty Fin Service', lotSize: 60, strikeStep: 50 },
    { name: 'MIDCPNIFTY', underlyingName: 'Nifty Mid Select', lotSize: 120, strikeStep: 25 },
    { name: 'NIFTYNXT50', underlyingName: 'Nifty Next 50', lotSize: 25, strikeStep: 100 },
  ]
  const nifty = { name: 'NIFTY', underlyingName: 'Nifty 50', lotSize: 65, strikeStep: 50 }
  const niftyChains = indexChains(today, futureExpiries, {
    weekday: calendar.TUESDAY,
    weekly: 55,
    monthly: 70,
  })
  return [
    {
      underlying: nseIndexUnderlying(nifty),
      futureExpiries,
      spreadExpiries: futureExpiries,
      chains: niftyChains,
    },
    ...monthly.map((terms) => ({
      underlying: nseIndexUnderlying(terms),
      futureExpiries,
      spreadExpiries: futureExpiries,
      chains: monthChains(futureExpiries, 65),
    })),
  ]
}

const monthChains = (months: readonly string[], strikesEachSide: number): Chain[] =>
  months.map((expiryDate) => ({ expiryDate, strikesEachSide }))

interface IndexWidth {
  readonly weekday: number
  readonly weekly: number
  readonly monthly: number
}

/** Six weeks, three months, and the quarters up to four years ahead. */
function indexChains(today: string, months: readonly string[], width: IndexWidth): Chain[] {
  const isNew = (expiryDate: string): boolean => !months.includes(expiryDate)
  const weeks = calendar.weeklyExpiries(today, width.weekday, 6).filter(isNew)
  const quarters = calendar.expiriesInMonths(today, width.weekday, [3, 6, 9, 12], 12).filter(isNew)
  return [
    ...weeks.map((expiryDate) => ({ expiryDate, strikesEachSide: width.weekly })),
    ...monthChains(months, width.monthly),
    ...quarters.map((expiryDate) => ({ expiryDate, strikesEachSide: 13 })),
  ]
}
