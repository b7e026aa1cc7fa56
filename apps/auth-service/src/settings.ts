import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerSettings } from '@xts-bridge/xts'
import { z } from 'zod'
import { parseTimesOfDay } from './sessions/session-timing'

/** Settings of auth-service, the only process that is given broker secrets. */
export const authSettings = commonSettings.extend({
  ...brokerSettings.shape,
  AUTH_HEALTH_PORT: setting.port(HTTP_PORTS.AUTH_HEALTH_PORT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  /** How long before its end a broker session is renewed. */
  AUTH_RENEW_BEFORE_MS: setting.wholeNumber({ min: 60_000, max: 43_200_000, fallback: 3_600_000 }),
  /** Indian times of day at which both sessions are renewed, however long their tokens still live; none for never. */
  AUTH_RENEW_TIMES_IST: z
    .string()
    .default('08:00')
    .transform((text, context) => {
      const times = text === 'none' ? [] : parseTimesOfDay(text)
      if (times === undefined)
        context.addIssue({ code: 'custom', message: 'must be times such as 08:00,20:30, or none' })
      return times ?? []
    }),
  JAINAM_INTERACTIVE_API_KEY: setting.alias(setting.text(), 'BROKER_API_KEY'),
  JAINAM_INTERACTIVE_API_SECRET: setting.alias(setting.text(), 'BROKER_API_SECRET'),
  JAINAM_MARKET_API_KEY: setting.alias(setting.text(), 'BROKER_API_KEY_MARKET'),
  JAINAM_MARKET_API_SECRET: setting.alias(setting.text(), 'BROKER_API_SECRET_MARKET'),
})

export type AuthSettings = z.infer<typeof authSettings>
