import { listingRows, type Chain, type Listing } from './contract-listing'
import * as calendar from './expiries'
import { bandAround } from './generate-cash'
import { instrumentId, referenceRow } from './master-rows'
import { VOLATILITY } from './option-price'
import { TokenPicker } from './token-picker'
import type { Underlying } from './underlyings'
import type { UniverseSize } from './universe-size'

type CurrencySegment = 'NSECD' | 'BSECD'

interface Pair {
  readonly name: string
  /** Token of the row its contracts refer to. */
  readonly token: number
  readonly rate: number
  readonly tickSize: number
  readonly strikeStep: number
  /** Rupees per point and lot. */
  readonly multiplier: number
  readonly hasWeeks: boolean
}

const RUPEE_PAIR = { tickSize: 0.0025, strikeStep: 0.25, multiplier: 1000, hasWeeks: true }
const RUPEE_PAIRS: readonly Pair[] = [
  { ...RUPEE_PAIR, name: 'USDINR', token: 1, rate: 88.7 },
  { ...RUPEE_PAIR, name: 'EURINR', token: 25, rate: 102.85 },
  { ...RUPEE_PAIR, name: 'GBPINR', token: 26, rate: 117.1 },
  { ...RUPEE_PAIR, name: 'JPYINR', token: 27, rate: 57.6 },
]

/** Pairs without the rupee: a lot is 1000 units of the first currency, so a point is worth what the second one costs. */
const CROSS_PAIRS: readonly Pair[] = [
  { name: 'EURUSD', token: 41, rate: 1.16, tickSize: 0.0001, strikeStep: 0.005, multiplier: 79_743.3, hasWeeks: false },
  { name: 'GBPUSD', token: 42, rate: 1.32, tickSize: 0.0001, strikeStep: 0.005, multiplier: 79_743.3, hasWeeks: false },
  { name: 'USDJPY', token: 43, rate: 154, tickSize: 0.01, strikeStep: 0.5, multiplier: 589.300_000_000_000_1, hasWeeks: false },
] // prettier-ignore

/** NSE's bond futures; nothing else is listed on them. */
const BONDS = [
  { name: '697GS2034', token: 72, price: 101.2 },
  { name: '679GS2034', token: 73, price: 99.85 },
] as const

interface Width {
  readonly weeks: number
  readonly months: number
  readonly strikesEachSide: number
}

const WIDTHS: Readonly<Record<UniverseSize, Width>> = {
  whole: { weeks: 9, months: 12, strikesEachSide: 18 },
  small: { weeks: 2, months: 3, strikesEachSide: 5 },
}

/** Currency contracts end two working days before the last one of their month. */
const MONTHLY_RULE = (year: number, month: number): string =>
  calendar.workingDayBeforeMonthEnd(year, month, 2)
const BOND_FREEZE = 1251
const CURRENCY_FREEZE = 10_001

/** The NSECD master: rupee pairs by week and month, cross pairs by month, bond futures, spreads, and the rows they refer to. */
export function* nseCurrencyRows(today: string, size: UniverseSize): Generator<string> {
  const generation = {
    today,
    tokens: new TokenPicker(1000, 19_999),
    spreadTokens: new TokenPicker(200_000, 3_999_999),
  }
  for (const pair of [...RUPEE_PAIRS, ...CROSS_PAIRS]) {
    yield pairReference('NSECD', pair)
    yield* listingRows(pairListing('NSECD', pair, today, WIDTHS[size]), generation)
  }
  for (const bond of BONDS) {
    yield bondReference(bond)
    yield* listingRows(bondListing(bond, today), generation)
  }
}

/** The BSECD master: the rupee pairs. */
export function* bseCurrencyRows(today: string, size: UniverseSize): Generator<string> {
  const tokens = new TokenPicker(1_200_000, 1_399_999)
  const width = { ...WIDTHS[size], weeks: Math.min(4, WIDTHS[size].weeks), months: 3 }
  for (const pair of RUPEE_PAIRS) {
    yield pairReference('BSECD', pair)
    yield* listingRows(pairListing('BSECD', pair, today, width), { today, tokens, spreadTokens: tokens })
  }
}

function pairReference(segment: CurrencySegment, pair: Pair): string {
  return referenceRow({
    segment,
    token: pair.token,
    name: pair.name,
    description: `${pair.name}-UNDCUR`,
    series: 'UNDCUR',
    ...bandAround(pair.rate, pair.tickSize),
    freezeQuantity: 0,
    tickSize: pair.tickSize,
    lotSize: 1,
  })
}

function pairListing(segment: CurrencySegment, pair: Pair, today: string, width: Width): Listing {
  const months = calendar.monthlyDates(today, MONTHLY_RULE, width.months)
  const weeks = pair.hasWeeks
    ? calendar.weeklyExpiries(today, calendar.FRIDAY, width.weeks).filter((week) => !months.includes(week))
    : []
  const chain = (expiryDate: string): Chain => ({ expiryDate, strikesEachSide: width.strikesEachSide })
  return {
    underlying: pairUnderlying(segment, pair, new Set(months)),
    futureExpiries: [...weeks, ...months],
    spreadExpiries: months.slice(0, 4),
    chains: [...weeks, ...months].map(chain),
  }
}

function pairUnderlying(segment: CurrencySegment, pair: Pair, months: ReadonlySet<string>): Underlying {
  return {
    segment,
    name: pair.name,
    spot: pair.rate,
    lotSize: 1,
    multiplier: pair.multiplier,
    underlyingId: instrumentId(segment, pair.token),
    underlyingName: '',
    futureSeries: 'FUTCUR',
    optionSeries: 'OPTCUR',
    isMonthly: (expiryDate) => months.has(expiryDate),
    strikeStep: pair.strikeStep,
    futureTick: pair.tickSize,
    optionTick: pair.tickSize,
    futureFreeze: CURRENCY_FREEZE,
    optionFreeze: CURRENCY_FREEZE,
    futureBand: 0.03,
    optionBandWidth: pair.rate * 0.02,
    volatility: VOLATILITY.currency,
  }
}

type Bond = (typeof BONDS)[number]

function bondReference(bond: Bond): string {
  return referenceRow({
    segment: 'NSECD',
    token: bond.token,
    name: bond.name,
    description: `${bond.name}-UNDIRC`,
    series: 'UNDIRC',
    ...bandAround(bond.price, 0.0025),
    freezeQuantity: 0,
    tickSize: 0.0025,
    lotSize: 1,
  })
}

function bondListing(bond: Bond, today: string): Listing {
  const months = calendar.monthlyExpiries(today, calendar.THURSDAY, 3)
  const pair: Pair = { ...RUPEE_PAIR, name: bond.name, token: bond.token, rate: bond.price, multiplier: 2000 }
  const underlying = pairUnderlying('NSECD', pair, new Set(months))
  return {
    underlying: { ...underlying, futureSeries: 'FUTIRC', futureFreeze: BOND_FREEZE },
    futureExpiries: months,
    spreadExpiries: months,
    chains: [],
  }
}
