import type { Clock } from '@xts-bridge/contracts'
import { Pool } from 'undici'
import { Circuits, DEFAULT_BREAKER, isHeldBack, type BreakerOptions } from './circuits'
import type { CallFamily, HttpCallRecord, HttpOutcome, HttpRequest } from './http-call'
import { DEFAULT_RETRY, isWorthRetrying, retryDelayMs, type RetryOptions } from './read-retry'
import { attemptOnce, type PreparedRequest } from './single-attempt'

export interface HttpCallerOptions {
  /** Scheme, host and port, with an optional path that every call is put under. */
  readonly baseUrl: string
  /** False accepts any certificate; only for hosts whose chain is known to be broken. */
  readonly verifyTls: boolean
  /** Deadline of one attempt, from asking for a connection to the last byte of the answer. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** Called once per attempt that was made. */
  readonly onCall?: ((record: HttpCallRecord) => void) | undefined
  readonly retry?: Partial<RetryOptions> | undefined
  readonly breaker?: Partial<BreakerOptions> | undefined
  /** What is read, without headers, to learn whether the server answers again; any status below 500 will do. */
  readonly probePath?: string | undefined
}

/** Enough for a burst, and a bound on how many calls of one family can hang at once; the rest time out unsent. */
const CONNECTIONS: Readonly<Record<CallFamily, number>> = { entry: 16, exit: 16, read: 8 }
/** XTS hosts drop an idle connection after 65 to 75 s (MAPPING.md, "transport"); ours is gone well before. */
const IDLE_LIMIT_MS = 30_000
const CLOSED: HttpOutcome = { kind: 'not-sent', reason: 'the HTTP client is closed', isHeldBack: true }
/** The largest answer by far is an instrument list, about 21 MB. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024

/**
 * HTTP/1.1 to one server: a keep-alive pool and a breaker per call family, so that hanging entries cannot hold a cancel.
 * Reads are retried; entries and exits are sent at most once. `call` never throws for what the network does.
 */
export class HttpCaller {
  private readonly pools: Readonly<Record<CallFamily, Pool>>
  private readonly basePath: string
  private readonly circuits: Circuits
  private readonly retry: RetryOptions
  private readonly wakeSleepers = new Set<() => void>()
  private isClosed = false

  constructor(private readonly options: HttpCallerOptions) {
    const url = new URL(options.baseUrl)
    this.basePath = url.pathname.replace(/\/+$/, '')
    const pool = (family: CallFamily): Pool => new Pool(url.origin, this.poolOptions(family))
    this.pools = { entry: pool('entry'), exit: pool('exit'), read: pool('read') }
    this.retry = { ...DEFAULT_RETRY, ...options.retry }
    this.circuits = new Circuits({
      clock: options.clock,
      breaker: { ...DEFAULT_BREAKER, ...options.breaker },
      probe: () => this.attempt({ family: 'read', method: 'GET', path: options.probePath ?? '/' }, 1),
    })
  }

  /** Sends the call and answers with what became of it. */
  async call(request: HttpRequest): Promise<HttpOutcome> {
    const retries = request.family === 'read' && request.retry !== 'never' ? this.retry.retries : 0
    for (let attempt = 1; ; attempt += 1) {
      if (this.isClosed) return CLOSED
      const outcome = await this.circuits.run(request.family, () => this.attempt(request, attempt))
      if (attempt > retries || isHeldBack(outcome) || !isWorthRetrying(outcome)) return outcome
      await this.pause(retryDelayMs(this.retry, attempt))
      if (this.isClosed) return outcome
    }
  }

  /** True while calls of the family are held back (exits are let through all the same). */
  isBreakerOpen(family: CallFamily): boolean {
    return this.circuits.isOpen(family)
  }

  /** Ends every connection at once; calls under way end as `lost`. */
  async close(): Promise<void> {
    this.isClosed = true
    this.circuits.close()
    for (const wake of this.wakeSleepers) wake()
    await Promise.all(Object.values(this.pools).map((pool) => pool.destroy()))
  }

  private async attempt(request: HttpRequest, attempt: number): Promise<HttpOutcome> {
    const { clock, timeoutMs, onCall } = this.options
    const startedAtMs = clock.nowMs()
    const outcome = await attemptOnce({
      pool: this.pools[request.family],
      request: this.prepare(request),
      timeoutMs: request.timeoutMs ?? timeoutMs,
      clock,
    })
    onCall?.({
      family: request.family,
      method: request.method,
      path: this.basePath + request.path,
      outcome: outcome.kind,
      status: outcome.kind === 'answered' ? outcome.status : undefined,
      reason: outcome.kind === 'answered' ? undefined : outcome.reason,
      attempt,
      tookMs: clock.nowMs() - startedAtMs,
      query: request.query,
      requestBody: request.body,
      responseText: outcome.kind === 'answered' ? outcome.text : undefined,
    })
    return outcome
  }

  private prepare(request: HttpRequest): PreparedRequest {
    const query = new URLSearchParams(request.query).toString()
    return {
      method: request.method,
      path: this.basePath + request.path + (query === '' ? '' : `?${query}`),
      headers: {
        Accept: 'application/json',
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...request.headers,
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      beforeStart: request.beforeStart,
      receiveBody: request.receiveBody,
    }
  }

  private poolOptions(family: CallFamily): Pool.Options {
    return {
      connections: CONNECTIONS[family],
      pipelining: 1,
      keepAliveTimeout: IDLE_LIMIT_MS,
      keepAliveMaxTimeout: IDLE_LIMIT_MS,
      // The deadline of an attempt is ours alone; two clocks would give two answers.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_ANSWER_BYTES,
      allowH2: false,
      connect: { rejectUnauthorized: this.options.verifyTls, timeout: this.options.timeoutMs },
    }
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel()
        this.wakeSleepers.delete(wake)
        resolve()
      }
      const cancel = this.options.clock.after(delayMs, wake)
      this.wakeSleepers.add(wake)
    })
  }
}
