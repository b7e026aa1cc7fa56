import type { RequestListener } from 'node:http'
import { buildBroker } from './build-broker'
import { controlApp } from './control/control-server'
import { resumeDay } from './day/resume-day'
import { readScenario } from './faults/read-scenario'
import { ScenarioSlot } from './faults/scenario-slot'
import { plainServer, tlsServer, type Listening } from './listening'
import { optionsSchema, type SimulatorOptions, type SimulatorSettings } from './options'
import type { Broker } from './rest/broker'
import { httpApp, MARKET_PREFIXES } from './rest/http-app'
import { openClusterPaths } from './sockets/cluster-paths'
import { openSocketDoor } from './sockets/socket-doors'
import { closeStrayUpgrades } from './sockets/stray-upgrades'
import { silentLog, timedLog, type StateLog } from './state-log'
import { resetSessionsDaily } from './state/session-reset'
import { nameSockets } from './time/socket-names'
import { openWorld, type World } from './time/world'

export { PortUnavailable } from './listening'

/** A simulator that listens. */
export interface RunningSimulator {
  readonly port: number
  readonly controlPort: number
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** Starts a whole broker on loopback. Port 0 takes any free one. Throws a ZodError for wrong options, PortUnavailable for a taken port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { log: tell = silentLog, ...given } = options
  const settings = optionsSchema.parse(given)
  const scenario = settings.scenario === undefined ? undefined : readScenario(settings.scenario)
  const world = openWorld(settings)
  const { clock } = world
  const log = timedLog(tell, clock)
  const { broker, day } = buildBroker(settings, world, log)
  const front = openFront(settings, httpApp(broker) as RequestListener, log)
  const scenarios = new ScenarioSlot(broker)
  const control = plainServer(controlApp(broker, scenarios) as RequestListener, log)
  const doors = openDoors(front, broker, world)
  broker.frontDoor.guard(front)
  const end = async (): Promise<void> => {
    clock.close()
    broker.feed.close()
    broker.tape.close()
    for (const door of doors) {
      door.disconnectSockets(true)
      door.engine.close()
    }
    broker.frontDoor.close()
    await Promise.all([front.close(), control.close()])
    day.close()
  }
  let ending: Promise<void> | undefined
  const close = (): Promise<void> => (ending ??= end())
  try {
    const port = await front.listen(settings.port, 'XTS_SIMULATOR_PORT')
    // Nobody is answered before this, and a second simulator on the same port has failed and touched nothing.
    day.begin()
    if (day.kept) resumeDay(day.kept, broker)
    const controlPort = await control.listen(settings.controlPort, 'XTS_SIMULATOR_CONTROL_PORT')
    broker.exchange.beginDay()
    broker.midnight.begin()
    resetSessionsDaily(settings.sessionResetAt, broker)
    broker.feed.start()
    broker.tape.begin()
    if (scenario) scenarios.begin(scenario)
    log('simulator listens', {
      port,
      controlPort,
      scheme: settings.tlsCert === undefined ? 'http' : 'https',
      clock: settings.clock,
      accounts: broker.accounts.map(({ userId, kind }) => ({ userId, kind })),
    })
    return { port, controlPort, close }
  } catch (error) {
    await close()
    throw error
  }
}

function openFront({ tlsCert, tlsKey }: SimulatorSettings, app: RequestListener, log: StateLog): Listening {
  const hasTls = tlsCert !== undefined && tlsKey !== undefined
  return hasTls ? tlsServer(app, { cert: tlsCert, key: tlsKey }, log) : plainServer(app, log)
}

const INTERACTIVE_DOOR = '/interactive/socket.io'

type Door = ReturnType<typeof openSocketDoor>

function openDoors({ http }: Listening, broker: Broker, world: World): Door[] {
  const { sessions, choices, marketChoices, clock, log, outgoing } = broker
  const parts = { http, sessions, clock, log, choices, marketChoices, outgoing }
  const open = (path: string, api: 'interactive' | 'market'): Door => {
    const door = openSocketDoor(parts, path, api)
    nameSockets(door, world.socketIds(path))
    return door
  }
  const marketPaths = MARKET_PREFIXES.map((prefix) => `${prefix}/socket.io`)
  const doors = [open(INTERACTIVE_DOOR, 'interactive'), ...marketPaths.map((path) => open(path, 'market'))]
  openClusterPaths(http)
  closeStrayUpgrades(http, [INTERACTIVE_DOOR, ...marketPaths])
  return doors
}
