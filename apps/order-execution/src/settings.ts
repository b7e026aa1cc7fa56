import { accountSchema, BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerProfileNameSchema } from '@xts-bridge/xts'
import type { z } from 'zod'

/** Settings of order-execution. */
export const ordersSettings = commonSettings.extend({
  ACCOUNT_ID: accountSchema.default('primary'),
  XTS_PROFILE: brokerProfileNameSchema.default('simulator'),
  XTS_BASE_URL: setting.url().optional(),
  HTTP_TIMEOUT_MS: setting.wholeNumber({ min: 100, max: 60_000, fallback: 10_000 }),
  /** Orders in one sliding second of this login; the broker profile's unless given. */
  XTS_ORDERS_PER_SECOND: setting.wholeNumber({ min: 0, max: 10_000, fallback: 0 }),
  /** This account's books are known to answer truly, so that an empty one counts; the broker profile's unless true. */
  XTS_BOOK_VERIFIED: setting.boolean(false),
  /** Beyond HTTP_TIMEOUT_MS, before an order book without an order counts against it. */
  ORDER_ABSENCE_MARGIN_MS: setting.wholeNumber({ min: 0, max: 600_000, fallback: 5_000 }),
  /** Longest a smart order waits for evidence before it is refused. */
  ORDER_SMART_WAIT_MS: setting.wholeNumber({ min: 500, max: 60_000, fallback: 8_000 }),
  ORDERS_HEALTH_PORT: setting.port(HTTP_PORTS.ORDERS_HEALTH_PORT),
  ORDERS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_REQUESTS_ENDPOINT),
  ORDERS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.ORDERS_EVENTS_ENDPOINT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
})
export type OrdersSettings = z.infer<typeof ordersSettings>
