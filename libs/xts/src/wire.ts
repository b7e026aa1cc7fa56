/** The broker's spellings. These types never leave this lib; field meanings are in MAPPING.md. */

/** Order sides of a request; answers also write `Buy` and `Sell`. */
export type XtsOrderSide = 'BUY' | 'SELL'
/** Order types of a request; answers write `Market`, `Limit`, `StopLimit`, `StopMarket`. */
export type XtsOrderType = 'MARKET' | 'LIMIT' | 'STOPLIMIT' | 'STOPMARKET'
export type XtsProductType = 'MIS' | 'NRML' | 'CNC'
export type XtsTimeInForce = 'DAY' | 'IOC'
/** Statuses of an order row; `Open` is in the enum and in hand-made samples only, `Expired` in one report. */
export type XtsOrderStatus =
  | 'PendingNew'
  | 'New'
  | 'Open'
  | 'PartiallyFilled'
  | 'Filled'
  | 'Cancelled'
  | 'Expired'
  | 'Replaced'
  | 'PendingReplace'
  | 'PendingCancel'
  | 'Rejected'

/** Body of `POST orders`. */
export interface XtsPlaceOrder {
  readonly exchangeSegment: string
  readonly exchangeInstrumentID: number
  readonly productType: XtsProductType
  readonly orderType: XtsOrderType
  readonly orderSide: XtsOrderSide
  readonly timeInForce: XtsTimeInForce
  readonly disclosedQuantity: number
  readonly orderQuantity: number
  readonly limitPrice: number
  readonly stopPrice: number
  readonly orderUniqueIdentifier: string
  readonly clientID?: string
}

/** Body of `PUT orders`. */
export interface XtsModifyOrder {
  readonly appOrderID: number
  readonly modifiedProductType: XtsProductType
  readonly modifiedOrderType: XtsOrderType
  readonly modifiedOrderQuantity: number
  readonly modifiedDisclosedQuantity: number
  readonly modifiedLimitPrice: number
  readonly modifiedStopPrice: number
  readonly modifiedTimeInForce: XtsTimeInForce
  readonly orderUniqueIdentifier: string
}

/** An instrument in market data, where segments are numbers. */
export interface XtsInstrument {
  readonly exchangeSegment: number
  readonly exchangeInstrumentID: number
}

/** Body of `POST` and `PUT instruments/subscription`. */
export interface XtsSubscription {
  readonly instruments: readonly XtsInstrument[]
  readonly xtsMessageCode: number
}

/** Body of `POST instruments/quotes`; some builds refuse it without publishFormat. */
export interface XtsQuotesRequest extends XtsSubscription {
  readonly publishFormat: 'JSON'
}

/** Market-data message codes that we read. */
export const XTS_MESSAGE = {
  instrumentProperty: 1105,
  touchline: 1501,
  depth: 1502,
  candle: 1505,
  marketStatus: 1507,
  openInterest: 1510,
  lastPrice: 1512,
} as const
