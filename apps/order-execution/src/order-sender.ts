import { AppError, type BrokerRequest, type Clock, type PlacedOrder } from '@xts-bridge/contracts'
import type { IntendedOrder } from '@xts-bridge/persistence'
import type { BrokerOrderInstruction, CallOutcome } from '@xts-bridge/xts'
import { placedOrder } from './first-answers'
import type { DurableIntent, OrderLedger } from './order-ledger'
import type { Settlement } from './order-record'
import { isUnresolved } from './order-state'
import type { BrokerPort, SessionPort } from './ports'
import { dryRunSettlement, isDryRun, notSent, settlementError, settlementOf } from './settlement'

export interface OrderSenderOptions {
  readonly clock: Clock
  readonly account: string
  readonly broker: BrokerPort
  readonly ledger: OrderLedger
  readonly session: Pick<SessionPort, 'reportInvalid'>
  /** An order is unknown now; somebody has to find out. */
  readonly onUnknown: () => void
  /** Everything up to the wire and nothing on it: the answer says what would have been sent. */
  readonly isTestMode: boolean
  /** Called with the outcome of each order and the time the broker's call took. */
  readonly onSent?: ((outcome: Settlement['outcome'], brokerMs: number) => void) | undefined
}

export interface SendHow {
  /** After it nothing is sent any more. */
  readonly deadlineAtMs?: number | undefined
  /** The order can only make the position smaller: it goes before entries. */
  readonly isReducing?: boolean | undefined
}

/** Sends an order that is on disk, exactly once, and records what came of it. */
export class OrderSender {
  constructor(private readonly options: OrderSenderOptions) {}

  /**
   * The placed order. Throws BROKER_REJECTED, SESSION_UNAVAILABLE, XTS_NOT_SENT, DEADLINE_EXPIRED (not sent), and
   * XTS_REPLY_LOST when it may be at the broker; none of them is ever tried again.
   */
  async send(intent: DurableIntent, how: SendHow): Promise<PlacedOrder> {
    const settlement = await this.call(intent, how)
    const record = await this.options.ledger.settle(intent.orderId, settlement)
    if (settlement.outcome === 'accepted' || isDryRun(settlement)) return placedOrder(record)
    // Evidence may have overtaken the reply that was lost.
    const now = this.options.ledger.records.require(intent.orderId)
    if (settlement.outcome === 'unknown' && !isUnresolved(now.facts)) return placedOrder(now)
    if (settlement.outcome === 'unknown') this.options.onUnknown()
    throw settlementError(settlement)
  }

  /** Settles an order that will not be sent after all. */
  async leaveUnsent(intent: DurableIntent, reason: string): Promise<PlacedOrder> {
    const { orderId } = intent
    return placedOrder(
      await this.options.ledger.settle(orderId, notSent('XTS_NOT_SENT', { orderId, reason })),
    )
  }

  /** What `send` would put on the wire for such an order. Throws SESSION_UNAVAILABLE. */
  preview(orderId: string, order: IntendedOrder): BrokerRequest {
    const { broker, account } = this.options
    const request = broker.previewPlace(instructionOf(orderId, order))
    if (request === undefined) throw new AppError('SESSION_UNAVAILABLE', { account, api: 'interactive' })
    return request
  }

  /** Where an order that was sent stands now. */
  view(intent: DurableIntent): PlacedOrder {
    return placedOrder(this.options.ledger.records.require(intent.orderId))
  }

  private async call(
    intent: DurableIntent,
    { deadlineAtMs = Infinity, isReducing }: SendHow,
  ): Promise<Settlement> {
    const { clock, broker, account, session, onSent } = this.options
    const { orderId } = intent
    const { clientOrderId } = intent.facts.order
    const startedAtMs = clock.nowMs()
    const lateByMs = (): number => clock.nowMs() - deadlineAtMs
    if (lateByMs() >= 0) return notSent('DEADLINE_EXPIRED', { orderId, clientOrderId, lateByMs: lateByMs() })
    if (this.options.isTestMode)
      return dryRunSettlement(this.preview(orderId, intent.facts.order), { orderId })
    // Checked again at the instant of sending: the order may have waited for the rate limit or a connection.
    const beforeSend = (): void => {
      if (lateByMs() >= 0) throw new AppError('DEADLINE_EXPIRED', { lateByMs: lateByMs() })
    }
    const outcome = await outcomeOf(
      broker.place(instructionOf(orderId, intent.facts.order), { isReducing, beforeSend }),
    )
    if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
      session.reportInvalid(outcome.epoch, outcome.brokerDescription)
    const isTooLate = outcome.kind === 'not-sent' && lateByMs() >= 0
    const settlement = isTooLate
      ? notSent('DEADLINE_EXPIRED', { orderId, clientOrderId, lateByMs: lateByMs(), reason: outcome.reason })
      : settlementOf(outcome, { orderId, account, clientOrderId })
    onSent?.(settlement.outcome, clock.nowMs() - startedAtMs)
    return settlement
  }
}

/** An error thrown out of the call says nothing about what was sent, so the order is unknown. */
export async function outcomeOf<T>(call: Promise<CallOutcome<T>>): Promise<CallOutcome<T>> {
  try {
    return await call
  } catch (error) {
    const reason = error instanceof AppError || error instanceof Error ? error.message : String(error)
    return { kind: 'unknown', reason }
  }
}

function instructionOf(orderId: string, order: IntendedOrder): BrokerOrderInstruction {
  const { segment, token, side, priceType, product, validity, quantity, disclosedQuantity } = order
  const { price, triggerPrice, clientID } = order
  const what = { segment, token, side, priceType, product, validity, quantity, disclosedQuantity }
  return { tag: orderId, ...what, price, triggerPrice, clientID }
}
