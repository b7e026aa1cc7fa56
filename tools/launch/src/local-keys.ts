import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readKeyFile } from '@xts-bridge/runtime'
import type { BrokerSecret, HouseMode } from './house-plan'

/** Secrets that only exist on this machine, relative to KEYS_DIR. Each is 32 random bytes in hex. */
const LOCAL_KEYS = [
  'token-encryption.key',
  'api-key-pepper.key',
  'local-api.key',
  ...['auth', 'orders', 'instruments', 'feed', 'ws-proxy', 'gateway', 'cli'].map(
    (name) => `services/${name}.key`,
  ),
]

/** What auth-service logs in to the simulator with, relative to KEYS_DIR. */
const SIMULATOR_KEYS: Readonly<Record<BrokerSecret, string>> = {
  JAINAM_INTERACTIVE_API_KEY: 'simulator/interactive-app.key',
  JAINAM_INTERACTIVE_API_SECRET: 'simulator/interactive-secret.key',
  JAINAM_MARKET_API_KEY: 'simulator/market-app.key',
  JAINAM_MARKET_API_SECRET: 'simulator/market-secret.key',
}

/** Generates the keys that are missing and returns their names; a key that is there is never touched. */
export function generateLocalKeys(keysFolder: string, mode: HouseMode): readonly string[] {
  const names = [...LOCAL_KEYS, ...(mode === 'simulator' ? Object.values(SIMULATOR_KEYS) : [])]
  return names.filter((name) => generateKey(join(keysFolder, name)))
}

/** The generated broker secrets of the simulator. */
export function simulatorKeys(keysFolder: string): Readonly<Record<BrokerSecret, string>> {
  const entries = Object.entries(SIMULATOR_KEYS).map(([name, file]) => [
    name,
    readKeyFile(join(keysFolder, file)),
  ])
  return Object.fromEntries(entries) as Record<BrokerSecret, string>
}

function generateKey(file: string): boolean {
  if (existsSync(file)) return false
  mkdirSync(dirname(file), { recursive: true })
  chmodSync(dirname(file), 0o700)
  // Written whole under another name first: a crash must not leave an empty key behind.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
}
