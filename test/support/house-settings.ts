import {
  BUS_ENDPOINTS,
  HTTP_PORTS,
  type BusEndpointSetting,
  type HttpPortSetting,
} from '@xts-bridge/contracts'
import { freePorts } from './free-ports'

export type PortSetting = HttpPortSetting | 'XTS_SIMULATOR_PORT' | 'XTS_SIMULATOR_CONTROL_PORT'

/** Where one house listens: nothing of it is a default, so that any number of houses run side by side. */
export interface HousePlaces {
  readonly endpoints: Readonly<Record<BusEndpointSetting, string>>
  readonly ports: Readonly<Record<PortSetting, number>>
}

export async function choosePlaces(): Promise<HousePlaces> {
  const endpointNames = Object.keys(BUS_ENDPOINTS) as BusEndpointSetting[]
  const portNames: PortSetting[] = [
    ...(Object.keys(HTTP_PORTS) as HttpPortSetting[]),
    'XTS_SIMULATOR_PORT',
    'XTS_SIMULATOR_CONTROL_PORT',
  ]
  const free = await freePorts(endpointNames.length + portNames.length)
  const endpoints = endpointNames.map((name, index) => [name, `tcp://127.0.0.1:${free[index]}`])
  const ports = portNames.map((name, index) => [name, free[endpointNames.length + index]])
  return {
    endpoints: Object.fromEntries(endpoints) as Record<BusEndpointSetting, string>,
    ports: Object.fromEntries(ports) as Record<PortSetting, number>,
  }
}

/** The environment that makes a house listen there, keep its files in `dataFolder`, and see nothing of the user's own. */
export function houseEnvironment(
  { endpoints, ports }: HousePlaces,
  dataFolder: string,
  changes: Readonly<Record<string, string>>,
): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return {
    PATH,
    HOME,
    ...(TMPDIR !== undefined && { TMPDIR }),
    ENV_FILE: '/dev/null',
    DATA_DIR: dataFolder,
    // The whole universe takes seconds to make and to load; a flow that needs it says so.
    XTS_SIMULATOR_UNIVERSE: 'small',
    // No flow depends on the time of day.
    AUTH_RENEW_TIMES_IST: 'none',
    ...endpoints,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    ...changes,
  }
}
