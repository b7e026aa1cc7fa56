import { join } from 'node:path'
import { SessionFollower, tokensOf } from '@xts-bridge/access'
import type { RequestClient, EventPublisher } from '@xts-bridge/bus'
import type { Clock, Quote } from '@xts-bridge/contracts'
import { HttpCaller } from '@xts-bridge/http'
import { InstrumentStore } from '@xts-bridge/instruments'
import type { OrderJournal } from '@xts-bridge/persistence'
import {
  randomIds as ids,
  systemClock as clock,
  watchBrokerCalls,
  type Logger,
  type Metrics,
} from '@xts-bridge/runtime'
import {
  httpOptions,
  OrderGovernor,
  profileFromSettings,
  XtsAccount,
  XtsInteractive,
  type BrokerProfile,
} from '@xts-bridge/xts'
import { OrderCore, type OrderCoreFacts } from './order-core'
import type { OrderMetrics } from './order-metrics'
import { OrderSession } from './order-session'
import { OrderSocket } from './order-socket'
import type { JournalPort } from './ports'
import type { OrdersSettings } from './settings'

export interface BuiltOrders {
  readonly core: OrderCore
  readonly follower: SessionFollower
  readonly socket: OrderSocket
  readonly instruments: InstrumentStore
  readonly http: HttpCaller
}

export interface OrderDoors {
  readonly auth: RequestClient
  /** The feed, for quotes. */
  readonly feed: RequestClient
  readonly journal: OrderJournal
  readonly publisher: EventPublisher
  readonly registry: Metrics
  readonly metrics: OrderMetrics
  readonly log: Logger
}

/** Puts session, broker, journal and stories together; nothing is asked for or bound yet. */
export async function buildOrderCore(settings: OrdersSettings, doors: OrderDoors): Promise<BuiltOrders> {
  const { auth, feed, journal, publisher, registry, metrics, log } = doors
  const account = settings.ACCOUNT_ID
  const profile = profileFromSettings(settings)
  const instruments = new InstrumentStore({ folder: join(settings.DATA_DIR, 'instruments') })
  const http = new HttpCaller({
    ...httpOptions(settings, profile),
    clock,
    onCall: watchBrokerCalls(log, registry, 'orders', () => tokensOf(follower)),
  })
  const follower = new SessionFollower({
    ...{ auth, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock, account, api: 'interactive' },
    onRenewed: ({ epoch, userId }) => {
      log.info('broker session in force', { epoch, userId })
      void socket.open(listener)
    },
    onRefused: (refusal) => log.warn('broker refused the session', { ...refusal }),
    onProblem: (message, fields) => log.warn(message, fields),
  })
  const session = new OrderSession(follower)
  const socket = new OrderSocket({ profile, token: follower.token, clock, log, http })
  const governor = new OrderGovernor({
    clock,
    ordersPerSecond: profile.ordersPerSecond,
    minSpacingMs: settings.ORDER_MIN_SPACING_MS,
    recentSendsAtMs: await recentSends(journal, profile.ordersPerSecond, clock),
    listener: metrics.governor,
  })
  const xts = { http, profile, token: follower.token, governor, isTestMode: settings.JAINAM_TEST_MODE }
  const broker = new XtsInteractive(xts)
  const holder = new XtsAccount(xts)
  const core = new OrderCore(
    {
      ...{ clock, ids, journal, instruments, session, socket, log },
      broker,
      account: {
        holdings: (clientID) => holder.holdings(clientID),
        balance: (clientID) => holder.balance(clientID),
        convert: (part, newProduct) => holder.convert(part, newProduct),
        history: (order) => broker.history(order),
      },
      publisher: { publish: (topic, data, seq) => void publisher.publish(topic, data, seq) },
      quotes: {
        quote: ({ exchange, symbol }) => feed.request<Quote>('market.quotes', { exchange, symbol }),
      },
      ...metrics.senders,
    },
    factsOf(settings, profile),
  )
  const listener = {
    reconnected: () => core.reconnected(),
    orderSeen: core.orderSeen.bind(core),
    tradeSeen: core.tradeSeen.bind(core),
    sessionRefused: (epoch: number, reason: string) => session.reportInvalid(epoch, reason),
  }
  return { core, follower, socket, instruments, http }
}

function factsOf(settings: OrdersSettings, profile: BrokerProfile): OrderCoreFacts {
  return {
    account: settings.ACCOUNT_ID,
    httpTimeoutMs: settings.HTTP_TIMEOUT_MS,
    absenceMarginMs: settings.ORDER_ABSENCE_MARGIN_MS,
    smartWaitMs: settings.ORDER_SMART_WAIT_MS,
    isBookVerified: profile.isBookVerified,
    marketOrders: profile.marketOrders,
    limits: profile.limits,
    isProtectionForEntries: settings.ORDER_PROTECT_ENTRIES,
    isTestMode: settings.JAINAM_TEST_MODE,
  }
}

/** Longest an order may have waited for its turn and its answer in the process before this one. */
const MAY_STILL_BE_SENT_MS = 12_000

/**
 * Orders the process before this one may have sent within the last second, each counted as sent now: those just settled,
 * and those whose answer is not recorded. More than the second allows cannot have been sent.
 */
async function recentSends(
  journal: JournalPort,
  ordersPerSecond: number,
  at: Clock,
): Promise<readonly number[]> {
  const nowMs = at.nowMs()
  const mayBeRecent = new Set<string>()
  for await (const entry of journal.replay(nowMs - MAY_STILL_BE_SENT_MS)) {
    if (entry.atMs < nowMs - MAY_STILL_BE_SENT_MS) continue
    if (entry.kind === 'intended') mayBeRecent.add(entry.orderId)
    if (entry.kind === 'change-intended') mayBeRecent.add(entry.changeId)
    if (entry.atMs >= nowMs - 1_100) continue
    if (entry.kind === 'settled') mayBeRecent.delete(entry.orderId)
    if (entry.kind === 'change-settled') mayBeRecent.delete(entry.changeId)
  }
  return Array.from({ length: Math.min(mayBeRecent.size, ordersPerSecond) }, () => nowMs)
}
