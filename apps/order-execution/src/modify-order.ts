import {
  AppError,
  modifyOrderSchema,
  parseRequest,
  placeOrderSchema,
  type ChangedOrder,
  type ModifyOrder as Asked,
  type Instrument,
} from '@xts-bridge/contracts'
import type { OrderTerms } from '@xts-bridge/persistence'
import { checkTerms } from './approve-order'
import { changedOrder, standing } from './change-answer'
import type { ChangeSender } from './change-sender'
import type { FirstAnswers } from './first-answers'
import type { CallerContext } from './house-account'
import type { OrderLedger } from './order-ledger'
import type { OrderRecord } from './order-record'
import { filledQuantity, isLive, stateOf } from './order-state'
import { hasPrice, hasTrigger, sameTerms, termsOf } from './order-terms'
import type { InstrumentsPort } from './ports'
import type { ProtectMarketOrder } from './protect-market-order'
import type { ReadOrder } from './read-order'
import type { Readiness } from './readiness'

export interface ModifyOrderParts {
  readonly readOrder: Pick<ReadOrder, 'require'>
  readonly readiness: Readiness
  readonly answers: FirstAnswers
  readonly instruments: InstrumentsPort
  readonly protection: ProtectMarketOrder
  readonly ledger: OrderLedger
  readonly changeSender: ChangeSender
}

/** `order.modify`: new terms for a working order. Nothing but its rows shows that it has them. */
export class ModifyOrder {
  constructor(private readonly parts: ModifyOrderParts) {}

  async modify(data: unknown, context: CallerContext): Promise<ChangedOrder> {
    const { readOrder, answers, readiness, ledger, changeSender } = this.parts
    const { clientOrderId, deadlineAtMs } = context
    const asked = parseRequest(modifyOrderSchema, data)
    return answers.once({ subject: 'order.modify', body: asked, clientOrderId }, async (request) => {
      readiness.requireEnter()
      const order = readOrder.require(asked, context.caller)
      this.requireChangeable(order)
      const terms = await this.newTerms(order, asked)
      this.requireChangeable(ledger.records.current(order)) // it may have ended while a quote was fetched
      if (sameTerms(terms, termsOf(order.facts))) return standing(order)
      const wanted = { change: 'modify', subject: 'order.modify', terms, request, isClaimed: true } as const
      const intent = await ledger.orderChanges.intend(order, wanted) // durable before the wire
      const change = await changeSender.send(intent, { deadlineAtMs }) // never sent twice
      return changedOrder(change, ledger.orderChanges.orderOf(change))
    })
  }

  /** Throws ORDER_NOT_WORKING, ORDER_UNRESOLVED, or CHANGE_PENDING: whole terms cannot be built on a change in the air. */
  private requireChangeable(order: OrderRecord): void {
    const { facts } = order
    const orderId = order.orderId || facts.brokerOrderId
    if (!isLive(facts)) throw new AppError('ORDER_NOT_WORKING', { orderId, state: stateOf(facts) })
    if (facts.brokerOrderId === undefined) throw new AppError('ORDER_UNRESOLVED', { orderId })
    const [pending] = this.parts.ledger.orderChanges.undecidedOf(order)
    if (pending !== undefined)
      throw new AppError('CHANGE_PENDING', { orderId, changeId: pending.changeId, change: pending.change })
  }

  /** The whole of the order's new terms, checked as a new order's are. Prices the new type does not have fall away. */
  private async newTerms(order: OrderRecord, asked: Asked): Promise<OrderTerms> {
    const { exchange, symbol, side } = order.facts.order
    const instrument = this.instrumentOf(order)
    const now = termsOf(order.facts)
    const priceType = asked.priceType ?? now.priceType
    const whole = {
      ...now,
      priceType,
      validity: asked.validity ?? now.validity,
      quantity: asked.quantity ?? now.quantity,
      price: asked.price ?? (hasPrice(priceType) ? now.price : 0),
      triggerPrice: asked.triggerPrice ?? (hasTrigger(priceType) ? now.triggerPrice : 0),
    }
    parseRequest(placeOrderSchema, { exchange, symbol, side, ...whole })
    const protectedTerms = await this.parts.protection.protect(whole, { side, instrument, isReducing: false })
    checkTerms(protectedTerms, instrument, filledQuantity(order.facts))
    return protectedTerms
  }

  private instrumentOf({ facts: { order } }: OrderRecord): Instrument {
    const { instruments } = this.parts
    return instruments.byToken(order.segment, order.token) ?? instruments.require(order)
  }
}
