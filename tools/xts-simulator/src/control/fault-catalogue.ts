/** The order calls a reply fault can be aimed at. */
export const ORDER_CALLS = ['place', 'modify', 'cancel'] as const
export type OrderCall = (typeof ORDER_CALLS)[number]

export function isOrderCall(call: string): call is OrderCall {
  return ORDER_CALLS.some((known) => known === call)
}

/**
 * Where a fault acts: `request` before an order call is looked at, `reply` after it was accepted, `book` when the order
 * book is read, `now` at once when it is set.
 */
export type FaultPoint = 'request' | 'reply' | 'book' | 'now'

/** Every fault by name: a new one is a line here and a case where its point is handled. */
export const FAULTS = {
  'accept-then-timeout': { point: 'reply', means: 'the order is taken, its answer never comes' },
  'accept-then-reset': {
    point: 'reply',
    means: 'the order is taken, the connection is reset instead of an answer',
  },
  'accept-then-500': {
    point: 'reply',
    means: 'the order is taken, the answer is an HTML page with status 500',
  },
  'reply-delayed': {
    point: 'reply',
    means: 'the order is taken, its answer comes delayMs later (default 3000)',
  },
  'timeout-without-accept': { point: 'request', means: 'the order is lost on the way, no answer comes' },
  'rate-limited': { point: 'request', means: 'the order is not processed: HTTP 429 e-apirl-0004' },
  'order-book-empty': {
    point: 'book',
    means: 'the order book answers "Data Not Available" although there are orders',
  },
  'order-book-html': { point: 'book', means: 'the order book answers an HTML page with status 500' },
  'all-sessions-dropped': { point: 'now', means: 'all sockets are disconnected; tokens stay valid' },
  'token-revoked': {
    point: 'now',
    means: 'all tokens (or those of "api") end; sockets get logout and are dropped',
  },
} as const satisfies Record<string, { point: FaultPoint; means: string }>

export type FaultName = keyof typeof FAULTS

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

/** A fault that waits for its moment. */
export interface ArmedFault {
  readonly name: FaultName
  /** How many more times it happens. */
  remaining: number
  /** For `request` and `reply` faults: which order call; undefined is any. */
  readonly call: OrderCall | undefined
  readonly delayMs: number
}

/** The faults that are set. Each is used up by happening `count` times. */
export class FaultBox {
  private armed: ArmedFault[] = []

  arm(fault: ArmedFault): void {
    this.armed.push(fault)
  }

  clear(): void {
    this.armed = []
  }

  list(): readonly ArmedFault[] {
    return this.armed
  }

  /** The oldest fault that acts here, counted as having happened. */
  take(point: FaultPoint, call?: OrderCall): ArmedFault | undefined {
    const found = this.armed.find(
      (fault) => FAULTS[fault.name].point === point && (fault.call === undefined || fault.call === call),
    )
    if (!found) return undefined
    found.remaining--
    if (found.remaining <= 0) this.armed = this.armed.filter((fault) => fault !== found)
    return found
  }
}
