/* eslint no-restricted-properties: off -- this tool imports nothing of the house, so it reads its environment itself, here only */
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { readConfigFile, type ConfigFile } from './config-file'
import { optionsSchema, type SimulatorSettings } from './options'
import { SETTINGS, type Setting } from './settings-table'

type Environment = Readonly<Record<string, string | undefined>>

/** Settings or arguments are wrong; the message has a line for each of them, and never a value: some are secrets. */
export class WrongSettings extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'WrongSettings'
  }
}

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'print'; readonly settings: SimulatorSettings }
  | { readonly kind: 'run'; readonly settings: SimulatorSettings }

/** Where the config file is named, if not by its argument. */
const CONFIG_VARIABLE = 'XTS_SIMULATOR_CONFIG'

/** Where a setting came from, for messages. */
type Sources = Map<string, string>

/** Reads arguments, environment and config file, in this order of rank. Throws WrongSettings with all problems at once. */
export function readConfig(args: readonly string[], environment: Environment = process.env): Request {
  const given = readArguments(args)
  if (given.values['help'] === true) return { kind: 'help' }
  const problems = [...given.problems]
  const raw: Record<string, unknown> = {}
  const sources: Sources = new Map()
  const named = given.values['config'] ?? environment[CONFIG_VARIABLE]
  const file = typeof named === 'string' && named !== '' ? readConfigFile(named) : undefined
  if (file) takeFile(file, raw, problems)
  for (const setting of SETTINGS) takeSetting(setting, { given: given.values, environment, raw, sources })
  const parsed = optionsSchema.safeParse(raw)
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => inWords(issue, sources, file)))
  if (problems.length > 0 || !parsed.success) throw new WrongSettings(problems)
  return { kind: given.values['print-config'] === true ? 'print' : 'run', settings: parsed.data }
}

function takeFile(file: ConfigFile, raw: Record<string, unknown>, problems: string[]): void {
  if (file.problem !== undefined) problems.push(file.problem)
  Object.assign(raw, file.settings)
}

interface Taking {
  readonly given: Readonly<Record<string, string | boolean | undefined>>
  readonly environment: Environment
  readonly raw: Record<string, unknown>
  readonly sources: Sources
}

function takeSetting(setting: Setting, { given, environment, raw, sources }: Taking): void {
  const { option, argument, variable } = setting
  const spoken = argument === undefined ? undefined : given[argument]
  const ambient = variable === undefined ? undefined : environment[variable]
  const text = spoken ?? ambient
  // An empty variable is one that is not set.
  if (typeof text !== 'string' || text === '') return
  raw[option] = readText(setting, text)
  sources.set(option, spoken === undefined ? (variable ?? option) : `--${argument ?? option}`)
}

/** What is no number or switch is left as it is: the schema then says what it should have been. */
function readText(setting: Setting, text: string): unknown {
  const { reads } = setting
  if (reads === 'number') return Number.isNaN(Number(text)) ? text : Number(text)
  if (reads === 'list') return text.split(',').map((entry) => entry.trim())
  if (reads === 'switch') return text === 'true' || (text === 'false' ? false : text)
  return text
}

interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly problems: readonly string[]
}

const FLAGS = ['help', 'print-config'] as const

function readArguments(args: readonly string[]): Arguments {
  const texts = [...SETTINGS.flatMap(({ argument }) => argument ?? []), 'config']
  const options = {
    ...Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' as const }])),
    help: { type: 'boolean' as const, short: 'h' },
  }
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values: Record<string, string | boolean> = {}
  const problems: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: is no argument; --help shows all`)
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (texts.includes(name)) {
      if (value === undefined || isForgotten(value, token.inlineValue))
        problems.push(`--${name}: needs a value`)
      else values[name] = value
    } else if ((FLAGS as readonly string[]).includes(name)) {
      values[name] = true
    } else {
      problems.push(`${token.rawName}: is no argument; --help shows all`)
    }
  }
  return { values, problems }
}

/** `--seed --port 1`: the next argument is none's value. */
const isForgotten = (value: string, isInline: boolean | undefined): boolean =>
  isInline !== true && value.startsWith('--')

function inWords(issue: z.core.$ZodIssue, sources: Sources, file: ConfigFile | undefined): string[] {
  if (issue.code === 'unrecognized_keys') {
    const place = placeOf(issue.path, sources, file)
    return issue.keys.map((key) => `${place}${place.endsWith(' ') ? '' : '.'}${key}: is no setting`)
  }
  return [`${placeOf(issue.path, sources, file)}: ${issue.message}`]
}

/** `--port`, `XTS_SIMULATOR_PORT`, or `broker.json: accounts[1].kind`. */
function placeOf(path: readonly PropertyKey[], sources: Sources, file: ConfigFile | undefined): string {
  const [option, ...inner] = path
  const source = sources.get(String(option))
  if (source !== undefined) return source
  const within = inner.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  const setting = option === undefined ? '' : `${String(option)}${within}`
  if (file !== undefined && (option === undefined || Object.hasOwn(file.settings, option))) {
    return `${file.path}: ${setting}`
  }
  return SETTINGS.find((candidate) => candidate.option === option)?.variable ?? setting
}

/** The settings as JSON, in the spelling of the config file; what is secret is only said to be there. */
export function printedConfig(settings: SimulatorSettings): string {
  const hide = (name: string, value: unknown): unknown => (/Secret$/.test(name) ? '(set)' : value)
  return `${JSON.stringify(settings, hide, 2)}\n`
}

export { helpText } from './settings-table'
