import type { Clock } from '@xts-bridge/contracts'
import type { Metrics } from '@xts-bridge/runtime'
import type { MarketFeed } from './market-feed'

/** Publishes the feed's counts and ages; each is read from the feed at the scrape, so a tick costs nothing here. */
export function measureFeed(metrics: Metrics, feed: MarketFeed, clock: Clock): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({ name, help, read })
  }
  gauge('feed_connected', '1 while the broker socket is joined', () => (feed.isLive ? 1 : 0))
  gauge('feed_ticks_received', 'Market messages received since start', () => feed.stream.receivedCount)
  gauge('feed_ticks_published', 'Ticks published since start', () => feed.stream.publishedCount)
  gauge('feed_unreadable_messages', 'Market messages that could not be read', () => feed.unreadableCount)
  gauge(
    'feed_subscribed_instruments',
    'Instruments subscribed at the broker',
    () => feed.subscriptions.heldCount,
  )
  gauge(
    'feed_refused_instruments',
    'Wanted instruments the broker refused',
    () => feed.subscriptions.refusedCount,
  )
  gauge('feed_wanted_topics', 'Tick topics with readers', () => feed.book.topicCount)
  gauge(
    'feed_unknown_topics',
    'Wanted topics whose symbol is not in the list',
    () => feed.book.unknownTopics.length,
  )
  gauge(
    'feed_topics_outside_profile',
    'Wanted topics that the broker profile has no stream for',
    () => feed.book.topicsOutsideProfile.length,
  )
  gauge('feed_values', 'Instruments with a last value', () => feed.values.size)
  gauge('feed_last_tick_age_ms', 'Age of the newest tick; -1 before the first', () =>
    lastTickAgeMs(feed, clock),
  )
}

/** Milliseconds since the newest tick; -1 before the first. */
export function lastTickAgeMs(feed: MarketFeed, clock: Clock): number {
  const { lastTickAtMs } = feed.stream
  return lastTickAtMs === undefined ? -1 : clock.nowMs() - lastTickAtMs
}
