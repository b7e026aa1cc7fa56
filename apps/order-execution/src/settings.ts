import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerSettings } from '@xts-bridge/xts'
import type { z } from 'zod'

/** Settings of order-execution. */
export const ordersSettings = commonSettings.extend({
  ...brokerSettings.shape,
  /** Shortest time between two orders, cancels and changes; 0 lets a burst out at once. 100 is what cautious desks use. */
  ORDER_MIN_SPACING_MS: setting.wholeNumber({ min: 0, max: 1_000, fallback: 0 }),
  /** Beyond HTTP_TIMEOUT_MS, before an order book without an order counts against it. */
  ORDER_ABSENCE_MARGIN_MS: setting.wholeNumber({ min: 0, max: 600_000, fallback: 5_000 }),
  /** Longest a smart order waits for evidence before it is refused. */
  ORDER_SMART_WAIT_MS: setting.wholeNumber({ min: 500, max: 60_000, fallback: 8_000 }),
  /** Where market orders are refused: true sends entries under a protected limit too, false refuses them here. */
  ORDER_PROTECT_ENTRIES: setting.boolean(false),
  ORDERS_HEALTH_PORT: setting.port(HTTP_PORTS.ORDERS_HEALTH_PORT),
  ORDERS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_REQUESTS_ENDPOINT),
  ORDERS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_EVENTS_ENDPOINT),
  FEED_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_REQUESTS_ENDPOINT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
})
export type OrdersSettings = z.infer<typeof ordersSettings>
