import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerSettings } from '@xts-bridge/xts'
import type { z } from 'zod'

/** Settings of streaming-adapter. */
export const feedSettings = commonSettings.extend({
  ...brokerSettings.shape,
  FEED_HEALTH_PORT: setting.port(HTTP_PORTS.FEED_HEALTH_PORT),
  FEED_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_REQUESTS_ENDPOINT),
  FEED_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_EVENTS_ENDPOINT),
  FEED_TICKS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.FEED_TICKS_ENDPOINT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
  /** How long an instrument without readers stays subscribed at the broker. */
  FEED_LINGER_MS: setting.wholeNumber({ min: 0, max: 3_600_000, fallback: 30_000 }),
  /** Between two subscription calls; brokers ask for 100 ms or more. */
  FEED_SUBSCRIBE_PAUSE_MS: setting.wholeNumber({ min: 0, max: 10_000, fallback: 100 }),
  /** Instruments in one subscription call. */
  FEED_SUBSCRIBE_BATCH: setting.wholeNumber({ min: 1, max: 100, fallback: 50 }),
  /** Tick topics that can be wanted at once; further ones are refused and counted. */
  FEED_MAX_TOPICS: setting.wholeNumber({ min: 1, max: 300_000, fallback: 10_000 }),
})
export type FeedSettings = z.infer<typeof feedSettings>
