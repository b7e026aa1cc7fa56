import { leavesOf, type OrderState, type SimOrder, type SimTrade } from '../matching/sim-order'
import { NO_DATE_REST, NO_DATE_SOCKET, restTime, socketSeconds, socketTime } from './indian-time'
import { averageNumber, averageText, bracketEntryId, bracketLeg, generator, reportIndex } from './order-rows'

// Each event is one literal: put together from parts, an object of so many fields costs twenty times as much.

/** The `order` event: ISO times, mixed-case side, and the ...API twins. */
export function orderEvent(order: SimOrder, state: OrderState): Record<string, unknown> {
  const changedAt = restTime(state.updatedAtMs)
  const generatedAt = socketTime(order.receivedAtMs, order.appOrderId)
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
    OrderSide: sideWord(order),
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
    OrderGeneratedDateTime: generatedAt,
    ExchangeTransactTime: exchangeTime(order, state),
    LastUpdateDateTime: isFirst(state) ? generatedAt : socketTime(state.updatedAtMs, state.sequence),
    OrderExpiryDate: NO_DATE_SOCKET,
    CancelRejectReason: state.reason,
    OrderUniqueIdentifier: state.tag,
    OrderLegStatus: 'SingleOrderLeg',
    IsSpread: false,
    BoLegDetails: bracketLeg(order),
    BoEntryOrderId: bracketEntryId(order),
    OrderAverageTradedPriceAPI: averageNumber(state),
    OrderSideAPI: order.side,
    OrderGeneratedDateTimeAPI: restTime(order.receivedAtMs),
    ExchangeTransactTimeAPI: changedAt,
    LastUpdateDateTimeAPI: changedAt,
    OrderExpiryDateAPI: NO_DATE_REST,
    AlgoID: '',
    AlgoCategory: 0,
    MessageSynchronizeUniqueKey: order.account.userId,
    MessageCode: 9004,
    MessageVersion: 4,
    TokenID: 0,
    ApplicationType: 146,
    SequenceNumber: state.sequence,
    TradingSymbol: order.instrument.displayName,
  }
}

/** The `trade` event. Its synchronisation key is the client, not the login. */
export function tradeEvent(trade: SimTrade): Record<string, unknown> {
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
    OrderSide: sideWord(order),
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
    OrderGeneratedDateTime: socketTime(order.receivedAtMs, order.appOrderId),
    ExchangeTransactTime: exchangeTime(order, after),
    LastUpdateDateTime: socketTime(trade.tradedAtMs, trade.sequence),
    CancelRejectReason: after.reason,
    OrderUniqueIdentifier: after.tag,
    OrderLegStatus: 'SingleOrderLeg',
    LastTradedPrice: trade.price,
    LastTradedQuantity: trade.quantity,
    LastExecutionTransactTime: socketSeconds(trade.tradedAtMs),
    ExecutionID: trade.executionId,
    ExecutionReportIndex: reportIndex(trade),
    IsSpread: false,
    OrderAverageTradedPriceAPI: averageNumber(after),
    OrderSideAPI: order.side,
    OrderGeneratedDateTimeAPI: restTime(order.receivedAtMs),
    ExchangeTransactTimeAPI: tradedAt,
    LastUpdateDateTimeAPI: tradedAt,
    OrderExpiryDateAPI: NO_DATE_REST,
    LastExecutionTransactTimeAPI: tradedAt,
    MessageSynchronizeUniqueKey: order.clientCode,
    MessageCode: 9005,
    MessageVersion: 4,
    TokenID: 0,
    ApplicationType: 146,
    SequenceNumber: trade.sequence,
    TradingSymbol: order.instrument.displayName,
  }
}

const isFirst = (state: OrderState): boolean => state.status === 'PendingNew'

const sideWord = (order: SimOrder): string => (order.side === 'BUY' ? 'Buy' : 'Sell')

/** Whole seconds once the exchange has answered; before that the gateway's own fine time. */
function exchangeTime(order: SimOrder, state: OrderState): string {
  const text = isFirst(state)
    ? socketTime(order.receivedAtMs, order.appOrderId)
    : socketSeconds(state.updatedAtMs)
  return `${text}+05:30`
}
