import type { Clock } from '@xts-bridge/contracts'
import type { Dispatcher } from 'undici'
import type { HttpOutcome } from './http-call'

/** A request in the form the pool takes. */
export interface PreparedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly beforeStart?: (() => void) | undefined
  readonly receiveBody?: (() => (piece: Uint8Array) => void) | undefined
}

interface AttemptOptions {
  readonly pool: Dispatcher
  readonly request: PreparedRequest
  readonly timeoutMs: number
  readonly clock: Clock
}

/** Sends once, within the deadline. Never throws: what happened is the outcome. */
export function attemptOnce(options: AttemptOptions): Promise<HttpOutcome> {
  return new Promise((resolve) => new SingleAttempt(options, resolve).begin())
}

/**
 * Listens to the pool at the level below `request()`, because only there can it be seen whether a request was handed to
 * a socket: the pool calls `onRequestStart` right before it writes the first byte, and never before that.
 */
class SingleAttempt implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined
  private isSettled = false
  private status = 0
  private readonly chunks: Buffer[] = []
  private receive: ((piece: Uint8Array) => void) | undefined
  private cancelDeadline = (): void => undefined

  constructor(
    private readonly options: AttemptOptions,
    private readonly resolve: (outcome: HttpOutcome) => void,
  ) {}

  begin(): void {
    const { pool, request, timeoutMs, clock } = this.options
    this.cancelDeadline = clock.after(timeoutMs, () => this.stopAtDeadline())
    try {
      pool.dispatch(request, this)
    } catch (error) {
      this.settle(this.failure(describe(error)))
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The pool starts a request anew when its connection died in a way it takes for harmless. An order that may already
    // be at the broker must not go out twice, so the second start is stopped before it writes; reads are retried above.
    const isSecondStart = this.controller !== undefined
    if (this.isSettled || isSecondStart) {
      controller.abort(new Error('the connection was lost while the request was under way'))
      return
    }
    try {
      this.options.request.beforeStart?.()
    } catch (error) {
      this.settle({ kind: 'not-sent', reason: describe(error), isHeldBack: true })
      // Thrown on, because the pool then drops the request before writing and keeps the connection.
      throw error
    }
    this.controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.status = statusCode
    if (statusCode < 300 && !this.isSettled) this.receive = this.options.request.receiveBody?.()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.receive === undefined) this.chunks.push(chunk)
    else if (!this.isSettled) this.receive(chunk)
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.chunks).toString('utf8')
    this.settle({ kind: 'answered', status: this.status, text })
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.settle(this.failure(describe(error)))
  }

  private stopAtDeadline(): void {
    const { timeoutMs } = this.options
    const what = this.controller === undefined ? 'no connection' : 'no complete answer'
    const reason = `${what} within ${timeoutMs} ms`
    this.settle(this.failure(reason))
    this.controller?.abort(new Error(reason))
  }

  private failure(reason: string): HttpOutcome {
    return { kind: this.controller === undefined ? 'not-sent' : 'lost', reason }
  }

  private settle(outcome: HttpOutcome): void {
    if (this.isSettled) return
    this.isSettled = true
    this.cancelDeadline()
    this.resolve(outcome)
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} (${code})`
}
