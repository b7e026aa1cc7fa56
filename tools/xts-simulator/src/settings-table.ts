import { z } from 'zod'
import { optionsSchema } from './options'

/** One setting, as the command line, the environment, the config file and --help know it. */
export interface Setting {
  /** Its name in `options.ts` and in the config file. */
  readonly option: string
  readonly group: string
  /** `--port`; without one it is set by variable or config file only. */
  readonly argument?: string
  /** `XTS_SIMULATOR_PORT`; without one it is set by argument or config file only. */
  readonly variable?: string
  /** How its text is read; a text if nothing is said. */
  readonly reads?: 'number' | 'switch' | 'list'
  readonly means: string
}

const WRITTEN: readonly Setting[] = [
  ...inGroup('Ports and files', [
    { option: 'port', variable: 'XTS_SIMULATOR_PORT', argument: 'port', reads: 'number', means: 'REST and sockets (6500)' },
    { option: 'controlPort', variable: 'XTS_SIMULATOR_CONTROL_PORT', argument: 'control-port', reads: 'number', means: 'control API (6501)' },
    { option: 'tlsCert', argument: 'tls-cert', means: 'PEM file; with it and its key the broker speaks https and wss' },
    { option: 'tlsKey', argument: 'tls-key', means: 'PEM file of its key' },
    { option: 'stateFile', variable: 'XTS_SIMULATOR_STATE_FILE', argument: 'state', means: 'file that keeps the trading day over a restart (none: nothing is kept)' },
  ]),
  ...inGroup('World', [
    { option: 'seed', variable: 'XTS_SIMULATOR_SEED', argument: 'seed', reads: 'number', means: 'same seed, same world (1)' },
    { option: 'universe', variable: 'XTS_SIMULATOR_UNIVERSE', argument: 'universe', means: 'whole or small (whole)' },
    { option: 'mastersDir', variable: 'XTS_SIMULATOR_MASTERS_DIR', argument: 'masters', means: 'folder of real *.txt masters, served instead of the generated ones' },
  ]),
  ...inGroup('Time', [
    { option: 'clock', variable: 'XTS_SIMULATOR_CLOCK', argument: 'clock', means: 'wall, or virtual: time moves by requests and POST /clock only, and a day can be repeated byte for byte (wall)' },
    { option: 'start', variable: 'XTS_SIMULATOR_START', argument: 'start', means: 'when a virtual day begins (2026-11-20T09:15:00+05:30)' },
    { option: 'stepMs', variable: 'XTS_SIMULATOR_STEP_MS', argument: 'step-ms', reads: 'number', means: 'virtual time that passes before each REST request (1)' },
  ]),
  ...inGroup('Tape', [
    { option: 'tape', variable: 'XTS_SIMULATOR_TAPE', argument: 'tape', means: 'file of recorded market data, replayed bit by bit' },
    { option: 'tapeSpeed', variable: 'XTS_SIMULATOR_TAPE_SPEED', argument: 'tape-speed', reads: 'number', means: 'times as fast as it was recorded, or max (1)' },
    { option: 'tapeStart', variable: 'XTS_SIMULATOR_TAPE_START', argument: 'tape-start', means: 'listener: when a socket first has something of it to hear; at-once; paused: by POST /tape (listener)' },
    { option: 'record', variable: 'XTS_SIMULATOR_RECORD', argument: 'record', means: 'new file for everything the market-data sockets are sent; a tape later' },
  ]),
  ...inGroup('Faults', [
    { option: 'scenario', variable: 'XTS_SIMULATOR_SCENARIO', argument: 'scenario', means: 'file of steps that make the day go wrong (see FAULTS.md)' },
  ]),
  ...inGroup('Accounts (several of them: `accounts` of the config file)', [
    { option: 'account', variable: 'XTS_SIMULATOR_ACCOUNT', argument: 'account', means: 'retail, dealer or pro; or the userId of one account of the config file, to have it alone' },
    { option: 'accountKind', variable: 'XTS_SIMULATOR_ACCOUNT_KIND', means: 'retail, dealer or pro (retail)' },
    { option: 'clientCodes', variable: 'XTS_SIMULATOR_CLIENT_CODES', argument: 'client-codes', reads: 'list', means: 'codes the login trades for, comma between them (SIM0001)' },
    { option: 'isAlgoAccount', variable: 'XTS_SIMULATOR_ALGO_ACCOUNT', argument: 'algo-account', reads: 'switch', means: 'true refuses market orders, as algo accounts do (false)' },
    { option: 'cashRupees', variable: 'XTS_SIMULATOR_CASH_RUPEES', argument: 'cash-rupees', reads: 'number', means: 'cash of each client (1000000000)' },
    { option: 'interactiveKey', variable: 'XTS_SIMULATOR_INTERACTIVE_KEY', means: 'appKey of the interactive API' },
    { option: 'interactiveSecret', variable: 'XTS_SIMULATOR_INTERACTIVE_SECRET', means: 'its secretKey' },
    { option: 'marketKey', variable: 'XTS_SIMULATOR_MARKET_KEY', means: 'appKey of the market-data API' },
    { option: 'marketSecret', variable: 'XTS_SIMULATOR_MARKET_SECRET', means: 'its secretKey' },
  ]),
  ...inGroup('Trading day', [
    { option: 'sessionProfile', variable: 'XTS_SIMULATOR_SESSION_PROFILE', argument: 'session-profile', means: 'always-open, or nse: the hours of the Indian exchanges, with pre-open, closing session and intraday square-off (always-open)' },
    { option: 'misSquareOffAt', variable: 'XTS_SIMULATOR_MIS_SQUARE_OFF_AT', argument: 'mis-square-off-at', means: 'time in India of the intraday square-off, instead of the profile\'s (15:15; currencies 16:45, MCX 23:15)' },
    { option: 'sessionResetAt', variable: 'XTS_SIMULATOR_SESSION_RESET_AT', argument: 'session-reset-at', means: 'time in India at which every session ends, as brokers do overnight, such as 03:00 (none: they last a day)' },
  ]),
  ...inGroup('Delays and limits', [
    { option: 'ackDelayMs', variable: 'XTS_SIMULATOR_ACK_DELAY_MS', argument: 'ack-delay-ms', reads: 'number', means: 'until an order is answered (0)' },
    { option: 'exchangeDelayMs', variable: 'XTS_SIMULATOR_EXCHANGE_DELAY_MS', argument: 'exchange-delay-ms', reads: 'number', means: 'until the exchange confirms it (1)' },
    { option: 'refillDelayMs', variable: 'XTS_SIMULATOR_REFILL_DELAY_MS', argument: 'refill-delay-ms', reads: 'number', means: 'until eaten liquidity is quoted anew (20)' },
    { option: 'ticksPerSecond', variable: 'XTS_SIMULATOR_TICKS_PER_SECOND', argument: 'ticks-per-second', reads: 'number', means: 'of each subscribed instrument (3)' },
    { option: 'subscriptionLimit', variable: 'XTS_SIMULATOR_SUBSCRIPTION_LIMIT', argument: 'subscription-limit', reads: 'number', means: 'of one session (10000)' },
  ]),
] // prettier-ignore

