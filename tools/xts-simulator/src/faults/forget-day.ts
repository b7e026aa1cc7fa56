import type { Broker } from '../rest/broker'

/**
 * Orders, trades and positions of the day are gone, as in a broker that kept nothing over a restart. Sessions and prices
 * stay, and what was ever received stays known to the control API.
 */
export function forgetDay(broker: Broker): void {
  forget(broker, { withReceipts: false })
}

/** Back to the morning: no orders, no trades, no receipts, no faults; the positions that the day began with. */
export function resetDay(broker: Broker): { readonly orders: number; readonly faults: number } {
  const orders = broker.ledger.receipts.length
  const faults = broker.faults.clear()
  forget(broker, { withReceipts: true })
  broker.ledger.forgetReceipts()
  broker.positions.beginDayAgain()
  return { orders, faults }
}

function forget(broker: Broker, { withReceipts }: { readonly withReceipts: boolean }): void {
  broker.record.forgotten(withReceipts, broker.clock.nowMs())
  broker.exchange.forgetOrders()
  broker.ledger.forgetOrders()
  broker.positions.forgetAll()
  broker.log('the day is forgotten')
}
