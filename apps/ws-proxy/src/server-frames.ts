import { TICK_MODE_NUMBER, type TickMode, type TickTopic } from '@xts-bridge/contracts'
import type { ClientError, NamedSymbol } from './client-request'

/** Levels a side that depth frames carry, whatever was asked. */
const DEPTH_LEVELS = 5

const MODE_LABEL: Readonly<Record<TickMode, string>> = { LTP: 'LTP', QUOTE: 'Quote', DEPTH: 'Depth' }

/** One row of a subscribe answer. */
export type SubscriptionRow = NamedSymbol &
  (
    | { readonly status: 'success'; readonly mode: TickMode }
    | { readonly status: 'error'; readonly message: string }
  )

export type FeedState = 'connected' | 'disconnected' | 'unknown'

type Frame = Readonly<Record<string, unknown>>

/** The frames of the ecosystem's protocol, all under one broker name; each is the JSON text that goes out. */
export class ServerFrames {
  constructor(private readonly broker: string) {}

  error(error: ClientError): string {
    const { code, message, requestId } = error
    return text({ status: 'error', code, message }, requestId)
  }

  authenticated(userId: string, feedStatus: FeedState, requestId: unknown): string {
    return text(
      {
        type: 'auth',
        status: 'success',
        message: 'Authentication successful',
        broker: this.broker,
        user_id: userId,
        supported_features: { ltp: true, quote: true, depth: true },
        feed_status: feedStatus,
      },
      requestId,
    )
  }

  subscribed(rows: readonly SubscriptionRow[], requestId: unknown): string {
    const isWhole = rows.every((row) => row.status === 'success')
    return text(
      {
        type: 'subscribe',
        status: isWhole ? 'success' : 'partial',
        subscriptions: rows.map((row) => this.subscriptionRow(row)),
        message: 'Subscription processing complete',
        broker: this.broker,
      },
      requestId,
    )
  }

  unsubscribed(symbols: readonly NamedSymbol[], requestId: unknown): string {
    const successful = symbols.map(({ symbol, exchange }) => ({
      symbol,
      exchange,
      status: 'success',
      broker: this.broker,
    }))
    return text(
      {
        type: 'unsubscribe',
        status: 'success',
        message: 'Unsubscription processing complete',
        successful,
        failed: [],
        broker: this.broker,
      },
      requestId,
    )
  }

  ordersSubscribed(isSubscribed: boolean, requestId: unknown): string {
    const type = isSubscribed ? 'subscribe_orders' : 'unsubscribe_orders'
    const message = isSubscribed ? 'Subscribed to order updates' : 'Unsubscribed from order updates'
    return text({ type, status: 'success', message }, requestId)
  }

  brokerInfo(userId: string, feedState: FeedState, requestId: unknown): string {
    const adapterStatus = feedState === 'connected' ? 'connected' : 'disconnected'
    return text(
      {
        type: 'broker_info',
        status: 'success',
        broker: this.broker,
        adapter_status: adapterStatus,
        user_id: userId,
      },
      requestId,
    )
  }

  supportedBrokers(requestId: unknown): string {
    return text({ type: 'supported_brokers', status: 'success', brokers: [this.broker], count: 1 }, requestId)
  }

  pong(
    serverTimestampMs: number,
    echoes: { timestamp?: unknown; pingId?: unknown },
    requestId: unknown,
  ): string {
    return text(
      {
        type: 'pong',
        status: 'success',
        server_timestamp: serverTimestampMs,
        client_timestamp: echoes.timestamp,
        _pingId: echoes.pingId,
      },
      requestId,
    )
  }

  /** Told to every client when the feed is lost and when it is whole again. */
  feedStatus(status: 'connected' | 'disconnected' | 'recovered', atMs: number): string {
    return text({ type: 'feed_status', status, broker: this.broker, timestamp: atMs }, undefined)
  }

  /**
   * Wraps the tick's bytes as they came from the bus into a market_data frame; nothing is parsed or encoded anew, and
   * all clients get the same buffer.
   */
  marketData(topic: TickTopic): (payload: Buffer) => Buffer {
    const { symbol, exchange, mode } = topic
    const head = { type: 'market_data', symbol, exchange, mode: TICK_MODE_NUMBER[mode] }
    const before = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":`)
    const after = Buffer.from(`,"broker":${JSON.stringify(this.broker)}}`)
    return (payload) => Buffer.concat([before, payload, after])
  }

  private subscriptionRow(row: SubscriptionRow): Frame {
    const { symbol, exchange } = row
    if (row.status === 'error')
      return { symbol, exchange, status: 'error', message: row.message, broker: this.broker }
    return {
      symbol,
      exchange,
      status: 'success',
      mode: MODE_LABEL[row.mode],
      depth: DEPTH_LEVELS,
      broker: this.broker,
    }
  }
}

function text(frame: Frame, requestId: unknown): string {
  return JSON.stringify(requestId === undefined ? frame : { ...frame, request_id: requestId })
}
