import { AppError, type Clock } from '@xts-bridge/contracts'
import type { ClientOrderClaim } from '@xts-bridge/persistence'
import type { ChangeRecord } from './change-record'
import type { ChangeSender } from './change-sender'
import type { OrderLedger } from './order-ledger'
import type { OrderRecord } from './order-record'
import { isLive } from './order-state'

export interface WithdrawOrderOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly sender: ChangeSender
  /** Reads the order and trade books, in case the evidence does not come by the socket. */
  readonly askForEvidence: (isUrgent: boolean) => void
}

/** Who asks for a cancellation, and until when. */
export interface WithdrawHow {
  readonly subject: ChangeRecord['subject']
  readonly request?: ClientOrderClaim | undefined
  readonly isClaimed: boolean
  readonly deadlineAtMs?: number | undefined
}

/** How long the books may take to show why the broker has no such order to cancel. */
const LOOK_FOR_END_MS = 3_000

/** Asks the broker to take one order back. Whatever it answers, only evidence ends the order. */
export class WithdrawOrder {
  constructor(private readonly options: WithdrawOrderOptions) {}

  /**
   * The cancellation as it stands after the call: the one under way where there is one, undefined when the order has ended
   * already. Throws ORDER_UNRESOLVED, and what `intend` throws.
   */
  async withdraw(order: OrderRecord, how: WithdrawHow): Promise<ChangeRecord | undefined> {
    const { ledger, sender, askForEvidence } = this.options
    const { orderId, facts } = order
    if (!isLive(facts)) return undefined
    if (facts.brokerOrderId === undefined) throw new AppError('ORDER_UNRESOLVED', { orderId })
    const running = this.runningOf(order)
    if (running !== undefined) return this.join(running, how)
    const { subject, request, isClaimed } = how
    const wanted = { change: 'cancel', subject, request, isClaimed } as const
    const sent = await sender.send(await ledger.orderChanges.intend(order, wanted), how)
    const isRejected = sent.settlement?.outcome === 'rejected'
    askForEvidence(sent.settlement?.outcome !== 'accepted')
    // "Not found among the open orders" mostly means that it ended; the books know how.
    if (isRejected) await this.untilEnded(sent, how)
    return ledger.orderChanges.require(sent.changeId)
  }

  /** Whether `withdraw` would send something for this order now. */
  wouldSend(order: OrderRecord): boolean {
    const { facts } = order
    return isLive(facts) && facts.brokerOrderId !== undefined && this.runningOf(order) === undefined
  }

  private runningOf(order: OrderRecord): ChangeRecord | undefined {
    return this.options.ledger.orderChanges.undecidedOf(order).find(({ change }) => change === 'cancel')
  }

  /** A second cancellation is not sent while the first one's answer is on its way. */
  private async join({ changeId }: ChangeRecord, how: WithdrawHow): Promise<ChangeRecord> {
    const { clock, ledger } = this.options
    const { orderChanges: changes } = ledger
    const untilMs = Math.min(how.deadlineAtMs ?? Infinity, clock.nowMs() + LOOK_FOR_END_MS)
    await ledger.changes.waitUntil(() => changes.require(changeId).settlement !== undefined, untilMs)
    return changes.require(changeId)
  }

  private async untilEnded(change: ChangeRecord, how: WithdrawHow): Promise<void> {
    const { clock, ledger } = this.options
    const untilMs = Math.min(how.deadlineAtMs ?? Infinity, clock.nowMs() + LOOK_FOR_END_MS)
    const hasEnded = (): boolean => {
      const order = ledger.orderChanges.orderOf(change)
      return order !== undefined && !isLive(order.facts)
    }
    await ledger.changes.waitUntil(hasEnded, untilMs)
  }
}
