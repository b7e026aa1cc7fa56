import { leavesOf, type OrderState, type SimOrder, type SimTrade } from '../matching/sim-order'
import { NO_DATE_REST, NO_DATE_SOCKET, restTime, socketSeconds, socketTime } from './indian-time'
import { money } from './numbers'

const averageText = (state: OrderState): string =>
  state.filledQuantity === 0 ? '' : money(state.filledValue / state.filledQuantity)

/** The number behind the text, or the word NaN while nothing has traded. */
const averageNumber = (state: OrderState): number | 'NaN' =>
  state.filledQuantity === 0 ? 'NaN' : Math.round((state.filledValue / state.filledQuantity) * 100) / 100

/** The fields that rows and events begin with, in the broker's order. */
function leadingFields(order: SimOrder, state: OrderState, orderSide: string): Record<string, unknown> {
  return {
    LoginID: order.account.userId,
    ClientID: order.clientCode,
    AppOrderID: order.appOrderId,
    OrderReferenceID: '',
    GeneratedBy: order.isRms === true ? 'RMS' : 'TWSAPI',
    ExchangeOrderID: state.exchangeOrderId,
    OrderCategoryType: 'NORMAL',
    ExchangeSegment: order.instrument.segment,
    ExchangeInstrumentID: order.instrument.token,
    OrderSide: orderSide,
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
  }
}

/** A row of the order book or the history, as 2026 gateways write it. */
export function orderRow(order: SimOrder, state: OrderState): Record<string, unknown> {
  return {
    ...leadingFields(order, state, order.side),
    OrderGeneratedDateTime: restTime(order.receivedAtMs),
    ExchangeTransactTime: restTime(state.updatedAtMs),
    TradingSymbol: order.instrument.displayName,
    LastUpdateDateTime: restTime(state.updatedAtMs),
    OrderExpiryDate: NO_DATE_REST,
    CancelRejectReason: state.reason,
    OrderUniqueIdentifier: state.tag,
    OrderLegStatus: 'SingleOrderLeg',
    BoLegDetails: bracketLeg(order),
    IsSpread: false,
    BoEntryOrderId: bracketEntryId(order),
    ApiOrderSource: order.apiOrderSource,
    ...messageFields({ code: 9004, version: 4, applicationType: 0, sequence: state.sequence }),
    IsAMO: false,
  }
}

/** A row of the trade book: one fill, and the order as it was right after it. */
export function tradeRow(trade: SimTrade): Record<string, unknown> {
  const { order, after } = trade
  return {
    ...leadingFields(order, after, order.side),
    OrderGeneratedDateTime: restTime(order.receivedAtMs),
    ExchangeTransactTime: restTime(trade.tradedAtMs),
    TradingSymbol: order.instrument.displayName,
    LastUpdateDateTime: restTime(trade.tradedAtMs),
    CancelRejectReason: after.reason,
    OrderUniqueIdentifier: after.tag,
    OrderLegStatus: 'SingleOrderLeg',
    ...fillFields(trade, restTime(trade.tradedAtMs)),
    IsSpread: false,
    ApiOrderSource: order.apiOrderSource,
    ...messageFields({ code: 9005, version: 4, applicationType: 0, sequence: trade.sequence }),
    IsAMO: false,
  }
}

/** The `order` event: ISO times, mixed-case side, and the ...API twins. */
export function orderEvent(order: SimOrder, state: OrderState): Record<string, unknown> {
  return {
    ...leadingFields(order, state, sideWord(order)),
    OrderGeneratedDateTime: socketTime(order.receivedAtMs, order.appOrderId),
    ExchangeTransactTime: exchangeTime(order, state),
    LastUpdateDateTime: isFirst(state)
      ? socketTime(order.receivedAtMs, order.appOrderId)
      : socketTime(state.updatedAtMs, state.sequence),
    OrderExpiryDate: NO_DATE_SOCKET,
    CancelRejectReason: state.reason,
    OrderUniqueIdentifier: state.tag,
    OrderLegStatus: 'SingleOrderLeg',
    IsSpread: false,
    BoLegDetails: bracketLeg(order),
    BoEntryOrderId: bracketEntryId(order),
    ...apiTwins(order, state, state.updatedAtMs),
    AlgoID: '',
    AlgoCategory: 0,
    MessageSynchronizeUniqueKey: order.account.userId,
    ...messageFields({ code: 9004, version: 4, applicationType: 146, sequence: state.sequence }),
    TradingSymbol: order.instrument.displayName,
  }
}

/** The `trade` event. Its synchronisation key is the client, not the login. */
export function tradeEvent(trade: SimTrade): Record<string, unknown> {
  const { order, after } = trade
  return {
    ...leadingFields(order, after, sideWord(order)),
    OrderGeneratedDateTime: socketTime(order.receivedAtMs, order.appOrderId),
    ExchangeTransactTime: exchangeTime(order, after),
    LastUpdateDateTime: socketTime(trade.tradedAtMs, trade.sequence),
    CancelRejectReason: after.reason,
    OrderUniqueIdentifier: after.tag,
    OrderLegStatus: 'SingleOrderLeg',
    ...fillFields(trade, socketSeconds(trade.tradedAtMs)),
    IsSpread: false,
    ...apiTwins(order, after, trade.tradedAtMs),
    LastExecutionTransactTimeAPI: restTime(trade.tradedAtMs),
    MessageSynchronizeUniqueKey: order.clientCode,
    ...messageFields({ code: 9005, version: 4, applicationType: 146, sequence: trade.sequence }),
    TradingSymbol: order.instrument.displayName,
  }
}

/** 1 entry, 2 target, 3 stop loss; 0 for everything that is no bracket, cover orders too. */
function bracketLeg({ link }: SimOrder): number {
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
function bracketEntryId({ appOrderId, link }: SimOrder): string {
  if (link?.kind === 'bracket-entry') return String(appOrderId)
  return link?.kind === 'bracket-target' || link?.kind === 'bracket-stop' ? String(link.entryOrderId) : ''
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

/** Report index 3 is a partial fill, 4 the last one. */
function fillFields(trade: SimTrade, at: string): Record<string, unknown> {
  return {
    LastTradedPrice: trade.price,
    LastTradedQuantity: trade.quantity,
    LastExecutionTransactTime: at,
    ExecutionID: trade.executionId,
    ExecutionReportIndex: trade.after.status === 'Filled' ? 4 : 3,
  }
}

function apiTwins(order: SimOrder, state: OrderState, changedAtMs: number): Record<string, unknown> {
  return {
    OrderAverageTradedPriceAPI: averageNumber(state),
    OrderSideAPI: order.side,
    OrderGeneratedDateTimeAPI: restTime(order.receivedAtMs),
    ExchangeTransactTimeAPI: restTime(changedAtMs),
    LastUpdateDateTimeAPI: restTime(changedAtMs),
    OrderExpiryDateAPI: NO_DATE_REST,
  }
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
