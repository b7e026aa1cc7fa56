import type { ErrorCode } from '@xts-bridge/contracts'

/** One request between its arrival and its only reply. */
export class Exchange {
  /** The caller's id; empty until one could be read. */
  id = ''
  /** Name for metrics: a subject of the table, or `unknown`, so that callers cannot invent labels. */
  subject = 'unknown'
  /** Once a handler has begun, nobody may say any more that the request was not executed. */
  isHandling = false
  isAnswered = false
  private cancelAlarm: (() => void) | undefined

  constructor(
    readonly route: readonly Buffer[],
    readonly arrivedAtMs: number,
  ) {}

  /** Keeps the alarm that answers for a handler that does not; it is cancelled with the reply. */
  alarm(cancel: () => void): void {
    this.cancelAlarm = cancel
  }

  /** True for the first caller only: whoever gets true sends the reply. */
  claim(): boolean {
    if (this.isAnswered) return false
    this.isAnswered = true
    this.cancelAlarm?.()
    return true
  }
}

/** What became of a request, for logs and metrics. */
export interface AnsweredRequest {
  readonly subject: string
  readonly tookMs: number
  readonly outcome: 'ok' | ErrorCode
}
