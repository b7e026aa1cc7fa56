import {
  AppError,
  isErrorCode,
  type BrokerRequest,
  type ErrorCode,
  type ErrorDetails,
} from '@xts-bridge/contracts'
import type { CallOutcome } from '@xts-bridge/xts'
import type { ChangeSettlement } from './change-record'
import type { Settlement } from './order-record'
import type { ChangeEvidenceKind, EvidenceKind } from './order-state'

/** What the outcome of the call that sent an order means for the order (promise 2). */
export function settlementOf(
  outcome: CallOutcome<{ brokerOrderId: string }>,
  order: { readonly orderId: string; readonly account: string; readonly clientOrderId?: string | undefined },
): Settlement {
  const { orderId, account, clientOrderId } = order
  switch (outcome.kind) {
    case 'ok':
      return { outcome: 'accepted', brokerOrderId: outcome.value.brokerOrderId }
    case 'rejected': {
      const { brokerCode, brokerDescription, isSessionInvalid } = outcome
      const details = { orderId, clientOrderId, brokerCode, brokerDescription }
      if (!isSessionInvalid) return { outcome: 'rejected', code: 'BROKER_REJECTED', details }
      return {
        outcome: 'rejected',
        code: 'SESSION_UNAVAILABLE',
        details: { ...details, account, api: 'interactive' },
      }
    }
    case 'not-sent':
      return outcome.isSessionMissing
        ? notSent('SESSION_UNAVAILABLE', {
            orderId,
            clientOrderId,
            account,
            api: 'interactive',
            reason: outcome.reason,
          })
        : notSent('XTS_NOT_SENT', {
            orderId,
            clientOrderId,
            reason: spentReason(outcome.reason, clientOrderId),
          })
    case 'unknown':
      return {
        outcome: 'unknown',
        code: 'XTS_REPLY_LOST',
        details: { orderId, clientOrderId, reason: outcome.reason },
      }
  }
}

/** An order that was written down and then not sent; its clientOrderId keeps this answer. */
export function notSent(
  code: ErrorCode,
  details: ErrorDetails,
): Settlement & { readonly outcome: 'not-sent' } {
  return { outcome: 'not-sent', code, details: { ...details, wasSent: false } }
}

/** In test mode: everything happened but the sending. */
export function dryRunSettlement(
  dryRun: BrokerRequest,
  named: ErrorDetails,
): Settlement & { readonly outcome: 'not-sent' } {
  const reason = 'test mode: nothing is sent to the broker'
  return notSent('XTS_NOT_SENT', { ...named, reason, dryRun })
}

/** What a dry run would have sent; undefined for what was meant to be sent. */
export function dryRunOf(settlement: ChangeSettlement | undefined): BrokerRequest | undefined {
  return settlement?.details?.['dryRun'] as BrokerRequest | undefined
}

export function isDryRun(settlement: ChangeSettlement | undefined): boolean {
  return dryRunOf(settlement) !== undefined
}

export function settlementEvidence(settlement: Settlement): {
  readonly kind: EvidenceKind
  readonly said: { readonly brokerOrderId?: string | undefined; readonly reason?: string | undefined }
} {
  const reason = settlement.outcome === 'accepted' ? undefined : reasonOf(settlement)
  switch (settlement.outcome) {
    case 'accepted':
      return { kind: 'acknowledged', said: { brokerOrderId: settlement.brokerOrderId } }
    case 'rejected':
      return { kind: 'refused by reply', said: { reason } }
    case 'not-sent':
      return { kind: 'not sent', said: { reason } }
    case 'unknown':
      return { kind: 'reply lost', said: { reason } }
  }
}

/** What the outcome of the call that sent a modification or cancellation means for it. */
export function changeSettlementOf(
  outcome: CallOutcome<unknown>,
  named: ErrorDetails & { readonly account: string },
): ChangeSettlement {
  switch (outcome.kind) {
    case 'ok':
      return { outcome: 'accepted' }
    case 'rejected': {
      const { brokerCode, brokerDescription, isSessionInvalid } = outcome
      const details = { ...named, brokerCode, brokerDescription }
      if (!isSessionInvalid) return { outcome: 'rejected', code: 'CHANGE_REJECTED', details }
      return { outcome: 'rejected', code: 'SESSION_UNAVAILABLE', details: { ...details, api: 'interactive' } }
    }
    case 'not-sent': {
      const code = outcome.isSessionMissing ? 'SESSION_UNAVAILABLE' : 'XTS_NOT_SENT'
      return notSent(code, { ...named, api: 'interactive', reason: outcome.reason })
    }
    case 'unknown':
      return { outcome: 'unknown', code: 'CHANGE_REPLY_LOST', details: { ...named, reason: outcome.reason } }
  }
}

export function changeSettlementEvidence(settlement: ChangeSettlement): {
  readonly kind: ChangeEvidenceKind
  readonly reason: string | undefined
} {
  const { kind, said } = settlementEvidence(settlement)
  switch (kind) {
    case 'acknowledged':
    case 'refused by reply':
    case 'not sent':
      return { kind, reason: said.reason }
    default:
      return { kind: 'reply lost', reason: said.reason }
  }
}

/** The error that was answered, made again from what the journal kept. */
export function settlementError({ code, details = {} }: ChangeSettlement): AppError {
  return new AppError(code !== undefined && isErrorCode(code) ? code : 'INTERNAL', details)
}

function reasonOf({ details }: ChangeSettlement): string | undefined {
  const words = details?.['brokerDescription'] ?? details?.['reason']
  return typeof words === 'string' ? words : undefined
}

function spentReason(reason: string, clientOrderId: string | undefined): string {
  if (clientOrderId === undefined) return reason
  return `${reason}; clientOrderId "${clientOrderId}" keeps this answer, send again under a new one`
}
