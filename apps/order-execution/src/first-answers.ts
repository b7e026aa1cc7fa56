import { createHash } from 'node:crypto'
import {
  AppError,
  isErrorCode,
  type Clock,
  type PlacedOrder,
  type SmartOrderAnswer,
} from '@xts-bridge/contracts'
import { CLAIM_LIFE_MS, type AnsweredEntry, type ClientOrderClaim } from '@xts-bridge/persistence'
import { cancelledAll, changedOrder } from './change-answer'
import type { ChangeLedger } from './change-ledger'
import type { EvidenceWriter } from './evidence-writer'
import type { OrderRecord } from './order-record'
import type { OrderRecords } from './order-records'
import { isUnresolved, stateOf } from './order-state'
import { dryRunOf, isDryRun, settlementError } from './settlement'

export interface FirstAnswersOptions {
  readonly clock: Clock
  readonly account: string
  readonly records: OrderRecords
  readonly changes: ChangeLedger
  readonly writer: EvidenceWriter
}

/** One request that changes orders, as it was understood. */
export interface OrderRequest {
  readonly subject:
    'order.place' | 'order.smart' | 'order.modify' | 'order.cancel' | 'order.cancel-all' | 'position.convert'
  readonly body: unknown
  readonly clientOrderId: string | undefined
}

/**
 * The same clientOrderId with the same body gets the first answer: while it is being worked on, when it is finished, and
 * after a restart. Another body under it is refused. Refusals before anything was decided leave the id free.
 */
export class FirstAnswers {
  private readonly underWay = new Map<
    string,
    { readonly bodyHash: string; readonly answer: Promise<unknown> }
  >()
  private readonly kept = new Map<string, AnsweredEntry>()

  constructor(private readonly options: FirstAnswersOptions) {}

  /** Throws CLIENT_ORDER_ID_REUSED, or whatever the first answer was. `work` runs at most once for a clientOrderId. */
  async once<T>(
    request: OrderRequest,
    work: (claim: ClientOrderClaim | undefined) => Promise<T>,
  ): Promise<T> {
    const { clientOrderId } = request
    if (clientOrderId === undefined) return work(undefined)
    const claim = { clientOrderId, bodyHash: bodyHash(request) }
    const running = this.underWay.get(clientOrderId)
    if (running !== undefined) {
      if (running.bodyHash !== claim.bodyHash) throw reused(claim)
      return running.answer as Promise<T>
    }
    const earlier = this.earlierAnswer(claim)
    if (earlier !== undefined) return (await earlier()) as T
    const answer = work(claim).finally(() => this.underWay.delete(clientOrderId))
    this.underWay.set(clientOrderId, { bodyHash: claim.bodyHash, answer })
    return answer
  }

  /** Keeps the answer of a request that may have placed no order at all. */
  async keep(claim: ClientOrderClaim, reply: AnsweredEntry['reply'], isClaimHeld: boolean): Promise<void> {
    const { account, clock, writer } = this.options
    const atMs = clock.nowMs()
    const entry: AnsweredEntry = { kind: 'answered', account, orderId: '', atMs, claim, isClaimHeld, reply }
    this.restore(entry)
    await writer.write([entry])
  }

  /** Keeps what `answer` gives or throws, for a request that sent nothing of its own. */
  async keepOutcome(claim: ClientOrderClaim, answer: () => unknown): Promise<void> {
    try {
      await this.keep(claim, { ok: true, data: answer() }, false)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await this.keep(claim, { ok: false, code: error.code, details: error.details }, false)
    }
  }

  /** An answer of the journal, found at start. */
  restore(entry: AnsweredEntry): void {
    this.kept.set(entry.claim.clientOrderId, entry)
  }

  forgetBefore(atMs: number): void {
    for (const [clientOrderId, entry] of this.kept) if (entry.atMs < atMs) this.kept.delete(clientOrderId)
  }

