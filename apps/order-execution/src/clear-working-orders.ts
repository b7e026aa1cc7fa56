import { AppError, type Clock } from '@xts-bridge/contracts'
import type { OrderLedger } from './order-ledger'
import type { OrderRecord } from './order-record'
import { isLive, isSettled, isUnresolved } from './order-state'
import type { BrokerPort, LogPort, SessionPort } from './ports'
import type { PositionKey } from './position-key'

export interface ClearWorkingOrdersOptions {
  readonly clock: Clock
  readonly ledger: OrderLedger
  readonly broker: Pick<BrokerPort, 'cancel'>
  readonly session: Pick<SessionPort, 'reportInvalid'>
  /** Reads the order and trade books, in case the evidence does not come by the socket. */
  readonly askForEvidence: (isUrgent: boolean) => void
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
      await Promise.all(fresh.map((record) => this.cancel(record)))
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
  private async cancel(record: OrderRecord): Promise<void> {
    const { broker, session, askForEvidence, log } = this.options
    const { orderId, facts } = record
    const { brokerOrderId, order } = facts
    if (brokerOrderId === undefined || !isLive(facts)) return
    const tag = orderId
    const outcome = await broker.cancel({ brokerOrderId, tag, clientID: order.clientID })
    askForEvidence(outcome.kind !== 'ok')
    if (outcome.kind === 'ok') return
    if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
      session.reportInvalid(outcome.epoch, outcome.brokerDescription)
    const reason = outcome.kind === 'rejected' ? outcome.brokerDescription : outcome.reason
    log.warn('cancel not confirmed', { orderId, brokerOrderId, outcome: outcome.kind, reason })
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
