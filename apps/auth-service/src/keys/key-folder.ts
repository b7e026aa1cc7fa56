import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readKeyFile, SettingsError, type SettingProblem } from '@xts-bridge/runtime'
import { SERVICE_NAMES, type ServiceName } from './service-keys'

/** What the launcher generated for this machine. */
export interface KeyFolder {
  readonly serviceKeys: Readonly<Record<ServiceName, string>>
  /** 64 hex digits. */
  readonly tokenEncryptionKey: string
  /** 64 hex digits. */
  readonly apiKeyPepper: string
  readonly localApiKey: string
}

/**
 * Reads every key file. Throws SettingsError naming each one that is missing, open to others, malformed, or the same as
 * another: two holders of one key would have each other's rights.
 */
export function readKeyFolder(folder: string): KeyFolder {
  const problems: SettingProblem[] = []
  const complain = (problem: string): void => {
    problems.push({ setting: 'KEYS_DIR', problem })
  }
  const read = (name: string, shape = /./): string => readOne(join(folder, name), shape, complain)
  const keys: KeyFolder = {
    serviceKeys: Object.fromEntries(
      SERVICE_NAMES.map((name) => [name, read(`services/${name}.key`)]),
    ) as Record<ServiceName, string>,
    tokenEncryptionKey: read('token-encryption.key', HEX_64),
    apiKeyPepper: read('api-key-pepper.key', HEX_64),
    localApiKey: read('local-api.key'),
  }
  const holders = Object.entries({ ...keys.serviceKeys, 'local-api': keys.localApiKey })
  for (const [name, key] of holders) {
    const same = holders.find(([other, otherKey]) => other < name && otherKey === key && key !== '')
    if (same) complain(`${same[0]}.key and ${name}.key hold the same key`)
  }
  if (problems.length > 0) throw new SettingsError(problems)
  return keys
}

const HEX_64 = /^[0-9a-f]{64}$/i

/** The key, or an empty string after complaining. */
function readOne(path: string, shape: RegExp, complain: (problem: string) => void): string {
  if (!existsSync(path)) {
    complain(`the key file ${path} is missing`)
    return ''
  }
  try {
    const key = readKeyFile(path)
    if (!shape.test(key)) complain(`the key file ${path} must hold 64 hex digits`)
    return key
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return ''
  }
}
