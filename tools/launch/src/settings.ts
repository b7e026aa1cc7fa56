import { join, resolve } from 'node:path'
import { z } from 'zod'
import { BUS_ENDPOINTS, HTTP_PORTS, type BusEndpointSetting } from '@xts-bridge/contracts'
import {
  commonSettings,
  loadSettings,
  setting,
  SettingsError,
  type SettingProblem,
} from '@xts-bridge/runtime'
import { DEFAULT_DATA_DIR } from './data-folder'
import {
  MACHINE_VARIABLES,
  OPEN_SETTINGS,
  SETTING_ALIASES,
  SIMULATOR_PORTS,
  SIMULATOR_SECRETS,
  type HealthPortSetting,
  type HouseMode,
} from './house-plan'

/** The broker profile of `npm run start:live` unless XTS_PROFILE names another. */
const LIVE_PROFILE = 'jainam-prop-b'

const eachOf = <K extends string, V, S>(table: Readonly<Record<K, V>>, part: (value: V) => S): Record<K, S> =>
  Object.fromEntries(Object.entries<V>(table).map(([name, value]) => [name, part(value)])) as Record<K, S>

/** A port the supervisor must know beforehand, so the system may not choose it. */
const knownPort = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  setting.wholeNumber({ min: 1, max: 65_535, fallback })

const houseSchema = z.object({
  ...commonSettings.shape,
  ...eachOf<BusEndpointSetting, string, ReturnType<typeof setting.endpoint>>(BUS_ENDPOINTS, setting.endpoint),
  ...eachOf<HealthPortSetting, number, z.ZodDefault<z.ZodCoercedNumber>>(
    { ...HTTP_PORTS, ...SIMULATOR_PORTS },
    knownPort,
  ),
  XTS_PROFILE: setting.text().optional(),
  /** The broker whose profile the simulator's house goes by. */
  SIMULATED_PROFILE: setting.text().optional(),
})

const givenNames = [
  ...OPEN_SETTINGS,
  'SIMULATED_PROFILE',
  ...MACHINE_VARIABLES,
  ...Object.keys(SIMULATOR_SECRETS),
  ...Object.values(SIMULATOR_SECRETS),
]
const givenSchema = z.object(
  Object.fromEntries(
    givenNames.map((name) => [name, setting.alias(z.string().optional(), ...(SETTING_ALIASES[name] ?? []))]),
  ),
)

export interface HouseSettings extends z.infer<typeof houseSchema> {
  readonly XTS_PROFILE: string
  /** Every variable the environment and the env file give, as text, by name. */
  readonly given: Readonly<Record<string, string | undefined>>
}

/** The supervisor's own settings, and what was wrong with them; a wrong one stands at its default. */
export interface SettingsReading {
  readonly settings: HouseSettings
  readonly problems: readonly SettingProblem[]
}

/**
 * Reads what the supervisor itself needs. Folders are made absolute. Does not throw for a wrong setting, so that the
 * services can name what is wrong for them in the same message.
 */
export function readHouseSettings(mode: HouseMode): SettingsReading {
  return readFrom(mode, loadSettings(givenSchema))
}

function readFrom(mode: HouseMode, given: HouseSettings['given']): SettingsReading {
  try {
    return { settings: readStrictly(mode, given), problems: [] }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    const wrong = error.problems.map((problem) => problem.setting)
    const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.includes(name)))
    const { settings, problems } = readFrom(mode, rest)
    return { settings, problems: [...error.problems, ...problems] }
  }
}

function readStrictly(mode: HouseMode, given: HouseSettings['given']): HouseSettings {
  const settings = loadSettings(houseSchema, { environment: given, envFile: '/dev/null' })
  const dataFolder = resolve(given['DATA_DIR'] ?? DEFAULT_DATA_DIR[mode])
  return {
    ...settings,
    DATA_DIR: dataFolder,
    // Keys follow a moved data folder unless they were moved themselves.
    KEYS_DIR: resolve(given['KEYS_DIR'] ?? join(dataFolder, 'keys')),
    XTS_PROFILE: profileOf(mode, { live: settings.XTS_PROFILE, simulated: settings.SIMULATED_PROFILE }),
    given,
  }
}

function profileOf(
  mode: HouseMode,
  asked: { live?: string | undefined; simulated?: string | undefined },
): string {
  // A profile in the env file is meant for live trading; the simulator's house has a setting of its own.
  if (mode === 'simulator') return asked.simulated ?? 'simulator'
  if (asked.live?.startsWith('simulator') !== true) return asked.live ?? LIVE_PROFILE
  throw new SettingsError([
    { setting: 'XTS_PROFILE', problem: `is "${asked.live}"; a live start needs the profile of a broker` },
  ])
}
