import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices'
import {
  AppError,
  errorReply,
  isSubject,
  okReply,
  parseRequestEnvelope,
  salvageRequestId,
  type Clock,
  type RequestEnvelope,
  type Subject,
} from '@xts-bridge/contracts'
import { isObservable, lastValueFrom } from 'rxjs'
import { Router } from 'zeromq'
import { bindEndpoint } from './bind-endpoint'
import type { BusRequest, RequestDoor } from './bus-request'
import { Exchange, type AnsweredRequest } from './exchange'
import { frameProblem, replyFrames, splitRequestFrames, type FramedRequest } from './frames'
import { isIpv6 } from './local-endpoint'
import { SendQueue } from './send-queue'
import { EVERY_SOCKET, REQUEST_HIGH_WATER_MARK } from './socket-options'

export interface ZmqServerOptions {
  /** Loopback or ipc, with CURVE any address in numbers; `tcp://127.0.0.1:*` lets the system choose a port. */
  readonly endpoint: string
  /** Name of the setting that changes the endpoint, for the message when it is taken. */
  readonly endpointSetting: string
  readonly clock: Clock
  readonly door: RequestDoor
  onProblem?(message: string, fields: Record<string, unknown>): void
  onAnswered?(answered: AnsweredRequest): void
  /** Longest time a handler may take when the caller gave no deadline; 30 s unless given. */
  readonly handlingLimitMs?: number
  /** Longest time `close` waits for handlers that have begun; 3 s unless given. */
  readonly drainMs?: number
}

/** Bodies above this are refused unread. */
export const MAX_BODY_BYTES = 1_048_576
/** Requests answered at the same time; those above are refused at once. */
export const MAX_IN_FLIGHT = 10_000
/** ZeroMQ drops the connection of a peer that sends more, before it is in memory: such a peer gets no reply. */
const MAX_MESSAGE_BYTES = 16 * MAX_BODY_BYTES
/** Longest time close waits for the last replies to leave. */
const LAST_REPLIES_LINGER_MS = 500
const DEFAULT_HANDLING_LIMIT_MS = 30_000
const DEFAULT_DRAIN_MS = 3_000

/** Counters since start. */
export interface ServerCounters {
  readonly inFlight: number
  /** Replies whose peer had gone or no longer read. */
  readonly undeliverableReplies: number
}

/**
 * The request side of the bus as a Nest transport: a ROUTER that gives every request exactly one reply, many in flight.
 * Handlers are `@MessagePattern('order.place') m(@Payload() data: unknown, @Ctx() request: BusRequest)`.
 */
export class ZmqServer extends Server implements CustomTransportStrategy {
  private readonly socket: Router
  private readonly replies: SendQueue
  private readonly inFlight = new Set<Exchange>()
  private whenDrained: (() => void) | undefined
  private isStopping = false
  private undeliverable = 0
  private reading: Promise<void> = Promise.resolve()
  private bound = ''

  constructor(private readonly options: ZmqServerOptions) {
    super()
    this.socket = new Router({
      ...EVERY_SOCKET,
      // Both, or a reply to a peer that left never settles and blocks every reply behind it.
      mandatory: true,
      sendTimeout: 0,
      sendHighWaterMark: REQUEST_HIGH_WATER_MARK,
      receiveHighWaterMark: REQUEST_HIGH_WATER_MARK,
      maxMessageSize: MAX_MESSAGE_BYTES,
      ipv6: isIpv6(options.endpoint),
    })
    this.replies = new SendQueue(this.socket, () => {
      this.undeliverable += 1
    })
  }

  /** The endpoint that was bound; empty before `listen`. */
  get boundEndpoint(): string {
    return this.bound
  }

  get counters(): ServerCounters {
    return { inFlight: this.inFlight.size, undeliverableReplies: this.undeliverable }
  }

  /** Binds and begins to answer. Hands ENDPOINT_TAKEN, ENDPOINT_NOT_LOCAL or CURVE_KEYS_UNUSABLE to the callback. */
  listen(callback: (error?: unknown) => void): void {
    bindEndpoint(this.socket, this.options.endpoint, this.options.endpointSetting).then(
      (bound) => {
        this.bound = bound
        this.reading = this.readRequests()
        callback()
      },
      (error: unknown) => {
        this.socket.close()
        callback(error)
      },
    )
  }

  /**
   * Refuses what has not begun (SERVICE_STOPPING), lets begun handlers end within `drainMs`, answers the rest REPLY_LOST
   * because they may have acted, and closes the socket. The process can exit afterwards.
   */
  async close(): Promise<void> {
    if (this.isStopping || this.socket.closed) return
    this.isStopping = true
    for (const exchange of this.inFlight) {
      if (!exchange.isHandling) this.answerError(exchange, new AppError('SERVICE_STOPPING'))
    }
    await this.drained()
    for (const exchange of this.inFlight) this.answerError(exchange, this.replyLost(exchange))
    await this.replies.idle()
    this.socket.linger = LAST_REPLIES_LINGER_MS
    // Never unbind a socket that is being read: zeromq 6.8 unbinds in another thread, and the process crashes now and then.
    this.socket.close()
    await this.reading
  }

  /** A ROUTER has no events of its own to listen to; problems go to `onProblem`. */
  override on(): this {
    return this
  }

  override unwrap<T>(): T {
    return this.socket as T
  }

  private async readRequests(): Promise<void> {
    for await (const frames of this.socket) this.accept(frames)
  }

  private accept(frames: readonly Buffer[]): void {
    const framed = splitRequestFrames(frames)
    const exchange = new Exchange(framed.route, this.options.clock.nowMs())
    this.inFlight.add(exchange)
    this.perform(exchange, framed).then(
      (data) => this.answerOk(exchange, data),
      (error: unknown) => this.answerError(exchange, error),
    )
  }

