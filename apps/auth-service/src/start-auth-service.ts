import { join } from 'node:path'
import type { BrokerApi, Clock, Ids } from '@xts-bridge/contracts'
import { HttpCaller } from '@xts-bridge/http'
import { openAuthDatabase } from '@xts-bridge/persistence'
import { randomIds, SettingsError, systemClock, type Logger, type RunningService } from '@xts-bridge/runtime'
import { brokerProfile, type BrokerProfile } from '@xts-bridge/xts'
import { AuthService } from './auth-service'
import { readKeyFolder } from './keys/key-folder'
import { brokerLogins } from './sessions/broker-logins'
import type { BrokerLogin } from './sessions/session-keeper'
import type { AuthSettings } from './settings'

/** What a test may put in place of the machine and the broker. */
export interface AuthPorts {
  readonly clock?: Clock
  readonly ids?: Ids
  readonly logins?: Readonly<Record<BrokerApi, BrokerLogin>>
}

export interface RunningAuthService extends RunningService {
  readonly bound: { readonly requests: string; readonly events: string; readonly healthPort: number }
}

/** Builds auth-service from its settings and starts it. Broker logins go on in the background. */
export async function startAuthService(
  settings: AuthSettings,
  log: Logger,
  ports: AuthPorts = {},
): Promise<RunningAuthService> {
  const { clock = systemClock, ids = randomIds } = ports
  const keyFolder = readKeyFolder(settings.KEYS_DIR)
  const profile = profileFrom(settings)
  const http = new HttpCaller({
    baseUrl: profile.baseUrl,
    verifyTls: profile.verifyTls,
    timeoutMs: settings.HTTP_TIMEOUT_MS,
    clock,
  })
  const logins = ports.logins ?? brokerLogins(settings, http, profile)
  const database = await openAuthDatabase(join(settings.DATA_DIR, 'auth.sqlite'))
  const service = new AuthService({ settings, log, clock, ids, keyFolder, database, logins })
  const stop = async (): Promise<void> => {
    await service.stop()
    await http.close()
    await database.close()
  }
  try {
    await service.start()
    return { bound: service.bound, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function profileFrom(settings: AuthSettings): BrokerProfile {
  const { XTS_PROFILE, XTS_BASE_URL: baseUrl } = settings
  try {
    return brokerProfile(XTS_PROFILE, baseUrl === undefined ? {} : { baseUrl })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new SettingsError([{ setting: 'XTS_PROFILE', problem }])
  }
}
