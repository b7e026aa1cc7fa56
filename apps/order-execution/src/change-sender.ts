import { AppError, type BrokerRequest, type Clock } from '@xts-bridge/contracts'
import type { CallOutcome, OrderRef } from '@xts-bridge/xts'
import type { ChangeLedger, IntendedChange } from './change-ledger'
import { isUndecided, type ChangeRecord, type ChangeSettlement } from './change-record'
import { outcomeOf, type SendHow } from './order-sender'
import type { BrokerPort, SessionPort } from './ports'
import { clientOf } from './position-key'
import { changeSettlementOf, dryRunSettlement, notSent } from './settlement'

export interface ChangeSenderOptions {
  readonly clock: Clock
  readonly account: string
  readonly broker: BrokerPort
  readonly changes: ChangeLedger
  readonly session: Pick<SessionPort, 'reportInvalid' | 'ownCodes'>
  /** Somebody has to find out what comes of a change. */
  readonly onUndecided: () => void
  /** Everything up to the wire and nothing on it. */
  readonly isTestMode: boolean
  readonly onSent?: ((change: ChangeRecord, brokerMs: number) => void) | undefined
}

/** Sends a modification or cancellation that was written down, exactly once, and records what came of the call. */
export class ChangeSender {
  constructor(private readonly options: ChangeSenderOptions) {}

  /** The change as it stands after the call; it throws nothing for what the broker or the network does. */
  async send(change: IntendedChange, how: Pick<SendHow, 'deadlineAtMs'> = {}): Promise<ChangeRecord> {
    const { changes, clock, onUndecided, onSent } = this.options
    const startedAtMs = clock.nowMs()
    const settlement = await this.call(change, how.deadlineAtMs ?? Infinity)
    const tookMs = clock.nowMs() - startedAtMs
    const settled = await changes.settle(change.changeId, settlement)
    if (isUndecided(settled)) onUndecided()
    onSent?.(settled, tookMs)
    return settled
  }

  private async call(change: IntendedChange, deadlineAtMs: number): Promise<ChangeSettlement> {
    const { clock, account, session, isTestMode } = this.options
    const { changeId, orderId, request } = change
    const clientOrderId = request?.clientOrderId
    const named = { changeId, orderId, change: change.change, clientOrderId, account }
    const lateByMs = (): number => clock.nowMs() - deadlineAtMs
    const tooLate = (): ChangeSettlement => notSent('DEADLINE_EXPIRED', { ...named, lateByMs: lateByMs() })
    if (lateByMs() >= 0) return tooLate()
    if (isTestMode) return dryRunSettlement(this.preview(change), named)
    const beforeSend = (): void => {
      if (lateByMs() >= 0) throw new AppError('DEADLINE_EXPIRED', { lateByMs: lateByMs() })
    }
    const outcome = await outcomeOf(this.request(change, beforeSend))
    if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
      session.reportInvalid(outcome.epoch, outcome.brokerDescription)
    return outcome.kind === 'not-sent' && lateByMs() >= 0 ? tooLate() : changeSettlementOf(outcome, named)
  }

  private request(change: IntendedChange, beforeSend: () => void): Promise<CallOutcome<unknown>> {
    const { broker } = this.options
    const order = this.refOf(change)
    if (change.terms === undefined) return broker.cancel(order, { beforeSend })
    return broker.modify(order, change.terms, { beforeSend })
  }

  private preview(change: IntendedChange): BrokerRequest {
    const { broker, account } = this.options
    const order = this.refOf(change)
    const request =
      change.terms === undefined ? broker.previewCancel(order) : broker.previewModify(order, change.terms)
    if (request === undefined) throw new AppError('SESSION_UNAVAILABLE', { account, api: 'interactive' })
    return request
  }

  /** An order placed elsewhere keeps its own tag; a client that is the login itself follows the profile. */
  private refOf(change: IntendedChange): OrderRef {
    const { changes, session } = this.options
    const { orderId, brokerOrderId } = change
    const facts = changes.orderOf(change)?.facts
    const named = facts?.order.clientID
    const isOwn = orderId === '' && clientOf(named, session.ownCodes) === ''
    const tag = orderId === '' ? (facts?.lastRow?.tag ?? '') : orderId
    return { brokerOrderId, tag, clientID: isOwn ? undefined : named }
  }
}
