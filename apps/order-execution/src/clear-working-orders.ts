import { AppError, type Clock } from '@xts-bridge/contracts'
import type { OrderLedger } from './order-ledger'
import type { OrderRecord } from './order-record'
import { isSettled, isUnresolved } from './order-state'
import type { LogPort } from './ports'
import type { PositionKey } from './position-key'
import type { WithdrawOrder } from './withdraw-order'

export interface ClearWorkingOrdersOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly withdrawing: WithdrawOrder
  readonly log: LogPort
}

/** Takes every order of a position out of the market before the position is sized. */
export class ClearWorkingOrders {
  constructor(private readonly options: ClearWorkingOrdersOptions) {}

  /**
   * Cancels what works, and returns the ids of what was cancelled once each order has ended by evidence and its trades are
   * known. Throws POSITION_UNRESOLVED when that, or an order whose answer is lost, is still open at `untilMs`.
   */
  async clear(key: PositionKey, untilMs: number): Promise<readonly string[]> {
    const { ledger } = this.options
    const asked = new Map<string, OrderRecord>()
    while (!this.isClear(key)) {
      const unresolved = ledger.ordersOf(key).filter((record) => isUnresolved(record.facts))
      const fresh = ledger
        .liveOrders(key)
        .filter((record) => !isUnresolved(record.facts) && !asked.has(nameOf(record)))
      for (const record of fresh) asked.set(nameOf(record), record)
      await Promise.all(fresh.map((record) => this.cancel(record, untilMs)))
      const isDone = await ledger.changes.waitUntil(
        () => this.isClear(key) || this.hasFresh(key, asked) || this.isAnyResolved(unresolved),
        untilMs,
      )
      if (!isDone) throw new AppError('POSITION_UNRESOLVED', { reason: this.whatIsOpen(key) })
    }
    return [...asked.keys()]
  }

  /** No order of the position works, is unknown, or ended with trades that are not known yet. */
  isClear(key: PositionKey): boolean {
    return this.options.ledger
      .ordersOf(key)
      .every((record) => isSettled(record.facts) && !isUnresolved(record.facts))
  }

  private hasFresh(key: PositionKey, asked: ReadonlyMap<string, OrderRecord>): boolean {
    const live = this.options.ledger.liveOrders(key)
    return live.some((record) => !isUnresolved(record.facts) && !asked.has(nameOf(record)))
  }

  private isAnyResolved(records: readonly OrderRecord[]): boolean {
    return records.some(({ orderId }) => {
      const now = this.options.ledger.records.find(orderId)
      return now !== undefined && !isUnresolved(now.facts)
    })
  }

  /** Whatever the answer, only evidence about the order ends the wait. */
  private async cancel(record: OrderRecord, untilMs: number): Promise<void> {
    const { withdrawing, log } = this.options
    const { orderId, facts } = record
    if (facts.brokerOrderId === undefined) return
    const how = { subject: 'order.smart', isClaimed: false, deadlineAtMs: untilMs } as const
    const change = await withdrawing.withdraw(record, how)
    if (change === undefined || change.settlement?.outcome === 'accepted') return
    const { brokerOrderId } = facts
    const { changeId, settlement, reason } = change
    log.warn('cancel not confirmed', {
      orderId,
      brokerOrderId,
      changeId,
      outcome: settlement?.outcome,
      reason,
    })
  }

  private whatIsOpen(key: PositionKey): string {
    const { ledger } = this.options
    const open = ledger.ordersOf(key).filter(({ facts }) => !isSettled(facts) || isUnresolved(facts))
    const words = open.map((record) =>
      isUnresolved(record.facts)
        ? `order ${nameOf(record)} has no answer yet`
        : `order ${nameOf(record)} was asked to cancel and has not ended`,
    )
    return words.join('; ') || 'an order of this position changed at the last moment'
  }
}

/** Our id, or the broker's for an order that was not placed through us. */
function nameOf(record: OrderRecord): string {
  return record.orderId === '' ? (record.facts.brokerOrderId ?? '') : record.orderId
}
