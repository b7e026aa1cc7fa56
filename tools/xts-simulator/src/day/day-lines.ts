import { z } from 'zod'
import { SEGMENT_NAMES } from '../universe/segments'

const terms = {
  orderType: z.enum(['Limit', 'Market', 'StopLimit', 'StopMarket']),
  productType: z.string(),
  timeInForce: z.enum(['DAY', 'IOC']),
  quantity: z.number(),
  disclosedQuantity: z.number(),
  price: z.number(),
  stopPrice: z.number(),
}

const orderState = z.object({
  ...terms,
  status: z.enum([
    'PendingNew',
    'New',
    'PartiallyFilled',
    'Filled',
    'PendingReplace',
    'Replaced',
    'PendingCancel',
    'Cancelled',
    'Rejected',
  ]),
  exchangeOrderId: z.string(),
  filledQuantity: z.number(),
  filledValue: z.number(),
  reason: z.string(),
  updatedAtMs: z.number(),
  sequence: z.number(),
  tag: z.string(),
})

const instrument = { segment: z.enum(SEGMENT_NAMES), token: z.number() }

const orderLink = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cover-entry'), exitOrderId: z.number(), stopPrice: z.number() }),
  z.object({ kind: z.literal('cover-exit'), entryOrderId: z.number() }),
  z.object({
    kind: z.literal('bracket-entry'),
    targetOffset: z.number(),
    stopOffset: z.number(),
    trailBy: z.number(),
  }),
  z.object({ kind: z.literal('bracket-target'), entryOrderId: z.number() }),
  z.object({ kind: z.literal('bracket-stop'), entryOrderId: z.number() }),
])

const newOrder = z.object({
  ...instrument,
  appOrderId: z.number(),
  loginId: z.string(),
  clientCode: z.string(),
  clientIdEcho: z.string(),
  side: z.enum(['BUY', 'SELL']),
  apiOrderSource: z.string(),
  receivedAtMs: z.number(),
  link: orderLink.optional(),
  isRms: z.boolean().optional(),
  state: orderState,
})

const changeAsk = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('modify'),
    id: z.number(),
    terms: z.object(terms),
    tag: z.string().optional(),
  }),
  z.object({ kind: z.literal('cancel'), id: z.number() }),
])

/** Everything that can happen in a day, one line each; `order` is an AppOrderID, prices are rupees. */
export const dayLineSchema = z.discriminatedUnion('kind', [
  /** A placement arrived; without an order it was refused with its answer. */
  z.object({
    kind: z.literal('received'),
    atMs: z.number(),
    tag: z.string(),
    userId: z.string(),
    order: newOrder.optional(),
    refusal: z.string().optional(),
  }),
  /** The broker itself made an order: a leg of a cover or bracket order, or a square-off. */
  z.object({ kind: z.literal('made'), order: newOrder }),
  /** An order has a new state, other than by a fill. */
  z.object({ kind: z.literal('changed'), order: z.number(), state: orderState }),
  /** A fill, and the order's state right after it: one line, so that no crash can part them. */
  z.object({
    kind: z.literal('filled'),
    order: z.number(),
    state: orderState,
    executionId: z.string(),
    price: z.number(),
    quantity: z.number(),
    tradedAtMs: z.number(),
    sequence: z.number(),
  }),
  /** A modification or cancellation was accepted; it is open until its `settled` line. */
  z.object({ kind: z.literal('asked'), order: z.number(), ask: changeAsk }),
  z.object({ kind: z.literal('settled'), order: z.number(), ask: z.number() }),
  /** Part of a position moved to another product. */
  z.object({
    kind: z.literal('converted'),
    loginId: z.string(),
    clientCode: z.string(),
    ...instrument,
    fromProduct: z.string(),
    toProduct: z.string(),
    side: z.enum(['BUY', 'SELL']),
    quantity: z.number(),
    heldQuantity: z.number(),
    isDayWise: z.boolean(),
    price: z.number(),
    convertedAtMs: z.number(),
    sequence: z.number(),
  }),
  /** A new day began while the broker ran: these positions were carried over, in the place of those the accounts have. */
  z.object({
    kind: z.literal('opened'),
    atMs: z.number(),
    positions: z.array(
      z.object({
        loginId: z.string(),
        clientCode: z.string(),
        ...instrument,
        productType: z.string(),
        quantity: z.number(),
        averagePrice: z.number(),
      }),
    ),
  }),
  /** Somebody made a market jump through the control API; or what it stood at when a day began. */
  z.object({ kind: z.literal('price'), atMs: z.number(), ...instrument, price: z.number() }),
  /** A fault or a reset made the broker forget its orders; a reset forgets what was ever received, too. */
  z.object({ kind: z.literal('forgotten'), atMs: z.number(), withReceipts: z.boolean() }),
])

export type DayLine = z.output<typeof dayLineSchema>
export type ReceivedLine = Extract<DayLine, { kind: 'received' }>
export type NewOrderLine = z.output<typeof newOrder>
export type ConvertedLine = Extract<DayLine, { kind: 'converted' }>
export type OpenedLine = Extract<DayLine, { kind: 'opened' }>
export type ForgottenLine = Extract<DayLine, { kind: 'forgotten' }>
export type FilledLine = Extract<DayLine, { kind: 'filled' }>
