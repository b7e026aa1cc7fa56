import { asBytes, readBinaryPackets } from './binary-packets'
import { brokerSocket, type BrokerSocketOptions } from './broker-socket'
import { decodeBinaryPacket } from './decode-binary'
import { decodeJsonFull } from './decode-json-full'
import { decodeMarketStatus, decodePriceBand } from './decode-notices'
import { decodePartial } from './decode-partial'
import type { MarketStatus, MarketUpdate, PriceBand } from './model'
import type { SupervisedSocket } from './supervised-socket'
import { lengthOf, problemOf, quoted, unreadEvent } from './unreadable'
import { XTS_MESSAGE } from './wire'

export interface MarketSocketOptions extends BrokerSocketOptions {
  /** Merge it field by field into what is known of the instrument; a field that is absent was not spoken of. */
  readonly onUpdate: (update: MarketUpdate) => void
  /** An instrument's execution band changed; not only for subscribed ones. */
  readonly onPriceBand?: ((band: PriceBand) => void) | undefined
  readonly onMarketStatus?: ((status: MarketStatus) => void) | undefined
}

const BINARY_EVENT = 'xts-binary-packet'
const BAND_EVENT = `${XTS_MESSAGE.instrumentProperty}-json-partial`
const STATUS_EVENT = `${XTS_MESSAGE.marketStatus}-json-full`
const JSON_EVENTS = Object.values(XTS_MESSAGE).flatMap((code) => [
  `${code}-json-full`,
  `${code}-json-partial`,
])
const EVENTS = [...JSON_EVENTS, BINARY_EVENT, 'logout', 'warning']

/** The stream of market data of one login. Subscribing is done over HTTP; see XtsMarket. */
export class MarketSocket {
  private readonly socket: SupervisedSocket

  constructor(private readonly options: MarketSocketOptions) {
    const { marketPrefix: prefix, broadcastMode, publishFormat } = options.profile
    this.socket = brokerSocket(options, {
      prefix,
      query: { publishFormat, broadcastMode },
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
    if (event === BINARY_EVENT) return this.takeBinary(payload)
    if (!EVENTS.includes(event))
      return this.options.onUnreadable?.(event, unreadEvent(EVENTS, event, payload))
    this.guarded(event, () => this.decodeText(event, payload))
  }

  /**
   * One report per frame, with its length: a frame of rubbish can hold hundreds of packets. What can be read in it is
   * taken all the same, up to a packet whose end is not known.
   */
  private takeBinary(frame: unknown): void {
    const problems: string[] = []
    const noting = (read: () => void): void => {
      const problem = problemOf(read)
      if (problem !== undefined) problems.push(problem)
    }
    noting(() => {
      for (const packet of readBinaryPackets(asBytes(frame)))
        noting(() => this.options.onUpdate(decodeBinaryPacket(packet, this.options.profile)))
    })
    const [first] = problems
    if (first !== undefined)
      this.options.onUnreadable?.(
        BINARY_EVENT,
        `${first} (${problems.length} unread in a frame of ${lengthOf(frame)})`,
      )
  }

  private decodeText(event: string, payload: unknown): void {
    const [code = '', , form] = event.split('-')
    const { profile, onPriceBand, onMarketStatus, onUnreadable } = this.options
    if (event === BAND_EVENT) forward(decodePriceBand(payload), onPriceBand)
    else if (event === STATUS_EVENT) forward(decodeMarketStatus(payload, profile), onMarketStatus)
    else if (form === 'full') forward(decodeJsonFull(payload, profile), this.options.onUpdate)
    else if (form === 'partial') forward(decodePartial(Number(code), payload, profile), this.options.onUpdate)
    else onUnreadable?.(event, quoted(payload))
  }

  private guarded(event: string, read: () => void): void {
    const problem = problemOf(read)
    if (problem !== undefined) this.options.onUnreadable?.(event, problem)
  }
}

function forward<T>(decoded: T | undefined, take: ((decoded: T) => void) | undefined): void {
  if (decoded !== undefined) take?.(decoded)
}
