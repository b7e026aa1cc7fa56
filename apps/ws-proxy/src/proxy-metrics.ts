import type { Metrics } from '@xts-bridge/runtime'
import type { TopicHub } from './topic-hub'
import type { WsServer } from './ws-server'

/** Counts what was refused or closed, by reason. */
export interface RefusalCounter {
  count(reason: string): void
}

/** Publishes the proxy's counts, each read at the scrape. */
export function measureProxy(metrics: Metrics, server: WsServer, hub: TopicHub): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({ name, help, read })
  }
  gauge('ws_proxy_clients', 'Connected clients', () => server.clientCount)
  gauge('ws_proxy_topics', 'Tick topics read from the bus', () => hub.topicCount)
  gauge(
    'ws_proxy_subscriptions',
    'Topics held by clients, each counted per client',
    () => server.totals.topics,
  )
  gauge('ws_proxy_ticks_received', 'Ticks taken from the bus since start', () => hub.tickCount)
  gauge('ws_proxy_frames_sent', 'Frames sent to clients since start', () => server.totals.sent)
  gauge(
    'ws_proxy_frames_conflated',
    'Ticks replaced by a newer one while their client was slow, since start',
    () => server.totals.conflated,
  )
  gauge('ws_proxy_snapshots_failed', 'Snapshots the feed did not give', () => hub.failedSnapshotCount)
}

/** A counter of refusals under /metrics. */
export function refusalCounter(metrics: Metrics): RefusalCounter {
  const counter = metrics.counter({
    name: 'ws_proxy_refused_total',
    help: 'Requests refused and clients closed, by reason',
    labels: ['reason'],
  })
  return { count: (reason) => counter.inc({ reason }) }
}
