import {
  AppError,
  ENVELOPE_VERSION,
  errorFromReply,
  type Clock,
  type Ids,
  type ReplyEnvelope,
  type RequestEnvelope,
  type Subject,
} from '@xts-bridge/contracts'
import { Dealer } from 'zeromq'
import { errnoOf, isIpv6 } from './local-endpoint'
import { ServiceConnection, type CurveChoice } from './service-connection'
import { EVERY_SOCKET, RECONNECTING, REQUEST_HIGH_WATER_MARK } from './socket-options'

export interface RequestClientOptions {
  readonly endpoint: string
  readonly clock: Clock
  readonly ids: Ids
  /** Sent with every request that names no other. */
  readonly apiKey?: string | undefined
  /** Deadline of a request that names none; 5 s unless given. */
  readonly timeoutMs?: number | undefined
  /** Unless given, the keys of the process. */
  readonly curve?: CurveChoice | undefined
  /** Replies that cannot be read, a service that does not let us in, and a clock that differs from the service's by more than 250 ms. */
  onProblem?(message: string, fields: Record<string, unknown>): void
}

export interface RequestOptions {
  readonly timeoutMs?: number | undefined
  readonly clientOrderId?: string | undefined
  readonly apiKey?: string | undefined
}

interface PendingRequest {
  readonly id: string
  readonly subject: Subject
  readonly frames: string[]
  readonly sentAtMs: number
  readonly timeoutMs: number
  /** False only while it is certain that ZeroMQ does not have it. */
  isHandedOver: boolean
  settle(reply: ReplyEnvelope | AppError): void
}

const DEFAULT_TIMEOUT_MS = 5_000
/** Requests waiting for their replies; those above are refused at once. */
export const MAX_PENDING = 10_000
/** How often an unsent request looks for a connection, at first and at most. */
const FIRST_RETRY_MS = 2
const LAST_RETRY_MS = 50
const CLOCK_OFFSET_LIMIT_MS = 250

/**
 * The asking side of the bus: a DEALER with many requests in flight, answered in any order.
 *
 * `immediate` lets ZeroMQ take a message only while a connection stands, and `sendTimeout: 0` makes it say so at once.
 * A request for a service that is down therefore waits here, where its deadline can still withdraw it with certainty
 * (REQUEST_NOT_SENT: nothing was executed). With ZeroMQ's own queue it would be delivered at the reconnect, long after
 * its caller gave up. One that was handed over is REPLY_LOST at its deadline; should it arrive late after all, because
 * the service was frozen, the service refuses it by its `deadlineAtMs`.
 */
export class RequestClient {
  private readonly socket: Dealer
  /** Of this client; a request is named by it and a count, because drawing a random name for each costs more than sending it. */
  private readonly name: string
  private count = 0
  private readonly pending = new Map<string, PendingRequest>()
  private readonly unsent: PendingRequest[] = []
  private readonly connection: ServiceConnection
  private readonly reading: Promise<void>
  private isSending = false
  private isClosed = false
  private cancelRetry: (() => void) | undefined
  private hasReportedOffset = false

  /** Connects in the background; a service that is not there yet is no error until a deadline passes. */
  constructor(private readonly options: RequestClientOptions) {
    this.name = options.ids.next()
    this.socket = new Dealer({
      ...EVERY_SOCKET,
      ...RECONNECTING,
      immediate: true,
      sendTimeout: 0,
      sendHighWaterMark: REQUEST_HIGH_WATER_MARK,
      receiveHighWaterMark: REQUEST_HIGH_WATER_MARK,
      ipv6: isIpv6(options.endpoint),
    })
    this.connection = new ServiceConnection(this.socket, {
      ...{ endpoint: options.endpoint, clock: options.clock, curve: options.curve },
      onProblem: options.onProblem?.bind(options),
      onRefused: (refusal) => this.refuseUnsent(refusal),
    })
    this.connection.open()
    this.reading = this.readReplies()
  }

