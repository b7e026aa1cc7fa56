import type { Account } from '../state/account'
import type { ListedInstrument } from '../universe/listed-instrument'
import type { OrderSide } from './sim-order'

/** Part of a position that moves from one product to another. */
export interface TradeConversion {
  readonly account: Account
  readonly clientCode: string
  readonly instrument: ListedInstrument
  readonly fromProduct: string
  readonly toProduct: string
  /** The side that made the position: BUY for a long one. */
  readonly side: OrderSide
  readonly quantity: number
  /** What the position was under the old product before. */
  readonly heldQuantity: number
  readonly isDayWise: boolean
  /** Rupees: the average price that moves along. */
  readonly price: number
  readonly convertedAtMs: number
  readonly sequence: number
}

/** What the exchange is asked for; the rest it knows. */
export type ConversionRequest = Omit<
  TradeConversion,
  'price' | 'heldQuantity' | 'side' | 'convertedAtMs' | 'sequence'
>
