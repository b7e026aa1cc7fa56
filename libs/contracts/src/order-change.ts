import { z } from 'zod'
import type { ReplyError } from './envelope'
import { exchangeSchema, type Exchange } from './instrument'
import {
  accountSchema,
  clientIdSchema,
  namesOne,
  ONE_NAME,
  orderNames,
  orderStatusSchema,
  PRICE_TYPES,
  PRODUCTS,
  priceSchema,
  quantitySchema,
  VALIDITIES,
  type OrderState,
  type PlacedOrder,
} from './order'

/** `order.modify`: new terms for a working order; what is left out stays. `quantity` is the whole, not the remainder. */
export const modifyOrderSchema = z
  .strictObject({
    ...orderNames,
    quantity: quantitySchema.optional(),
    priceType: z.enum(PRICE_TYPES).optional(),
    price: priceSchema.optional(),
    triggerPrice: priceSchema.optional(),
    validity: z.enum(VALIDITIES).optional(),
  })
  .superRefine((asked, context) => {
    const add = (message: string): void => context.addIssue({ code: 'custom', message })
    if (!namesOne(asked)) add(ONE_NAME)
    const { quantity, priceType, price, triggerPrice, validity } = asked
    if ([quantity, priceType, price, triggerPrice, validity].every((term) => term === undefined))
      add('must change at least one of quantity, priceType, price, triggerPrice, validity')
  })
export type ModifyOrder = z.infer<typeof modifyOrderSchema>

/** `order.cancel`: one order by one of its ids. */
export const cancelOrderSchema = orderStatusSchema
export type CancelOrder = z.infer<typeof cancelOrderSchema>

/** `order.cancel-all`: every working order of the account; of one client, instrument or product where it is named. */
export const cancelAllSchema = z
  .strictObject({
    account: accountSchema.optional(),
    clientID: clientIdSchema.optional(),
    exchange: exchangeSchema.optional(),
    symbol: z.string().min(1).max(64).optional(),
    product: z.enum(PRODUCTS).optional(),
  })
  .refine((asked) => asked.symbol === undefined || asked.exchange !== undefined, {
    path: ['exchange'],
    message: 'must be named with a symbol',
  })
export type CancelAll = z.infer<typeof cancelAllSchema>

export const CHANGES = ['modify', 'cancel'] as const
export type ChangeKind = (typeof CHANGES)[number]

/**
 * Where a modification or cancellation stands. `requested`: the broker took it in, nothing shows yet what came of it.
 * `unknown`: sent, its answer is lost. `done`: the order shows it. `refused`: the broker said no. `no-effect`: the order
 * stands as before, proven. `overtaken`: the order ended otherwise first. `not-sent`: nothing left us.
 */
export const CHANGE_STATES = [
  'intended',
  'unknown',
  'not-sent',
  'refused',
  'requested',
  'no-effect',
  'overtaken',
  'done',
] as const
export type ChangeState = (typeof CHANGE_STATES)[number]

/** One modification or cancellation, as replies and events show it. */
export interface ChangeView {
  /** Ours, of this change alone. */
  readonly changeId: string
  readonly change: ChangeKind
  readonly state: ChangeState
  /** The broker's words when it refused, or why nothing is known. */
  readonly reason?: string | undefined
  /** An earlier change of the same kind that was proven to have had no effect. */
  readonly follows?: string | undefined
}

/** What a call to the broker would be, exactly; nothing of it is sent. */
export interface BrokerRequest {
  readonly method: string
  /** Below the broker's base URL. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly body?: object | undefined
}

/** Reply of `order.modify` and `order.cancel`. */
export interface ChangedOrder {
  /** Empty for an order that was not placed through us. */
  readonly orderId: string
  readonly brokerOrderId: string
  /** As known now; only evidence makes it `cancelled`. */
  readonly state: OrderState
  /** Missing when nothing had to be sent: the order had ended, or stood as asked. */
  readonly change?: ChangeView | undefined
  /** In a dry run: what would have been sent. */
  readonly dryRun?: BrokerRequest | undefined
}

/** One order of `order.cancel-all`; `error` says why it may still be working. */
export interface CancelAllRow extends ChangedOrder {
  readonly exchange: Exchange
  readonly symbol: string
  readonly error?: ReplyError | undefined
}

/** Reply of `order.cancel-all`: every order that was working, each with its own answer. */
export interface CancelAllAnswer {
  readonly orders: readonly CancelAllRow[]
}

/** Reply of `order.dry-run`, which takes what `order.place` takes. `orderId` is the tag the order would have had. */
export interface DryRun extends PlacedOrder {
  readonly dryRun: BrokerRequest
}
