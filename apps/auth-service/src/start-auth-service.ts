import { join } from 'node:path'
import { secureBus } from '@xts-bridge/bus'
import type { Clock, Ids } from '@xts-bridge/contracts'
import { HttpCaller } from '@xts-bridge/http'
import { openAuthDatabase } from '@xts-bridge/persistence'
import {
  Metrics,
  randomIds,
  systemClock,
  watchBrokerCalls,
  type BrokerCall,
  type Logger,
  type RunningService,
} from '@xts-bridge/runtime'
import { httpOptions, profileFromSettings } from '@xts-bridge/xts'
import { AuthService } from './auth-service'
import { readKeyFolder } from './keys/key-folder'
import { brokerLogins, type BrokerLogins } from './sessions/broker-logins'
import type { AuthSettings } from './settings'

/** What a test may put in place of the machine and the broker. */
export interface AuthPorts {
  readonly clock?: Clock
  readonly ids?: Ids
  readonly logins?: BrokerLogins
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
  const profile = profileFromSettings(settings)
  const metrics = new Metrics('auth-service')
  const watch = watchBrokerCalls(log, metrics, 'auth')
  // Every body here is a login's, and the broker may quote a key anywhere in its answer.
  const onCall = (call: BrokerCall): void =>
    watch({ ...call, requestBody: undefined, responseText: undefined })
  const caller = (): HttpCaller => new HttpCaller({ ...httpOptions(settings, profile), clock, onCall })
  // One each: a breaker that one API opens must not keep the other from logging in.
  const http = { interactive: caller(), market: caller() }
  const logins = ports.logins ?? brokerLogins(settings, http, profile)
  const database = await openAuthDatabase(join(settings.DATA_DIR, 'auth.sqlite'))
  const curve = await secureBus({ settings, log, metrics, clock })
  const service = new AuthService({
    ...{ settings, log, clock, ids, keyFolder, database, logins, metrics, curve },
  })
  const stop = async (): Promise<void> => {
    await service.stop()
    await curve.close()
    await Promise.all([http.interactive.close(), http.market.close()])
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
