import {
  AppError,
  cancelAllSchema,
  parseRequest,
  type CancelAll,
  type CancelAllAnswer,
  type CancelAllRow,
  type Clock,
} from '@xts-bridge/contracts'
import { changedRow, rowOf, standing } from './change-answer'
import type { FirstAnswers } from './first-answers'
import type { CallerContext, HouseAccount } from './house-account'
import type { OrderLedger } from './order-ledger'
import type { OrderRecord } from './order-record'
import { isLive } from './order-state'
import type { SessionPort } from './ports'
import { clientOf } from './position-key'
import { maySee } from './read-order'
import type { Readiness } from './readiness'
import { tradingDay } from './trading-day'
import type { WithdrawHow, WithdrawOrder } from './withdraw-order'

export interface CancelAllParts {
  readonly clock: Clock
  readonly house: HouseAccount
  readonly readiness: Readiness
  readonly answers: FirstAnswers
  readonly ledger: OrderLedger
  readonly session: Pick<SessionPort, 'ownCodes'>
  readonly withdrawing: WithdrawOrder
}

/** `order.cancel-all`: a cancellation for each working order, and an answer for each. */
export class CancelAllOrders {
  constructor(private readonly parts: CancelAllParts) {}

  async cancel(data: unknown, context: CallerContext): Promise<CancelAllAnswer> {
    const { house, answers, readiness, withdrawing } = this.parts
    const { clientOrderId, deadlineAtMs } = context
    const asked = parseRequest(cancelAllSchema, data)
    house.check(asked.account)
    return answers.once({ subject: 'order.cancel-all', body: asked, clientOrderId }, async (claim) => {
      readiness.requireCancel()
      const working = this.working(asked, context)
      const how = { subject: 'order.cancel-all', request: claim, deadlineAtMs } as const
      const first = working.find((order) => withdrawing.wouldSend(order)) // its cancellation takes the claim
      const orders = await Promise.all(
        working.map((order) => this.cancelOne(order, { ...how, isClaimed: order === first })),
      )
      if (claim !== undefined) await answers.keep(claim, { ok: true, data: { orders } }, first !== undefined)
      return { orders }
    })
  }

  /** Whatever becomes of one order, the others are cancelled all the same. */
  private async cancelOne(order: OrderRecord, how: WithdrawHow): Promise<CancelAllRow> {
    const { ledger, withdrawing } = this.parts
    try {
      const change = await withdrawing.withdraw(order, how)
      const now = (change && ledger.orderChanges.orderOf(change)) ?? order
      return change === undefined ? rowOf(now, () => standing(now)) : changedRow(change, now)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return rowOf(order, () => {
        throw error
      })
    }
  }

  /** Today's orders the broker may still act on, those without an answer too: they are said, not passed over. */
  private working(asked: CancelAll, { caller }: CallerContext): readonly OrderRecord[] {
    const { ledger, session, clock } = this.parts
    const today = tradingDay(clock.nowMs())
    const client = asked.clientID === undefined ? undefined : clientOf(asked.clientID, session.ownCodes)
    return ledger.records.all().filter(({ facts, placedAtMs }) => {
      const { order } = facts
      return (
        tradingDay(placedAtMs) === today &&
        isLive(facts) &&
        (client === undefined ? maySee(caller.clientIDs, order.clientID) : isClient(order, client)) &&
        (asked.exchange === undefined || order.exchange === asked.exchange) &&
        (asked.symbol === undefined || order.symbol === asked.symbol) &&
        (asked.product === undefined || order.product === asked.product)
      )
    })

    function isClient(order: { readonly clientID?: string | undefined }, named: string): boolean {
      return clientOf(order.clientID, session.ownCodes) === named
    }
  }
}
