import { leavesOf, type OrderState, type SimOrder, type SimTrade } from '../matching/sim-order'
import { NO_DATE_REST, restTime } from './indian-time'
import { money } from './numbers'

export const averageText = (state: OrderState): string =>
  state.filledQuantity === 0 ? '' : money(state.filledValue / state.filledQuantity)

/** The number behind the text, or the word NaN while nothing has traded. */
export const averageNumber = (state: OrderState): number | 'NaN' =>
  state.filledQuantity === 0 ? 'NaN' : Math.round((state.filledValue / state.filledQuantity) * 100) / 100

export const generator = (order: SimOrder): string => (order.isRms === true ? 'RMS' : 'TWSAPI')

// Each row and event is one literal: put together from parts, an object of so many fields costs twenty times as much.

/** A row of the order book or the history, as 2026 gateways write it. */
export function orderRow(order: SimOrder, state: OrderState): Record<string, unknown> {
  const changedAt = restTime(state.updatedAtMs)
  return {
    LoginID: order.account.userId,
    ClientID: order.clientCode,
    AppOrderID: order.appOrderId,
    OrderReferenceID: '',
    GeneratedBy: generator(order),
    ExchangeOrderID: state.exchangeOrderId,
    OrderCategoryType: 'NORMAL',
    ExchangeSegment: order.instrument.segment,
    ExchangeInstrumentID: order.instrument.token,
    OrderSide: order.side,
    OrderType: state.orderType,
    ProductType: state.productType,
    TimeInForce: state.timeInForce,
    OrderPrice: state.price,
    OrderQuantity: state.quantity,
    OrderStopPrice: state.stopPrice,
    OrderStatus: state.status,
    OrderAverageTradedPrice: averageText(state),
    LeavesQuantity: leavesOf(state),
    CumulativeQuantity: state.filledQuantity,
    OrderDisclosedQuantity: state.disclosedQuantity,
    OrderGeneratedDateTime: restTime(order.receivedAtMs),
    ExchangeTransactTime: changedAt,
    TradingSymbol: order.instrument.displayName,
    LastUpdateDateTime: changedAt,
    OrderExpiryDate: NO_DATE_REST,
    CancelRejectReason: state.reason,
    OrderUniqueIdentifier: state.tag,
    OrderLegStatus: 'SingleOrderLeg',
    BoLegDetails: bracketLeg(order),
    IsSpread: false,
    BoEntryOrderId: bracketEntryId(order),
    ApiOrderSource: order.apiOrderSource,
    MessageCode: 9004,
    MessageVersion: 4,
    TokenID: 0,
    ApplicationType: 0,
    SequenceNumber: state.sequence,
    IsAMO: false,
  }
}

/** A row of the trade book: one fill, and the order as it was right after it. */
export function tradeRow(trade: SimTrade): Record<string, unknown> {
  const { order, after } = trade
  const tradedAt = restTime(trade.tradedAtMs)
  return {
    LoginID: order.account.userId,
    ClientID: order.clientCode,
    AppOrderID: order.appOrderId,
    OrderReferenceID: '',
    GeneratedBy: generator(order),
    ExchangeOrderID: after.exchangeOrderId,
    OrderCategoryType: 'NORMAL',
    ExchangeSegment: order.instrument.segment,
    ExchangeInstrumentID: order.instrument.token,
    OrderSide: order.side,
    OrderType: after.orderType,
    ProductType: after.productType,
    TimeInForce: after.timeInForce,
    OrderPrice: after.price,
    OrderQuantity: after.quantity,
    OrderStopPrice: after.stopPrice,
    OrderStatus: after.status,
    OrderAverageTradedPrice: averageText(after),
    LeavesQuantity: leavesOf(after),
    CumulativeQuantity: after.filledQuantity,
    OrderDisclosedQuantity: after.disclosedQuantity,
    OrderGeneratedDateTime: restTime(order.receivedAtMs),
    ExchangeTransactTime: tradedAt,
    TradingSymbol: order.instrument.displayName,
    LastUpdateDateTime: tradedAt,
    CancelRejectReason: after.reason,
    OrderUniqueIdentifier: after.tag,
    OrderLegStatus: 'SingleOrderLeg',
    LastTradedPrice: trade.price,
    LastTradedQuantity: trade.quantity,
    LastExecutionTransactTime: tradedAt,
    ExecutionID: trade.executionId,
    ExecutionReportIndex: reportIndex(trade),
    IsSpread: false,
    ApiOrderSource: order.apiOrderSource,
    MessageCode: 9005,
    MessageVersion: 4,
    TokenID: 0,
    ApplicationType: 0,
    SequenceNumber: trade.sequence,
    IsAMO: false,
  }
}

/** Report index 3 is a partial fill, 4 the last one. */
export const reportIndex = (trade: SimTrade): number => (trade.after.status === 'Filled' ? 4 : 3)

/** 1 entry, 2 target, 3 stop loss; 0 for everything that is no bracket, cover orders too. */
export function bracketLeg({ link }: SimOrder): number {
  switch (link?.kind) {
    case 'bracket-entry':
      return 1
    case 'bracket-target':
      return 2
    case 'bracket-stop':
      return 3
    case 'cover-entry':
    case 'cover-exit':
    case undefined:
      return 0
  }
}

/** All legs of a bracket name its entry, the entry too. */
export function bracketEntryId({ appOrderId, link }: SimOrder): string {
  if (link?.kind === 'bracket-entry') return String(appOrderId)
  return link?.kind === 'bracket-target' || link?.kind === 'bracket-stop' ? String(link.entryOrderId) : ''
}

/** The five fields every message of this broker ends with. */
export function messageFields(o: {
  readonly code: number
  readonly version: number
  readonly applicationType: number
  readonly sequence: number
}): Record<string, unknown> {
  return {
    MessageCode: o.code,
    MessageVersion: o.version,
    TokenID: 0,
    ApplicationType: o.applicationType,
    SequenceNumber: o.sequence,
  }
}
