import { netQuantity, type Position } from '../state/position-keeper'
import { money } from './numbers'
import { messageFields } from './order-rows'

interface Figures {
  readonly buyAverage: string
  readonly sellAverage: string
  readonly net: number
  readonly netValue: number
  readonly breakEven: string
}

function figuresOf(position: Position): Figures {
  const { buyQuantity, buyValue, sellQuantity, sellValue } = position
  const net = netQuantity(position)
  const netValue = sellValue - buyValue
  return {
    buyAverage: money(buyQuantity === 0 ? 0 : buyValue / buyQuantity),
    sellAverage: money(sellQuantity === 0 ? 0 : sellValue / sellQuantity),
    net,
    netValue,
    breakEven: money(net === 0 ? 0 : -netValue / net),
  }
}

/** A row of GET positions: every figure is a text, the id is spelled ExchangeInstrumentId. MTM is left to the client. */
export function positionRow(position: Position): Record<string, unknown> {
  const figures = figuresOf(position)
  const { instrument } = position
  return {
    AccountID: position.clientCode,
    LoginID: position.loginId,
    TradingSymbol: instrument.displayName,
    ExchangeSegment: instrument.segment,
    ExchangeInstrumentId: String(instrument.token),
    ProductType: position.productType,
    Marketlot: String(instrument.lotSize),
    Multiplier: String(instrument.multiplier),
    BuyAveragePrice: figures.buyAverage,
    SellAveragePrice: figures.sellAverage,
    OpenBuyQuantity: String(position.buyQuantity),
    OpenSellQuantity: String(position.sellQuantity),
    Quantity: String(figures.net),
    BuyAmount: money(position.buyValue),
    SellAmount: money(position.sellValue),
    NetAmount: money(figures.netValue),
    UnrealizedMTM: '0.00',
    RealizedMTM: '0.00',
    MTM: '0.00',
    BEP: figures.breakEven,
    SumOfTradedQuantityAndPriceBuy: money(position.buyValue),
    SumOfTradedQuantityAndPriceSell: money(position.sellValue),
    StatisticsLevel: 'ParentLevel',
    IsInterOpPosition: false,
    childPositions: {},
    ...messageFields({ code: 9002, version: 1, applicationType: 0, sequence: 0 }),
  }
}

/** The `position` event: other names for the same figures, and ExchangeInstrumentID with a capital D. */
export function positionEvent(position: Position, book: 'DayWise' | 'NetWise'): Record<string, unknown> {
  const figures = figuresOf(position)
  const { instrument } = position
  return {
    LoginID: position.loginId,
    AccountID: position.clientCode,
    TradingSymbol: instrument.displayName,
    ExchangeSegment: instrument.segment,
    ExchangeInstrumentID: String(instrument.token),
    ProductType: position.productType,
    Multiplier: String(instrument.multiplier),
    Marketlot: String(instrument.lotSize),
    BuyAveragePrice: figures.buyAverage,
    SellAveragePrice: figures.sellAverage,
    LongPosition: String(position.buyQuantity),
    ShortPosition: String(position.sellQuantity),
    NetPosition: String(figures.net),
    BuyValue: money(position.buyValue),
    SellValue: money(position.sellValue),
    NetValue: money(figures.netValue),
    UnrealizedMTM: '0.00',
    RealizedMTM: '0.00',
    MTM: '0.00',
    BEP: figures.breakEven,
    SumOfTradedQuantityAndPriceBuy: money(position.buyValue),
    SumOfTradedQuantityAndPriceSell: money(position.sellValue),
    IsDayWiseNetWise: book,
    StatisticsLevel: 'ParentLevel',
    IsInterOpPosition: false,
    childPositions: {},
    ...messageFields({ code: 9002, version: 1, applicationType: 146, sequence: 0 }),
  }
}
