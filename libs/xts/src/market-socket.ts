import type { Clock } from '@xts-bridge/contracts'
import type { ConnectionOptions } from './broker-connection'
import { decodeJsonFull } from './decode-json-full'
import { decodePartial } from './decode-partial'
import type { BrokerProfile, MarketUpdate, TokenSource, XtsToken } from './model'
import { SupervisedSocket } from './supervised-socket'
import { problemOf, quoted } from './unreadable'
import { XTS_MESSAGE } from './wire'

export interface MarketSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  /** Subscribe anew now: what was subscribed may still be, but its state is not known. */
  readonly onJoined: () => void
  /** Merge it field by field into what is known of the instrument; a field that is absent was not spoken of. */
  readonly onUpdate: (update: MarketUpdate) => void
  /** The broker ended the session of this token's epoch: the token is dead. `onDown` follows. */
  readonly onLogout: (reason: string, epoch: number) => void
  /** The connection is lost or was refused; it is tried again by itself. `refusedEpoch` when the broker refused the token. */
  readonly onDown: (reason: string, refusedEpoch?: number) => void
  /** A message that could not be read, or a complaint of the broker's; nothing was made of it. */
  readonly onUnreadable?: ((event: string, problem: string) => void) | undefined
}

const BINARY_EVENT = 'xts-binary-packet'
const JSON_EVENTS = Object.values(XTS_MESSAGE).flatMap((code) => [
  `${code}-json-full`,
  `${code}-json-partial`,
])
const EVENTS = [...JSON_EVENTS, BINARY_EVENT, 'logout', 'warning']

/** The stream of market data of one login. Subscribing is done over HTTP; see XtsMarket. */
export class MarketSocket {
  private readonly socket: SupervisedSocket

  constructor(private readonly options: MarketSocketOptions) {
    this.socket = new SupervisedSocket({
      clock: options.clock,
      token: options.token,
      connection: (token) => this.connectionOptions(token),
      onJoined: options.onJoined,
      onEvent: (event, payload) => this.take(event, payload),
      onLogout: options.onLogout,
      onDown: options.onDown,
      onComplaint: (text) => options.onUnreadable?.('error', text),
    })
  }

  /** True from the broker's `joined` until the connection is lost. */
  get isLive(): boolean {
    return this.socket.isLive
  }

  start(): void {
    this.socket.start()
  }

  async close(): Promise<void> {
    this.socket.close()
  }

  private connectionOptions(token: XtsToken): ConnectionOptions {
    const { profile } = this.options
    return {
      url: new URL(profile.baseUrl).origin,
      path: `${new URL(profile.baseUrl).pathname.replace(/\/+$/, '')}${profile.marketPrefix}/socket.io`,
      query: {
        token: token.token,
        userID: token.userId,
        publishFormat: 'JSON',
        broadcastMode: profile.broadcastMode,
      },
      verifyTls: profile.verifyTls,
      events: EVENTS,
    }
  }

  private take(event: string, payload: unknown): void {
    const problem = problemOf(() => this.decode(event, payload))
    if (problem !== undefined) this.options.onUnreadable?.(event, problem)
  }

  private decode(event: string, payload: unknown): void {
    const [code = '', , form] = event.split('-')
    const { profile, onUpdate, onUnreadable } = this.options
    if (form === 'full') this.forward(decodeJsonFull(payload, profile), onUpdate)
    else if (form === 'partial') this.forward(decodePartial(Number(code), payload, profile), onUpdate)
    else onUnreadable?.(event, event === BINARY_EVENT ? describeBinary(payload) : quoted(payload))
  }

  private forward(update: MarketUpdate | undefined, onUpdate: (update: MarketUpdate) => void): void {
    if (update !== undefined) onUpdate(update)
  }
}

/** Binary packets are counted by their length until they are decoded; the lengths tell which layout the broker sends. */
function describeBinary(payload: unknown): string {
  return Buffer.isBuffer(payload) || payload instanceof ArrayBuffer
    ? `binary packet of ${payload.byteLength} bytes`
    : `binary packet that is not bytes: ${quoted(payload)}`
}
