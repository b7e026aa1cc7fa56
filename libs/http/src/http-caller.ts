import type { Clock } from '@xts-bridge/contracts'
import type { HttpCallRecord, HttpOutcome, HttpRequest } from './http-call'

export interface HttpCallerOptions {
  /** Scheme, host and port, with an optional path that every call is put under. */
  readonly baseUrl: string
  readonly verifyTls: boolean
  /** Deadline of one attempt. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly onCall?: ((record: HttpCallRecord) => void) | undefined
}

export declare class HttpCaller {
  constructor(options: HttpCallerOptions)
  call(request: HttpRequest): Promise<HttpOutcome>
  close(): Promise<void>
}
