import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import type { z } from 'zod'

/** Settings of ws-proxy. */
export const wsProxySettings = commonSettings.extend({
  WS_PROXY_PORT: setting.port(HTTP_PORTS.WS_PROXY_PORT),
  WS_PROXY_HEALTH_PORT: setting.port(HTTP_PORTS.WS_PROXY_HEALTH_PORT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  FEED_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_REQUESTS_ENDPOINT),
  FEED_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_EVENTS_ENDPOINT),
  FEED_TICKS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_TICKS_ENDPOINT),
  ORDERS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_REQUESTS_ENDPOINT),
  ORDERS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_EVENTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
  /** The broker's name in every frame; clients compare it. */
  WS_PROXY_BROKER_NAME: setting.text().default('jainamxts'),
  /** A client that has not authenticated by then is closed with 4401. */
  WS_PROXY_AUTH_GRACE_MS: setting.wholeNumber({ min: 100, max: 600_000, fallback: 15_000 }),
  /** A client that answers no ping for this long is cut off. */
  WS_PROXY_PING_INTERVAL_MS: setting.wholeNumber({ min: 100, max: 600_000, fallback: 20_000 }),
  /** Bytes waiting for one client above which only the latest frame of each topic is kept. */
  WS_PROXY_CLIENT_BUFFER_BYTES: setting.wholeNumber({
    min: 65_536,
    max: 1_073_741_824,
    fallback: 1_048_576,
  }),
  WS_PROXY_MAX_CLIENTS: setting.wholeNumber({ min: 1, max: 100_000, fallback: 1_000 }),
  /** Topics one client can hold: an instrument in two modes is two. */
  WS_PROXY_MAX_TOPICS_PER_CLIENT: setting.wholeNumber({ min: 1, max: 100_000, fallback: 3_000 }),
})
export type WsProxySettings = z.infer<typeof wsProxySettings>
