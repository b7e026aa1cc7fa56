import { join } from 'node:path'
import { SessionFollower, tokensOf } from '@xts-bridge/access'
import { EventPublisher, TickPublisher, type RequestClient } from '@xts-bridge/bus'
import { HttpCaller } from '@xts-bridge/http'
import { InstrumentStore } from '@xts-bridge/instruments'
import {
  randomIds as ids,
  systemClock as clock,
  watchBrokerCalls,
  type Logger,
  type Metrics,
} from '@xts-bridge/runtime'
import { httpOptions, MarketSocket, whyNotStreamed, XtsMarket, type BrokerProfile } from '@xts-bridge/xts'
import { MarketFeed } from './market-feed'
import { ReadQuote } from './read-quote'
import type { FeedSettings } from './settings'
import { streamOf } from './stream-of'

/** Demand that arrives within this time goes to the broker in one call. */
const COLLECT_MS = 5

/** The parts of a feed that is built and not yet started. */
export interface BuiltFeed {
  readonly session: SessionFollower
  readonly instruments: InstrumentStore
  readonly http: HttpCaller
  readonly events: EventPublisher
  readonly ticks: TickPublisher
  readonly feed: MarketFeed
  readonly readQuote: ReadQuote
}

export interface FeedSurroundings {
  readonly settings: FeedSettings
  readonly profile: BrokerProfile
  readonly auth: RequestClient
  readonly metrics: Metrics
  readonly log: Logger
}

/** Puts session, broker, bus sockets and feed together; nothing is bound or asked for yet. */
export function buildFeed({ settings, profile, auth, metrics, log }: FeedSurroundings): BuiltFeed {
  const account = settings.ACCOUNT_ID
  const session = new SessionFollower({
    ...{ auth, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock, account, api: 'market' },
    onRenewed: ({ epoch, userId }) => {
      log.info('broker session in force', { epoch, userId })
      feed.sessionRenewed()
    },
    onRefused: (refusal) => log.warn('broker refused the session', { ...refusal }),
    onProblem: (message, fields) => log.warn(message, fields),
  })
  const onSessionInvalid = session.reportInvalid.bind(session)
  const instruments = new InstrumentStore({ folder: join(settings.DATA_DIR, 'instruments') })
  const http = new HttpCaller({
    ...httpOptions(settings, profile, 'market'),
    clock,
    onCall: watchBrokerCalls(log, metrics, 'feed', () => tokensOf(session)),
  })
  const api = { http, profile, token: session.token }
  const { events, ticks } = openBusSockets(settings, log, (topic, isWanted) =>
    feed.demandChanged(topic, isWanted),
  )
  const feed = new MarketFeed({
    clock,
    epoch: ids.next(),
    find: (key) => instruments.find(key),
    hasInstruments: () => instruments.version !== undefined,
    whyNotStreamed: (instrument, mode) => whyNotStreamed(profile, streamOf(instrument, mode)),
    calls: new XtsMarket({
      ...api,
      onRefused: (ref, description) => feed.subscriptions.refuse(ref, description),
    }),
    timing: timingOf(settings),
    openSocket: (callbacks) =>
      new MarketSocket({
        ...api,
        clock,
        onStruggling: (attempts, reason) =>
          log.error('feed socket does not come up; it is tried on', { attempts, reason }),
        ...callbacks,
      }),
    publishTick: (topic, payload) => ticks.publish(topic, payload),
    publishEvent: (topic, data) => events.publish(topic, data),
    onSessionInvalid,
    onStateChanged: (state, reason) => log.info(`feed ${state}`, { account, reason }),
    onUnreadable: (event, { count, problem }) =>
      log.warn('market messages cannot be read', { event, count, problem }),
  })
  const { values } = feed
  // Its own, because an instrument that has no quote may still be subscribed.
  const quoteReader = new XtsMarket(api)
  const readQuote = new ReadQuote({
    quotes: (refs) => quoteReader.quotes(refs),
    values,
    clock,
    account,
    onSessionInvalid,
  })
  return { session, instruments, http, events, ticks, feed, readQuote }
}

function openBusSockets(
  settings: FeedSettings,
  log: Logger,
  onDemand: (topic: string, isWanted: boolean) => void,
) {
  const events = new EventPublisher({
    endpoint: settings.FEED_EVENTS_ENDPOINT,
    endpointSetting: 'FEED_EVENTS_ENDPOINT',
    clock,
    epoch: ids.next(),
  })
  const ticks = new TickPublisher({
    endpoint: settings.FEED_TICKS_ENDPOINT,
    endpointSetting: 'FEED_TICKS_ENDPOINT',
    clock,
    maxTopics: settings.FEED_MAX_TOPICS,
    onDemand,
    onProblem: (message, fields) => log.warn(message, fields),
  })
  return { events, ticks }
}

function timingOf(settings: FeedSettings) {
  return {
    collectMs: COLLECT_MS,
    lingerMs: settings.FEED_LINGER_MS,
    pauseMs: settings.FEED_SUBSCRIBE_PAUSE_MS,
    batchSize: settings.FEED_SUBSCRIBE_BATCH,
  }
}
