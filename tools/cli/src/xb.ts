import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readCurveKeys, XtsAdmin } from '@xts-bridge/client'
import { AppError } from '@xts-bridge/contracts'
import { readKeyFile, SettingsError } from '@xts-bridge/runtime'
import { runCurveKeys } from './curve-keys'
import { HELP } from './help'
import { createKey, listKeys, revokeKey } from './keys'
import { readHousePlace, type HousePlace } from './settings'
import { showTokens } from './tokens'
import { UsageError } from './usage-error'

/** What a command ends with; the numbers of sysexits.h where they fit. */
export const XB_EXIT = {
  ok: 0,
  refused: 1,
  /** The command was carried out, and not every session is live. */
  notLive: 2,
  usage: 64,
  houseIsDown: 69,
  settingsWrong: 78,
} as const

/** What a command may touch beside the bus. */
export interface XbPorts {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Longest wait for one answer of the house. */
  readonly timeoutMs?: number
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A command's hands: the operator's connection, and one with the key that may see tokens. */
export interface XbHands {
  readonly admin: XtsAdmin
  readonly connectAs: (keyName: string) => XtsAdmin
  readonly out: (text: string) => void
}

const REPLY_WAIT_MS = 5_000
const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  live: { type: 'boolean' },
  login: { type: 'boolean' },
  'show-token': { type: 'boolean' },
  account: { type: 'string' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  accounts: { type: 'string' },
  clients: { type: 'string' },
} as const
export type XbOptions = ReturnType<typeof readArguments>['options']

/** One command of `xb`. Resolves with the exit code; never throws for what a person or the house can do. */
export async function runXb(argv: readonly string[], ports: XbPorts): Promise<number> {
  // It needs no house, and has options of its own.
  if (argv[0] === 'curve-keys') return runCurveKeys(argv.slice(1), ports)
  try {
    const { words, options } = readArguments(argv)
    if (options.help === true || words.length === 0) {
      ports.out(HELP)
      return words.length === 0 && options.help !== true ? XB_EXIT.usage : XB_EXIT.ok
    }
    const story = storyOf(words, options)
    return await withHands(readHousePlace(options.live === true, ports.environment), ports, story)
  } catch (error) {
    return explain(error, ports)
  }
}

type Story = (hands: XbHands) => Promise<number>

/** Each command: the options it knows, how many words follow it, and its story. */
interface Command {
  readonly options: readonly (keyof XbOptions)[]
  readonly words: number
  run(hands: XbHands, options: XbOptions, word: string): Promise<number>
}

const done = async (story: Promise<void>): Promise<number> => story.then(() => XB_EXIT.ok)
const COMMANDS: Readonly<Record<string, Command>> = {
  tokens: {
    options: ['login', 'show-token', 'account'],
    words: 0,
    run: async (hands, options) => ((await showTokens(hands, options)) ? XB_EXIT.ok : XB_EXIT.notLive),
  },
  'keys list': { options: [], words: 0, run: (hands) => done(listKeys(hands)) },
  'keys create': {
    options: ['name', 'scopes', 'accounts', 'clients'],
    words: 0,
    run: (hands, options) => done(createKey(hands, options)),
  },
  'keys revoke': { options: [], words: 1, run: (hands, _, keyId) => done(revokeKey(hands, keyId)) },
}

function storyOf(words: readonly string[], options: XbOptions): Story {
  const name = Object.keys(COMMANDS).find((known) => `${words.join(' ')} `.startsWith(`${known} `))
  const command = name === undefined ? undefined : COMMANDS[name]
  const rest = words.slice(name?.split(' ').length)
  if (command === undefined || rest.length !== command.words)
    throw new UsageError(`There is no command "${words.join(' ')}" of this form.`)
  only(options, command.options)
  return (hands) => command.run(hands, options, rest[0] ?? '')
}

function readArguments(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
    return { words: positionals, options: values }
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}

/** An option that a command does not know must not be taken for one that it obeys. */
function only(options: XbOptions, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => name !== 'live' && !known.includes(name))
  if (unknown !== undefined) throw new UsageError(`This command has no option --${unknown}.`)
}

async function withHands(place: HousePlace, ports: XbPorts, story: Story): Promise<number> {
  const open: XtsAdmin[] = []
  const connectAs = (keyName: string): XtsAdmin => {
    const admin = XtsAdmin.connect({
      apiKey: readKey(place, keyName),
      authEndpoint: place.authEndpoint,
      curve: place.curveFolder === undefined ? undefined : readCurveKeys(place.curveFolder),
      timeoutMs: ports.timeoutMs ?? REPLY_WAIT_MS,
    })
    open.push(admin)
    return admin
  }
  try {
    return await story({ admin: connectAs('local-api.key'), connectAs, out: (text) => ports.out(text) })
  } finally {
    for (const admin of open) await admin.close()
  }
}

function readKey({ keysFolder }: HousePlace, name: string): string {
  const file = join(keysFolder, name)
  if (!existsSync(file)) {
    const problem = `has no ${name}; start the house once, or name its folder (DATA_DIR, KEYS_DIR, --live)`
    throw new SettingsError([{ setting: `the key folder ${keysFolder}`, problem }])
  }
  return readKeyFile(file)
}

function explain(error: unknown, { err }: XbPorts): number {
  if (error instanceof UsageError) {
    err(`${error.message} See xb --help.\n`)
    return XB_EXIT.usage
  }
  if (error instanceof AppError) {
    if (error.code === 'REQUEST_NOT_SENT') {
      err(`The house is not up: ${String(error.details['reason'])}. Start it with npm start.\n`)
      return XB_EXIT.houseIsDown
    }
    const hint = error.code === 'KEY_INVALID' ? ' Is it the key of another house (--live)?' : ''
    err(`${error.message}${hint} (${error.code})\n`)
    return XB_EXIT.refused
  }
  err(`${error instanceof Error ? error.message : String(error)}\n`)
  return error instanceof SettingsError ? XB_EXIT.settingsWrong : XB_EXIT.refused
}
