import { FAULTS } from '../faults/catalogue'
import type { ArmedFault, FaultDefinition } from '../faults/fault-kinds'
import { pointsOf } from '../faults/fault-rule'
import type { SimOrder } from '../matching/sim-order'
import type { Broker } from '../rest/broker'
import type { Receipt } from '../state/order-ledger'
import { netQuantity, sidesIn } from '../state/position-keeper'

/** Every placement ever received, in order; and per tag how often it came. */
export function orderReport(receipts: readonly Receipt[]): object {
  const tags = new Map<string, number>()
  for (const { tag } of receipts) tags.set(tag, (tags.get(tag) ?? 0) + 1)
  return {
    count: receipts.length,
    tags: Object.fromEntries(tags),
    orders: receipts.map((receipt) => ({
      tag: receipt.tag,
      count: tags.get(receipt.tag) ?? 0,
      receivedAtMs: receipt.receivedAtMs,
      userId: receipt.userId,
      ...(receipt.order ? orderFacts(receipt.order) : { status: 'Refused', reason: receipt.refusal }),
    })),
  }
}

function orderFacts(order: SimOrder): object {
  const { state, instrument } = order
  return {
    appOrderId: order.appOrderId,
    status: state.status,
    reason: state.reason,
    clientCode: order.clientCode,
    segment: instrument.segment,
    token: instrument.token,
    side: order.side,
    orderType: state.orderType,
    productType: state.productType,
    quantity: state.quantity,
    filledQuantity: state.filledQuantity,
    averagePrice: state.filledQuantity === 0 ? null : state.filledValue / state.filledQuantity,
  }
}

/** No token is ever shown. */
export function sessionReport(broker: Broker): object[] {
  return broker.sessions.all().map((session) => ({
    id: session.id,
    api: session.api,
    userId: session.account.userId,
    state: session.state,
    issuedAtMs: session.issuedAtMs,
    sockets: session.sockets.size,
    subscriptions: session.subscriptions.size,
  }))
}

/** Net of what was carried over and what was traded today. Values in rupees. */
export function positionReport(broker: Broker): object[] {
  const clients = new Set(broker.accounts.flatMap((account) => account.clientCodes))
  return [...clients].flatMap((clientCode) =>
    broker.positions.ofClient(clientCode).map((position) => ({
      clientCode,
      segment: position.instrument.segment,
      token: position.instrument.token,
      name: position.instrument.displayName,
      productType: position.productType,
      netQuantity: netQuantity(position),
      ...sidesIn(position, 'NetWise'),
    })),
  )
}

export function faultReport({ faults }: Broker): object {
  return { armed: faults.list().map(armedFacts), happened: faults.happened() }
}

/** Infinity is no JSON: it is `always`. */
export function armedFacts(fault: ArmedFault): object {
  const { id, name, match, parameters, probability, nth, priority, startAfterMs, everyMs, forMs } = fault
  const { remaining, happened, seen } = fault
  return {
    ...{ id, name, remaining: Number.isFinite(remaining) ? remaining : 'always', happened, seen },
    ...{ match, parameters, probability, nth, priority, startAfterMs, everyMs, forMs },
  }
}

export function catalogueReport(): object {
  return Object.fromEntries(Object.entries(FAULTS).map(([name, fault]) => [name, describe(fault)]))
}

function describe(fault: FaultDefinition): object {
  const { group, means, count, calls, everyMs, parameters = {} } = fault
  return { group, means, at: pointsOf(fault), count, calls, everyMs, parameters }
}
