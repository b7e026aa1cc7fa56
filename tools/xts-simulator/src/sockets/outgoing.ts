import { definitionOf, type FaultEngine } from '../faults/fault-engine'
import { factsOfEvent, type FaultFacts } from '../faults/fault-facts'
import type { FaultPoint, SocketMessage, WireSocket } from '../faults/fault-kinds'
import type { Broker } from '../rest/broker'
import type { Session } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'

/** Until the last event of an order has certainly left before its acknowledgement does. */
const SETTLE_MS = 10
const ENDED: readonly unknown[] = ['Filled', 'Cancelled', 'Rejected']

export interface OutgoingParts {
  readonly faults: FaultEngine
  readonly clock: SimClock
  readonly broker: () => Broker
}

/** Everything a socket is sent passes here, so that faults can hold, drop, repeat, change and reorder it. */
export class Outgoing {
  private readonly wires = new Set<WireSocket>()
  private readonly awaitedEnds = new Map<number, () => void>()

  private sent = 0

  constructor(private readonly parts: OutgoingParts) {}

  /** Messages that were on their way to a socket, whatever became of them. */
  get sentMessages(): number {
    return this.sent
  }

  /** Whether a socket with a valid token may come in. */
  admits(session: Session): boolean {
    const { faults } = this.parts
    if (faults.isQuiet('join')) return true
    for (const fault of faults.candidates('join', () => ({ api: session.api }))) {
      const { join } = definitionOf(fault).at
      if (join && faults.happens(fault)) return join(session, fault) === 'joined'
    }
    return true
  }

  opened(wire: WireSocket): void {
    this.wires.add(wire)
  }

  closed(wire: WireSocket): void {
    this.wires.delete(wire)
  }

  open(): readonly WireSocket[] {
    return [...this.wires]
  }

  emit(wire: WireSocket, event: string, payload: string | Buffer): void {
    const { faults } = this.parts
    this.sent++
    if (faults.isQuiet('eventRoute') && faults.isQuiet('eventRewrite') && faults.isQuiet('eventDelay')) {
      wire.send(event, payload)
    } else {
      for (const message of this.throughFaults(wire, event, payload)) this.deliver(wire, message)
    }
    if (this.awaitedEnds.size > 0 && event === 'order') this.noteEnd(String(payload))
  }

  /** Runs something soon after the sockets were told that an order ended; the result takes it back. */
  whenOrderEnds(appOrderId: number, run: () => void): () => void {
    this.awaitedEnds.set(appOrderId, run)
    return () => this.awaitedEnds.delete(appOrderId)
  }

  private throughFaults(wire: WireSocket, event: string, payload: string | Buffer): readonly SocketMessage[] {
    let known: FaultFacts | undefined
    const facts = (): FaultFacts => (known ??= factsOfEvent(wire.api, event, payload))
    let message: SocketMessage = { event, payload, delayMs: 0 }
    message = this.rewritten('eventRewrite', message, wire, facts)
    message = this.rewritten('eventDelay', message, wire, facts)
    return this.routed(message, wire, facts)
  }

  private rewritten(
    point: FaultPoint & ('eventRewrite' | 'eventDelay'),
    message: SocketMessage,
    wire: WireSocket,
    facts: () => FaultFacts,
  ): SocketMessage {
    let changed = message
    for (const fault of this.parts.faults.candidates(point, facts)) {
      const { at, events, appliesToMessage } = definitionOf(fault)
      if (events?.test(message.event) === false || appliesToMessage?.(changed, fault) === false) continue
      if (this.parts.faults.happens(fault)) changed = at[point]?.(changed, wire, fault) ?? changed
    }
    return changed
  }

  private routed(
    message: SocketMessage,
    wire: WireSocket,
    facts: () => FaultFacts,
  ): readonly SocketMessage[] {
    for (const fault of this.parts.faults.candidates('eventRoute', facts)) {
      const { at, events, appliesToMessage } = definitionOf(fault)
      if (events?.test(message.event) === false || appliesToMessage?.(message, fault) === false) continue
      if (at.eventRoute && this.parts.faults.happens(fault))
        return at.eventRoute(message, wire, fault, this.parts.broker())
    }
    return [message]
  }

  private deliver(wire: WireSocket, { event, payload, delayMs }: SocketMessage): void {
    if (delayMs <= 0) wire.send(event, payload)
    else this.parts.clock.later(delayMs, () => wire.send(event, payload))
  }

  private noteEnd(payload: string): void {
    const { AppOrderID, OrderStatus } = JSON.parse(payload) as { AppOrderID?: number; OrderStatus?: unknown }
    const run = AppOrderID === undefined ? undefined : this.awaitedEnds.get(AppOrderID)
    if (!run || AppOrderID === undefined || !ENDED.includes(OrderStatus)) return
    this.awaitedEnds.delete(AppOrderID)
    this.parts.clock.later(SETTLE_MS, run)
  }
}
