import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, CURVE_FILES, isCurveKey } from '@xts-bridge/contracts'

/** Keys for a house on another machine; each is 40 characters of Z85. */
export interface CurveKeys {
  /** Whom this client talks to. */
  readonly serverPublicKey: string
  readonly publicKey: string
  readonly secretKey: string
}

const OTHERS = 0o077

/**
 * Reads the folder that `npm run curve-keys -- client <name>` wrote. Throws CURVE_KEYS_UNUSABLE when a file is missing or
 * no key, or others can read the secret.
 */
export function readCurveKeys(folder: string): CurveKeys {
  try {
    const mode = statSync(join(folder, CURVE_FILES.clientSecret)).mode & 0o777
    if ((mode & OTHERS) !== 0)
      throw new Error(`${CURVE_FILES.clientSecret} has mode ${mode.toString(8)}; it must be 600`)
    return {
      serverPublicKey: readKey(folder, CURVE_FILES.serverPublic),
      publicKey: readKey(folder, CURVE_FILES.clientPublic),
      secretKey: readKey(folder, CURVE_FILES.clientSecret),
    }
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('CURVE_KEYS_UNUSABLE', { folder, problem }, { cause })
  }
}

function readKey(folder: string, file: string): string {
  const text = readFileSync(join(folder, file), 'utf8').trim()
  if (!isCurveKey(text)) throw new Error(`${file} holds no CURVE key, which is 40 characters of Z85`)
  return text
}