  private async perform(exchange: Exchange, framed: FramedRequest): Promise<unknown> {
    const envelope = openEnvelope(exchange, framed)
    this.refuseWhenFull()
    const { subject, handler } = this.handlerOf(String(framed.content[0]))
    exchange.subject = subject
    const { deadlineAtMs } = envelope
    this.refuseLate(deadlineAtMs)
    this.answerAtDeadline(exchange, deadlineAtMs)
    const caller = await this.options.door.admit({ subject, apiKey: envelope.apiKey, data: envelope.data })
    if (exchange.isAnswered) return undefined
    this.refuseLate(deadlineAtMs)
    exchange.isHandling = true
    const answer: unknown = await handler(envelope.data, this.contextOf(envelope, subject, caller))
    return isObservable(answer) ? lastValueFrom(answer, { defaultValue: undefined }) : answer
  }

  private refuseWhenFull(): void {
    if (this.isStopping) throw new AppError('SERVICE_STOPPING')
    if (this.inFlight.size > MAX_IN_FLIGHT) {
      throw new AppError('NOT_READY', { missing: `${MAX_IN_FLIGHT} requests are in flight already` })
    }
  }

  /** Nest's own lookup parses every name as JSON in a try and catch; subjects are plain strings. */
  private handlerOf(subject: string): { subject: Subject; handler: MessageHandler } {
    const handler = this.messageHandlers.get(subject)
    if (handler !== undefined && isSubject(subject)) return { subject, handler }
    throw new AppError('SUBJECT_UNKNOWN', { subject: subject.slice(0, 64) })
  }

  private refuseLate(deadlineAtMs: number | undefined): void {
    if (deadlineAtMs === undefined) return
    const lateByMs = this.options.clock.nowMs() - deadlineAtMs
    if (lateByMs >= 0) throw new AppError('DEADLINE_EXPIRED', { lateByMs })
  }

  private answerAtDeadline(exchange: Exchange, deadlineAtMs: number | undefined): void {
    const { clock, handlingLimitMs = DEFAULT_HANDLING_LIMIT_MS } = this.options
    const delayMs = deadlineAtMs === undefined ? handlingLimitMs : deadlineAtMs - clock.nowMs()
    exchange.alarm(
      clock.after(delayMs, () => {
        const error = exchange.isHandling
          ? this.replyLost(exchange)
          : new AppError('DEADLINE_EXPIRED', { lateByMs: 0 })
        this.answerError(exchange, error)
      }),
    )
  }

  private replyLost(exchange: Exchange): AppError {
    const waitedMs = this.options.clock.nowMs() - exchange.arrivedAtMs
    return new AppError('REPLY_LOST', { subject: exchange.subject, waitedMs })
  }

  private contextOf(envelope: RequestEnvelope, subject: Subject, caller: BusRequest['caller']): BusRequest {
    const { id, clientOrderId, deadlineAtMs } = envelope
    const { clock } = this.options
    const remainingMs = (): number =>
      deadlineAtMs === undefined ? Infinity : Math.max(0, deadlineAtMs - clock.nowMs())
    return { id, subject, caller, clientOrderId, deadlineAtMs, remainingMs }
  }

  private answerOk(exchange: Exchange, data: unknown): void {
    if (exchange.isAnswered) return
    try {
      this.reply(
        exchange,
        JSON.stringify(okReply(exchange.id, this.options.clock.nowMs(), data ?? null)),
        'ok',
      )
    } catch (cause) {
      this.answerError(exchange, cause)
    }
  }

  private answerError(exchange: Exchange, thrown: unknown): void {
    if (exchange.isAnswered) return
    const error = thrown instanceof AppError ? thrown : this.internal(exchange, thrown)
    const envelope = errorReply(exchange.id, this.options.clock.nowMs(), error)
    this.reply(exchange, JSON.stringify(envelope), error.code)
  }

  /** The caller gets the id alone; what went wrong is for the log. */
  private internal(exchange: Exchange, thrown: unknown): AppError {
    const { id, subject } = exchange
    this.options.onProblem?.('request handler failed', { id, subject, error: asError(thrown) })
    return new AppError('INTERNAL', { id }, { cause: thrown })
  }

  private reply(exchange: Exchange, body: string, outcome: AnsweredRequest['outcome']): void {
    if (!exchange.claim()) return
    this.replies.push(replyFrames(exchange.route, body))
    this.inFlight.delete(exchange)
    if (this.inFlight.size === 0) this.whenDrained?.()
    const tookMs = this.options.clock.nowMs() - exchange.arrivedAtMs
    this.options.onAnswered?.({ subject: exchange.subject, tookMs, outcome })
  }

  private drained(): Promise<void> {
    if (this.inFlight.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(this.options.drainMs ?? DEFAULT_DRAIN_MS, resolve)
      this.whenDrained = () => {
        cancel()
        resolve()
      }
    })
  }
}

function openEnvelope(exchange: Exchange, framed: FramedRequest): RequestEnvelope {
  const problem = frameProblem(framed.content, MAX_BODY_BYTES)
  if (problem !== undefined) throw new AppError('ENVELOPE_MALFORMED', { problem })
  const body = String(framed.content[1])
  try {
    const envelope = parseRequestEnvelope(body)
    exchange.id = envelope.id
    return envelope
  } catch (error) {
    exchange.id = salvageRequestId(body).slice(0, 64)
    throw error
  }
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error(`something that is no Error was thrown: ${JSON.stringify(thrown)}`)
}
