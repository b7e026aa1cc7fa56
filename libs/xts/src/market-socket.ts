import { brokerSocket, type BrokerSocketOptions } from './broker-socket'
import { decodeJsonFull } from './decode-json-full'
import { decodePartial } from './decode-partial'
import type { MarketUpdate } from './model'
import type { SupervisedSocket } from './supervised-socket'
import { problemOf, quoted } from './unreadable'
import { XTS_MESSAGE } from './wire'

export interface MarketSocketOptions extends BrokerSocketOptions {
  /** Merge it field by field into what is known of the instrument; a field that is absent was not spoken of. */
  readonly onUpdate: (update: MarketUpdate) => void
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
    const { marketPrefix: prefix, broadcastMode } = options.profile
    this.socket = brokerSocket(options, {
      prefix,
      query: { publishFormat: 'JSON', broadcastMode },
      events: EVENTS,
      onEvent: (event, payload) => this.take(event, payload),
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