/** Only the config file can say these. */
const FILE_ONLY: readonly string[] = ['accounts', 'clientCash', 'carriedPositions', 'holdings']

/**
 * In the order of --help. An option that has no line above gets one made from its schema: its argument is its name with
 * hyphens, and its meaning what it may be.
 */
export const SETTINGS: readonly Setting[] = [...WRITTEN, ...unwrittenSettings()]

function unwrittenSettings(): Setting[] {
  const written = new Set([...WRITTEN.map(({ option }) => option), ...FILE_ONLY])
  const schemas = Object.entries<z.ZodType>(optionsSchema.shape).filter(([option]) => !written.has(option))
  return inGroup('Readings of the documents (see the README: Where the documents leave a choice)', schemas.map(([option, schema]) => choiceOf(option, schema))) // prettier-ignore
}

/** What the JSON schema of an option says about how it is written. */
interface Written {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly { readonly type?: string }[]
  readonly items?: { readonly enum?: readonly unknown[] }
  readonly default?: unknown
}

function choiceOf(option: string, schema: z.ZodType): Omit<Setting, 'group'> {
  const written = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Written
  const argument = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const usual = Array.isArray(written.default) ? 'all' : JSON.stringify(written.default ?? 'none')
  const means = `${wordsOf(written)} (${usual.replaceAll('"', '')})`
  const reads = readingOf(written)
  return reads === undefined ? { option, argument, means } : { option, argument, means, reads }
}

function readingOf({ type, anyOf }: Written): Setting['reads'] {
  if (type === 'boolean' || anyOf?.some((either) => either.type === 'boolean')) return 'switch'
  if (type === 'array') return 'list'
  return type === 'number' || type === 'integer' ? 'number' : undefined
}

function wordsOf(written: Written): string {
  if (written.items?.enum) return `${written.items.enum.join(', ')}, comma between them`
  if (written.enum) return written.enum.join(' | ')
  return readingOf(written) === 'switch' ? 'true | false' : (written.type ?? 'text')
}

function inGroup(group: string, settings: readonly Omit<Setting, 'group'>[]): Setting[] {
  return settings.map((setting) => ({ ...setting, group }))
}

const HEAD = `A Symphony XTS broker on this machine, with a matching engine. Everything has a default.

  xts-simulator [--config FILE] [arguments]

An argument wins over its environment variable, and that over the config file (JSON; its names are in brackets).

  --help, -h       shows this
  --config FILE    reads settings from a file (XTS_SIMULATOR_CONFIG)
  --print-config   shows the settings in force, without secrets, and ends
`

/** The text of --help: every setting, in its group. */
export function helpText(): string {
  const groups = [...new Set(SETTINGS.map(({ group }) => group))]
  const sections = groups.map((group) => {
    const lines = SETTINGS.filter((setting) => setting.group === group).map(helpLine)
    return [group, ...lines, ''].join('\n')
  })
  return [HEAD, ...sections].join('\n')
}

function helpLine({ option, argument, variable, means }: Setting): string {
  const spoken = argument === undefined ? '' : `--${argument}`
  return `  ${spoken.padEnd(21)} ${means}\n${' '.repeat(24)}[${[option, variable].filter(Boolean).join(', ')}]`
}
