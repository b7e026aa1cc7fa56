import type { OrderTwist, OrderTwists } from '../matching/order-twists'
import type { SimOrder } from '../matching/sim-order'
import { definitionOf, type FaultEngine } from './fault-engine'
import { factsOfOrder } from './fault-facts'

/** What the faults in force make of orders at the exchange. */
export function orderTwists(faults: FaultEngine): OrderTwists {
  const twistAt = (point: 'confirm' | 'cancelled', order: SimOrder): OrderTwist | undefined => {
    if (faults.isQuiet(point)) return undefined
    for (const fault of faults.candidates(point, () => factsOfOrder(order))) {
      const twist = definitionOf(fault).at[point]
      if (twist && faults.happens(fault)) return twist(order, fault)
    }
    return undefined
  }
  return {
    onConfirm: (order) => twistAt('confirm', order),
    onCancelled: (order) => twistAt('cancelled', order),
  }
}
