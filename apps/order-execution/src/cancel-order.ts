import { cancelOrderSchema, parseRequest, type ChangedOrder } from '@xts-bridge/contracts'
import type { ClientOrderClaim } from '@xts-bridge/persistence'
import { changedOrder, standing } from './change-answer'
import type { ChangeRecord } from './change-record'
import type { FirstAnswers } from './first-answers'
import type { CallerContext } from './house-account'
import type { OrderLedger } from './order-ledger'
import type { ReadOrder } from './read-order'
import type { Readiness } from './readiness'
import type { WithdrawOrder } from './withdraw-order'

export interface CancelOrderParts {
  readonly readOrder: Pick<ReadOrder, 'require'>
  readonly readiness: Readiness
  readonly answers: FirstAnswers
  readonly ledger: OrderLedger
  readonly withdrawing: WithdrawOrder
}

/** `order.cancel`: asks the broker to take one order back; an order that has ended answers how. */
export class CancelOrder {
  constructor(private readonly parts: CancelOrderParts) {}

  async cancel(data: unknown, context: CallerContext): Promise<ChangedOrder> {
    const { readOrder, answers, readiness, ledger, withdrawing } = this.parts
    const { clientOrderId, deadlineAtMs } = context
    const asked = parseRequest(cancelOrderSchema, data)
    return answers.once({ subject: 'order.cancel', body: asked, clientOrderId }, async (claim) => {
      const order = readOrder.require(asked, context.caller)
      readiness.requireCancel()
      const how = { subject: 'order.cancel', request: claim, isClaimed: true, deadlineAtMs } as const
      const change = await withdrawing.withdraw(order, how) // written down, sent once, settled
      if (change === undefined) return standing(order)
      const answer = (): ChangedOrder => changedOrder(change, ledger.orderChanges.orderOf(change))
      // The cancellation another request sent does not hold this one's claim.
      if (claim !== undefined && isOfAnother(change, claim)) await answers.keepOutcome(claim, answer)
      return answer()
    })
  }
}

function isOfAnother({ request }: ChangeRecord, { clientOrderId }: ClientOrderClaim): boolean {
  return request?.clientOrderId !== clientOrderId
}
