import { NestFactory } from '@nestjs/core'
import { secureBus } from '@xts-bridge/bus'
import {
  createLogger,
  loadSettings,
  Metrics,
  randomIds,
  runService,
  systemClock,
  type Logger,
  type RunningService,
} from '@xts-bridge/runtime'
import { wsProxySettings } from './settings'
import { WsProxyModule } from './ws-proxy.module'

let logger: Logger | undefined

async function startWsProxy(): Promise<RunningService> {
  const settings = loadSettings(wsProxySettings)
  logger = createLogger({ service: 'ws-proxy', level: settings.LOG_LEVEL })
  const metrics = new Metrics('ws-proxy')
  const curve = await secureBus({ settings, log: logger, metrics, clock: systemClock })
  const module = WsProxyModule.of({
    ...{ settings, log: logger, clock: systemClock, ids: randomIds, metrics, curve },
  })
  const app = await NestFactory.createApplicationContext(module, {
    logger: false,
    abortOnError: false,
  })
  return { stop: () => app.close() }
}

void runService(startWsProxy, () => logger, wsProxySettings)
