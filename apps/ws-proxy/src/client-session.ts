import { authorise } from '@xts-bridge/access'
import { AppError, type Caller, type Clock } from '@xts-bridge/contracts'
import { ClientOutbox, type OutboxLimits, type OutgoingSocket } from './client-outbox'
import { ClientError, type ClientRequest, type NamedSymbol, type UnsubscribedSymbol } from './client-request'
import { HeldTopics } from './held-topics'
import { parseClientFrame } from './parse-client-frame'
import type { FeedState, ServerFrames } from './server-frames'
import { resolveSymbols, type SymbolLookup } from './resolve-symbols'
import type { TopicHub, TopicReader } from './topic-hub'

/** The part of a WebSocket that a session drives. */
export interface ClientSocket extends OutgoingSocket {
  close(code: number, reason: string): void
  pause(): void
  resume(): void
}

export interface SessionLimits extends OutboxLimits {
  readonly authGraceMs: number
  readonly maxTopics: number
  /** Requests of one client that may wait; above, its socket is not read until they are done. */
  readonly maxWaitingRequests: number
}

/** What all sessions of one proxy share. */
export interface SessionServices {
  readonly clock: Clock
  readonly hub: TopicHub
  readonly frames: ServerFrames
  readonly limits: SessionLimits
  readonly verifyKey: (apiKey: string) => Promise<Caller>
  readonly symbols: SymbolLookup
  readonly feedState: () => FeedState
  readonly onRefused: (code: string) => void
  readonly onProblem: (message: string, error: unknown) => void
}

/** Private close code of the ecosystem for everything about keys. */
export const CLOSE_UNAUTHORISED = 4401
const CLOSE_TRY_LATER = 1013

/** One client: its requests strictly in order, its key, and the topics it holds. */
export class ClientSession implements TopicReader {
  private readonly outbox: ClientOutbox
  private readonly held: HeldTopics
  private readonly inbox: string[] = []
  private readonly cancelGrace: () => void
  private isWorking = false
  private isPaused = false
  private isEnded = false
  private who: { readonly caller: Caller; readonly apiKey: string } | undefined
  private wantsOrders = false

  constructor(
    private readonly socket: ClientSocket,
    private readonly services: SessionServices,
  ) {
    const { limits, clock, hub } = services
    this.held = new HeldTopics(this, hub, limits.maxTopics)
    this.outbox = new ClientOutbox({
      socket,
      limits,
      onOverflow: () => this.close(CLOSE_TRY_LATER, 'too slow for its answers'),
    })
    this.cancelGrace = clock.after(limits.authGraceMs, () => this.close(CLOSE_UNAUTHORISED, 'auth timeout'))
  }

  /** Undefined until authenticated. */
  get caller(): Caller | undefined {
    return this.who?.caller
  }

  get hasOrderUpdates(): boolean {
    return this.wantsOrders
  }

  get counts(): { readonly topics: number; readonly sent: number; readonly conflated: number } {
    return {
      topics: this.held.size,
      sent: this.outbox.sentCount,
      conflated: this.outbox.conflatedCount,
    }
  }

  /** One frame of the client; answered after all frames before it. */
  receive(text: string): void {
    if (this.isEnded) return
    this.inbox.push(text)
    if (this.inbox.length >= this.services.limits.maxWaitingRequests && !this.isPaused) {
      this.isPaused = true
      this.socket.pause()
    }
    if (!this.isWorking) void this.work()
  }

  sendTick(topic: string, frame: Buffer): void {
    this.outbox.sendTick(topic, frame)
  }

  /** Sends a frame that must not be dropped. */
  send(frame: string): void {
    if (!this.isEnded) this.outbox.send(frame)
  }

  /** Asks whether the key is still good, so that a revocation whose event was lost ends the session all the same. */
  async recheckKey(): Promise<void> {
    if (this.who === undefined) return
    try {
      await this.services.verifyKey(this.who.apiKey)
    } catch (error) {
      if (error instanceof AppError && error.code === 'KEY_INVALID') this.revoked()
    }
  }

  revoked(): void {
    this.close(CLOSE_UNAUTHORISED, 'key revoked')
  }

  close(code: number, reason: string): void {
    if (this.isEnded) return
    this.services.onRefused(reason)
    this.ended()
    this.socket.close(code, reason)
  }

  /** The socket is gone, or is going: nothing more is answered or sent. */
  ended(): void {
    this.isEnded = true
    this.cancelGrace()
    this.inbox.length = 0
    this.wantsOrders = false
    this.held.releaseAll()
  }

  private async work(): Promise<void> {
    this.isWorking = true
    for (let text = this.inbox.shift(); text !== undefined; text = this.inbox.shift()) {
      const answer = await this.answer(text)
      this.send(answer.frame)
      if (!this.isEnded) answer.andThen?.()
    }
    this.isWorking = false
    if (this.isPaused) this.socket.resume()
    this.isPaused = false
  }

