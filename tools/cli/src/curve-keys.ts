import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  addCurveClient,
  allowCurveClient,
  curveClients,
  generateCurveKeys,
  revokeCurveClient,
} from '@xts-bridge/runtime'
import { readHousePlace } from './settings'

export const CURVE_KEYS_USAGE = `Keys of the encrypted bus (docs/remote-access.md). Prints public keys only.

  npm run curve-keys -- house                    make the house's own keys, as far as they are missing
  npm run curve-keys -- client <name>            make keys for a client on another machine, and let it in
  npm run curve-keys -- allow <name> <key>       let in a client that made its own keys
  npm run curve-keys -- revoke <name>            let it in no more
  npm run curve-keys -- list                     who is let in

The same as xb curve-keys.

  --live           the keys of npm run start:live
  --out <folder>   where client writes what the other machine needs; it must not exist yet
`

/** Where a command reads and what it says. */
export interface CurveKeysPorts {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** KEYS_DIR of the house unless given. */
  readonly keysFolder?: string
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** Carries out one command; returns the exit code. */
export function runCurveKeys(argv: readonly string[], ports: CurveKeysPorts): number {
  try {
    const { values, positionals } = parseArgs({
      ...{ args: [...argv], allowPositionals: true },
      options: { live: { type: 'boolean' }, out: { type: 'string' } },
    })
    const keysFolder = ports.keysFolder ?? readHousePlace(values.live === true, ports.environment).keysFolder
    const said = carryOut(positionals, join(keysFolder, 'curve'), values.out)
    if (said === undefined) {
      ports.err(CURVE_KEYS_USAGE)
      return 64
    }
    ports.out(`${said}\n`)
    return 0
  } catch (error) {
    ports.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

/** What to tell; undefined when there is no such command. */
function carryOut(words: readonly string[], folder: string, out: string | undefined): string | undefined {
  const [command, name, key] = words
  switch (`${command} ${words.length - 1}`) {
    case 'house 0':
      return `The server's public key is ${generateCurveKeys(folder)}\nKeys are in ${folder}`
    case 'client 1':
      return addClient(folder, String(name), out)
    case 'allow 2': {
      const { publicKey } = allowCurveClient(folder, String(name), String(key))
      return `Client "${name}" is let in with the public key ${publicKey}`
    }
    case 'revoke 1':
      revokeCurveClient(folder, String(name))
      return `Client "${name}" is let in no more. Connections that stand go on; restart the services to end them.`
    case 'list 0':
      return listClients(folder)
    default:
      return undefined
  }
}

function addClient(folder: string, name: string, out: string | undefined): string {
  generateCurveKeys(folder)
  const bundle = out ?? `curve-${name}`
  const { publicKey } = addCurveClient(folder, name, bundle)
  return [
    `Client "${name}" is let in with the public key ${publicKey}`,
    `Move the folder ${bundle} to its machine: it holds the only copy of its secret key.`,
  ].join('\n')
}

function listClients(folder: string): string {
  const clients = curveClients(folder)
  if (clients.length === 0) return `Nobody is let in: ${folder} has no clients.`
  return clients.map(({ name, publicKey }) => `${publicKey}  ${name}`).join('\n')
}
