import type { OrderTwist } from '../matching/order-twists'
import type { SimOrder } from '../matching/sim-order'
import type { Broker } from '../rest/broker'
import type { CallName } from '../rest/call-names'
import type { OpenCall } from '../rest/route'
import type { Api, Session } from '../state/session-registry'
import type { BinaryCode } from '../wire/market-codes'
import type { MarketFigures } from '../wire/market-figures'
import type { FaultMatch } from './fault-facts'

/**
 * Where a fault acts. A request passes `request`, its answer `rewrite`, `replace` and `delay`; what a socket is sent
 * passes `eventRewrite`, `eventRoute` and `eventDelay`, and a binary packet `packet` before it is written; a new socket passes `join`, a new connection `connection`, an
 * order on its way `confirm` and `cancelled`. An `action` happens by itself, at once or when it is due.
 */
export const FAULT_POINTS = [
  'connection', 'request', 'rewrite', 'replace', 'delay', 'join', 'packet', 'eventRewrite', 'eventRoute', 'eventDelay',
  'confirm', 'cancelled', 'action',
] as const // prettier-ignore
export type FaultPoint = (typeof FAULT_POINTS)[number]

/** One REST call as a fault sees it. */
export interface FaultyCall {
  readonly broker: Broker
  readonly api: Api
  readonly call: CallName
  readonly request: OpenCall
  /** Undefined when the sender is not logged in. */
  readonly session: Session | undefined
}

/** An answer before it goes over the wire; a fault may change any part of it. */
export interface Reply {
  readonly status: number
  /** Sent as JSON, unless there is `text`. */
  readonly body: unknown
  readonly text?: string | undefined
  /** Undefined is what the body calls for. */
  readonly contentType?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly delayMs: number
  /**
   * `cut` promises the whole length, sends half and ends the connection; `trickled` sends it in small pieces;
   * `then-closed` ends the connection after the answer without having said so; `never` says nothing for ever.
   */
  readonly manner: 'whole' | 'cut' | 'trickled' | 'then-closed' | 'never' | 'reset'
  /** Nothing goes out before `go` is called, or delayMs are over; the result ends the wait. */
  readonly waitsFor?: ((go: () => void) => () => void) | undefined
}

/** One message to one socket. */
export interface SocketMessage {
  readonly event: string
  readonly payload: string | Buffer | object
  readonly delayMs: number
}

/** One client's socket, on the wire's side of all faults. */
export interface WireSocket {
  readonly id: string
  readonly api: Api
  readonly session: Session
  /** Goes out at once; no fault sees it. */
  send(event: string, payload: string | Buffer | object): void
  disconnect(): void
  /** From now on nothing goes out, not even pings, and nothing is taken in; the connection stays. */
  freeze(): void
  readonly isFrozen: boolean
}

export type ParameterValue = number | string | boolean

/** A fault that was switched on. */
export interface ArmedFault {
  readonly id: string
  readonly name: string
  readonly match: FaultMatch
  readonly parameters: Readonly<Record<string, ParameterValue>>
  readonly probability: number
  /** Only each n-th matching occasion. */
  readonly nth: number
  readonly priority: number
  readonly armedAtMs: number
  readonly startAfterMs: number
  readonly everyMs: number | undefined
  readonly forMs: number | undefined
  /** How many more times it happens; Infinity without end. */
  remaining: number
  happened: number
  /** Matching occasions so far, whether it happened or not. */
  seen: number
  lastHappenedAtMs: number | undefined
  /** What the fault itself must remember from one occasion to the next. */
  readonly memory: Map<unknown, unknown>
}

type ReplyAct = (reply: Reply, call: FaultyCall, fault: ArmedFault) => Reply
type EventAct = (message: SocketMessage, wire: WireSocket, fault: ArmedFault) => SocketMessage

/** What a fault does at each of its points. At `request`, `replace`, `eventRoute`, `join`, `connection` and of an order only one fault acts; at the others all that match, one after another. */
export interface FaultActs {
  /** The answer instead of the story; nothing is carried out. */
  readonly request?: (call: FaultyCall, fault: ArmedFault) => Reply
  readonly rewrite?: ReplyAct
  readonly replace?: ReplyAct
  readonly delay?: ReplyAct
  readonly join?: (session: Session, fault: ArmedFault) => 'refused' | 'joined'
  readonly connection?: (open: number, fault: ArmedFault) => 'reset' | 'taken'
  /** Other figures for a binary packet. */
  readonly packet?: (figures: MarketFigures, fault: ArmedFault) => MarketFigures
  readonly eventRewrite?: EventAct
  /** What goes out in place of one message: nothing, itself, or more. */
  readonly eventRoute?: (
    message: SocketMessage,
    wire: WireSocket,
    fault: ArmedFault,
    broker: Broker,
  ) => readonly SocketMessage[]
  readonly eventDelay?: EventAct
  readonly confirm?: (order: SimOrder, fault: ArmedFault) => OrderTwist
  readonly cancelled?: (order: SimOrder, fault: ArmedFault) => OrderTwist
  /** Answers how many sockets, sessions or connections it touched. */
  readonly action?: (broker: Broker, fault: ArmedFault) => number
}

/** One fault of the catalogue. */
export interface FaultDefinition {
  readonly group: FaultGroup
  /** One sentence. */
  readonly means: string
  /** The spec file in which its effect on the wire is shown, without ending. */
  readonly proof: string
  /** How often it happens when nothing is said. */
  readonly count: number | 'always'
  /** Which calls; undefined is every call. */
  readonly calls?: readonly CallName[]
  /** Which socket events; undefined is every event. */
  readonly events?: RegExp
  /** Which binary packets, at `packet`; undefined is every one. */
  readonly packetCodes?: readonly BinaryCode[]
  readonly parameters?: Readonly<Record<string, FaultParameter>>
  /** For an action that repeats: how often, when nothing is said. */
  readonly everyMs?: number
  /** Whether there is anything to spoil; what is not so is not counted. */
  readonly appliesTo?: (reply: Reply, call: FaultyCall) => boolean
  readonly appliesToCall?: (call: FaultyCall) => boolean
  readonly appliesToMessage?: (message: SocketMessage, fault: ArmedFault) => boolean
  readonly at: FaultActs
  /** What must be put right when the fault is cleared or its time is over. */
  readonly undo?: (broker: Broker, fault: ArmedFault) => void
}

export interface FaultParameter {
  readonly value: ParameterValue
  readonly means: string
}

export const FAULT_GROUPS = [
  'orders', 'order events', 'books', 'answers', 'sessions', 'sockets', 'market data', 'master', 'broker',
] as const // prettier-ignore
export type FaultGroup = (typeof FAULT_GROUPS)[number]

/** The text that a message carries; bytes and objects carry none. */
export const payloadText = ({ payload }: SocketMessage): string =>
  typeof payload === 'string' ? payload : ''

export function numberIn(fault: ArmedFault, parameter: string): number {
  return Number(fault.parameters[parameter] ?? 0)
}

export function textIn(fault: ArmedFault, parameter: string): string {
  return String(fault.parameters[parameter] ?? '')
}