  private earlierAnswer(claim: ClientOrderClaim): (() => unknown) | undefined {
    const oldestMs = this.options.clock.nowMs() - CLAIM_LIFE_MS
    const kept = this.kept.get(claim.clientOrderId)
    if (kept !== undefined && kept.atMs > oldestMs) {
      if (kept.claim.bodyHash !== claim.bodyHash) throw reused(claim)
      return () => answerAgain(kept.reply)
    }
    return this.changeAgain(claim, oldestMs) ?? this.orderAgain(claim, oldestMs)
  }

  /** A modification or cancellation, or several of one request, of which the whole answer was lost with the process. */
  private changeAgain(claim: ClientOrderClaim, oldestMs: number): (() => unknown) | undefined {
    const { changes } = this.options
    const asked = changes.ofClientOrder(claim.clientOrderId)
    const [first] = asked
    if (first === undefined || first.intendedAtMs <= oldestMs) return undefined
    if (first.request?.bodyHash !== claim.bodyHash) throw reused(claim)
    if (first.subject === 'order.cancel-all') return () => cancelledAll(asked, changes)
    return () => changedOrder(first, changes.orderOf(first))
  }

  private orderAgain(claim: ClientOrderClaim, oldestMs: number): (() => unknown) | undefined {
    const orders = this.options.records.findClientOrder(claim.clientOrderId)
    const [first] = orders
    if (first === undefined || first.placedAtMs <= oldestMs) return undefined
    if (first.bodyHash !== claim.bodyHash) throw reused(claim)
    return () => (first.smart === undefined ? placedAgain(first) : smartAgain(first, orders))
  }
}

/** SHA-256 of the request as it was understood: defaults filled in, fields in the schema's order. */
function bodyHash({ subject, body }: OrderRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, body]))
    .digest('hex')
}

function reused({ clientOrderId }: ClientOrderClaim): AppError {
  return new AppError('CLIENT_ORDER_ID_REUSED', { clientOrderId })
}

function answerAgain(reply: AnsweredEntry['reply']): unknown {
  if (reply.ok) return reply.data
  throw new AppError(isErrorCode(reply.code) ? reply.code : 'INTERNAL', reply.details)
}

/** What is known now of an order whose first answer may have been "unknown". */
function placedAgain(record: OrderRecord): PlacedOrder {
  const { settlement, orderId, facts } = record
  const clientOrderId = facts.order.clientOrderId
  if (facts.shown === 'proven absent') throw new AppError('ORDER_PROVEN_ABSENT', { orderId, clientOrderId })
  if (isUnresolved(facts)) {
    const reason = 'its answer has not been found yet'
    throw settlement
      ? settlementError(settlement)
      : new AppError('XTS_REPLY_LOST', { orderId, clientOrderId, reason })
  }
  const state = stateOf(facts)
  if (isDryRun(settlement)) return placedOrder(record)
  const isRefused = state === 'absent' || facts.shown === 'refused by reply'
  if (isRefused && settlement !== undefined) throw settlementError(settlement)
  return { ...placedOrder(record), state: settlement?.state ?? state }
}

/** A smart order whose answer was lost with the process: its orders carry the calculation. */
function smartAgain(first: OrderRecord, orders: readonly OrderRecord[]): SmartOrderAnswer {
  const placed = placedAgain(first)
  const { netPosition = 0, targetPosition = 0, difference = 0, cancelledOrderIds = [] } = first.smart ?? {}
  const slices = orders.length > 1 ? orders.map(placedOrder) : undefined
  return {
    action: 'placed',
    netPosition,
    targetPosition,
    difference,
    cancelledOrderIds,
    order: placed,
    slices,
  }
}

/** The reply about an order that the broker has. */
export function placedOrder(record: OrderRecord): PlacedOrder {
  const { orderId, facts, settlement } = record
  return {
    dryRun: dryRunOf(settlement),
    orderId,
    brokerOrderId: facts.brokerOrderId ?? '',
    state: stateOf(facts),
    clientOrderId: facts.order.clientOrderId,
  }
}
