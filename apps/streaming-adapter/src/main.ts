import { createLogger, loadSettings, runService, type Logger } from '@xts-bridge/runtime'
import { feedSettings } from './settings'
import { startStreamingAdapter } from './start-streaming-adapter'

let logger: Logger | undefined

void runService(
  () => {
    const settings = loadSettings(feedSettings)
    logger = createLogger({ service: 'streaming-adapter', level: settings.LOG_LEVEL })
    return startStreamingAdapter(settings, logger)
  },
  () => logger,
  feedSettings,
)
