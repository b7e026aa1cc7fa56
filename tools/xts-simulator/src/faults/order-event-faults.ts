import type { ArmedFault, FaultDefinition, SocketMessage, WireSocket } from './fault-kinds'
import { numberIn, payloadText, textIn } from './fault-kinds'
import { asFields, type Fields } from './reply-parts'
import type { Broker } from '../rest/broker'

const ORDER_EVENTS = /^(order|trade|position)$/

const anyOrderEvent = {
  group: 'order events',
  proof: 'order-event-faults',
  count: 'always',
  events: ORDER_EVENTS,
} as const

/** What can happen to the events of orders, and to orders on their way to the exchange. */
export const ORDER_EVENT_FAULTS = {
  'duplicate-ack': {
    ...anyOrderEvent,
    events: /^order$/,
    means: 'the events that an order is pending or confirmed come twice',
    appliesToMessage: (message) => ['PendingNew', 'New'].includes(String(fieldsOf(message)['OrderStatus'])),
    at: { eventRoute: (message) => [message, message] },
  },
  'duplicate-trade': {
    ...anyOrderEvent,
    events: /^trade$/,
    means: 'each trade event comes twice, with the same ExecutionID',
    at: { eventRoute: (message) => [message, message] },
  },
  'events-reversed': {
    ...anyOrderEvent,
    means: 'the events of orders are kept for windowMs and then come in the opposite order',
    parameters: { windowMs: { value: 50, means: 'how long they are kept' } },
    at: { eventRoute: keepAndReverse },
  },
  'event-lost': {
    ...anyOrderEvent,
    count: 1,
    means: 'an event of an order never comes; the socket lives on',
    at: { eventRoute: () => [] },
  },
  'missed-fills': {
    ...anyOrderEvent,
    count: 1,
    events: /^trade$/,
    means: 'the sockets of the session are dropped right before a fill is told; it is not told again',
    at: { eventRoute: dropBeforeFill },
  },
  'socket-lags-order-book': {
    ...anyOrderEvent,
    means: 'the events of orders come lagMs after the book shows them',
    parameters: { lagMs: { value: 2000, means: 'how much later' } },
    at: {
      eventDelay: (message, _, fault) => ({
        ...message,
        delayMs: message.delayMs + numberIn(fault, 'lagMs'),
      }),
    },
  },
  'tag-not-echoed-in-events': {
    ...anyOrderEvent,
    events: /^(order|trade)$/,
    means: 'order and trade events do not carry the orderUniqueIdentifier',
    parameters: { value: { value: '', means: 'what stands in its place' } },
    at: {
      eventRewrite: (message, _, fault) =>
        withFields(message, { OrderUniqueIdentifier: textIn(fault, 'value') }),
    },
  },
  'event-as-object': {
    ...anyOrderEvent,
    means: 'the argument of an event is an object, not a JSON text',
    at: { eventRoute: (message) => [{ ...message, payload: fieldsOf(message) }] },
  },
  'event-half-json': {
    ...anyOrderEvent,
    count: 1,
    means: 'the JSON text of an event breaks off in the middle',
    at: {
      eventRoute: (message) => {
        const text = payloadText(message)
        return [{ ...message, payload: text.slice(0, Math.floor(text.length / 2)) }]
      },
    },
  },
  'late-confirmation': {
    ...anyOrderEvent,
    count: 1,
    means: 'an order stays PendingNew; the exchange confirms it delayMs later',
    parameters: { delayMs: { value: 3000, means: 'until it is confirmed' } },
    at: { confirm: (_, fault) => ({ confirmAfterMs: numberIn(fault, 'delayMs') }) },
  },
  'late-rejection': {
    ...anyOrderEvent,
    count: 1,
    means: 'an order is confirmed and told to rest; delayMs later it is rejected',
    parameters: {
      delayMs: { value: 1000, means: 'from the confirmation to the rejection' },
      reason: { value: '16388 : Unexpected error at the exchange', means: 'its CancelRejectReason' },
    },
    at: {
      confirm: (_, fault) => ({
        rejectAfterMs: numberIn(fault, 'delayMs'),
        reason: textIn(fault, 'reason'),
      }),
    },
  },
  'late-fill-after-cancel': {
    ...anyOrderEvent,
    count: 1,
    means: 'an order is told to be cancelled; delayMs later it turns out to be filled at its price',
    parameters: { delayMs: { value: 500, means: 'from the cancellation to the fill' } },
    at: { cancelled: (_, fault) => ({ fillAfterMs: numberIn(fault, 'delayMs') }) },
  },
} satisfies Record<string, FaultDefinition>

export function fieldsOf({ payload }: SocketMessage): Fields {
  return typeof payload === 'string' && payload.startsWith('{') ? asFields(JSON.parse(payload)) : {}
}

export function withFields(message: SocketMessage, changes: Fields): SocketMessage {
  return { ...message, payload: JSON.stringify({ ...fieldsOf(message), ...changes }) }
}

/** The first event that is kept starts the wait; what is kept comes even if the fault is cleared meanwhile. */
function keepAndReverse(
  message: SocketMessage,
  wire: WireSocket,
  fault: ArmedFault,
  broker: Broker,
): readonly SocketMessage[] {
  const kept = fault.memory.get(wire) as SocketMessage[] | undefined
  if (kept) {
    kept.push(message)
    return []
  }
  const first = [message]
  fault.memory.set(wire, first)
  broker.clock.later(numberIn(fault, 'windowMs'), () => {
    fault.memory.delete(wire)
    for (const { event, payload } of first.reverse()) wire.send(event, payload)
  })
  return []
}

function dropBeforeFill(_: SocketMessage, wire: WireSocket): readonly SocketMessage[] {
  for (const socket of [...wire.session.sockets]) socket.disconnect()
  return []
}
