import { parseRequest, placeOrderSchema, type PlacedOrder } from '@xts-bridge/contracts'
import { approveOrder } from './approve-order'
import type { CallerContext, HouseAccount } from './house-account'
import type { FirstAnswers } from './first-answers'
import type { OrderLedger } from './order-ledger'
import type { OrderSender } from './order-sender'
import type { InstrumentsPort } from './ports'
import type { ProtectMarketOrder } from './protect-market-order'
import type { Readiness } from './readiness'

export interface PlaceOrderParts {
  readonly house: HouseAccount
  readonly readiness: Readiness
  readonly answers: FirstAnswers
  readonly instruments: InstrumentsPort
  readonly protection: ProtectMarketOrder
  readonly ledger: OrderLedger
  readonly sender: OrderSender
}

/** `order.place`: one request, one order, an honest answer. */
export class PlaceOrder {
  constructor(private readonly parts: PlaceOrderParts) {}

  async place(data: unknown, { clientOrderId, deadlineAtMs }: CallerContext): Promise<PlacedOrder> {
    const { house, answers, readiness, instruments, protection, ledger, sender } = this.parts
    const order = parseRequest(placeOrderSchema, data)
    house.check(order.account)
    return answers.once({ subject: 'order.place', body: order, clientOrderId }, async (claim) => {
      readiness.requireEnter()
      const instrument = instruments.require(order)
      const instrumentsVersion = instruments.version
      const terms = await protection.protect(order, { side: order.side, instrument, isReducing: false })
      const approved = approveOrder(terms, instrument, { clientOrderId, instrumentsVersion })
      const [intent] = await ledger.intend([approved], { claim }) // durable before the wire
      return sender.send(intent, { deadlineAtMs }) // never sent twice; settled before it answers
    })
  }
}
