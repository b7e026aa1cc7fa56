import type { SimOrder, SimTrade } from '../matching/sim-order'

/** One placement as it arrived, whatever became of it: the proof that no order came twice and none was lost. */
export interface Receipt {
  readonly tag: string
  readonly receivedAtMs: number
  readonly userId: string
  /** Undefined when it was refused with its answer. */
  readonly order?: SimOrder | undefined
  readonly refusal?: string | undefined
}

/** Everything this broker was ever asked to do, in order of arrival. */
export class OrderLedger {
  readonly receipts: Receipt[] = []
  private readonly orders = new Map<number, SimOrder>()
  private readonly ordersByClient = new Map<string, SimOrder[]>()
  private readonly tradesByClient = new Map<string, SimTrade[]>()

  addReceipt(receipt: Receipt): void {
    this.receipts.push(receipt)
  }

  addOrder(order: SimOrder): void {
    this.orders.set(order.appOrderId, order)
    addTo(this.ordersByClient, order.clientCode, order)
  }

  addTrade(trade: SimTrade): void {
    addTo(this.tradesByClient, trade.order.clientCode, trade)
  }

  all(): Iterable<SimOrder> {
    return this.orders.values()
  }

  /** As after a restart that kept nothing. What was ever asked stays known: it is the proof of what was sent. */
  forgetOrders(): void {
    this.orders.clear()
    this.ordersByClient.clear()
    this.tradesByClient.clear()
  }

  forgetReceipts(): void {
    this.receipts.length = 0
  }

  find(appOrderId: number): SimOrder | undefined {
    return this.orders.get(appOrderId)
  }

  ordersOf(clientCode: string): readonly SimOrder[] {
    return this.ordersByClient.get(clientCode) ?? []
  }

  tradesOf(clientCode: string): readonly SimTrade[] {
    return this.tradesByClient.get(clientCode) ?? []
  }
}

function addTo<T>(lists: Map<string, T[]>, key: string, entry: T): void {
  const list = lists.get(key)
  if (list) list.push(entry)
  else lists.set(key, [entry])
}
