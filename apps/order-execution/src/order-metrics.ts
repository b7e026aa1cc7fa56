import type { Clock } from '@xts-bridge/contracts'
import type { AnsweredRequest } from '@xts-bridge/bus'
import type { Metrics } from '@xts-bridge/runtime'
import { isSent } from './change-record'
import type { OrderCore, OrderCorePorts } from './order-core'
import type { GovernorListener } from '@xts-bridge/xts'
import type { Settlement } from './order-record'

const ADDED_MS_BUCKETS = [0.5, 1, 1.5, 2, 3, 5, 10, 25, 50, 100, 250, 1_000, 5_000]

/** What operators watch: how orders end, what is unknown, and how long we keep an order beside the broker's own time. */
export class OrderMetrics {
  private readonly orders
  private readonly changes
  private readonly brokerMs
  private readonly requestMs
  private readonly answered
  private readonly waits
  private readonly turnedAway
  private readonly held
  private readonly slowed

  constructor(metrics: Metrics) {
    this.orders = metrics.counter({
      name: 'orders_sent_total',
      help: 'Orders by what their call came to',
      labels: ['outcome'],
    })
    this.changes = metrics.counter({
      name: 'order_changes_sent_total',
      help: 'Modifications and cancellations by what their call came to',
      labels: ['change', 'outcome'],
    })
    this.brokerMs = metrics.histogram({
      name: 'order_broker_ms',
      help: 'Time of the call to the broker, rate limit included',
      buckets: ADDED_MS_BUCKETS,
    })
    this.requestMs = metrics.histogram({
      name: 'orders_request_ms',
      help: 'Time from request to reply',
      labels: ['subject'],
      buckets: ADDED_MS_BUCKETS,
    })
    this.answered = metrics.counter({
      name: 'orders_requests_total',
      help: 'Requests by subject and outcome',
      labels: ['subject', 'outcome'],
    })
    this.waits = metrics.histogram({
      name: 'orders_governor_wait_ms',
      help: 'Time a call waited for room under the order rate',
      labels: ['urgency'],
      buckets: ADDED_MS_BUCKETS,
    })
    this.turnedAway = metrics.counter({
      name: 'orders_governor_turned_away_total',
      help: 'Calls for which there was no room in time',
      labels: ['urgency'],
    })
    this.held = metrics.counter({
      name: 'orders_governor_held_total',
      help: 'Sends stopped at the last instant because the second was full',
    })
    this.slowed = metrics.counter({
      name: 'orders_governor_slowed_total',
      help: 'Refusals of the broker’s own rate limit, each of which slows the order rate',
    })
  }

  /** What the rate governor does; each send it stopped late is a violation that did not happen. */
  get governor(): GovernorListener {
    return {
      onGranted: (urgency, waitedMs) => this.waits.observe({ urgency }, waitedMs),
      onTurnedAway: (urgency) => this.turnedAway.inc({ urgency }),
      onHeld: () => this.held.inc(),
      onSlowedDown: () => this.slowed.inc(),
    }
  }

  private sent(outcome: Settlement['outcome'], brokerMs: number): void {
    this.orders.inc({ outcome })
    this.brokerMs.observe(brokerMs)
  }

  /** What the core's senders call. */
  get senders(): Pick<OrderCorePorts, 'onSent' | 'onChangeSent'> {
    return {
      onSent: (outcome, brokerMs) => this.sent(outcome, brokerMs),
      onChangeSent: ({ change, settlement }) =>
        this.changes.inc({ change, outcome: settlement?.outcome ?? 'unknown' }),
    }
  }

  requestAnswered({ subject, tookMs, outcome }: AnsweredRequest): void {
    this.answered.inc({ subject, outcome })
    this.requestMs.observe({ subject }, tookMs)
  }
}

/** Gauges that are read at each scrape. */
export function measureOrders(metrics: Metrics, core: OrderCore, clock: Clock): void {
  metrics.gauge({
    name: 'orders_unknown',
    help: 'Orders whose fate is not known',
    read: () => core.ledger.unresolved().filter((record) => record.settlement !== undefined).length,
  })
  metrics.gauge({
    name: 'order_changes_unknown',
    help: 'Modifications and cancellations of which nothing shows what came of them',
    read: () => core.ledger.orderChanges.undecided().filter(isSent).length,
  })
  metrics.gauge({
    name: 'orders_unknown_oldest_seconds',
    help: 'Age of the oldest order whose fate is not known',
    read: () =>
      core.ledger.unresolved().reduce((oldest, record) => {
        return Math.max(oldest, (clock.nowMs() - record.placedAtMs) / 1_000)
      }, 0),
  })
  metrics.gauge({
    name: 'orders_evidence_dropped',
    help: 'Journal entries that did not fit while the disk refused',
    read: () => core.writer.droppedEntries,
  })
  metrics.gauge({
    name: 'orders_book_differences',
    help: 'Differences found between the broker’s books and what is known, since the start',
    read: () => core.bookDifferences,
  })
}
