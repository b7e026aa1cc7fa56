/** How one field is written. `text` is any string, the empty one too. */
export type Format =
  | 'text'
  | 'number'
  | 'boolean'
  | 'object'
  | 'list'
  | 'rest-time'
  | 'money-text'
  | 'count-text'
  | 'average-text'
  | 'status'

/** A documented field; one with a question mark may be left out, because some builds do. */
export type Field = readonly [name: string, format: Format]

const STATUSES =
  'PendingNew|New|PartiallyFilled|Filled|Cancelled|Replaced|PendingCancel|Rejected|PendingReplace|Expired'

const MONEY = '-?\\d{1,3}(?:,?\\d{2,3})*(?:\\.\\d+)?|NaN|'
/** The texts of each format. Rows of 2020 builds write ISO times, rows of newer ones dd-MM-yyyy. */
export const TEXTS: Readonly<Partial<Record<Format, RegExp>>> = {
  'rest-time':
    /^(?:\d\d-\d\d-\d{4} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:\+05:30)?)$/,
  'money-text': new RegExp(`^(?:${MONEY})$`),
  'average-text': new RegExp(`^(?:${MONEY})$`),
  'count-text': /^-?\d+$/,
  status: new RegExp(`^(?:${STATUSES})$`),
}

const ORDER_HEAD: readonly Field[] = [
  ['LoginID', 'text'],
  ['ClientID', 'text'],
  ['AppOrderID', 'number'],
  ['OrderReferenceID', 'text'],
  ['GeneratedBy?', 'text'],
  ['ExchangeOrderID', 'text'],
  ['OrderCategoryType', 'text'],
  ['ExchangeSegment', 'text'],
  ['ExchangeInstrumentID', 'number'],
  ['OrderSide', 'text'],
  ['OrderType', 'text'],
  ['ProductType', 'text'],
  ['TimeInForce', 'text'],
  ['OrderPrice', 'number'],
  ['OrderQuantity', 'number'],
  ['OrderStopPrice', 'number'],
  ['OrderStatus', 'status'],
  ['OrderAverageTradedPrice', 'average-text'],
  ['LeavesQuantity', 'number'],
  ['CumulativeQuantity', 'number'],
  ['OrderDisclosedQuantity', 'number'],
  ['OrderGeneratedDateTime', 'rest-time'],
  ['ExchangeTransactTime', 'rest-time'],
  ['TradingSymbol?', 'text'],
  ['LastUpdateDateTime', 'rest-time'],
]
const MESSAGE_TAIL: readonly Field[] = [
  ['MessageCode', 'number'],
  ['MessageVersion', 'number'],
  ['TokenID', 'number'],
  ['ApplicationType', 'number'],
  ['SequenceNumber', 'number'],
]

/** A row of GET orders, in the order in which its fields are written. Source: protocol 2.8. */
export const ORDER_ROW: readonly Field[] = [
  ...ORDER_HEAD,
  ['OrderExpiryDate', 'rest-time'],
  ['CancelRejectReason', 'text'],
  ['OrderUniqueIdentifier', 'text'],
  ['OrderLegStatus', 'text'],
  ['BoLegDetails?', 'number'],
  ['IsSpread', 'boolean'],
  ['BoEntryOrderId?', 'text'],
  ['ApiOrderSource?', 'text'],
  ...MESSAGE_TAIL,
  ['IsAMO?', 'boolean'],
]

/** A row of GET orders/trades: no expiry, and one fill. Where the fill stands among the others is not documented. */
export const TRADE_ROW: readonly Field[] = [
  ...ORDER_HEAD,
  ['CancelRejectReason', 'text'],
  ['OrderUniqueIdentifier', 'text'],
  ['OrderLegStatus', 'text'],
  ['LastTradedPrice', 'number'],
  ['LastTradedQuantity', 'number'],
  ['LastExecutionTransactTime', 'rest-time'],
  ['ExecutionID', 'text'],
  ['ExecutionReportIndex', 'number'],
  ['IsSpread', 'boolean'],
  ...MESSAGE_TAIL,
]

/** A row of GET portfolio/positions. Source: protocol 2.13. */
export const POSITION_ROW: readonly Field[] = [
  ['AccountID', 'text'],
  ['TradingSymbol', 'text'],
  ['ExchangeSegment', 'text'],
  ['ExchangeInstrumentId', 'count-text'],
  ['ProductType', 'text'],
  ['Marketlot', 'count-text'],
  ['Multiplier', 'money-text'],
  ['BuyAveragePrice', 'money-text'],
  ['SellAveragePrice', 'money-text'],
  ['OpenBuyQuantity', 'count-text'],
  ['OpenSellQuantity', 'count-text'],
  ['Quantity', 'count-text'],
  ['BuyAmount', 'money-text'],
  ['SellAmount', 'money-text'],
  ['NetAmount', 'money-text'],
  ['UnrealizedMTM', 'money-text'],
  ['RealizedMTM', 'money-text'],
  ['MTM', 'money-text'],
  ['BEP', 'money-text'],
  ['SumOfTradedQuantityAndPriceBuy', 'money-text'],
  ['SumOfTradedQuantityAndPriceSell', 'money-text'],
  ['StatisticsLevel?', 'text'],
  ['IsInterOpPosition?', 'boolean'],
  ['childPositions?', 'object'],
  ...MESSAGE_TAIL,
]

/** The figures of a touchline, wherever it stands. Source: protocol 5.5.1. */
export const TOUCHLINE: readonly Field[] = [
  ['LastTradedPrice', 'number'],
  ['LastTradedQunatity', 'number'],
  ['TotalBuyQuantity', 'number'],
  ['TotalSellQuantity', 'number'],
  ['TotalTradedQuantity', 'number'],
  ['AverageTradedPrice', 'number'],
  ['LastTradedTime?', 'number'],
  ['LastUpdateTime?', 'number'],
  ['PercentChange', 'number'],
  ['Open', 'number'],
  ['High', 'number'],
  ['Low', 'number'],
  ['Close', 'number'],
]
