import type { z } from 'zod'
import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'

export const gatewaySettings = commonSettings.extend({
  GATEWAY_PORT: setting.port(HTTP_PORTS.GATEWAY_PORT),
  GATEWAY_HEALTH_PORT: setting.port(HTTP_PORTS.GATEWAY_HEALTH_PORT),
  /** How long an order, a book or a quote may take on the bus. */
  GATEWAY_REQUEST_TIMEOUT_MS: setting.wholeNumber({ min: 100, max: 120_000, fallback: 20_000 }),
  /** Where a browser reaches this gateway; the broker's login page sends people back there. Its own address unless given. */
  GATEWAY_PUBLIC_URL: setting.url().optional(),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  ORDERS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_REQUESTS_ENDPOINT),
  FEED_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_REQUESTS_ENDPOINT),
})
export type GatewaySettings = z.infer<typeof gatewaySettings>
