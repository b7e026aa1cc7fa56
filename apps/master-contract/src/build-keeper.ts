import type { EventPublisher, RequestClient } from '@xts-bridge/bus'
import type { Clock } from '@xts-bridge/contracts'
import { HttpCaller } from '@xts-bridge/http'
import type { IndexFolder, InstrumentStore } from '@xts-bridge/instruments'
import type { InstrumentTable } from '@xts-bridge/persistence'
import { watchBrokerCalls, type Logger, type Metrics } from '@xts-bridge/runtime'
import { httpOptions, profileFromSettings, XtsMarket, type BrokerProfile } from '@xts-bridge/xts'
import { BrokerLists } from './broker-lists'
import type { GateLimits } from './check-segment'
import type { KeptLists } from './kept-lists'
import { ListKeeper, type RefreshRecord } from './list-keeper'
import { listSegmentsOf } from './list-segments'
import { describeFailure, RefreshInstruments } from './refresh-instruments'
import { repairList } from './repair-list'
import type { InstrumentsSettings } from './settings'
import type { Workshop } from './workshop'

export interface Broker {
  readonly profile: BrokerProfile
  readonly http: HttpCaller
}

/** The broker of the settings. */
export function openBroker(
  settings: InstrumentsSettings,
  { clock, log, metrics }: { readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics },
): Broker {
  const profile = profileFromSettings(settings)
  const http = new HttpCaller({
    ...httpOptions(settings, profile, 'market'),
    clock,
    onCall: watchBrokerCalls(log, metrics, 'instruments'),
  })
  return { profile, http }
}

export interface KeeperParts extends Broker {
  readonly account: string
  readonly clock: Clock
  readonly auth: RequestClient
  readonly events: EventPublisher
  readonly folder: IndexFolder
  readonly kept: KeptLists
  readonly limits: GateLimits
  readonly table: InstrumentTable
  readonly store: InstrumentStore
  readonly openWorkshop: () => Workshop
  readonly log: Logger
  readonly onRefreshed: (record: RefreshRecord) => void
}

/** Puts download, builder, table and files together under the keeper of the list; nothing runs yet. */
export function buildKeeper(parts: KeeperParts): { keeper: ListKeeper; repair: () => Promise<void> } {
  const { account, auth, clock, events, folder, http, kept, limits, log, profile, store, table } = parts
  const lists = new BrokerLists({
    auth,
    account,
    connect: (token) => new XtsMarket({ http, profile, token }),
    onProblem: (message, error) => log.warn(message, { account, problem: String(error) }),
  })
  const refresh = new RefreshInstruments({
    ...{ clock, lists, folder, limits, table, openWorkshop: parts.openWorkshop },
    broker: profile.name,
    segments: listSegmentsOf(profile.segments),
    prune: () => kept.prune(),
    onProgress: (progress) => {
      log.debug('instrument refresh goes on', { ...progress })
      keeper.onProgress(progress)
    },
  })
  const repair = (): Promise<void> =>
    repairList({
      ...{ broker: profile.name, folder, table },
      onRepaired: (what, fields) => log.warn(what, fields),
    })
  const keeper = new ListKeeper({
    ...{ store, refresh, repair },
    nowMs: () => clock.nowMs(),
    publish: (topic, data) => events.publish(topic, data),
    onRefreshed: (record) => {
      logRefresh(log, record)
      parts.onRefreshed(record)
    },
  })
  return { keeper, repair }
}

function logRefresh(log: Logger, { outcome, tookMs, list, problem, failures }: RefreshRecord): void {
  for (const failure of failures)
    log.warn('segment refused', { ...failure, problem: describeFailure(failure) })
  if (outcome === 'refused' || list === undefined) {
    log.warn('instrument list not replaced', { tookMs, problem })
    return
  }
  const { changes, diff, meta, samples } = list
  const { version, segments } = meta
  log.info('instrument list replaced', { version, outcome, tookMs, segments, ...changes, diff, samples })
}
