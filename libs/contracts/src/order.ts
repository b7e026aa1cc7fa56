import { z } from 'zod'
import { exchangeSchema, type Exchange } from './instrument'
import type { BrokerRequest, ChangeView } from './order-change'

export const SIDES = ['BUY', 'SELL'] as const
export type Side = (typeof SIDES)[number]
/** Order kinds in the ecosystem's words: SL is a stop-limit, SL-M a stop-market order. */
export const PRICE_TYPES = ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const
export type PriceType = (typeof PRICE_TYPES)[number]
export const PRODUCTS = ['MIS', 'NRML', 'CNC'] as const
export type Product = (typeof PRODUCTS)[number]
export const VALIDITIES = ['DAY', 'IOC'] as const
export type Validity = (typeof VALIDITIES)[number]

/** An order's quantity: whole, in the broker's order units. */
export const quantitySchema = z
  .number()
  .int('must be a whole number')
  .positive('must be greater than 0')
  .max(1_000_000_000)
/** Rupees; 0 where an order type has no such price. */
export const priceSchema = z.number().nonnegative('must not be negative').max(100_000_000)
/** Account names are ours; a clientID is the broker's. */
export const accountSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 characters of a–z, 0–9 and -')
export const clientIdSchema = z.string().min(1).max(32)

const orderFields = {
  account: accountSchema.optional(),
  clientID: clientIdSchema.optional(),
  strategy: z.string().max(64).optional(),
  exchange: exchangeSchema,
  symbol: z.string().min(1).max(64),
  side: z.enum(SIDES),
  quantity: quantitySchema,
  priceType: z.enum(PRICE_TYPES).default('MARKET'),
  product: z.enum(PRODUCTS).default('MIS'),
  validity: z.enum(VALIDITIES).default('DAY'),
  price: priceSchema.default(0),
  triggerPrice: priceSchema.default(0),
  disclosedQuantity: z.number().int().nonnegative().default(0),
}

/** `order.place`: one order. Quantity in units (a multiple of the lot), prices in rupees. */
export const placeOrderSchema = z.strictObject(orderFields).superRefine(checkPrices)
export type PlaceOrder = z.infer<typeof placeOrderSchema>

/**
 * `order.smart`: bring the net position of (account, clientID, instrument, product) to `targetPosition`, a signed
 * quantity. `whenFlat` is what to send when both target and position are 0: nothing unless the caller says so.
 */
export const smartOrderSchema = z
  .strictObject({
    account: orderFields.account,
    clientID: orderFields.clientID,
    strategy: orderFields.strategy,
    exchange: orderFields.exchange,
    symbol: orderFields.symbol,
    product: orderFields.product,
    targetPosition: z.number().int('must be a whole number').min(-1_000_000_000).max(1_000_000_000),
    priceType: orderFields.priceType,
    price: orderFields.price,
    triggerPrice: orderFields.triggerPrice,
    validity: orderFields.validity,
    whenFlat: z.strictObject({ side: z.enum(SIDES), quantity: quantitySchema }).optional(),
  })
  .superRefine(checkPrices)
export type SmartOrder = z.infer<typeof smartOrderSchema>

interface Priced {
  readonly priceType: PriceType
  readonly price: number
  readonly triggerPrice: number
}

function checkPrices(order: Priced, context: z.RefinementCtx): void {
  const add = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message })
  const needsPrice = order.priceType === 'LIMIT' || order.priceType === 'SL'
  const needsTrigger = order.priceType === 'SL' || order.priceType === 'SL-M'
  if (needsPrice && order.price <= 0) add('price', `must be greater than 0 for a ${order.priceType} order`)
  if (!needsPrice && order.price !== 0) add('price', `must be 0 or left out for a ${order.priceType} order`)
  if (needsTrigger && order.triggerPrice <= 0)
    add('triggerPrice', `must be greater than 0 for a ${order.priceType} order`)
  if (!needsTrigger && order.triggerPrice !== 0)
    add('triggerPrice', `must be 0 or left out for a ${order.priceType} order`)
}

/**
 * Where an order stands for us. `intended`: on disk, not known to be sent. `unknown`: sent, no evidence yet.
 * `absent`: proven never to have reached the broker. The last four are terminal and carry evidence.
 */
