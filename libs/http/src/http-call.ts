/** Which pool and breaker carry a call: new orders, cancels and exits, or everything that only reads. */
export const CALL_FAMILIES = ['entry', 'exit', 'read'] as const
export type CallFamily = (typeof CALL_FAMILIES)[number]

/** One HTTP call. `path` starts with `/`; `body` is sent as JSON. `timeoutMs` replaces the caller's default deadline. */
export interface HttpRequest {
  readonly family: CallFamily
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly timeoutMs?: number | undefined
  /**
   * Takes the body of an answer below 300 piece by piece instead of keeping it; made anew for each attempt. The answer's
   * `text` is then empty. A piece is only valid during the call.
   */
  readonly receiveBody?: (() => (piece: Uint8Array) => void) | undefined
  /** `never` for a read that changes something at the other end, such as a login. Entries and exits are never retried. */
  readonly retry?: 'never' | undefined
  /** Runs at the instant before the first byte is written; a throw stops the call: `not-sent`, with the error's message. */
  readonly beforeStart?: (() => void) | undefined
}

/**
 * What became of a call. `answered`: an HTTP answer of any status, as text. `not-sent`: it is certain that no byte of
 * the request left. `lost`: it may have been carried out, and the answer is gone.
 */
export type HttpOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | {
      readonly kind: 'not-sent'
      readonly reason: string
      /** We stopped it ourselves (breaker open, client closed, `beforeStart` threw), so it says nothing of the server. */
      readonly isHeldBack?: true
    }
  | { readonly kind: 'lost'; readonly reason: string }

/** One attempt of a call, for logs and metrics. `path` never carries the query, and headers are never told. */
export interface HttpCallRecord {
  readonly family: CallFamily
  readonly method: string
  readonly path: string
  readonly outcome: HttpOutcome['kind']
  readonly status?: number | undefined
  readonly reason?: string | undefined
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly tookMs: number
  readonly query?: Readonly<Record<string, string>> | undefined
  /** What was sent and what came back, secrets and all: whoever writes them down takes those out first. */
  readonly requestBody?: unknown
  readonly responseText?: string | undefined
}
