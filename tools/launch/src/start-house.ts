import { join, relative } from 'node:path'
import { generateCurveKeys, systemClock, type RunningService } from '@xts-bridge/runtime'
import { childEnvironment } from './child-environment'
import { claimDataFolder } from './data-folder'
import { House } from './house'
import { servicesOf, SIMULATOR, type HouseMode, type ServicePlan } from './house-plan'
import { generateLocalKeys, simulatorKeys } from './local-keys'
import { listenersOf, portProblems } from './port-preflight'
import { Screen, seconds } from './screen'
import { checkSettings } from './settings-check'
import { exposedEndpoints } from './exposed-endpoints'
import { readHouseSettings, type HouseSettings } from './settings'

export interface HouseRequest {
  readonly mode: HouseMode
  /** Only these services; all of the mode unless given. */
  readonly only?: readonly string[] | undefined
}

/** A start that cannot be: the message says why, in words for a person. */
export class StartRefused extends Error {}

/**
 * Brings up a house and says on the screen how far it is. Throws SettingsError or StartRefused before anything was
 * started. `onHopeless` is called when a service finds later that it cannot run.
 */
export async function startHouse(
  { mode, only }: HouseRequest,
  screen: Screen,
  onHopeless: (message: string) => void,
): Promise<RunningService> {
  const beganAtMs = systemClock.nowMs()
  const services = servicesOf(mode, only)
  const { settings, problems } = readHouseSettings(mode)
  const logFolder = join(settings.DATA_DIR, 'logs')
  screen.line(`xts-bridge · ${settings.XTS_PROFILE} · logs in ${shortPath(logFolder)}`)
  const refusal = claimDataFolder(settings.DATA_DIR, mode)
  if (refusal !== undefined) throw new StartRefused(`Nothing was started: ${refusal}`)
  const generated = generateLocalKeys(settings.KEYS_DIR, mode)
  if (generated.length > 0)
    screen.line(`Generated ${generated.length} local keys in ${shortPath(settings.KEYS_DIR)}`)
  if (settings.BUS_CURVE !== 'off') generateCurveKeys(join(settings.KEYS_DIR, 'curve'))
  const secrets = mode === 'simulator' ? simulatorKeys(settings.KEYS_DIR) : undefined
  const environmentOf = (plan: ServicePlan): Readonly<Record<string, string>> =>
    childEnvironment(plan, settings, secrets)
  // The simulator shares no code with us and reads its few settings itself.
  const checked = services.filter((plan) => plan.name !== SIMULATOR)
  const programs = checked.map((plan) => ({
    name: plan.name,
    program: programOf(plan),
    environment: environmentOf(plan),
  }))
  const wrong = [...problems, ...exposedEndpoints(settings)]
  await Promise.all([checkSettings(programs, wrong), refuseTakenPorts(mode, settings)])
  const house = new House({
    mode,
    services,
    settings,
    programOf,
    environmentOf,
    logFolder,
    clock: systemClock,
    screen,
    onReady: () => sayReady(screen, settings, systemClock.nowMs() - beganAtMs, mode),
    onHopeless,
  })
  house.start()
  return house
}

async function refuseTakenPorts(mode: HouseMode, settings: HouseSettings): Promise<void> {
  const problems = await portProblems(listenersOf(mode, settings))
  if (problems.length === 0) return
  throw new StartRefused(`Nothing was started:\n${bullets(problems)}`)
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}

/** The compiled tree this file is part of. */
function programOf(plan: ServicePlan): string {
  return join(__dirname, '../../..', plan.program)
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}

function sayReady(screen: Screen, settings: HouseSettings, tookMs: number, mode: HouseMode): void {
  const host = settings.HTTP_HOST
  screen.line(`Ready in ${seconds(tookMs)}.`)
  screen.line()
  screen.service('REST', `http://${host}:${settings.GATEWAY_PORT}/api/v1`)
  screen.service('WebSocket', `ws://${host}:${settings.WS_PROXY_PORT}`)
  screen.service('Orders on the bus', settings.ORDERS_REQUESTS_ENDPOINT)
  screen.service('Ticks on the bus', settings.FEED_TICKS_ENDPOINT)
  screen.service('API key', `in ${shortPath(join(settings.KEYS_DIR, 'local-api.key'))}`)
  screen.line()
  // The demonstration places real orders in a live house; it is only offered where money is not.
  if (mode === 'simulator') screen.line(`Try it, in another terminal:  ${demoCommand(settings)}`)
  screen.line('Stop it:  Ctrl-C')
}

/** The demonstration looks for the key where it is by default; elsewhere, and for an encrypted bus, it must be told. */
function demoCommand({ KEYS_DIR, BUS_CURVE }: HouseSettings): string {
  const keyFile = shortPath(join(KEYS_DIR, 'local-api.key'))
  const options = [
    ...(keyFile === join('data', 'keys', 'local-api.key') ? [] : ['--key-file', keyFile]),
    ...(BUS_CURVE === 'off' ? [] : ['--curve-folder', shortPath(join(KEYS_DIR, 'curve'))]),
  ]
  return options.length === 0 ? 'npm run demo' : `npm run demo -- ${options.join(' ')}`
}
