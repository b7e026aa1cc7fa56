import { listingRows, type Chain, type Listing } from './contract-listing'
import * as calendar from './expiries'
import { bandAround } from './generate-cash'
import { referenceRow } from './master-rows'
import { VOLATILITY } from './option-price'
import { TokenPicker } from './token-picker'
import type { Underlying } from './underlyings'
import type { UniverseSize } from './universe-size'

/** The day of its month a contract ends on; a day that is no working day moves back. */
type ExpiryRule = (year: number, month: number) => string
const onDay =
  (day: number): ExpiryRule =>
  (year, month) =>
    calendar.workingDayUpTo(year, month, day)
const atMonthEnd: ExpiryRule = (year, month) => calendar.workingDayBeforeMonthEnd(year, month, 0)

interface Commodity {
  readonly name: string
  readonly price: number
  readonly tickSize: number
  /** Contract size in what the price is quoted for: rupees per point and lot. */
  readonly multiplier: number
  readonly rule: ExpiryRule
  /** Months (1-12) that have a contract; all when undefined. */
  readonly months?: readonly number[]
  /** Undefined where only futures are listed. */
  readonly options?: {
    readonly strikeStep: number
    readonly tickSize: number
    readonly workingDaysBefore: number
  }
  readonly freezeLots: number
}

const EVEN_MONTHS = [2, 4, 6, 8, 10, 12]
const SILVER_MONTHS = [3, 5, 7, 9, 12]
const SMALL_SILVER_MONTHS = [2, 4, 6, 8, 11]

/** Quantities are lots and the multiplier is the contract size; prices are of the exchange's quotation unit. */
const COMMODITIES: readonly Commodity[] = [
  { name: 'GOLD', price: 122_600, tickSize: 1, multiplier: 100, rule: onDay(5), months: EVEN_MONTHS, options: { strikeStep: 500, tickSize: 0.5, workingDaysBefore: 6 }, freezeLots: 10 },
  { name: 'GOLDM', price: 122_100, tickSize: 1, multiplier: 10, rule: onDay(5), options: { strikeStep: 500, tickSize: 0.5, workingDaysBefore: 6 }, freezeLots: 100 },
  { name: 'GOLDPETAL', price: 12_240, tickSize: 1, multiplier: 1, rule: atMonthEnd, freezeLots: 10_000 },
  { name: 'SILVER', price: 155_800, tickSize: 1, multiplier: 30, rule: onDay(5), months: SILVER_MONTHS, options: { strikeStep: 1000, tickSize: 0.5, workingDaysBefore: 8 }, freezeLots: 20 },
  { name: 'SILVERM', price: 156_200, tickSize: 1, multiplier: 5, rule: atMonthEnd, months: SMALL_SILVER_MONTHS, options: { strikeStep: 1000, tickSize: 0.5, workingDaysBefore: 6 }, freezeLots: 120 },
  { name: 'SILVERMIC', price: 156_250, tickSize: 1, multiplier: 1, rule: atMonthEnd, months: SMALL_SILVER_MONTHS, freezeLots: 600 },
  { name: 'CRUDEOIL', price: 5285, tickSize: 1, multiplier: 100, rule: onDay(19), options: { strikeStep: 50, tickSize: 0.1, workingDaysBefore: 2 }, freezeLots: 100 },
  { name: 'CRUDEOILM', price: 5288, tickSize: 1, multiplier: 10, rule: onDay(19), options: { strikeStep: 50, tickSize: 0.05, workingDaysBefore: 2 }, freezeLots: 1000 },
  { name: 'NATURALGAS', price: 396.4, tickSize: 0.1, multiplier: 1250, rule: onDay(26), options: { strikeStep: 5, tickSize: 0.05, workingDaysBefore: 2 }, freezeLots: 48 },
  { name: 'NATGASMINI', price: 396.6, tickSize: 0.1, multiplier: 250, rule: onDay(26), options: { strikeStep: 5, tickSize: 0.05, workingDaysBefore: 2 }, freezeLots: 240 },
  { name: 'COPPER', price: 1004.5, tickSize: 0.05, multiplier: 2500, rule: atMonthEnd, options: { strikeStep: 5, tickSize: 0.01, workingDaysBefore: 5 }, freezeLots: 28 },
  { name: 'ZINC', price: 301.2, tickSize: 0.05, multiplier: 5000, rule: atMonthEnd, options: { strikeStep: 2.5, tickSize: 0.01, workingDaysBefore: 5 }, freezeLots: 20 },
  { name: 'ALUMINIUM', price: 269.4, tickSize: 0.05, multiplier: 5000, rule: atMonthEnd, freezeLots: 20 },
  { name: 'LEAD', price: 181.35, tickSize: 0.05, multiplier: 5000, rule: atMonthEnd, freezeLots: 20 },
  { name: 'MENTHAOIL', price: 931.2, tickSize: 0.1, multiplier: 360, rule: atMonthEnd, freezeLots: 50 },
  { name: 'MCXBULLDEX', price: 29_750, tickSize: 1, multiplier: 30, rule: onDay(20), freezeLots: 50 },
  { name: 'MCXMETLDEX', price: 18_900, tickSize: 1, multiplier: 40, rule: onDay(20), freezeLots: 50 },
] // prettier-ignore

