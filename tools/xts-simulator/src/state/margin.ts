import { leavesOf, type OrderSide, type OrderTerms, type SimOrder } from '../matching/sim-order'
import { INSTRUMENT_TYPE, type ListedInstrument } from '../universe/listed-instrument'
import { isCashSegment } from '../universe/segments'
import { cashOf, type Account } from './account'
import {
  averageOpenPrice,
  netQuantity,
  quantityOf,
  sidesIn,
  type Position,
  type PositionKeeper,
} from './position-keeper'

/** Round figures near the exchanges' own: enough to make an order too big be refused. */
const RATE = { delivery: 1, intradayCash: 0.2, derivative: 0.13 } as const

/** Rupees of margin for a quantity at a price. A bought option costs its premium, a sold one a share of its strike. */
export function marginFor(o: {
  readonly instrument: ListedInstrument
  readonly productType: string
  readonly side: OrderSide
  readonly quantity: number
  readonly price: number
}): number {
  const { instrument } = o
  const units = Math.abs(o.quantity) * instrument.multiplier
  if (isCashSegment(instrument.segment)) {
    return units * o.price * (o.productType === 'MIS' ? RATE.intradayCash : RATE.delivery)
  }
  if (instrument.instrumentType !== INSTRUMENT_TYPE.option) return units * Math.abs(o.price) * RATE.derivative
  return o.side === 'BUY' ? units * o.price : units * (instrument.strike ?? o.price) * RATE.derivative
}

/** What a client's open positions hold, at their average prices. */
export function marginUsed(positions: readonly Position[]): number {
  return positions.reduce((sum, position) => sum + marginOfPosition(position), 0)
}

function marginOfPosition(position: Position): number {
  const sides = sidesIn(position, 'NetWise')
  const net = quantityOf(sides)
  if (net === 0) return 0
  return marginFor({
    instrument: position.instrument,
    productType: position.productType,
    side: net > 0 ? 'BUY' : 'SELL',
    quantity: net,
    price: averageOpenPrice(sides),
  })
}

/** The risk system's words when an order needs more than there is; undefined when it may pass. Reducing needs nothing. */
export function marginRejection(o: {
  readonly order: SimOrder
  readonly terms: OrderTerms
  readonly lastPrice: number
  readonly positions: PositionKeeper
}): string | undefined {
  const { order, terms } = o
  const held = o.positions.find(order.clientCode, order.instrument, terms.productType)
  const net = held ? netQuantity(held) : 0
  const leaves = terms.quantity - (order.state.quantity - leavesOf(order.state))
  const isReducing = order.side === 'BUY' ? net <= -leaves : net >= leaves
  if (isReducing) return undefined
  const required = marginFor({
    instrument: order.instrument,
    productType: terms.productType,
    side: order.side,
    quantity: leaves,
    price: terms.price > 0 ? terms.price : o.lastPrice,
  })
  const limit = cashOf(order.account, order.clientCode)
  const available = limit - marginUsed(o.positions.ofClient(order.clientCode))
  return required <= available
    ? undefined
    : marginText({ limit, required, available, clientCode: order.clientCode })
}

/** The same words when a position needs more margin under its new product than there is; the old product's is set free. */
export function conversionRejection(o: {
  readonly account: Account
  readonly clientCode: string
  readonly instrument: ListedInstrument
  readonly fromProduct: string
  readonly toProduct: string
  readonly quantity: number
  readonly positions: PositionKeeper
}): string | undefined {
  const { instrument, clientCode, quantity } = o
  const held = o.positions.find(clientCode, instrument, o.fromProduct)
  if (!held) return undefined
  const sides = sidesIn(held, 'NetWise')
  const side = quantityOf(sides) > 0 ? 'BUY' : 'SELL'
  const under = (productType: string): number =>
    marginFor({ instrument, productType, side, quantity, price: averageOpenPrice(sides) })
  const required = under(o.toProduct) - under(o.fromProduct)
  const limit = cashOf(o.account, clientCode)
  const available = limit - marginUsed(o.positions.ofClient(clientCode))
  return required <= available ? undefined : marginText({ limit, required, available, clientCode })
}

/** The risk system's words for too little margin; amounts in rupees. */
export function marginText(o: {
  limit: number
  required: number
  available: number
  clientCode: string
}): string {
  const figure = (rupees: number): string => String(Math.round(rupees * 100) / 100)
  return (
    `OEMS:RMS : Margin Exceeds :  - Set Limit:[${figure(o.limit)}] Total Required Margin:[${figure(o.required)}] ` +
    `Available Margin[${figure(o.available)}] Margin Shortfall[${figure(o.required - o.available)}] ` +
    `for entity [Client]-[${o.clientCode}] across [ALL|ALL|ALL]`
  )
}
