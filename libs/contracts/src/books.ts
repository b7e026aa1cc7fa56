import { z } from 'zod'
import { exchangeSchema, type Exchange } from './instrument'
import {
  accountSchema,
  clientIdSchema,
  PRODUCTS,
  type OrderEvent,
  type OrderEventVerb,
  type OrderView,
  type Product,
  type Side,
} from './order'

const whoseFields = { account: accountSchema.optional(), clientID: clientIdSchema.optional() }
const positionFields = { ...whoseFields, exchange: exchangeSchema, symbol: z.string().min(1).max(64) }

/**
 * `book.orders`, `book.trades`, `book.holdings`, `book.funds`. `clientID` asks for that client's book by the dealer's
 * routes; without it, it is the login's own. `fresh` reads the broker first, when its budget allows the read.
 */
export const bookSchema = z.strictObject({ ...whoseFields, fresh: z.boolean().default(false) })
/** `book.positions`; `native` gives the broker's own rows, untouched. */
export const positionsSchema = bookSchema.extend({ native: z.boolean().default(false) })
/** `book.open-position`: one position. */
export const openPositionSchema = z.strictObject({
  ...positionFields,
  product: z.enum(PRODUCTS),
  fresh: z.boolean().default(false),
})
/** `position.convert`: moves a quantity of an open position, in units and unsigned, to another product. */
export const convertPositionSchema = z
  .strictObject({
    ...positionFields,
    fromProduct: z.enum(PRODUCTS),
    toProduct: z.enum(PRODUCTS),
    quantity: z.number().int('must be a whole number').positive('must be greater than 0').max(1_000_000_000),
    /** True: only what was traded today; false: the whole position, with what was carried forward. */
    isDayWise: z.boolean().default(false),
  })
  .refine(({ fromProduct, toProduct }) => fromProduct !== toProduct, {
    message: 'must be another product than fromProduct',
    path: ['toProduct'],
  })
export type ConvertPosition = z.infer<typeof convertPositionSchema>

/** What is said is true as of then, in epoch milliseconds; of a live book that is the moment it was answered. */
interface AsOf {
  readonly asOfMs: number
}

/** `book.orders`: one row. */
export interface BookedOrder extends OrderView, AsOf {}

/** `book.trades`: one fill of the day, from a trade record of the broker. */
export interface TradeView extends AsOf {
  readonly account: string
  readonly clientID?: string | undefined
  /** Empty for an order that was not placed through us, or is not known yet. */
  readonly orderId: string
  readonly brokerOrderId: string
  readonly strategy?: string | undefined
  readonly tradeId: string
  readonly exchange: Exchange
  readonly symbol: string
  readonly product: Product
  readonly side: Side
  readonly quantity: number
  readonly price: number
  /** Rupees: price times quantity times multiplier. */
  readonly value: number
  readonly tradedAtMs: number
}

/** `book.positions`: one row; a closed position stays with quantity 0 until the day ends. Money in rupees. */
export interface PositionView extends AsOf {
  readonly account: string
  readonly clientID?: string | undefined
  readonly exchange: Exchange
  readonly symbol: string
  readonly product: Product
  /** Signed net quantity. */
  readonly quantity: number
  readonly buyQuantity: number
  readonly sellQuantity: number
  /** Of the side that is open, 0 when flat. */
  readonly averagePrice: number
  readonly buyAveragePrice: number
  readonly sellAveragePrice: number
  /** Rupees of profit per unit and rupee of price: the broker's multiplier, times price numerator by denominator. */
  readonly multiplier: number
  /** From closed quantity. */
  readonly realisedPnl: number
  /** What closing at `lastPrice` would bring; undefined when that is not known. 0 when flat. */
  readonly unrealisedPnl?: number | undefined
  /** Both together; undefined when the unrealised part is not known. */
  readonly pnl?: number | undefined
  readonly lastPrice?: number | undefined
  /** When that was the last price. */
  readonly lastPriceAtMs?: number | undefined
}