export const ORDER_STATES = [
  'intended',
  'unknown',
  'accepted',
  'open',
  'partially-filled',
  'filled',
  'cancelled',
  'rejected',
  'absent',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

export function isTerminal(state: OrderState): boolean {
  return state === 'filled' || state === 'cancelled' || state === 'rejected' || state === 'absent'
}

/** One order as books, replies and events show it. Ids are strings. */
export interface OrderView {
  /** Our id, sent to the broker as orderUniqueIdentifier. Empty for an order that was not placed through us. */
  readonly orderId: string
  readonly brokerOrderId?: string | undefined
  readonly clientOrderId?: string | undefined
  readonly account: string
  readonly clientID?: string | undefined
  readonly strategy?: string | undefined
  readonly exchange: Exchange
  readonly symbol: string
  readonly side: Side
  readonly priceType: PriceType
  readonly product: Product
  readonly validity: Validity
  readonly quantity: number
  readonly price: number
  readonly triggerPrice: number
  readonly state: OrderState
  readonly filledQuantity: number
  /** Rupees; undefined until something filled. */
  readonly averagePrice?: number | undefined
  /** The broker's words when it rejected or cancelled. */
  readonly reason?: string | undefined
  readonly updatedAtMs: number
}

/** Reply of `order.place`. */
export interface PlacedOrder {
  readonly orderId: string
  readonly brokerOrderId: string
  readonly state: OrderState
  readonly clientOrderId?: string | undefined
  /** In a dry run: what would have been sent. The order is then `absent`. */
  readonly dryRun?: BrokerRequest | undefined
}

/** Reply of `order.smart`; `order` is missing when the position already matched. */
export interface SmartOrderAnswer {
  readonly action: 'none' | 'placed'
  readonly netPosition: number
  readonly targetPosition: number
  readonly difference: number
  readonly cancelledOrderIds: readonly string[]
  readonly order?: PlacedOrder | undefined
  /** Every order sent, when the difference was above the freeze limit and was sliced; `order` is the first. */
  readonly slices?: readonly PlacedOrder[] | undefined
}

/** What happened to an order; the last part of its topic `order.<account>.<verb>`. */
export const ORDER_EVENTS = [
  'accepted',
  'opened',
  'partially-filled',
  'filled',
  'cancelled',
  'rejected',
  'unknown',
  'resolved',
  'resurrected',
  'modified',
  'change-refused',
] as const
export type OrderEventVerb = (typeof ORDER_EVENTS)[number]

/** One fill, from a trade record of the broker; never guessed. */
export interface Fill {
  readonly tradeId: string
  readonly quantity: number
  readonly price: number
  readonly tradedAtMs: number
}

/** `data` of an order event. */
export interface OrderEvent {
  readonly order: OrderView
  readonly fill?: Fill | undefined
  /** The modification or cancellation the event is about; `unknown` and `resolved` then mean it, not the order. */
  readonly change?: ChangeView | undefined
}

/** One order by exactly one of its ids; `clientOrderId` is what it was placed under. */
export const orderNames = {
  account: accountSchema.optional(),
  orderId: z.string().min(1).optional(),
  brokerOrderId: z.string().min(1).optional(),
  clientOrderId: z.string().min(1).optional(),
}
export const ONE_NAME = 'must name exactly one of orderId, brokerOrderId, clientOrderId'

export function namesOne(asked: {
  readonly orderId?: string | undefined
  readonly brokerOrderId?: string | undefined
  readonly clientOrderId?: string | undefined
}): boolean {
  const ids = [asked.orderId, asked.brokerOrderId, asked.clientOrderId]
  return ids.filter((id) => id !== undefined).length === 1
}

export const orderStatusSchema = z.strictObject(orderNames).refine(namesOne, { message: ONE_NAME })

/** Reading one order: with `clientID` only where it is that client's. */
const readNames = { ...orderNames, clientID: clientIdSchema.optional() }
/** `order.status`. */
export const readOrderSchema = z.strictObject(readNames).refine(namesOne, { message: ONE_NAME })

/** `order.history`: what happened to one order; `fresh` adds its states as the broker tells them. */
export const orderHistorySchema = z
  .strictObject({ ...readNames, fresh: z.boolean().default(false) })
  .refine(namesOne, { message: ONE_NAME })

/**
 * `order.replay`: events after a sequence number, oldest first, at most 1,000 a reply. With `clientID` those of others keep
 * their place and lose their content.
 */
export const replaySchema = z.strictObject({
  account: accountSchema.optional(),
  clientID: clientIdSchema.optional(),
  epoch: z.string().min(1).optional(),
  fromSeq: z.number().int().nonnegative(),
  limit: z.number().int().positive().max(1_000).default(1_000),
})

export interface ReplayedEvent {
  readonly topic: string
  readonly epoch: string
  readonly seq: number
  readonly atMs: number
  readonly data: unknown
}

/** Reply of `order.replay`; `lastSeq` is the newest sequence that exists. */
export interface ReplayAnswer {
  readonly epoch: string
  readonly lastSeq: number
  readonly events: readonly ReplayedEvent[]
}

/** Topic of an order event. */
export function orderTopic(account: string, verb: OrderEventVerb): string {
  return `order.${account}.${verb}`
}
