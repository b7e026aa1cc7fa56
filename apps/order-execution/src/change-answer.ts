import {
  AppError,
  errorReply,
  type CancelAllAnswer,
  type CancelAllRow,
  type ChangedOrder,
} from '@xts-bridge/contracts'
import type { ChangeLedger } from './change-ledger'
import { changeView, type ChangeRecord } from './change-record'
import { changeStateOf } from './change-state'
import type { OrderRecord } from './order-record'
import { isLive, stateOf } from './order-state'
import { dryRunOf, settlementError } from './settlement'

/**
 * The reply about a change, from what is known now: the first time, and each time its clientOrderId comes again. Throws
 * CHANGE_REJECTED, CHANGE_REPLY_LOST, CHANGE_NO_EFFECT, SESSION_UNAVAILABLE, XTS_NOT_SENT, DEADLINE_EXPIRED.
 */
export function changedOrder(change: ChangeRecord, order: OrderRecord | undefined): ChangedOrder {
  const dryRun = dryRunOf(change.settlement)
  const answer = answerOf(change, order)
  if (dryRun !== undefined) return { ...answer, dryRun }
  const refusal = refusalOf(change)
  if (refusal === undefined) return answer
  // A cancellation of what has ended meanwhile has nothing left to do.
  const isMoot = change.change === 'cancel' && order !== undefined && !isLive(order.facts)
  if (isMoot && answer.change?.state === 'refused') return answer
  throw refusal
}

/** Why the request is not answered with where the order stands; undefined when it is. */
function refusalOf(change: ChangeRecord): AppError | undefined {
  const { settlement, changeId, orderId, reason } = change
  const named = { changeId, orderId, change: change.change }
  switch (changeStateOf(change.shown)) {
    case 'requested':
    case 'done':
    case 'overtaken':
      return undefined
    case 'no-effect':
      return new AppError('CHANGE_NO_EFFECT', named)
    case 'refused':
      return settlement?.outcome === 'rejected'
        ? settlementError(settlement)
        : new AppError('CHANGE_REJECTED', { ...named, brokerCode: '', brokerDescription: reason })
    case 'intended':
    case 'unknown':
    case 'not-sent':
      return settlement === undefined
        ? new AppError('CHANGE_REPLY_LOST', { ...named, reason: 'its answer is not there yet' })
        : settlementError(settlement)
  }
}

/** The same as a row: what `changedOrder` throws stands in it. */
export function changedRow(change: ChangeRecord, order: OrderRecord): CancelAllRow {
  return rowOf(order, () => changedOrder(change, order), changeView(change))
}

/** An order's row of `order.cancel-all`; `answer` may throw why the order may still be working. */
export function rowOf(
  order: OrderRecord,
  answer: () => ChangedOrder,
  change?: ChangedOrder['change'],
): CancelAllRow {
  const { exchange, symbol } = order.facts.order
  try {
    return { exchange, symbol, ...answer() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const reply = errorReply('', 0, error)
    return { exchange, symbol, ...standing(order), change, error: reply.ok ? undefined : reply.error }
  }
}

/** `order.cancel-all` answered again from its changes, where the whole answer was lost. */
export function cancelledAll(asked: readonly ChangeRecord[], changes: ChangeLedger): CancelAllAnswer {
  const orders = asked.flatMap((change) => {
    const order = changes.orderOf(change)
    return order === undefined ? [] : [changedRow(change, order)]
  })
  return { orders }
}

/** Where an order stands, when no change of it was sent. */
export function standing({ orderId, facts }: OrderRecord): ChangedOrder {
  return { orderId, brokerOrderId: facts.brokerOrderId ?? '', state: stateOf(facts) }
}

function answerOf(change: ChangeRecord, order: OrderRecord | undefined): ChangedOrder {
  const { orderId, brokerOrderId } = change
  const state = order === undefined ? 'unknown' : stateOf(order.facts)
  return { orderId, brokerOrderId, state, change: changeView(change) }
}
