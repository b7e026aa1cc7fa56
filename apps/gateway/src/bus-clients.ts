import { keyDigest } from '@xts-bridge/access'
import { RequestClient } from '@xts-bridge/bus'
import { randomIds, systemClock, type Logger } from '@xts-bridge/runtime'
import type { Peer } from './reachability'
import type { GatewaySettings } from './settings'

/** The gateway's connections to the services it forwards to. */
export interface BusClients {
  readonly auth: RequestClient
  readonly orders: RequestClient
  readonly feed: RequestClient
  /** What to ask each service to see whether it answers. */
  readonly peers: readonly Peer[]
  close(): Promise<void>
}

/** Connects to auth, orders and feed; a request that names no other key carries the gateway's own. */
export function connectToBus(settings: GatewaySettings, ownKey: string, logger: Logger): BusClients {
  const connect = (endpoint: string): RequestClient =>
    new RequestClient({
      endpoint,
      clock: systemClock,
      ids: randomIds,
      apiKey: ownKey,
      timeoutMs: settings.GATEWAY_REQUEST_TIMEOUT_MS,
      onProblem: (message, fields) => logger.warn(message, fields),
    })
  const auth = connect(settings.AUTH_REQUESTS_ENDPOINT)
  const orders = connect(settings.ORDERS_REQUESTS_ENDPOINT)
  const feed = connect(settings.FEED_REQUESTS_ENDPOINT)
  return {
    auth,
    orders,
    feed,
    peers: [
      { name: 'auth', asker: auth, subject: 'key.verify', question: { keyDigest: keyDigest(ownKey) } },
      { name: 'orders', asker: orders, subject: 'book.positions', question: {} },
      { name: 'feed', asker: feed, subject: 'feed.status', question: {} },
    ],
    async close() {
      await Promise.all([auth.close(), orders.close(), feed.close()])
    },
  }
}