  /**
   * Sends one request and resolves with the `data` of its reply, which is trusted to be a T.
   * Throws the service's AppError; REPLY_LOST (unknown: it may have been executed) when no reply came in time;
   * REQUEST_NOT_SENT (unavailable) when it certainly never left, CURVE_REFUSED likewise when the service does not let us in. It is never sent twice.
   */
  request<T>(subject: Subject, data: unknown, options: RequestOptions = {}): Promise<T> {
    const { clock } = this.options
    const timeoutMs = options.timeoutMs ?? this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const sentAtMs = clock.nowMs()
    const envelope: RequestEnvelope = {
      v: ENVELOPE_VERSION,
      id: `${this.name}-${(this.count += 1)}`,
      apiKey: options.apiKey ?? this.options.apiKey,
      deadlineAtMs: Math.floor(sentAtMs + timeoutMs),
      clientOrderId: options.clientOrderId,
      data,
    }
    return new Promise<T>((resolve, reject) => {
      if (this.isClosed) return reject(notSent(subject, 'the client is closed'))
      if (this.connection.refusal !== undefined) return reject(this.connection.refusal)
      if (this.pending.size >= MAX_PENDING)
        return reject(notSent(subject, `${MAX_PENDING} requests wait already`))
      const cancelTimeout = clock.after(timeoutMs, () => this.giveUp(envelope.id))
      const settle = (reply: ReplyEnvelope | AppError): void => {
        cancelTimeout()
        this.pending.delete(envelope.id)
        if (reply instanceof AppError) reject(reply)
        else if (reply.ok) resolve(reply.data as T)
        else reject(errorFromReply(reply.error))
      }
      const frames = [subject, JSON.stringify(envelope)]
      const request = { id: envelope.id, subject, frames, sentAtMs, timeoutMs, isHandedOver: false, settle }
      this.pending.set(envelope.id, request)
      this.unsent.push(request)
      if (!this.isSending) void this.sendWaiting()
    })
  }

  /** Settles what is waiting (REPLY_LOST or REQUEST_NOT_SENT) and closes the socket. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.cancelRetry?.()
    for (const id of [...this.pending.keys()]) this.giveUp(id)
    this.connection.close()
    this.socket.close()
    await this.reading
  }

  private giveUp(id: string): void {
    const request = this.pending.get(id)
    if (request === undefined) return
    const { subject, sentAtMs } = request
    const waitedMs = this.options.clock.nowMs() - sentAtMs
    const error = request.isHandedOver
      ? new AppError('REPLY_LOST', { subject, waitedMs })
      : notSent(subject, `no service answered at ${this.options.endpoint} within ${waitedMs} ms`)
    request.settle(error)
  }

  /** The one writer of the socket. */
  private async sendWaiting(): Promise<void> {
    this.isSending = true
    let retryMs = FIRST_RETRY_MS
    for (let request = this.unsent.shift(); request !== undefined; request = this.unsent.shift()) {
      if (!this.pending.has(request.id)) continue // withdrawn at its deadline
      request.isHandedOver = true
      try {
        await this.socket.send(request.frames)
        retryMs = FIRST_RETRY_MS
      } catch (error) {
        if (!this.takeBack(request, error)) continue
        await this.pause(retryMs)
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
      }
    }
    this.isSending = false
  }

  /** The service does not let us in: waiting for the deadline would only hide why. */
  private refuseUnsent(refusal: AppError): void {
    for (const request of [...this.pending.values()]) if (!request.isHandedOver) request.settle(refusal)
  }

  /** After a failed send: puts the request back at the front when only the connection is missing. */
  private takeBack(request: PendingRequest, error: unknown): boolean {
    request.isHandedOver = false
    const { refusal } = this.connection
    if (refusal === undefined && errnoOf(error) === 'EAGAIN' && this.pending.has(request.id)) {
      this.unsent.unshift(request)
      return true
    }
    request.settle(
      refusal ?? notSent(request.subject, error instanceof Error ? error.message : String(error)),
    )
    return false
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(delayMs, resolve)
      this.cancelRetry = () => {
        cancel()
        resolve()
      }
    })
  }

  private async readReplies(): Promise<void> {
    for await (const frames of this.socket) {
      const reply = readReply(frames)
      if (reply === undefined) {
        this.options.onProblem?.('unreadable reply', {
          endpoint: this.options.endpoint,
          frames: frames.length,
        })
        continue
      }
      // A reply to a request that was given up is of no use to anyone any more.
      const request = this.pending.get(reply.id)
      if (request === undefined) continue
      this.compareClocks(reply, request)
      request.settle(reply)
    }
  }

  private compareClocks(reply: ReplyEnvelope, request: PendingRequest): void {
    const now = this.options.clock.nowMs()
    const aheadMs = Math.max(reply.atMs - now, request.sentAtMs - reply.atMs)
    if (aheadMs <= CLOCK_OFFSET_LIMIT_MS || this.hasReportedOffset) return
    this.hasReportedOffset = true
    this.options.onProblem?.('clock differs from the service', { endpoint: this.options.endpoint, aheadMs })
  }
}

function notSent(subject: Subject, reason: string): AppError {
  return new AppError('REQUEST_NOT_SENT', { subject, reason })
}

function readReply(frames: readonly Buffer[]): ReplyEnvelope | undefined {
  try {
    const reply: unknown = JSON.parse(String(frames.at(-1)))
    if (typeof reply !== 'object' || reply === null || !('id' in reply) || !('ok' in reply)) return undefined
    return reply as ReplyEnvelope
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