  private async answer(text: string): Promise<Answer> {
    try {
      return await this.answerRequest(this.parse(text))
    } catch (error) {
      if (!(error instanceof ClientError)) this.services.onProblem('request failed', error)
      const shown =
        error instanceof ClientError
          ? error
          : new ClientError('PROCESSING_ERROR', 'The request could not be processed')
      this.services.onRefused(shown.code)
      return { frame: this.services.frames.error(shown) }
    }
  }

  /** Who has not authenticated is told that first, whatever else is wrong with a request that needs it. */
  private parse(text: string): ClientRequest {
    try {
      return parseClientFrame(text)
    } catch (error) {
      const isAboutContent = error instanceof ClientError && /^INVALID_(MODE|PARAMETERS)$/.test(error.code)
      if (isAboutContent && this.who === undefined) throw notAuthenticated(error.requestId)
      throw error
    }
  }

  private async answerRequest(request: ClientRequest): Promise<Answer> {
    const { frames, clock } = this.services
    const { requestId } = request
    if (request.verb === 'ping') return { frame: frames.pong(clock.nowMs(), request, requestId) }
    if (request.verb === 'supported-brokers') return { frame: frames.supportedBrokers(requestId) }
    if (request.verb === 'authenticate') return this.authenticate(request.apiKey, requestId)
    if (this.who === undefined) throw notAuthenticated(requestId)
    return this.answerKnown(request, this.who.caller)
  }

  private answerKnown(request: AuthenticatedRequest, caller: Caller): Answer {
    const { frames, feedState } = this.services
    const { requestId } = request
    switch (request.verb) {
      case 'subscribe':
        return this.subscribe(request.symbols, request)
      case 'unsubscribe':
        return this.unsubscribe(request.symbols, requestId)
      case 'unsubscribe-all':
        return { frame: frames.unsubscribed(this.held.releaseAll(), requestId) }
      case 'subscribe-orders':
        return this.subscribeOrders(caller, requestId)
      case 'unsubscribe-orders':
        this.wantsOrders = false
        return { frame: frames.ordersSubscribed(false, requestId) }
      case 'broker-info':
        return { frame: frames.brokerInfo(caller.name, feedState(), requestId) }
    }
  }

  private async authenticate(apiKey: string, requestId: unknown): Promise<Answer> {
    const caller = await this.admit(apiKey, requestId)
    this.who = { caller, apiKey }
    this.cancelGrace()
    const { frames, feedState } = this.services
    return { frame: frames.authenticated(caller.name, feedState(), requestId) }
  }

  private async admit(apiKey: string, requestId: unknown): Promise<Caller> {
    try {
      const caller = await this.services.verifyKey(apiKey)
      authorise(caller, 'market.quotes', {})
      return caller
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const message = error.code === 'KEY_INVALID' ? 'Invalid API key' : error.message
      throw new ClientError('AUTHENTICATION_ERROR', message, requestId)
    }
  }

  private subscribe(
    symbols: readonly NamedSymbol[],
    { mode, requestId }: Extract<ClientRequest, { verb: 'subscribe' }>,
  ): Answer {
    const { frames, limits } = this.services
    const { rows, topics } = resolveSymbols(symbols, mode, {
      lookup: this.services.symbols,
      hasRoomFor: (added, topic) => this.held.hasRoomFor(added, topic),
      maxTopics: limits.maxTopics,
    })
    // The answer goes out before the first tick, which may be at hand already.
    return { frame: frames.subscribed(rows, requestId), andThen: () => this.held.hold(topics) }
  }

  private unsubscribe(symbols: readonly UnsubscribedSymbol[], requestId: unknown): Answer {
    for (const { symbol, exchange, mode } of symbols) {
      for (const topic of this.held.topicsOf(symbol, exchange, mode)) {
        this.held.release(topic)
        this.outbox.forget(topic)
      }
    }
    return { frame: this.services.frames.unsubscribed(symbols, requestId) }
  }

  private subscribeOrders(caller: Caller, requestId: unknown): Answer {
    if (!caller.scopes.includes('order.read'))
      throw new ClientError(
        'AUTHENTICATION_ERROR',
        'The API key does not have the scope "order.read"',
        requestId,
      )
    return {
      frame: this.services.frames.ordersSubscribed(true, requestId),
      andThen: () => {
        this.wantsOrders = true
      },
    }
  }
}

type AuthenticatedRequest = Exclude<ClientRequest, { verb: 'ping' | 'supported-brokers' | 'authenticate' }>

/** An answer, and what begins once it was sent. */
interface Answer {
  readonly frame: string
  readonly andThen?: () => void
}

function notAuthenticated(requestId: unknown): ClientError {
  return new ClientError('NOT_AUTHENTICATED', 'You must authenticate first', requestId)
}