const FIRST_REFERENCE_TOKEN = 1001
const FUTURES_LISTED = 5
const STRIKES_EACH_SIDE: Readonly<Record<UniverseSize, number>> = { whole: 40, small: 8 }

/** The MCXFO master: commodity futures, options on them, and the rows they refer to. */
export function* commodityRows(today: string, size: UniverseSize): Generator<string> {
  const tokens = new TokenPicker(400_000, 599_999)
  for (const [position, commodity] of COMMODITIES.entries()) {
    yield commodityReference(commodity, FIRST_REFERENCE_TOKEN + position)
    yield* listingRows(listingOf(commodity, today, size), { today, tokens, spreadTokens: tokens })
  }
}

function commodityReference(commodity: Commodity, token: number): string {
  const { name, price, tickSize } = commodity
  return referenceRow({
    segment: 'MCXFO',
    token,
    name,
    description: name,
    series: 'COMDTY',
    ...bandAround(price, tickSize),
    freezeQuantity: 0,
    tickSize,
    lotSize: 1,
  })
}

function listingOf(commodity: Commodity, today: string, size: UniverseSize): Listing {
  const futureExpiries = contractDates(commodity, today)
  return {
    underlying: underlyingOf(commodity),
    futureExpiries,
    spreadExpiries: [],
    chains: chainsOf(commodity, futureExpiries, { today, size }),
  }
}

function contractDates(commodity: Commodity, today: string): string[] {
  const isListed = (date: string): boolean => commodity.months?.includes(Number(date.slice(5, 7))) ?? true
  return calendar.monthlyDates(today, commodity.rule, 13).filter(isListed).slice(0, FUTURES_LISTED)
}

/** Options end some working days before the future they are written on; the next three futures have them. */
function chainsOf(
  commodity: Commodity,
  futureExpiries: readonly string[],
  { today, size }: { today: string; size: UniverseSize },
): Chain[] {
  const { options } = commodity
  if (!options) return []
  return futureExpiries
    .slice(0, 3)
    .map((futureExpiry) => ({
      futureExpiry,
      expiryDate: calendar.workingDaysBefore(futureExpiry, options.workingDaysBefore),
      strikesEachSide: STRIKES_EACH_SIDE[size],
    }))
    .filter((chain) => chain.expiryDate >= today)
}

function underlyingOf(commodity: Commodity): Underlying {
  const { name, price, tickSize, multiplier, options, freezeLots } = commodity
  return {
    segment: 'MCXFO',
    name,
    spot: price,
    lotSize: 1,
    multiplier,
    underlyingId: '-1',
    underlyingName: name,
    futureSeries: 'FUTCOM',
    optionSeries: 'OPTFUT',
    isMonthly: () => true,
    strikeStep: options?.strikeStep ?? 1,
    futureTick: tickSize,
    optionTick: options?.tickSize ?? tickSize,
    futureFreeze: freezeLots + 1,
    optionFreeze: freezeLots + 1,
    futureBand: 0.06,
    optionBandWidth: price * 0.04,
    volatility: VOLATILITY.commodity,
  }
}
