/* eslint no-restricted-properties: off -- this tool imports nothing of the house, so it reads its environment itself, here only */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { optionsSchema, type SimulatorSettings } from './options'

/** Each setting: its option name, its environment variable, its argument if it has one, and what it means. */
const SETTINGS = [
  { option: 'port', variable: 'XTS_SIMULATOR_PORT', argument: 'port', means: 'REST and sockets (6500)' },
  { option: 'controlPort', variable: 'XTS_SIMULATOR_CONTROL_PORT', argument: 'control-port', means: 'control API (6501)' },
  { option: 'seed', variable: 'XTS_SIMULATOR_SEED', argument: 'seed', means: 'same seed, same world (1)' },
  { option: 'mastersDir', variable: 'XTS_SIMULATOR_MASTERS_DIR', argument: 'masters', means: 'folder of real *.txt masters, served instead of the generated ones' },
  { option: 'stateFile', variable: 'XTS_SIMULATOR_STATE_FILE', argument: 'state', means: 'file that keeps the trading day over a restart (none: nothing is kept)' },
  { option: 'universe', variable: 'XTS_SIMULATOR_UNIVERSE', means: 'whole or small (whole)' },
  { option: 'interactiveKey', variable: 'XTS_SIMULATOR_INTERACTIVE_KEY', means: 'appKey of the interactive API' },
  { option: 'interactiveSecret', variable: 'XTS_SIMULATOR_INTERACTIVE_SECRET', means: 'its secretKey' },
  { option: 'marketKey', variable: 'XTS_SIMULATOR_MARKET_KEY', means: 'appKey of the market-data API' },
  { option: 'marketSecret', variable: 'XTS_SIMULATOR_MARKET_SECRET', means: 'its secretKey' },
  { option: 'accountKind', variable: 'XTS_SIMULATOR_ACCOUNT_KIND', argument: 'account', means: 'retail, dealer or pro (retail)' },
  { option: 'clientCodes', variable: 'XTS_SIMULATOR_CLIENT_CODES', means: 'codes the login trades for, comma between them (SIM0001)' },
  { option: 'isAlgoAccount', variable: 'XTS_SIMULATOR_ALGO_ACCOUNT', means: 'true refuses market orders, as algo accounts do (false)' },
  { option: 'cashRupees', variable: 'XTS_SIMULATOR_CASH_RUPEES', means: 'cash of each client (1000000000)' },
  { option: 'ackDelayMs', variable: 'XTS_SIMULATOR_ACK_DELAY_MS', means: 'until an order is answered (0)' },
  { option: 'exchangeDelayMs', variable: 'XTS_SIMULATOR_EXCHANGE_DELAY_MS', means: 'until the exchange confirms it (1)' },
  { option: 'refillDelayMs', variable: 'XTS_SIMULATOR_REFILL_DELAY_MS', means: 'until eaten liquidity is quoted anew (20)' },
  { option: 'ticksPerSecond', variable: 'XTS_SIMULATOR_TICKS_PER_SECOND', means: 'of each subscribed instrument (3)' },
  { option: 'subscriptionLimit', variable: 'XTS_SIMULATOR_SUBSCRIPTION_LIMIT', means: 'of one session (10000)' },
] as const // prettier-ignore

type Environment = Readonly<Record<string, string | undefined>>

/** A setting or argument is wrong; the message names all of them in the words of the command line. */
export class WrongSettings extends Error {}

/** What the command line asks for. */
export type Request =
  { readonly kind: 'help' } | { readonly kind: 'run'; readonly settings: SimulatorSettings }

/** Reads arguments and environment; an argument wins. Throws WrongSettings. */
export function readConfig(args: readonly string[], environment: Environment = process.env): Request {
  const given = readArguments(args)
  if (given['help'] === true) return { kind: 'help' }
  const raw: Record<string, unknown> = {}
  for (const setting of SETTINGS) {
    const argument = 'argument' in setting ? given[setting.argument] : undefined
    const value = argument ?? environment[setting.variable]
    if (typeof value === 'string' && value !== '') raw[setting.option] = readValue(setting.option, value)
  }
  const parsed = optionsSchema.safeParse(raw)
  if (!parsed.success) throw new WrongSettings(describe(parsed.error))
  return { kind: 'run', settings: parsed.data }
}

function readArguments(args: readonly string[]): Record<string, string | boolean | undefined> {
  const named = SETTINGS.flatMap((setting) => ('argument' in setting ? [setting.argument] : []))
  const options = Object.fromEntries(named.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } })
      .values
  } catch (error) {
    throw new WrongSettings(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function readValue(option: string, text: string): unknown {
  if (option === 'clientCodes') return text.split(',').map((code) => code.trim())
  if (option === 'isAlgoAccount') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

/** Never repeats a value: some of them are secrets. */
function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const setting = SETTINGS.find((candidate) => candidate.option === issue.path[0])
      return `${setting?.variable ?? issue.path.join('.')}: ${issue.message}`
    })
    .join('\n')
}

/** The text of --help. */
export function helpText(): string {
  const lines = SETTINGS.map((setting) => {
    const argument = 'argument' in setting ? `--${setting.argument}` : ''
    return `  ${argument.padEnd(15)} ${setting.variable.padEnd(34)} ${setting.means}`
  })
  return ['A Symphony XTS broker on this machine, with a matching engine.', '', ...lines, ''].join('\n')
}
