import * as calendar from './expiries'
import { bandAround } from './generate-cash'
import { INSTRUMENT_TYPE, OPTION_TYPE } from './listed-instrument'
import { futureRow, instrumentId, optionRows, type RowCommon } from './master-rows'
import { optionPrice, yearsBetween } from './option-price'
import type { TokenPicker } from './token-picker'
import type { Underlying } from './underlyings'

/** The options of one expiry. */
export interface Chain {
  readonly expiryDate: string
  readonly strikesEachSide: number
  /** Where options are written on a future: the expiry of that future. */
  readonly futureExpiry?: string | undefined
}

/** Everything listed on one underlying. */
export interface Listing {
  readonly underlying: Underlying
  readonly futureExpiries: readonly string[]
  /** Calendar spreads are listed between these, two by two. */
  readonly spreadExpiries: readonly string[]
  readonly chains: readonly Chain[]
}

/** What the rows of one segment share. */
export interface Generation {
  readonly today: string
  readonly tokens: TokenPicker
  readonly spreadTokens: TokenPicker
}

/** The rows of one underlying: futures, spreads, options. */
export function* listingRows(listing: Listing, generation: Generation): Generator<string> {
  const { underlying, futureExpiries, chains } = listing
  const futures = new Map<string, string>()
  for (const expiryDate of futureExpiries) {
    const description = contractName(underlying, expiryDate, 'FUT')
    const token = generation.tokens.pick(description)
    futures.set(expiryDate, instrumentId(underlying.segment, token, expiryDate))
    yield futureContract(underlying, { expiryDate, description, token }, generation)
  }
  yield* spreadContracts(listing, generation)
  for (const chain of chains) {
    const future = chain.futureExpiry === undefined ? undefined : futures.get(chain.futureExpiry)
    const terms = future === undefined ? underlying : { ...underlying, underlyingId: future }
    yield* optionContracts(terms, chain, generation)
  }
}

/** `NIFTY26NOV...` in the month's last week, `NIFTY26N24...` in any other. */
function contractName(underlying: Underlying, expiryDate: string, ending: string): string {
  const period = underlying.isMonthly(expiryDate)
    ? calendar.yearMonth(expiryDate)
    : calendar.yearWeek(expiryDate)
  return `${underlying.name}${period}${ending}`
}

type ContractCommon = Omit<RowCommon, 'token' | 'bandHigh' | 'bandLow' | 'description'> &
  Pick<Underlying, 'underlyingId' | 'underlyingName'>

function contractCommon(underlying: Underlying, kind: 'future' | 'option'): ContractCommon {
  const isFuture = kind === 'future'
  return {
    segment: underlying.segment,
    name: underlying.name,
    series: isFuture ? underlying.futureSeries : underlying.optionSeries,
    freezeQuantity: isFuture ? underlying.futureFreeze : underlying.optionFreeze,
    tickSize: isFuture ? underlying.futureTick : underlying.optionTick,
    lotSize: underlying.lotSize,
    multiplier: underlying.multiplier,
    underlyingId: underlying.underlyingId,
    underlyingName: underlying.underlyingName,
  }
}

interface Contract {
  readonly expiryDate: string
  readonly description: string
  readonly token: number
}

function futureContract(underlying: Underlying, contract: Contract, generation: Generation): string {
  const { expiryDate } = contract
  const price = futurePrice(underlying.spot, generation.today, expiryDate)
  return futureRow({
    ...contractCommon(underlying, 'future'),
    ...bandAround(price, underlying.futureTick, underlying.futureBand),
    ...contract,
    instrumentType: INSTRUMENT_TYPE.future,
    displayName: `${underlying.name} ${calendar.longDate(expiryDate)}`,
  })
}

/** A future costs the spot plus interest until it expires. */
const futurePrice = (spot: number, today: string, expiryDate: string): number =>
  spot * (1 + 0.065 * yearsBetween(today, expiryDate))

/** A spread is priced around zero, so its band has a negative end. */
function spreadContracts(listing: Listing, generation: Generation): string[] {
  const { underlying, spreadExpiries } = listing
  const { spot, futureTick } = underlying
  const width =
    spot < 200 ? round4(Math.round((spot * 0.02) / futureTick) * futureTick) : Math.round(spot * 0.016)
  const pairs = spreadExpiries.flatMap((near, i) =>
    spreadExpiries.slice(i + 1).map((far) => [near, far] as const),
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
    const strike = round4(atTheMoney + away * underlying.strikeStep)
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
  const descriptionStart = contractName(underlying, expiryDate, '')
  const displayStart = `${underlying.name} ${calendar.longDate(expiryDate)} `
  const yearsToExpiry = yearsBetween(generation.today, expiryDate)
  const { volatility } = underlying
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
      ...optionBand(price, underlying),
      strike,
      optionType,
    })
  }
}

/** Options may move far: the band follows the underlying's size, not the premium's. */
function optionBand(price: number, underlying: Underlying): { bandHigh: number; bandLow: number } {
  const { optionBandWidth: width, optionTick: tick } = underlying
  const ticksPerRupee = Math.round(1 / tick)
  const onTick = (rupees: number): number =>
    round4(
      Math.max(
        tick,
        tick < 1 ? Math.round(rupees * ticksPerRupee) / ticksPerRupee : Math.round(rupees / tick) * tick,
      ),
    )
  return { bandHigh: onTick(price + width), bandLow: onTick(price - width) }
}

const round4 = (price: number): number => Math.round(price * 10_000) / 10_000
