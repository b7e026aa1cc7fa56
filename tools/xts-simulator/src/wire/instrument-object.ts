import { INSTRUMENT_TYPE, OPTION_TYPE, type ListedInstrument } from '../universe/listed-instrument'
import { instrumentId } from '../universe/master-rows'
import { SEGMENT_NUMBERS } from '../universe/segments'

/** What depends on the day. */
export interface InstrumentDay {
  /** `2026-11-20` */
  readonly today: string
  /** Rupees. */
  readonly settlementPrice: number
}

const LARGEST_VOLUME = 2_147_483_647
const NO_DATE = '01Jan1980'
const DAY_MS = 86_400_000

/** An instrument as searches answer it, keys in the captured order. Shares have their ISIN where contracts have their terms. */
export function instrumentObject(row: ListedInstrument, day: InstrumentDay): Record<string, unknown> {
  const isContract = row.expiryDate !== undefined
  return {
    ...(isContract ? contractTerms(row, day) : { ISIN: row.isin ?? '' }),
    ...identity(row),
    PriceBand: priceBand(row),
    DecimalDisplace: decimalsOf(row.tickSize),
    ExtendedMarketProperties: extendedProperties(row),
    MarketTypeStatusEligibility: eligibility(),
    ...longNames(row),
    FreezeQty: row.freezeQuantity,
    LastUpdateTime: 0,
    FiftyTwoWeekHigh: 0,
    FiftyTwoWeekLow: 0,
    Bhavcopy: bhavcopy(day),
    ...margins(),
    CallAuctionIndicator: 0,
    MarketType: 1,
    CurrentEligibleMarketType: 1,
    Industry: 0,
  }
}

function contractTerms(row: ListedInstrument, { today }: InstrumentDay): Record<string, unknown> {
  const { expiryDate = '' } = row
  // The day of expiry counts: a contract that ends tomorrow was captured with 2.
  const days = Math.round((Date.parse(expiryDate) - Date.parse(today)) / DAY_MS) + 1
  return {
    ...(row.instrumentType === INSTRUMENT_TYPE.option
      ? { StrikePrice: row.strike, OptionType: row.optionType }
      : {}),
    ContractExpiration: row.contractExpiration ?? expiryDate,
    RemainingExpiryDays: days,
    RemainingExpiryDaysABS: Math.abs(days),
    ContractExpirationString: shortDate(expiryDate),
    HasContractExpired: days < 1,
    UnderlyingType: Number(row.underlyingId) > 0 ? 1 : 5,
    UnderlyingInstrumentId: Number(row.underlyingId),
    UnderlyingIndexName: row.underlyingName ?? '',
  }
}

function identity(row: ListedInstrument): Record<string, unknown> {
  return {
    InstrumentID: Number(idOf(row)),
    ExchangeInstrumentID: row.token,
    DisplayName: row.displayName,
    Name: row.name,
    AuctionNumber: 0,
    MinimumQty: 1,
    QuantityMultiplier: 1,
    Multiplier: row.multiplier,
    PriceNumerator: 1,
    PriceDenominator: 1,
    LotSize: row.lotSize,
    InstrumentType: row.instrumentType,
    SymbolType: 0,
    CfiCode: cfiCode(row),
    Status: '',
    TicksPerPoint: Math.round(1 / row.tickSize),
    TickSize: row.tickSize,
    Description: row.description,
    IsImpliedMarket: false,
    IsTradeable: false,
    ExchangeSegment: SEGMENT_NUMBERS[row.segment],
    Series: row.series,
    MaxTradeVolume: LARGEST_VOLUME,
  }
}

/** Spreads have no expiry in their id. */
function idOf(row: ListedInstrument): string {
  const isDated = row.instrumentType !== INSTRUMENT_TYPE.spread
  return instrumentId(row.segment, row.token, isDated ? row.expiryDate : undefined)
}

/** ISO 10962, with X for what is not said. */
function cfiCode(row: ListedInstrument): string {
  if (row.instrumentType === INSTRUMENT_TYPE.option) {
    return row.optionType === OPTION_TYPE.call ? 'OCEXXX' : 'OPEXXX'
  }
  return row.expiryDate === undefined ? 'ESXXXX' : 'FFXXXX'
}

function priceBand({ bandHigh, bandLow, tickSize }: ListedInstrument): Record<string, unknown> {
  const decimals = Math.max(2, decimalsOf(tickSize))
  const [high, low] = [bandHigh.toFixed(decimals), bandLow.toFixed(decimals)]
  return { High: bandHigh, Low: bandLow, HighString: high, LowString: low, CreditRating: `${low}-${high}` }
}

const decimalsOf = (tickSize: number): number => Math.max(2, (String(tickSize).split('.')[1] ?? '').length)

/** Each property is named twice, as the broker does. */
function extendedProperties(row: ListedInstrument): Record<string, unknown> {
  const maturity = row.expiryDate === undefined ? NO_DATE : shortDate(row.expiryDate)
  const values = {
    CallAuctionIndicator: '',
    ExpulsionDate: NO_DATE,
    IssueMaturityDate: maturity,
    SettlementIndicator: 'C',
    SettlementNo: 'Missing',
    ListingDate: NO_DATE,
    CompanyName: row.description,
    UniqueKey: row.name,
    RecordDate: NO_DATE,
    ExposureMargin: '2',
    MarketType: 'NORMAL',
    BookClosureStartDate: NO_DATE,
    ExDate: NO_DATE,
    IssueStartDate: NO_DATE,
    BookClosureEndDate: NO_DATE,
    Remarks: '',
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { Name: { Name: name }, Value: value }]),
  )
}

/** `Eligibile` is the broker's spelling. */
function eligibility(): Record<string, unknown> {
  return {
    Normal: { MarketType: 1, Eligibile: true, TradingStatus: 2 },
    OddLot: { MarketType: 2, Eligibile: false, TradingStatus: 2 },
    RetailDebt: { MarketType: 3, Eligibile: false, TradingStatus: 2 },
    Auction: { MarketType: 4, Eligibile: false, TradingStatus: 3 },
  }
}

function longNames(row: ListedInstrument): Record<string, unknown> {
  const { displayName, series, segment } = row
  return {
    NameWithSeries: `${row.name}-${series}`,
    DisplayNameWithExchange: `${displayName} - ${segment}`,
    DisplayNameWithSeries: `${displayName} - ${series}`,
    DisplayNameWithSeriesAndExchange: `${displayName} - ${series} - ${segment}`,
  }
}

/** The day before is not kept here, but for what it settled at. */
function bhavcopy({ settlementPrice }: InstrumentDay): Record<string, unknown> {
  return {
    Open: 0,
    High: 0,
    Low: 0,
    Close: 0,
    TotTrdQty: 0,
    TotTrdVal: 0,
    TimeStamp: '0001-01-01T00:00:00',
    TotalTrades: 0,
    OpenInterest: 0,
    SettlementPrice: settlementPrice,
  }
}

function margins(): Record<string, unknown> {
  return {
    AdditionalPreExpiryMarginPerc: 0,
    AdditionalMarginPercLong: 0,
    AdditionalMarginPercShort: 0,
    DeliveryMarginPerc: 0,
    SpecialMarginPercBuy: 0,
    SpecialMarginPercSell: 0,
    TenderMargin: 0,
    ELMLongMargin: 0,
    ELMShortMargin: 0,
    InitialMarginPerc: 0,
    ExposureMarginPerc: 2,
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `2021-01-28` as `28Jan2021`. */
function shortDate(date: string): string {
  return `${date.slice(8, 10)}${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''}${date.slice(0, 4)}`
}
