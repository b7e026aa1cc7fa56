import { join } from 'node:path'
import { BUS_ENDPOINTS } from '@xts-bridge/contracts'
import { commonSettings, loadSettings, setting } from '@xts-bridge/runtime'
import { z } from 'zod'

const cliSettings = z.object({
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  DATA_DIR: setting.text().optional(),
  KEYS_DIR: setting.text().optional(),
  BUS_CURVE: commonSettings.shape.BUS_CURVE,
})

const THIS_MACHINE = /^(ipc:|tcp:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost):)/

/** Where the house is that the command is for. */
export interface HousePlace {
  readonly authEndpoint: string
  readonly keysFolder: string
  /** The keys to connect with, where the endpoint is encrypted. */
  readonly curveFolder?: string | undefined
}

/**
 * Reads where the house is from the environment and the env file, as the house itself does. Without DATA_DIR and KEYS_DIR
 * the two kinds of start keep their keys apart. Throws SettingsError.
 */
export function readHousePlace(
  isLive: boolean,
  environment?: Readonly<Record<string, string | undefined>>,
): HousePlace {
  const settings = loadSettings(cliSettings, environment === undefined ? {} : { environment })
  const dataFolder = settings.DATA_DIR ?? (isLive ? 'data-live' : 'data')
  const authEndpoint = settings.AUTH_REQUESTS_ENDPOINT
  const keysFolder = settings.KEYS_DIR ?? join(dataFolder, 'keys')
  const isEncrypted =
    settings.BUS_CURVE === 'always' || (settings.BUS_CURVE === 'remote' && !THIS_MACHINE.test(authEndpoint))
  return { authEndpoint, keysFolder, curveFolder: isEncrypted ? join(keysFolder, 'curve') : undefined }
}
