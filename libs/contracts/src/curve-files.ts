import { decodeZ85 } from './z85'

/**
 * The files of a CURVE folder: KEYS_DIR/curve of a house, and the same without the server's secret and the allow-list on
 * another machine. Each key is 40 characters of Z85; `.key` is a secret with mode 600.
 */
export const CURVE_FILES = {
  /** Secret of every binding socket of the house; only where services bind. */
  serverSecret: 'server.key',
  /** What every client must know to be sure of whom it talks to. */
  serverPublic: 'server.pub',
  /** Secret that processes of this machine connect with. */
  clientSecret: 'client.key',
  clientPublic: 'client.pub',
  /** Folder of the allow-list: one `<name>.pub` per client. */
  clients: 'clients',
} as const

const KEY_BYTES = 32

/** True for 32 bytes in Z85. */
export function isCurveKey(text: string): boolean {
  return decodeZ85(text)?.length === KEY_BYTES
}
