import { createLogger, loadSettings, runService, type Logger } from '@xts-bridge/runtime'
import { gatewaySettings } from './settings'
import { startGateway } from './start-gateway'

let logger: Logger | undefined

void runService(
  () => {
    const settings = loadSettings(gatewaySettings)
    logger = createLogger({ service: 'gateway', level: settings.LOG_LEVEL })
    return startGateway(settings, logger)
  },
  () => logger,
  gatewaySettings,
)
