import fc from 'fast-check'
import { isEntry } from '../matching/order-link'
import { isTerminal, type OrderType, type SimOrder } from '../matching/sim-order'
import type { openExchange } from './open-exchange'

const price = fc.integer({ min: 13_100, max: 16_100 }).map((tenths) => tenths / 10)
const clients = fc.constantFrom('SIM0001', 'OTHER')
/** One thing that a client, the market or time does. */
export const action = fc.oneof(
  fc.record({
    kind: fc.constant('place' as const),
    client: clients,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    orderType: fc.constantFrom<OrderType>('Limit', 'Market', 'StopLimit', 'StopMarket'),
    timeInForce: fc.constantFrom('DAY' as const, 'IOC' as const),
    quantity: fc.integer({ min: 1, max: 4000 }),
    disclosedQuantity: fc.constantFrom(0, 0, 1, 100),
    price,
    stopPrice: price,
  }),
  fc.record({
    kind: fc.constant('bracket' as const),
    client: clients,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    orderType: fc.constantFrom<OrderType>('Limit', 'Market'),
    quantity: fc.integer({ min: 1, max: 4000 }),
    price,
    offset: fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 10),
    trailBy: fc.constantFrom(0, 0.5),
    isCover: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('exit' as const), which: fc.nat(30) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.record({
    kind: fc.constant('modify' as const),
    which: fc.nat(30),
    price,
    quantity: fc.integer({ min: 1, max: 4000 }),
  }),
  fc.record({ kind: fc.constant('move' as const), price }),
  fc.record({ kind: fc.constant('settle' as const) }),
)

export type Action = typeof action extends fc.Arbitrary<infer A> ? A : never
export type Opened = ReturnType<typeof openExchange>

/** Does it; a placed order is added to `orders`. */
export function perform(opened: Opened, orders: SimOrder[], step: Action): void {
  switch (step.kind) {
    case 'place':
      orders.push(opened.place(step.side, step, step.client))
      return
    case 'bracket':
      orders.push(placeLinked(opened, step))
      return
    case 'move':
      opened.market.jumpTo(step.price)
      return
    case 'settle':
      opened.tasks.runAll(5)
      return
    case 'exit':
    case 'cancel':
    case 'modify': {
      const chosen = orders[step.which % Math.max(1, orders.length)]
      if (chosen) change(opened, chosen, step)
    }
  }
}

function change(
  { exchange }: Opened,
  order: SimOrder,
  step: Extract<Action, { kind: 'exit' | 'cancel' | 'modify' }>,
): void {
  if (step.kind === 'exit') {
    if (order.link && isEntry(order.link)) exchange.links.exit(order)
    return
  }
  if (isTerminal(order.state)) return
  if (step.kind === 'cancel') return exchange.cancel(order)
  const { price, quantity } = step
  exchange.modify(order, { ...order.state, price, quantity }, undefined)
}

function placeLinked({ place, numbers }: Opened, step: Extract<Action, { kind: 'bracket' }>): SimOrder {
  const { client, side, orderType, quantity, price, offset, trailBy, isCover } = step
  const terms = { orderType, quantity, price: orderType === 'Limit' ? price : 0 }
  const stopPrice = Math.round((price + (side === 'BUY' ? -offset : offset)) * 10) / 10
  return isCover
    ? place(side, { ...terms, productType: 'CO' }, client, {
        link: {
          kind: 'cover-entry',
          exitOrderId: numbers.nextAppOrderId(),
          stopPrice,
        },
      })
    : place(side, { ...terms, productType: 'BO' }, client, {
        link: { kind: 'bracket-entry', targetOffset: offset, stopOffset: offset, trailBy },
      })
}
