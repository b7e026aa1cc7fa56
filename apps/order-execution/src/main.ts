import { createLogger, loadSettings, runService, type Logger } from '@xts-bridge/runtime'
import { ordersSettings } from './settings'
import { startOrderExecution } from './start-order-execution'

let logger: Logger | undefined

void runService(
  () => {
    const settings = loadSettings(ordersSettings)
    logger = createLogger({ service: 'order-execution', level: settings.LOG_LEVEL })
    return startOrderExecution(settings, logger)
  },
  () => logger,
  ordersSettings,
)
