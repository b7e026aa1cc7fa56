import type { Account } from '../state/account'
import type { ListedInstrument } from '../universe/listed-instrument'
import type { OrderLink } from './order-link'

export type OrderSide = 'BUY' | 'SELL'
export type OrderType = 'Limit' | 'Market' | 'StopLimit' | 'StopMarket'
export type TimeInForce = 'DAY' | 'IOC'
export type OrderStatus =
  | 'PendingNew'
  | 'New'
  | 'PartiallyFilled'
  | 'Filled'
  | 'PendingReplace'
  | 'Replaced'
  | 'PendingCancel'
  | 'Cancelled'
  | 'Rejected'

/** What a client asked for, checked. Prices in rupees, quantity in units. */
export interface OrderTerms {
  readonly orderType: OrderType
  readonly productType: string
  readonly timeInForce: TimeInForce
  readonly quantity: number
  readonly disclosedQuantity: number
  readonly price: number
  readonly stopPrice: number
}

/** What changes in the life of an order; each change leaves a copy in its history. */
export interface OrderState extends OrderTerms {
  readonly status: OrderStatus
  readonly exchangeOrderId: string
  readonly filledQuantity: number
  /** Rupees: sum of price times quantity over the fills. */
  readonly filledValue: number
  readonly reason: string
  readonly updatedAtMs: number
  readonly sequence: number
  readonly tag: string
}

/** One order at this broker. `state` is replaced, never changed, so the history can hold on to it. */
export interface SimOrder {
  readonly appOrderId: number
  readonly account: Account
  readonly clientCode: string
  /** The clientID as the client spelled it; the acknowledgement repeats it. */
  readonly clientIdEcho: string
  readonly instrument: ListedInstrument
  readonly side: OrderSide
  readonly apiOrderSource: string
  readonly receivedAtMs: number
  /** Part of a cover or bracket order. */
  readonly link?: OrderLink | undefined
  /** Made by the risk system itself, as a square-off is; otherwise a client's. */
  readonly isRms?: boolean | undefined
  state: OrderState
  readonly history: OrderState[]
}

/** A change of an order that was accepted and has not happened yet. */
export type ChangeAsk =
  | {
      readonly kind: 'modify'
      readonly id: number
      readonly terms: OrderTerms
      /** Undefined keeps the tag. */
      readonly tag?: string | undefined
    }
  | { readonly kind: 'cancel'; readonly id: number }

/** One fill of one order. Price in rupees. */
export interface SimTrade {
  readonly order: SimOrder
  /** The order as it was right after this fill. */
  readonly after: OrderState
  readonly executionId: string
  readonly price: number
  readonly quantity: number
  readonly tradedAtMs: number
  readonly sequence: number
}

/** The terms alone, of an order or of a wish. */
export function termsOf(terms: OrderTerms): OrderTerms {
  const { orderType, productType, timeInForce, quantity, disclosedQuantity, price, stopPrice } = terms
  return { orderType, productType, timeInForce, quantity, disclosedQuantity, price, stopPrice }
}

const TERMINAL: readonly OrderStatus[] = ['Filled', 'Cancelled', 'Rejected']

export function isTerminal(state: OrderState): boolean {
  return TERMINAL.includes(state.status)
}

export function leavesOf(state: OrderState): number {
  return state.quantity - state.filledQuantity
}

/** Still waiting for its trigger; a triggered stop order has become Limit or Market. */
export function isWaitingStop(state: OrderTerms): boolean {
  return state.orderType === 'StopLimit' || state.orderType === 'StopMarket'
}
