import type { ChangeKind, ChangeView } from '@xts-bridge/contracts'
import type {
  ChangeIntendedEntry,
  ChangeSettledEntry,
  ClientOrderClaim,
  OrderTerms,
} from '@xts-bridge/persistence'
import { CHANGE_TABLE, changeStateOf, type ChangeEvidenceKind } from './change-state'
import { tradingDay } from './trading-day'

/** How the call that sent a change ended; the answer to give again for its clientOrderId. */
export type ChangeSettlement = Pick<ChangeSettledEntry, 'outcome' | 'code' | 'details'>

/** One modification or cancellation of one order. */
export interface ChangeRecord {
  readonly changeId: string
  /** Empty for an order that was not placed through us. */
  readonly orderId: string
  readonly brokerOrderId: string
  readonly change: ChangeKind
  readonly subject: ChangeIntendedEntry['subject']
  readonly terms?: OrderTerms | undefined
  readonly reasonBefore?: string | undefined
  readonly follows?: string | undefined
  readonly request?: ClientOrderClaim | undefined
  readonly intendedAtMs: number
  /** The request left us before this time, if at all. */
  readonly sentBeforeMs: number
  readonly settlement?: ChangeSettlement | undefined
  /** Strongest evidence so far; undefined while the call is under way. */
  readonly shown?: ChangeEvidenceKind | undefined
  readonly reason?: string | undefined
  /** A row has told that the change is on its way to the exchange. */
  readonly wasOnItsWay: boolean
}

/** Nothing shows yet what came of it. */
export function isUndecided({ shown }: ChangeRecord): boolean {
  return shown === undefined || !CHANGE_TABLE[shown].ends
}

/** Its call has ended: it may be at the broker, and nobody is about to say so. */
export function isSent({ settlement }: ChangeRecord): boolean {
  return settlement !== undefined
}

export function changeView({ changeId, change, shown, reason, follows }: ChangeRecord): ChangeView {
  return { changeId, change, state: changeStateOf(shown), reason, follows }
}

/** The broker's ids begin anew some day, so an order is named together with the day. */
export function orderKey({ brokerOrderId }: { readonly brokerOrderId: string }, atMs: number): string {
  return `${brokerOrderId} ${tradingDay(atMs)}`
}
