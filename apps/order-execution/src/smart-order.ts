import {
  AppError,
  parseRequest,
  smartOrderSchema,
  type Clock,
  type Instrument,
  type PlacedOrder,
  type SmartOrder,
  type SmartOrderAnswer,
} from '@xts-bridge/contracts'
import type { ClientOrderClaim } from '@xts-bridge/persistence'
import { approveOrder, checkTarget, type ApprovedOrder } from './approve-order'
import type { ClearWorkingOrders } from './clear-working-orders'
import type { FirstAnswers } from './first-answers'
import type { CallerContext, HouseAccount } from './house-account'
import type { DurableIntent, OrderLedger } from './order-ledger'
import type { OrderSender, SendHow } from './order-sender'
import type { InstrumentsPort, LogPort, SessionPort } from './ports'
import { clientOf, positionKeyText, type PositionKey } from './position-key'
import type { PositionKeeper } from './position-keeper'
import type { ProtectMarketOrder } from './protect-market-order'
import type { Readiness } from './readiness'
import { isReducing, sizeSmartOrder, sliceQuantity, type SmartStep } from './size-smart-order'
import type { TargetMailboxes } from './target-mailbox'

export interface SmartOrderParts {
  readonly clock: Clock
  readonly house: HouseAccount
  readonly readiness: Readiness
  readonly answers: FirstAnswers
  readonly instruments: InstrumentsPort
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly mailboxes: TargetMailboxes
  readonly working: ClearWorkingOrders
  readonly positions: PositionKeeper
  readonly protection: ProtectMarketOrder
  readonly ledger: OrderLedger
  readonly sender: OrderSender
  /** Longest time a smart order waits for evidence when its caller set no deadline, or a later one. */
  readonly waitLimitMs: number
  readonly log: LogPort
}

/** One target on its way through the story. */
interface Target {
  readonly order: SmartOrder
  readonly instrument: Instrument
  readonly instrumentsVersion: string | undefined
  readonly key: PositionKey
  readonly claim: ClientOrderClaim | undefined
  readonly untilMs: number
}

/** `order.smart`: brings a position to its target without ever overshooting it. */
export class SmartOrders {
  constructor(private readonly parts: SmartOrderParts) {}

  async bringTo(data: unknown, { clientOrderId, deadlineAtMs }: CallerContext): Promise<SmartOrderAnswer> {
    const { house, answers, readiness, instruments, mailboxes, clock, waitLimitMs } = this.parts
    const order = parseRequest(smartOrderSchema, data)
    house.check(order.account)
    return answers.once({ subject: 'order.smart', body: order, clientOrderId }, async (claim) => {
      readiness.requireEnter()
      const instrument = instruments.require(order)
      checkTarget({ ...order, whenFlatQuantity: order.whenFlat?.quantity }, instrument)
      const key = this.keyOf(order, instrument)
      const untilMs = Math.min(deadlineAtMs ?? Infinity, clock.nowMs() + waitLimitMs)
      const target = { order, instrument, instrumentsVersion: instruments.version, key, claim, untilMs }
      return this.keepAnswer(claim, () => mailboxes.submit(positionKeyText(key), () => this.act(target)))
    })
  }

  /** Runs alone for its position. Sizing repeats when an order or a trade of the position came in between. */
  private async act(target: Target): Promise<SmartOrderAnswer> {
    const { working, positions, ledger } = this.parts
    const { key, order, untilMs } = target
    const cancelled = new Set<string>()
    for (;;) {
      for (const orderId of await working.clear(key, untilMs)) cancelled.add(orderId)
      const netPosition = await positions.prove(key, order.clientID, untilMs)
      const step = sizeSmartOrder({
        netPosition,
        targetPosition: order.targetPosition,
        whenFlat: order.whenFlat,
      })
      const calculation = {
        netPosition,
        targetPosition: order.targetPosition,
        difference: order.targetPosition - netPosition,
        cancelledOrderIds: [...cancelled],
      }
      const priced = await this.price(target, step, isReducing(calculation))
      if (!working.isClear(key)) continue
      this.parts.log.info('smart order sized', { ...calculation, symbol: order.symbol, ...step })
      if (step === undefined) return { action: 'none', ...calculation }
      const slices = this.approve({ ...target, order: priced }, step)
      const { claim } = target
      const intents = await ledger.intend(slices, { claim, smart: calculation })
      const placed = await this.sendAll(intents, {
        deadlineAtMs: untilMs,
        isReducing: isReducing(calculation),
      })
      const [first] = placed
      return {
        action: 'placed',
        ...calculation,
        order: first,
        slices: placed.length > 1 ? placed : undefined,
      }
    }
  }

