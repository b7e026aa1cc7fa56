import { join } from 'node:path'
import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import {
  BROKER_CHOICES,
  MACHINE_VARIABLES,
  OPEN_SETTINGS,
  SIMULATOR,
  SIMULATOR_PORTS,
  SIMULATOR_SECRETS,
  type BrokerSecret,
  type ServicePlan,
} from './house-plan'
import type { HouseSettings } from './settings'

type Environment = Readonly<Record<string, string>>

/** Settings the supervisor has decided on; the services must not come to another conclusion. */
const DECIDED = [
  ...Object.keys(BUS_ENDPOINTS),
  ...Object.keys(HTTP_PORTS),
  ...Object.keys(SIMULATOR_PORTS),
  'DATA_DIR',
  'KEYS_DIR',
  'HTTP_HOST',
  'LOG_LEVEL',
  'XTS_PROFILE',
] as const

/**
 * The whole environment of one process, from allow-lists: the machine's variables, the open settings, and the secrets
 * of this service alone. With the simulator's secrets, they and its address replace the real broker's. The env file has
 * been read by then, so the service is pointed away from it.
 */
export function childEnvironment(
  service: ServicePlan,
  settings: HouseSettings,
  simulatorSecrets: Readonly<Record<BrokerSecret, string>> | undefined,
): Environment {
  const open = OPEN_SETTINGS.filter((name) => !simulatorSecrets || !BROKER_CHOICES.includes(name))
  return {
    ...pick(settings.given, [...MACHINE_VARIABLES, ...open, ...service.secrets]),
    ...pick(settings as unknown as Record<string, unknown>, DECIDED),
    ...(simulatorSecrets && simulatorOverrides(service, settings, simulatorSecrets)),
    ENV_FILE: '/dev/null',
  }
}

function simulatorOverrides(
  service: ServicePlan,
  settings: HouseSettings,
  secrets: Readonly<Record<BrokerSecret, string>>,
): Environment {
  const environment: Record<string, string> = {
    XTS_BASE_URL: `http://127.0.0.1:${settings.XTS_SIMULATOR_PORT}`,
  }
  // The house keeps its orders over a restart, so its broker must not forget them.
  if (service.name === SIMULATOR)
    environment['XTS_SIMULATOR_STATE_FILE'] =
      settings.given['XTS_SIMULATOR_STATE_FILE'] || join(settings.DATA_DIR, 'simulator', 'day.jsonl')
  for (const [brokerName, simulatorName] of Object.entries(SIMULATOR_SECRETS) as [BrokerSecret, string][]) {
    const secret = settings.given[simulatorName] || secrets[brokerName]
    if (service.secrets.includes(brokerName)) environment[brokerName] = secret
    if (service.secrets.includes(simulatorName)) environment[simulatorName] = secret
  }
  return environment
}

function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Environment {
  const entries = names.flatMap((name) => {
    const value = from[name]
    return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : []
  })
  return Object.fromEntries(entries)
}
