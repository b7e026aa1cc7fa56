import { join } from 'node:path'
import { AccessDoor, KeyCheck, watchRevocations } from '@xts-bridge/access'
import {
  EventPublisher,
  EventSubscriber,
  RequestClient,
  secureBus,
  serveRequests,
  ZmqServer,
  type BusCurve,
} from '@xts-bridge/bus'
import type { Clock, SessionState } from '@xts-bridge/contracts'
import { IndexFolder, InstrumentStore, instrumentsFolder } from '@xts-bridge/instruments'
import { InstrumentTable, openInstrumentsDatabase } from '@xts-bridge/persistence'
import {
  HealthServer,
  Metrics,
  randomIds as ids,
  readKeyFile,
  systemClock,
  type Logger,
  type RunningService,
} from '@xts-bridge/runtime'
import { buildKeeper, openBroker } from './build-keeper'
import { InstrumentsModule } from './instruments.module'
import { KeptLists } from './kept-lists'
import type { ListKeeper } from './list-keeper'
import { ListWorkshop } from './list-workshop'
import { measureList } from './measure-list'
import { RefreshSchedule } from './refresh-schedule'
import { gateLimits, type InstrumentsSettings } from './settings'
import type { Workshop } from './workshop'

/** What a test may put in place of the machine. */
export interface MasterContractPorts {
  readonly clock?: Clock
  readonly openWorkshop?: () => Workshop
}

export interface RunningMasterContract extends RunningService {
  readonly bound: { readonly requests: string; readonly events: string; readonly healthPort: number }
}

/** Builds master-contract from its settings and starts it. It comes up alone; what is missing it waits for. */
export async function startMasterContract(
  settings: InstrumentsSettings,
  log: Logger,
  ports: MasterContractPorts = {},
): Promise<RunningMasterContract> {
  const parts = await build(settings, log, ports)
  try {
    const bound = await run(parts, settings, log)
    log.info('master-contract started', { profile: settings.XTS_PROFILE, version: parts.store.version })
    return { bound, stop: () => close(parts) }
  } catch (error) {
    await close(parts)
    throw error
  }
}

type Parts = Awaited<ReturnType<typeof build>>

/** Puts the parts together; nothing is bound or asked for yet. */
async function build(settings: InstrumentsSettings, log: Logger, ports: MasterContractPorts) {
  const { clock = systemClock, openWorkshop = () => new ListWorkshop() } = ports
  const apiKey = readKeyFile(join(settings.KEYS_DIR, 'services', 'instruments.key'))
  const metrics = new Metrics('master-contract')
  const curve = await secureBus({ settings, log, metrics, clock })
  const broker = openBroker(settings, { clock, log, metrics })
  const folder = new IndexFolder(instrumentsFolder(settings.DATA_DIR))
  const store = new InstrumentStore(folder)
  const database = await openInstrumentsDatabase(join(settings.DATA_DIR, 'instruments.sqlite'))
  const auth = new RequestClient({ endpoint: settings.AUTH_REQUESTS_ENDPOINT, apiKey, clock, ids })
  const events = new EventPublisher({
    endpoint: settings.INSTRUMENTS_EVENTS_ENDPOINT,
    endpointSetting: 'INSTRUMENTS_EVENTS_ENDPOINT',
    clock,
    epoch: ids.next(),
  })
  const measure = measureList(metrics, store, () => clock.nowMs())
  const kept = openKept(settings, { clock, broker: broker.profile.name, folder })
  const { keeper, repair } = buildKeeper({
    ...{
      ...broker,
      account: settings.ACCOUNT_ID,
      clock,
      auth,
      events,
      folder,
      kept,
      store,
      openWorkshop,
      log,
    },
    limits: gateLimits(settings),
    table: new InstrumentTable(database, {
      onStatement: (statement) => log.debug('instrument table statement', { ...statement }),
    }),
    onRefreshed: (record) => measure.refreshed(record),
  })
  const schedule = openSchedule(settings, clock, keeper)
  const keys = new KeyCheck({ auth, clock })
  const server = openServer(settings, { clock, keys, log })
  const health = openHealth(settings, { metrics, keeper, curve })
  const opened: { close(): Promise<void> }[] = []
  return {
    ...{ clock, curve },
    http: broker.http,
    store,
    database,
    auth,
    events,
    measure,
    keeper,
    kept,
    repair,
    schedule,
    keys,
    server,
    health,
    opened,
  }
}

