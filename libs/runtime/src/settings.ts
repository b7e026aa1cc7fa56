import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { z } from 'zod'

/** One setting that is missing or malformed. */
export interface SettingProblem {
  readonly setting: string
  readonly problem: string
}

/** Thrown with every wrong setting at once. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(`Settings are wrong:\n${problems.map((p) => `  ${p.setting}: ${p.problem}`).join('\n')}`)
    this.name = 'SettingsError'
  }
}

/** Where settings come from, strongest first: the environment, then the env file, then the schema's default. */
export interface SettingSources {
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Path of the env file; `.env` in the working folder unless given. A file that is not there is no error. */
  readonly envFile?: string
}

/**
 * Reads the settings of one process. Each key of the schema is an environment variable, and so is each of its aliases; an
 * empty one counts as unset. Throws SettingsError naming every problem at once.
 */
export function loadSettings<S extends z.ZodObject>(schema: S, sources: SettingSources = {}): z.infer<S> {
  const environment = sources.environment ?? process.env
  const file = readEnvFile(sources.envFile ?? environment['ENV_FILE'] ?? '.env')
  const found: Record<string, string> = {}
  const contradictions: SettingProblem[] = []
  for (const [name, part] of Object.entries<z.ZodType>(schema.shape)) {
    const names = [name, ...aliasesOf(part)]
    const given = givenUnder(names, environment) ?? givenUnder(names, file)
    if (given === undefined) continue
    found[name] = given.value
    if (given.contradiction !== undefined)
      contradictions.push({ setting: name, problem: `and ${given.contradiction} say different things` })
  }
  const parsed = schema.safeParse(found)
  if (parsed.success && contradictions.length === 0) return parsed.data
  const issues = parsed.success ? [] : parsed.error.issues
  throw new SettingsError([
    ...contradictions,
    ...issues.map((issue) => {
      const setting = issue.path.join('.') || 'settings'
      const problem = setting in found ? issue.message : 'is missing'
      return { setting, problem }
    }),
  ])
}

/** Other names of one setting, as `setting.alias` gave it. */
export function aliasesOf(part: z.ZodType): readonly string[] {
  const aliases = part.meta()?.['aliases']
  return Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : []
}

interface Given {
  readonly value: string
  /** Another name of the same setting that has another value. */
  readonly contradiction: string | undefined
}

function givenUnder(
  names: readonly string[],
  source: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const set = names.flatMap((name) => {
    const value = source[name]
    return value === undefined || value === '' ? [] : [{ name, value }]
  })
  const [first] = set
  if (first === undefined) return undefined
  return { value: first.value, contradiction: set.find(({ value }) => value !== first.value)?.name }
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  if (!existsSync(path)) return {}
  const text = readFileSync(path, 'utf8')
  refuseCutValues(text)
  return parseEnv(text)
}

/** `NAME=a#b` without quotes would be read as "a": a secret cut short, and a login refused for no visible reason. */
const CUT_VALUE = /^\s*(?:export\s+)?(\w+)\s*=\s*[^\s'"`#][^'"`#\n]*[^\s'"`#]?#/gm

function refuseCutValues(text: string): void {
  const cut = [...text.matchAll(CUT_VALUE)].filter(([line]) => !/\s#$/.test(line))
  if (cut.length === 0) return
  const problem = 'holds a # outside quotes, and would be cut there; put the value in single quotes'
  throw new SettingsError(cut.map(([, name]) => ({ setting: String(name), problem })))
}

const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
}

/** Schema parts for settings, which all arrive as text. */
export const setting = {
  /** The same setting under other names too; where several are given, they must agree. */
  alias: <T extends z.ZodType>(part: T, ...aliases: readonly string[]): T => part.meta({ aliases }),
  text: () => z.string().min(1),
  url: () => z.url('must be a URL such as https://host:port'),
  /** A TCP port; 0 lets the system choose. */
  port: (fallback: number) => setting.wholeNumber({ min: 0, max: 65_535, fallback }),
  wholeNumber: ({ min, max, fallback }: { min: number; max: number; fallback: number }) =>
    z.coerce
      .number('must be a number')
      .int('must be a whole number')
      .min(min, `must be at least ${min}`)
      .max(max, `must be at most ${max}`)
      .default(fallback),
  /** A number, whole or not. */
  number: ({ min, max, fallback }: { min: number; max: number; fallback: number }) =>
    z.coerce
      .number('must be a number')
      .min(min, `must be at least ${min}`)
      .max(max, `must be at most ${max}`)
      .default(fallback),
  boolean: (fallback: boolean) =>
    z
      .string()
      .transform((word, context) => {
        const value = BOOLEAN_WORDS[word.toLowerCase()]
        if (value === undefined) context.addIssue({ code: 'custom', message: 'must be true or false' })
        return value ?? fallback
      })
      .default(fallback),
  /** A bus endpoint: `tcp://127.0.0.1:5562` or `ipc:///run/xts/orders`. */
  endpoint: (fallback: string) =>
    z
      .string()
      .regex(/^(tcp:\/\/.+:(\d+|\*)|ipc:\/\/.+)$/, 'must be tcp://host:port or ipc://path')
      .default(fallback),
} as const

/** Settings that every process has. */
export const commonSettings = z.object({
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], 'must be error, warn, info or debug').default('info'),
  /** Folder of databases, index files and keys. */
  DATA_DIR: setting.text().default('data'),
  /** Folder of the generated local keys; each file has mode 600. */
  KEYS_DIR: setting.text().default('data/keys'),
  /** Which bus endpoints are encrypted and let in only keys of KEYS_DIR/curve/clients; without it none may leave this machine. */
  BUS_CURVE: z.enum(['off', 'remote', 'always'], 'must be off, remote or always').default('off'),
  /** Address of HTTP listeners. */
  HTTP_HOST: setting.text().default('127.0.0.1'),
})
