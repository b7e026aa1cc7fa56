import { z } from 'zod'

/** Exchange names of the OpenAlgo ecosystem; what strategies write. */
export const EXCHANGES = ['NSE', 'NFO', 'CDS', 'BSE', 'BFO', 'BCD', 'MCX', 'NSE_INDEX', 'BSE_INDEX'] as const
export type Exchange = (typeof EXCHANGES)[number]
export const exchangeSchema = z.enum(EXCHANGES)

/** Segment names of the broker with their numbers; (segment, token) is the key of an instrument. */
export const SEGMENTS = { NSECM: 1, NSEFO: 2, NSECD: 3, BSECM: 11, BSEFO: 12, BSECD: 13, MCXFO: 51 } as const
export type Segment = keyof typeof SEGMENTS
export type SegmentNumber = (typeof SEGMENTS)[Segment]

export function isSegment(name: string): name is Segment {
  return Object.hasOwn(SEGMENTS, name)
}

/** The segment with this number, if it is one of ours. */
export function segmentFromNumber(segmentNumber: number): Segment | undefined {
  return SEGMENT_BY_NUMBER.get(segmentNumber)
}

const SEGMENT_BY_NUMBER: ReadonlyMap<number, Segment> = new Map(
  (Object.keys(SEGMENTS) as Segment[]).map((name) => [SEGMENTS[name], name]),
)

/** One row of the instrument list, in the form every service uses. */
export interface Instrument {
  readonly exchange: Exchange
  /** OpenAlgo symbol: `RELIANCE`, `NIFTY27JAN26FUT`, `NIFTY17FEB2625700PE`, index `NIFTY`. Unique within the exchange. */
  readonly symbol: string
  readonly segment: Segment
  /** The exchange's token, the broker's ExchangeInstrumentID. Unique within the segment. */
  readonly token: number
  /** The broker's display name; what its books and events call TradingSymbol. */
  readonly brokerSymbol: string
  /** Company, underlying or index name. */
  readonly name: string
  /** Series for cash (`EQ`, `BE`), `FUT`, `CE`, `PE`, `INDEX`, `SPREAD`. */
  readonly instrumentType: string
  /** `17-FEB-26`, or undefined for an instrument that does not expire. */
  readonly expiry?: string | undefined
  /** Rupees; undefined unless an option. */
  readonly strike?: number | undefined
  readonly lotSize: number
  /** Rupees. */
  readonly tickSize: number
  /** Largest quantity of one order; undefined when the exchange states none. */
  readonly freezeQuantity?: number | undefined
  /** Rupees; undefined when the list states no band. */
  readonly bandLow?: number | undefined
  readonly bandHigh?: number | undefined
  /** Rupees of profit per unit of quantity and rupee of price. */
  readonly multiplier: number
}

/** An instrument with what only the list itself and its table need; orders and ticks use Instrument. */
export interface ListedInstrument extends Instrument {
  /** The exchange's series or group: `EQ`, `SM`, `OPTIDX`, `IO`. */
  readonly series: string
  readonly isin?: string | undefined
  /** The exchange's own code (`NIFTY2621725700PE`, `RELIANCE-EQ`); undefined for an entry of an index list. */
  readonly description?: string | undefined
  /** The underlying's name in the broker's words (`Nifty 50`); undefined for cash and where the list states none. */
  readonly underlying?: string | undefined
  /** Token of the underlying in the cash segment of the same exchange; undefined for an index or where the list states none. */
  readonly underlyingToken?: number | undefined
  /** The broker's InstrumentID of the underlying; undefined for an index, a spread, cash and where the list states none. */
  readonly underlyingInstrumentId?: string | undefined
  /** The broker's InstrumentID: segment, expiry and token in one number; undefined for an entry of an index list. */
  readonly instrumentId?: string | undefined
  /** Price units: a quotation counts numerator / denominator; undefined where the layout has no such columns. */
  readonly priceNumerator?: number | undefined
  readonly priceDenominator?: number | undefined
}

/** A calendar spread: it has the expiry of its near leg, and is neither of its legs. */
export function isSpread({ instrumentType }: Pick<Instrument, 'instrumentType'>): boolean {
  return instrumentType === 'SPREAD'
}

/** An index, which has prices and cannot be traded. */
export function isIndex({ instrumentType }: Pick<Instrument, 'instrumentType'>): boolean {
  return instrumentType === 'INDEX'
}

/** The `brsymbol` of the ecosystem's table: display name for cash, the exchange's code for derivatives, `NAME_TOKEN` of an index list. */
export function ecosystemBrokerSymbol(instrument: ListedInstrument): string {
  const { brokerSymbol, description, exchange, segment, token } = instrument
  if (segment === 'NSECM' || segment === 'BSECM')
    return exchange === 'NSE_INDEX' ? `${brokerSymbol}_${token}` : brokerSymbol
  return description ?? brokerSymbol
}

export const instrumentKeySchema = z.strictObject({
  exchange: exchangeSchema,
  symbol: z.string().min(1).max(64),
})
/** How a caller names an instrument. */
export type InstrumentKey = z.infer<typeof instrumentKeySchema>
