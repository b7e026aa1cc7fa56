import type { Clock } from '@xts-bridge/contracts'
import { BrokerConnection, textOf, type ConnectionOptions } from './broker-connection'
import { isSessionText } from './envelope'
import type { TokenSource, XtsToken } from './model'

export interface SupervisedSocketOptions {
  readonly clock: Clock
  readonly token: TokenSource
  readonly connection: (token: XtsToken) => ConnectionOptions
  readonly onJoined: () => void
  readonly onEvent: (event: string, payload: unknown) => void
  readonly onLogout: (reason: string, epoch: number) => void
  /** `refusedEpoch`: the broker refused the token of this epoch. */
  readonly onDown: (reason: string, refusedEpoch?: number) => void
  readonly onComplaint: (text: string) => void
  /** So many attempts in a row have failed; told once, until one is joined again. */
  readonly onStruggling?: ((attempts: number, reason: string) => void) | undefined
  /** The handshake itself was refused; `protocol` of the next connection may be another once this is done. */
  readonly onHandshakeRefused?: (() => Promise<void>) | undefined
  /** Chance in [0, 1), as a port. */
  readonly random?: (() => number) | undefined
}

const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 30_000
const JITTER = 0.25
/** From opening to joined. */
const JOIN_TIMEOUT_MS = 10_000
/** A connection that lived this long was a good one; after it the delays start small again. */
const GOOD_LIFE_MS = 10_000
/** Attempts that fail in a row before somebody should be told. */
const STRUGGLING_AFTER = 5
/** How often to look for a token, or for a new one after the last was refused. */
const TOKEN_POLL_MS = 500
/** What the client says of an HTTP answer in place of a socket. */
const REFUSED_HANDSHAKE = /server response: 40[13]/
/** A refused handshake, as a proxy or a newer server says it; the latter writes plain HTTP into the open WebSocket. */
const BAD_HANDSHAKE = /server response: 400|invalid websocket frame/i

/**
 * Keeps one connection to the broker up, for ever: it opens, watches, and opens anew after 0.5, 1, 2, 4 … 30 s with
 * jitter. The token is read at each attempt; without one, or with the one that was just refused, it waits.
 */
export class SupervisedSocket {
  private connection: BrokerConnection | undefined
  private joinedAtMs: number | undefined
  private failures = 0
  private refused: { readonly epoch: number; readonly untilMs: number } | undefined
  private cancelTimer = (): void => undefined
  private isStarted = false
  private isClosed = false

  constructor(private readonly options: SupervisedSocketOptions) {}

  /** True from the broker's `joined` until the connection is lost. */
  get isLive(): boolean {
    return this.joinedAtMs !== undefined
  }

  start(): void {
    if (this.isStarted || this.isClosed) return
    this.isStarted = true
    this.open()
  }

  /** Ends it for good; nothing is reported after this. */
  close(): void {
    this.isClosed = true
    this.dropConnection()
  }

  private open(): void {
    const token = this.options.token()
    if (token === undefined || this.isRefused(token)) {
      this.later(TOKEN_POLL_MS, () => this.open())
      return
    }
    this.later(JOIN_TIMEOUT_MS, () => this.down(`not joined within ${JOIN_TIMEOUT_MS} ms`, token))
    this.connection = new BrokerConnection(this.options.connection(token), {
      onJoined: () => this.joined(),
      onEvent: (event, payload) => this.take(event, payload, token),
      onEnded: (reason) => this.down(reason, token),
      onComplaint: (text) => this.complain(text, token),
    })
  }

  private joined(): void {
    if (this.isLive) return
    this.cancelTimer()
    this.joinedAtMs = this.options.clock.nowMs()
    this.refused = undefined
    this.options.onJoined()
  }

  private take(event: string, payload: unknown, token: XtsToken): void {
    if (event !== 'logout') {
      this.options.onEvent(event, payload)
      return
    }
    // After a logout the broker keeps the connection alive and sends nothing more on it.
    const reason = textOf(payload)
    this.refuse(token)
    this.options.onLogout(reason, token.epoch)
    // The dead epoch is told once, whatever words the logout came with.
    this.ended(`logged out: ${reason}`, undefined)
  }

  private complain(text: string, token: XtsToken): void {
    if (isSessionText(text)) this.down(text, token)
    else this.options.onComplaint(text)
  }

  private down(reason: string, token: XtsToken): void {
    const isRefused = isSessionText(reason) || REFUSED_HANDSHAKE.test(reason)
    if (isRefused) this.refuse(token)
    this.ended(reason, isRefused ? token.epoch : undefined)
  }

  private ended(reason: string, refusedEpoch: number | undefined): void {
    if (this.isClosed) return
    const livedMs = this.joinedAtMs === undefined ? 0 : this.options.clock.nowMs() - this.joinedAtMs
    this.dropConnection()
    this.failures = livedMs >= GOOD_LIFE_MS ? 1 : this.failures + 1
    if (BAD_HANDSHAKE.test(reason)) void this.options.onHandshakeRefused?.()
    this.later(this.delayMs(), () => this.open())
    this.options.onDown(reason, refusedEpoch)
    if (this.failures === STRUGGLING_AFTER) this.options.onStruggling?.(this.failures, reason)
  }

  private dropConnection(): void {
    this.cancelTimer()
    this.joinedAtMs = undefined
    this.connection?.retire()
    this.connection = undefined
  }

  /** The same token is tried again after a while all the same: the broker may have refused in error. */
  private refuse(token: XtsToken): void {
    this.refused = { epoch: token.epoch, untilMs: this.options.clock.nowMs() + MAX_DELAY_MS }
  }

  private isRefused(token: XtsToken): boolean {
    if (this.refused === undefined) return false
    return token.epoch === this.refused.epoch && this.options.clock.nowMs() < this.refused.untilMs
  }

  private delayMs(): number {
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.failures - 1, 10))
    const random = this.options.random ?? Math.random
    return delay * (1 - JITTER * random())
  }

  private later(delayMs: number, callback: () => void): void {
    this.cancelTimer()
    this.cancelTimer = this.options.clock.after(delayMs, () => {
      if (!this.isClosed) callback()
    })
  }
}
