import { parseRequest, placeOrderSchema, type DryRun, type Ids } from '@xts-bridge/contracts'
import { approveOrder } from './approve-order'
import type { CallerContext, HouseAccount } from './house-account'
import type { OrderSender } from './order-sender'
import type { InstrumentsPort } from './ports'
import type { ProtectMarketOrder } from './protect-market-order'
import type { Readiness } from './readiness'

export interface DryRunParts {
  readonly ids: Ids
  readonly house: HouseAccount
  readonly readiness: Readiness
  readonly instruments: InstrumentsPort
  readonly protection: ProtectMarketOrder
  readonly sender: OrderSender
}

/** `order.dry-run`: everything `order.place` does up to the wire; nothing is written down, nothing is sent. */
export class DryRunOrder {
  constructor(private readonly parts: DryRunParts) {}

  async run(data: unknown, { clientOrderId }: CallerContext): Promise<DryRun> {
    const { ids, house, readiness, instruments, protection, sender } = this.parts
    const order = parseRequest(placeOrderSchema, data)
    house.check(order.account)
    readiness.requireEnter()
    const instrument = instruments.require(order)
    const terms = await protection.protect(order, { side: order.side, instrument, isReducing: false })
    const approved = approveOrder(terms, instrument, { clientOrderId })
    const orderId = ids.next()
    const dryRun = sender.preview(orderId, approved)
    return { orderId, brokerOrderId: '', state: 'absent', clientOrderId, dryRun }
  }
}
