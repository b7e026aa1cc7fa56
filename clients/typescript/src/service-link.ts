import { randomBytes } from 'node:crypto'
import {
  AppError,
  ENVELOPE_VERSION,
  errorFromReply,
  type ReplyEnvelope,
  type RequestEnvelope,
  type Subject,
} from '@xts-bridge/contracts'
import { Dealer } from 'zeromq'
import { HouseConnection, type HouseConnectionOptions } from './house-connection'

export interface AskOptions {
  /** Milliseconds until the request is refused by the service and given up here. */
  readonly timeoutMs?: number | undefined
  readonly clientOrderId?: string | undefined
}

interface Waiting {
  readonly id: string
  readonly subject: Subject
  readonly frames: string[]
  readonly askedAtMs: number
  /** False only while it is certain that ZeroMQ does not have it. */
  isHandedOver: boolean
  settle(reply: ReplyEnvelope | AppError): void
}

const RETRY_MS = 10

/** 16 random characters, enough that no two requests or orders ever share one. */
export function newId(): string {
  return randomBytes(12).toString('base64url')
}

/**
 * One connection to one service, with any number of requests in flight. A request waits here, not in ZeroMQ, while the
 * service cannot be reached, so that giving it up then is certain: REQUEST_NOT_SENT. Once sent, it is REPLY_LOST.
 */
export class ServiceLink {
  private readonly socket = new Dealer({
    linger: 0,
    immediate: true,
    sendTimeout: 0,
    sendHighWaterMark: 10_000,
    receiveHighWaterMark: 10_000,
    reconnectInterval: 50,
    reconnectMaxInterval: 1_000,
    heartbeatInterval: 2_000,
    heartbeatTimeout: 6_000,
  })
  private readonly name = newId()
  private count = 0
  private readonly waiting = new Map<string, Waiting>()
  private readonly unsent: Waiting[] = []
  private readonly connection: HouseConnection
  private readonly reading: Promise<void>
  private isSending = false
  private isClosed = false

  constructor(
    private readonly options: Omit<HouseConnectionOptions, 'onRefused'>,
    private readonly apiKey: string,
    private readonly timeoutMs: number,
  ) {
    const onRefused = (refusal: AppError): void => this.refuseUnsent(refusal)
    this.connection = new HouseConnection(this.socket, { ...options, onRefused })
    this.reading = this.readReplies()
  }

  /** Throws the service's AppError, REQUEST_NOT_SENT, CURVE_REFUSED (not sent either) or REPLY_LOST. Never sends twice. */
  ask<T>(subject: Subject, data: unknown, options: AskOptions = {}): Promise<T> {
    const timeoutMs = options.timeoutMs ?? this.timeoutMs
    const askedAtMs = Date.now()
    const envelope: RequestEnvelope = {
      v: ENVELOPE_VERSION,
      id: `${this.name}-${(this.count += 1)}`,
      apiKey: this.apiKey,
      deadlineAtMs: Math.floor(askedAtMs + timeoutMs),
      clientOrderId: options.clientOrderId,
      data,
    }
    return new Promise<T>((resolve, reject) => {
      if (this.isClosed)
        return reject(new AppError('REQUEST_NOT_SENT', { subject, reason: 'the client is closed' }))
      if (this.connection.refusal !== undefined) return reject(this.connection.refusal)
      const timer = setTimeout(() => this.giveUp(envelope.id), timeoutMs)
      const settle = (reply: ReplyEnvelope | AppError): void => {
        clearTimeout(timer)
        this.waiting.delete(envelope.id)
        if (reply instanceof AppError) reject(reply)
        else if (reply.ok) resolve(reply.data as T)
        else reject(errorFromReply(reply.error))
      }
      const frames = [subject, JSON.stringify(envelope)]
      const request = { id: envelope.id, subject, frames, askedAtMs, isHandedOver: false, settle }
      this.waiting.set(request.id, request)
      this.unsent.push(request)
      if (!this.isSending) void this.sendWaiting()
    })
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    for (const id of [...this.waiting.keys()]) this.giveUp(id)
    this.connection.close()
    this.socket.close()
    await this.reading
  }

  private giveUp(id: string): void {
    const request = this.waiting.get(id)
    if (request === undefined) return
    const { subject, askedAtMs, isHandedOver } = request
    const waitedMs = Date.now() - askedAtMs
    const reason = `no service answered at ${this.options.endpoint} within ${waitedMs} ms`
    request.settle(
      isHandedOver
        ? new AppError('REPLY_LOST', { subject, waitedMs })
        : new AppError('REQUEST_NOT_SENT', { subject, reason }),
    )
  }

  /** The house does not let us in: waiting for the deadline would only hide why. */
  private refuseUnsent(refusal: AppError): void {
    for (const request of [...this.waiting.values()]) if (!request.isHandedOver) request.settle(refusal)
  }

  private async sendWaiting(): Promise<void> {
    this.isSending = true
    for (let request = this.unsent.shift(); request !== undefined; request = this.unsent.shift()) {
      if (!this.waiting.has(request.id)) continue
      request.isHandedOver = true
      try {
        await this.socket.send(request.frames)
      } catch {
        // No connection yet (or the link was closed, and then nothing waits any more): it stays first in line.
        request.isHandedOver = false
        const { refusal } = this.connection
        if (refusal === undefined) this.unsent.unshift(request)
        else request.settle(refusal)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    this.isSending = false
  }

  private async readReplies(): Promise<void> {
    for await (const frames of this.socket) {
      const reply = parseReply(frames)
      if (reply !== undefined) this.waiting.get(reply.id)?.settle(reply)
    }
  }
}

/** Undefined for what is no reply; its request then runs into its deadline. */
function parseReply(frames: readonly Buffer[]): ReplyEnvelope | undefined {
  try {
    const reply: unknown = JSON.parse(String(frames.at(-1)))
    if (typeof reply !== 'object' || reply === null || !('id' in reply) || !('ok' in reply)) return undefined
    return reply as ReplyEnvelope
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
