import type { Caller, Subject } from '@xts-bridge/contracts'

/** Decides who comes in, before any handler sees the request. Throws AppError to refuse. */
export interface RequestDoor {
  admit(request: {
    readonly subject: Subject
    readonly apiKey: string | undefined
    readonly data: unknown
  }): Promise<Caller>
}

/** What a handler knows of its request beside the data; never the apiKey. */
export interface BusRequest {
  /** The caller's id of the request. */
  readonly id: string
  readonly subject: Subject
  readonly caller: Caller
  readonly clientOrderId?: string | undefined
  /** Epoch milliseconds; undefined when the caller gave none. */
  readonly deadlineAtMs?: number | undefined
  /** Milliseconds until the deadline, at least 0; Infinity without one. */
  remainingMs(): number
}