  /** The order as it can be sent: where market orders are refused, under a limit. */
  private price(
    { order, instrument }: Target,
    step: SmartStep | undefined,
    isReducingOrder: boolean,
  ): Promise<SmartOrder> {
    if (step === undefined) return Promise.resolve(order)
    return this.parts.protection.protect(order, {
      side: step.side,
      instrument,
      isReducing: isReducingOrder,
    })
  }

  private approve(
    { order, instrument, instrumentsVersion, claim }: Target,
    step: SmartStep,
  ): ApprovedOrder[] {
    const { exchange, symbol, product, priceType, validity, price, triggerPrice, clientID, strategy } = order
    const priced = { exchange, symbol, product, priceType, validity, price, triggerPrice, clientID, strategy }
    return sliceQuantity(step.quantity, instrument).map((quantity) =>
      approveOrder({ ...priced, side: step.side, quantity, disclosedQuantity: 0 }, instrument, {
        clientOrderId: claim?.clientOrderId,
        instrumentsVersion,
      }),
    )
  }

  /** One after the other; after the first that was not accepted, nothing more is sent. */
  private async sendAll(intents: readonly DurableIntent[], how: SendHow): Promise<readonly PlacedOrder[]> {
    const { sender } = this.parts
    const placed: PlacedOrder[] = []
    let failure: AppError | undefined
    for (const intent of intents) {
      if (failure !== undefined) {
        placed.push(await sender.leaveUnsent(intent, 'an earlier slice of the same order was not accepted'))
        continue
      }
      try {
        placed.push(await sender.send(intent, how))
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        failure = error
        placed.push(this.parts.sender.view(intent))
      }
    }
    if (failure === undefined || (failure.kind !== 'unknown' && isAnyAccepted(placed))) return placed
    throw intents.length === 1 ? failure : new AppError(failure.code, { ...failure.details, slices: placed })
  }

  /** From here on something may have been cancelled or sent, so the answer belongs to the clientOrderId. */
  private async keepAnswer(
    claim: ClientOrderClaim | undefined,
    work: () => Promise<SmartOrderAnswer>,
  ): Promise<SmartOrderAnswer> {
    const { answers, ledger } = this.parts
    if (claim === undefined) return work()
    const isHeld = (): boolean => ledger.records.findClientOrder(claim.clientOrderId).length > 0
    try {
      const answer = await work()
      await answers.keep(claim, { ok: true, data: answer }, isHeld())
      return answer
    } catch (error) {
      // An order of this request holds the claim already, and its own state answers from now on.
      if (!(error instanceof AppError) || isHeld() || error.code === 'JOURNAL_UNAVAILABLE') throw error
      await answers.keep(claim, { ok: false, code: error.code, details: error.details }, false)
      throw error
    }
  }

  private keyOf(order: SmartOrder, { segment, token }: Instrument): PositionKey {
    const client = clientOf(order.clientID, this.parts.session.ownCodes)
    return { client, segment, token, product: order.product }
  }
}

function isAnyAccepted(placed: readonly PlacedOrder[]): boolean {
  return placed.some(
    (order) => order.state !== 'rejected' && order.state !== 'absent' && order.state !== 'unknown',
  )
}
