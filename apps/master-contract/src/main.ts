import { createLogger, loadSettings, runService, type Logger } from '@xts-bridge/runtime'
import { instrumentsSettings } from './settings'
import { startMasterContract } from './start-master-contract'

let logger: Logger | undefined

void runService(
  () => {
    const settings = loadSettings(instrumentsSettings)
    logger = createLogger({ service: 'master-contract', level: settings.LOG_LEVEL })
    return startMasterContract(settings, logger)
  },
  () => logger,
  instrumentsSettings,
)
