import { accountSchema, BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerProfileNameSchema } from '@xts-bridge/xts'
import type { z } from 'zod'

/** Settings of auth-service, the only process that is given broker secrets. */
export const authSettings = commonSettings.extend({
  ACCOUNT_ID: accountSchema.default('primary'),
  XTS_PROFILE: brokerProfileNameSchema.default('simulator'),
  XTS_BASE_URL: setting.url().optional(),
  HTTP_TIMEOUT_MS: setting.wholeNumber({ min: 100, max: 60_000, fallback: 10_000 }),
  AUTH_HEALTH_PORT: setting.port(HTTP_PORTS.AUTH_HEALTH_PORT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  /** How long before its end a broker session is renewed. */
  AUTH_RENEW_BEFORE_MS: setting.wholeNumber({ min: 60_000, max: 43_200_000, fallback: 3_600_000 }),
  JAINAM_INTERACTIVE_API_KEY: setting.text(),
  JAINAM_INTERACTIVE_API_SECRET: setting.text(),
  JAINAM_MARKET_API_KEY: setting.text(),
  JAINAM_MARKET_API_SECRET: setting.text(),
})
export type AuthSettings = z.infer<typeof authSettings>
