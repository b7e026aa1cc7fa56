import { createLogger, loadSettings, runService, type Logger } from '@xts-bridge/runtime'
import { authSettings } from './settings'
import { startAuthService } from './start-auth-service'

let logger: Logger | undefined

void runService(
  () => {
    const settings = loadSettings(authSettings)
    logger = createLogger({ service: 'auth-service', level: settings.LOG_LEVEL })
    return startAuthService(settings, logger)
  },
  () => logger,
  authSettings,
)
