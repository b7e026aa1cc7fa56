import { AppError, isErrorCode, type ErrorCode, type ErrorDetails } from '@xts-bridge/contracts'
import type { CallOutcome } from '@xts-bridge/xts'
import type { Settlement } from './order-record'
import type { EvidenceKind } from './order-state'

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
export function notSent(code: ErrorCode, details: ErrorDetails): Settlement {
  return { outcome: 'not-sent', code, details: { ...details, wasSent: false } }
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

/** The error that was answered, made again from what the journal kept. */
export function settlementError({ code, details = {} }: Settlement): AppError {
  return new AppError(code !== undefined && isErrorCode(code) ? code : 'INTERNAL', details)
}

function reasonOf({ details }: Settlement): string | undefined {
  const words = details?.['brokerDescription'] ?? details?.['reason']
  return typeof words === 'string' ? words : undefined
}

function spentReason(reason: string, clientOrderId: string | undefined): string {
  if (clientOrderId === undefined) return reason
  return `${reason}; clientOrderId "${clientOrderId}" keeps this answer, send again under a new one`
}
