import * as calendar from './expiries'
import { bandAround } from './generate-cash'
import type { Company } from './known-stocks'
import { INSTRUMENT_TYPE, OPTION_TYPE } from './listed-instrument'
import { futureRow, optionRows, type RowCommon } from './master-rows'
import { optionPrice, VOLATILITY, yearsBetween } from './option-price'
import { TokenPicker } from './token-picker'
import { bseIndexUnderlying, nseIndexUnderlying, nseStockUnderlying, type Underlying } from './underlyings'

interface Chain {
  readonly expiryDate: string
  readonly strikesEachSide: number
}

/** Everything listed on one underlying. */
interface Listing {
  readonly underlying: Underlying
  readonly futureExpiries: readonly string[]
  readonly chains: readonly Chain[]
}

/** What the rows of one segment share. */
interface Generation {
  readonly today: string
  readonly tokens: TokenPicker
  readonly spreadTokens: TokenPicker
}

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
    { underlying: nseIndexUnderlying(nifty), futureExpiries, chains: niftyChains },
    ...monthly.map((terms) => ({
      underlying: nseIndexUnderlying(terms),
      futureExpiries,
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

function* listingRows(listing: Listing, generation: Generation): Generator<string> {
  const { underlying, futureExpiries, chains } = listing
  for (const expiryDate of futureExpiries) yield futureContract(underlying, expiryDate, generation)
  yield* spreadContracts(listing, generation)
  for (const chain of chains) yield* optionContracts(underlying, chain, generation)
}

type ContractCommon = Omit<RowCommon, 'token' | 'bandHigh' | 'bandLow' | 'description'> &
  Pick<Underlying, 'underlyingId' | 'underlyingName'>

function contractCommon(underlying: Underlying, kind: 'future' | 'option'): ContractCommon {
  const isFuture = kind === 'future'
  const bseSeries = isFuture ? 'IF' : 'IO'
  const nseSeries = (isFuture ? 'FUT' : 'OPT') + (underlying.isIndex ? 'IDX' : 'STK')
  return {
    segment: underlying.segment,
    name: underlying.name,
    series: underlying.segment === 'BSEFO' ? bseSeries : nseSeries,
    freezeQuantity: isFuture ? underlying.futureFreeze : underlying.optionFreeze,
    tickSize: isFuture ? underlying.futureTick : 0.05,
    lotSize: underlying.lotSize,
    underlyingId: underlying.underlyingId,
    underlyingName: underlying.underlyingName,
  }
}

function futureContract(underlying: Underlying, expiryDate: string, generation: Generation): string {
  const description = `${underlying.name}${calendar.yearMonth(expiryDate)}FUT`
  const price = futurePrice(underlying.spot, generation.today, expiryDate)
  return futureRow({
    ...contractCommon(underlying, 'future'),
    ...bandAround(price, underlying.futureTick),
    description,
    token: generation.tokens.pick(description),
    instrumentType: INSTRUMENT_TYPE.future,
    expiryDate,
    displayName: `${underlying.name} ${calendar.longDate(expiryDate)}`,
  })
}

/** A future costs the spot plus interest until it expires. */
const futurePrice = (spot: number, today: string, expiryDate: string): number =>
  spot * (1 + 0.065 * yearsBetween(today, expiryDate))

/** A spread is priced around zero, so its band has a negative end. */
function spreadContracts(listing: Listing, generation: Generation): string[] {
  const { underlying, futureExpiries } = listing
  const width = Math.max(1, Math.round(underlying.spot * 0.016))
  const pairs = futureExpiries.flatMap((near, i) =>
    futureExpiries.slice(i + 1).map((far) => [near, far] as const),
  )
  return pairs.map(([near, far]) => {
    const description = `${underlying.name}${calendar.yearMonth(near)}${calendar.yearMonth(far)}FUT`
    return futureRow({
      ...contractCommon(underlying, 'future'),
      bandHigh: width,
      bandLow: -width,
      description,
      token: generation.spreadTokens.pick(description),
      instrumentType: INSTRUMENT_TYPE.spread,
      underlyingId: '-1',
      underlyingName: '',
      expiryDate: near,
      displayName: `${underlying.name} ${calendar.shortDate(near)}${calendar.shortDate(far)} SPD`,
    })
  })
}

function* optionContracts(underlying: Underlying, chain: Chain, generation: Generation): Generator<string> {
  const atTheMoney = Math.round(underlying.spot / underlying.strikeStep) * underlying.strikeStep
  const rowOf = optionContract(underlying, chain.expiryDate, generation)
  for (let away = -chain.strikesEachSide; away <= chain.strikesEachSide; away++) {
    const strike = Math.round((atTheMoney + away * underlying.strikeStep) * 100) / 100
    if (strike <= 0) continue
    yield rowOf(strike, OPTION_TYPE.call)
    yield rowOf(strike, OPTION_TYPE.put)
  }
}

function optionContract(
  underlying: Underlying,
  expiryDate: string,
  generation: Generation,
): (strike: number, optionType: number) => string {
  const isMonthly = calendar.isMonthly(expiryDate, underlying.weekday)
  const period = isMonthly ? calendar.yearMonth(expiryDate) : calendar.yearWeek(expiryDate)
  const descriptionStart = `${underlying.name}${period}`
  const displayStart = `${underlying.name} ${calendar.longDate(expiryDate)} `
  const yearsToExpiry = yearsBetween(generation.today, expiryDate)
  const volatility = underlying.isIndex ? VOLATILITY.index : VOLATILITY.stock
  const rowOf = optionRows({ ...contractCommon(underlying, 'option'), expiryDate })
  return (strike, optionType) => {
    const isCall = optionType === OPTION_TYPE.call
    const right = isCall ? 'CE' : 'PE'
    const description = `${descriptionStart}${strike}${right}`
    const price = optionPrice({ spot: underlying.spot, strike, isCall, yearsToExpiry, volatility })
    const displayName = `${displayStart}${right} ${strike}`
    const token = generation.tokens.pick(description)
    return rowOf({
      token,
      description,
      displayName,
      ...optionBand(price, underlying.spot),
      strike,
      optionType,
    })
  }
}

/** Options may move far: the band follows the underlying's size, not the premium's. */
function optionBand(price: number, spot: number): { bandHigh: number; bandLow: number } {
  const width = Math.max(20, spot * 0.03)
  const onTick = (rupees: number): number =>
    Math.round(Math.max(0.05, Math.round(rupees * 20) / 20) * 100) / 100
  return { bandHigh: onTick(price + width), bandLow: onTick(price - width) }
}