/** Binds the sockets, loads the last good list, and lets the schedule begin. */
async function run(
  parts: Parts,
  settings: InstrumentsSettings,
  log: Logger,
): Promise<RunningMasterContract['bound']> {
  const { clock, keeper, kept, keys, measure, opened, schedule, server, store } = parts
  const healthPort = await parts.health.listen()
  const events = await parts.events.bind()
  await loadLastGood({ repair: parts.repair, store, log })
  measure.listLoaded()
  opened.push(await serveRequests(InstrumentsModule.of({ store, keeper, kept, clock }), server))
  opened.push(watchRevocations({ keys, eventsEndpoint: settings.AUTH_EVENTS_ENDPOINT, clock }))
  opened.push(watchSession(settings, clock, schedule))
  schedule.start()
  return { requests: server.boundEndpoint, events, healthPort }
}

async function close(parts: Parts): Promise<void> {
  parts.schedule.close()
  await parts.http.close()
  await Promise.all(parts.opened.map((one) => one.close()))
  await parts.server.close()
  await parts.keeper.idle()
  await Promise.all([parts.auth.close(), parts.events.close(), parts.database.close(), parts.health.close()])
  await parts.curve.close()
}

function openKept(
  settings: InstrumentsSettings,
  parts: { readonly clock: Clock; readonly broker: string; readonly folder: IndexFolder },
): KeptLists {
  const { clock, broker, folder } = parts
  return new KeptLists({
    broker,
    folder,
    keepDays: settings.INSTRUMENTS_KEEP_DAYS,
    nowMs: () => clock.nowMs(),
  })
}

function openSchedule(settings: InstrumentsSettings, clock: Clock, keeper: ListKeeper): RefreshSchedule {
  return new RefreshSchedule({
    ...{ clock, keeper },
    timesOfDay: settings.INSTRUMENTS_REFRESH_TIMES_IST,
    retry: { firstMs: settings.INSTRUMENTS_RETRY_FIRST_MS, mostMs: settings.INSTRUMENTS_RETRY_MOST_MS },
  })
}

function openServer(
  settings: InstrumentsSettings,
  { clock, keys, log }: { clock: Clock; keys: KeyCheck; log: Logger },
): ZmqServer {
  return new ZmqServer({
    endpoint: settings.INSTRUMENTS_REQUESTS_ENDPOINT,
    endpointSetting: 'INSTRUMENTS_REQUESTS_ENDPOINT',
    clock,
    door: new AccessDoor({ keys, defaultAccount: settings.ACCOUNT_ID }),
    onProblem: (message, fields) => log.error(message, fields),
  })
}

function openHealth(
  settings: InstrumentsSettings,
  { metrics, keeper, curve }: { metrics: Metrics; keeper: ListKeeper; curve: BusCurve },
): HealthServer {
  return new HealthServer({
    host: settings.HTTP_HOST,
    port: settings.INSTRUMENTS_HEALTH_PORT,
    portSetting: 'INSTRUMENTS_HEALTH_PORT',
    service: 'master-contract',
    metrics,
    readiness: () => ({ instruments: keeper.status().version !== undefined }),
    describe: () => ({ ...keeper.status(), bus: curve.status }),
  })
}

/** A list that cannot be repaired or read is said so; the refresh that follows replaces it. */
async function loadLastGood({
  repair,
  store,
  log,
}: {
  repair: () => Promise<void>
  store: InstrumentStore
  log: Logger
}): Promise<void> {
  try {
    await repair()
    store.load()
  } catch (error) {
    log.error('last good list not usable', { error })
  }
}

/** A refresh that failed for want of a session is tried again as soon as there is one. */
function watchSession(
  settings: InstrumentsSettings,
  clock: Clock,
  schedule: RefreshSchedule,
): EventSubscriber {
  const subscriber = new EventSubscriber({
    endpoint: settings.AUTH_EVENTS_ENDPOINT,
    clock,
    onEvent: ({ topic, data }) => {
      if (topic === 'session.renewed' && (data as SessionState).api === 'market') schedule.retryNow()
    },
  })
  subscriber.start()
  return subscriber
}
