import type { Choices } from '../choices'
import { quantityOf, sidesIn, type Position, type PositionBook, type Sides } from '../state/position-keeper'
import { money, rupees } from './numbers'
import { messageFields } from './order-rows'

/** How the rows of the book are written. */
export type PositionStyle = Pick<
  Choices,
  'positionRows' | 'positionFigures' | 'positionMtm' | 'untradedAverage'
>

export interface PositionRowRequest {
  readonly position: Position
  readonly book: PositionBook
  readonly style: PositionStyle
  /** Rupees; used when the style computes MTM. */
  readonly lastPrice: number
}

interface Figures extends Sides {
  readonly buyAverage: number
  readonly sellAverage: number
  readonly net: number
  readonly netValue: number
  readonly breakEven: number
}

function figuresOf(position: Position, book: PositionBook): Figures {
  const sides = sidesIn(position, book)
  const { buyQuantity, buyValue, sellQuantity, sellValue } = sides
  const net = quantityOf(sides)
  const netValue = sellValue - buyValue
  return {
    ...sides,
    buyAverage: buyQuantity === 0 ? 0 : buyValue / buyQuantity,
    sellAverage: sellQuantity === 0 ? 0 : sellValue / sellQuantity,
    net,
    netValue,
    breakEven: net === 0 ? 0 : -netValue / net,
  }
}

/** Day-wise a position without a trade of today does not exist, even if something was carried over. */
export function isInBook({ day, carried }: Position, book: PositionBook): boolean {
  const tradedToday = day.buyQuantity + day.sellQuantity > 0
  return tradedToday || (book === 'NetWise' && carried.buyQuantity + carried.sellQuantity > 0)
}

/** A row of GET positions: figures are texts with commas, and the id is spelled ExchangeInstrumentId. */
export function positionRow(o: PositionRowRequest): Record<string, unknown> {
  const { position, style } = o
  const figures = figuresOf(position, o.book)
  const isNumeric = style.positionFigures === 'number'
  const amount = (value: number): string | number => (isNumeric ? rupees(value) : money(value))
  const average = (value: number, quantity: number): string | number =>
    quantity === 0 && style.untradedAverage === 'NaN' ? 'NaN' : amount(value)
  const buyAverage = average(figures.buyAverage, figures.buyQuantity)
  const sellAverage = average(figures.sellAverage, figures.sellQuantity)
  const { instrument } = position
  return {
    AccountID: position.clientCode,
    ...(style.positionRows === 'newer' ? { LoginID: position.loginId } : {}),
    TradingSymbol: instrument.displayName,
    ExchangeSegment: instrument.segment,
    ExchangeInstrumentId: isNumeric ? instrument.token : String(instrument.token),
    ProductType: position.productType,
    Marketlot: String(instrument.lotSize),
    Multiplier: String(instrument.multiplier),
    BuyAveragePrice: buyAverage,
    SellAveragePrice: sellAverage,
    OpenBuyQuantity: String(figures.buyQuantity),
    OpenSellQuantity: String(figures.sellQuantity),
    Quantity: String(figures.net),
    BuyAmount: amount(figures.buyValue),
    SellAmount: amount(figures.sellValue),
    NetAmount: amount(figures.netValue),
    ...mtmFields(o, figures, amount),
    BEP: amount(figures.breakEven),
    SumOfTradedQuantityAndPriceBuy: amount(figures.buyValue),
    SumOfTradedQuantityAndPriceSell: amount(figures.sellValue),
    ...(style.positionRows === 'newer' ? actualFields(figures, { amount, buyAverage, sellAverage }) : {}),
    ...(style.positionRows === '2020' ? {} : LEVEL_FIELDS),
    ...messageFields({
      code: 9002,
      version: 1,
      applicationType: 0,
      sequence: style.positionRows === '2020' ? position.sequence : 0,
    }),
  }
}

const LEVEL_FIELDS = { StatisticsLevel: 'ParentLevel', IsInterOpPosition: false, childPositions: {} }

type Written = string | number

/** Current builds leave these to the client; realised is what is closed, unrealised what is open at the last price. */
function mtmFields(
  o: PositionRowRequest,
  figures: Figures,
  amount: (value: number) => Written,
): Record<string, Written> {
  const isComputed = o.style.positionMtm === 'computed'
  const closed = Math.min(figures.buyQuantity, figures.sellQuantity)
  const { multiplier } = o.position.instrument
  const openAverage = figures.net > 0 ? figures.buyAverage : figures.sellAverage
  const realized = isComputed ? closed * (figures.sellAverage - figures.buyAverage) * multiplier : 0
  const unrealized = isComputed ? figures.net * (o.lastPrice - openAverage) * multiplier : 0
  return {
    UnrealizedMTM: amount(unrealized),
    RealizedMTM: amount(realized),
    MTM: amount(unrealized + realized),
  }
}

/** What was paid and received. Carried positions are not valued anew overnight here, so these repeat the figures above. */
function actualFields(
  figures: Figures,
  o: { amount: (value: number) => Written; buyAverage: Written; sellAverage: Written },
): Record<string, Written> {
  return {
    ActualBuyAmount: o.amount(figures.buyValue),
    ActualBuyAveragePrice: o.buyAverage,
    ActualSellAmount: o.amount(figures.sellValue),
    ActualSellAveragePrice: o.sellAverage,
    SumOfTradedQuantityAndActualPriceBuy: o.amount(figures.buyValue),
    SumOfTradedQuantityAndActualPriceSell: o.amount(figures.sellValue),
  }
}

/**
 * The `position` event: other names for the same figures, ExchangeInstrumentID with a capital D, and texts without
 * commas, of which NetValue shows the arithmetic it comes from. Source: a captured event.
 */
export function positionEvent(position: Position, book: PositionBook): Record<string, unknown> {
  const figures = figuresOf(position, book)
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
    BuyAveragePrice: plain(figures.buyAverage),
    SellAveragePrice: plain(figures.sellAverage),
    LongPosition: String(figures.buyQuantity),
    ShortPosition: String(figures.sellQuantity),
    NetPosition: String(figures.net),
    BuyValue: plain(figures.buyValue),
    SellValue: plain(figures.sellValue),
    NetValue: String(rupees(figures.sellValue) - rupees(figures.buyValue)),
    UnrealizedMTM: '0.00',
    RealizedMTM: '0.00',
    MTM: '0.00',
    BEP: '0.00',
    SumOfTradedQuantityAndPriceBuy: plain(figures.buyValue),
    SumOfTradedQuantityAndPriceSell: plain(figures.sellValue),
    IsDayWiseNetWise: book,
    StatisticsLevel: 'ParentLevel',
    IsInterOpPosition: false,
    childPositions: {},
    ...messageFields({ code: 9002, version: 1, applicationType: 0, sequence: 0 }),
  }
}

const plain = (value: number): string => String(rupees(value))
