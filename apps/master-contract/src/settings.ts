import { accountSchema, BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerProfileNameSchema } from '@xts-bridge/xts'
import { z } from 'zod'
import { parseTimesOfDay } from './indian-time'

/** Settings of master-contract. */
export const instrumentsSettings = commonSettings.extend({
  ACCOUNT_ID: accountSchema.default('primary'),
  XTS_PROFILE: brokerProfileNameSchema.default('simulator'),
  XTS_BASE_URL: setting.url().optional(),
  HTTP_TIMEOUT_MS: setting.wholeNumber({ min: 100, max: 60_000, fallback: 10_000 }),
  /** When the list is replaced each day, Indian time. */
  INSTRUMENTS_REFRESH_TIMES_IST: z
    .string()
    .default('06:30,08:30')
    .transform((text, context) => {
      const times = parseTimesOfDay(text)
      if (times === undefined)
        context.addIssue({ code: 'custom', message: 'must be times such as 06:30,08:30' })
      return times ?? []
    }),
  INSTRUMENTS_HEALTH_PORT: setting.port(HTTP_PORTS.INSTRUMENTS_HEALTH_PORT),
  INSTRUMENTS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_REQUESTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
})
export type InstrumentsSettings = z.infer<typeof instrumentsSettings>