/** `book.positions` with `native`: the broker's rows in its own words. */
export interface NativePositions extends AsOf {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** `book.open-position`. */
export interface OpenPosition extends AsOf {
  readonly account: string
  readonly clientID?: string | undefined
  readonly exchange: Exchange
  readonly symbol: string
  readonly product: Product
  /** Signed net quantity as text, as OpenAlgo has it; "0" only where the book shows it. */
  readonly quantity: string
}

/** `book.holdings`: one row. Money in rupees; what is not known is left out, never 0. */
export interface HoldingView extends AsOf {
  readonly account: string
  readonly clientID?: string | undefined
  /** Undefined, with the isin as symbol, where our list does not have the instrument. */
  readonly exchange?: Exchange | undefined
  readonly symbol: string
  readonly isin: string
  readonly product: 'CNC'
  /** In the broker's words: `Holdings`, `T1`. */
  readonly holdingType: string
  readonly quantity: number
  readonly usedQuantity: number
  readonly isCollateral: boolean
  readonly averagePrice?: number | undefined
  readonly lastPrice?: number | undefined
  readonly lastPriceAtMs?: number | undefined
  /** Quantity at the last price. */
  readonly value?: number | undefined
  readonly pnl?: number | undefined
  /** Of what was paid. */
  readonly pnlPercent?: number | undefined
}

/** `book.funds`, in rupees: the limits of the whole account (`ALL|ALL|ALL`), else the first the broker names. */
export interface FundsView extends AsOf {
  readonly account: string
  readonly clientID?: string | undefined
  /** Whose limits the broker answered with. */
  readonly brokerAccountId: string
  readonly limitHeader: string
  /** What new positions may use: the broker's net margin available. */
  readonly availableMargin?: number | undefined
  readonly cash?: number | undefined
  readonly collateral?: number | undefined
  readonly usedMargin?: number | undefined
  /** The broker's own figures, which many leave 0; `book.positions` has ours. */
  readonly brokerRealisedPnl?: number | undefined
  readonly brokerUnrealisedPnl?: number | undefined
}

/** Reply of `position.convert`. `evidence`: the broker's answer, or the position book when the answer was lost. */
export interface ConvertedPosition {
  readonly exchange: Exchange
  readonly symbol: string
  readonly fromProduct: Product
  readonly toProduct: Product
  readonly quantity: number
  readonly evidence: 'reply' | 'position-book'
  readonly clientOrderId?: string | undefined
}

/** One thing that happened to an order, as it was published. */
export interface OrderStep extends OrderEvent {
  readonly verb: OrderEventVerb
  readonly seq: number
  readonly atMs: number
}

/** One state of an order as the broker tells it. */
export interface BrokerOrderStep {
  readonly state: string
  readonly quantity: number
  readonly filledQuantity: number
  readonly price: number
  readonly triggerPrice: number
  readonly averagePrice?: number | undefined
  readonly reason?: string | undefined
  readonly updatedAtMs?: number | undefined
}

/** Reply of `order.history`; steps oldest first. `brokerSteps` only when `fresh` asked the broker. */
export interface OrderHistory extends AsOf {
  readonly order: OrderView
  readonly steps: readonly OrderStep[]
  readonly brokerSteps?: readonly BrokerOrderStep[] | undefined
}

/** What a book of the broker and our own state do not agree on; published, and never made to fit. */
export type BookDifference =
  | {
      /** The position moved without a trade, as a conversion elsewhere does; ours follows the book from now on. */
      readonly type: 'position-moved'
      readonly clientID?: string | undefined
      readonly exchange: Exchange
      readonly symbol: string
      readonly product: Product
      readonly expectedQuantity: number
      readonly bookQuantity: number
    }
  | {
      /** The order's row names more filled than the trade book holds; its fills are what the trade book says. */
      readonly type: 'fills-missing'
      readonly orderId: string
      readonly brokerOrderId?: string | undefined
      readonly reportedQuantity: number
      readonly tradedQuantity: number
    }
  | {
      /** A trade whose order is not in the order book. It counts in the position. */
      readonly type: 'trade-without-order'
      readonly brokerOrderId: string
      readonly tradeId: string
    }
  | {
      /** The order book lacks an order that the broker has acknowledged. */
      readonly type: 'order-book-incomplete'
      readonly clientID?: string | undefined
      readonly reason: string
    }

/** `data` of the event `order.<account>.difference`. */
export interface DifferenceEvent {
  readonly difference: BookDifference
  readonly foundAtMs: number
  /** It is not the event of one order. */
  readonly order?: undefined
  readonly fill?: undefined
}

/** Topic of a difference; it has its place in the sequence of the order events. */
export function differenceTopic(account: string): string {
  return `order.${account}.difference`
}

/** True for `data` that is about one order, and not about a difference or left out. */
export function isAboutOrder(data: unknown): data is OrderEvent {
  return typeof data === 'object' && data !== null && 'order' in data && data.order !== undefined
}
