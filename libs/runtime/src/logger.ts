import { createLogger as createWinston, format, transports } from 'winston'

export type LogFields = Readonly<Record<string, unknown>>

/** Structured log: the message is a constant, facts are fields. */
export interface Logger {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  /** True when debug lines are written; for facts that cost something to gather. */
  readonly isDebugEnabled?: boolean | undefined
}

export interface LoggerOptions {
  readonly service: string
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  /** Receives each line; standard output unless given. */
  readonly stream?: NodeJS.WritableStream
}

const SECRET_FIELD =
  /^(api_?key|(access)?token|auth(orization|_token)?|feed_?token|secret(key)?|app_?key|uniquekey|(access)?password|.*_(secret|key))$/i
/** What the broker sends of a person. */
const PERSONAL_FIELD =
  /^(clientname|emailid|mobileno|pan|residentialaddress|officeaddress|clientbankinfolist|accountnumber)$/i
const REDACTED = '[redacted]'

/** JSON lines with time (+05:30) and service; the value of every field whose name says secret, or a person's, is replaced. */
export function createLogger(options: LoggerOptions): Logger {
  const winston = createWinston({
    level: options.level,
    defaultMeta: { service: options.service },
    format: format.combine(
      format((entry) => Object.assign(entry, { atMs: Date.now(), at: istTime(Date.now()) }))(),
      format((entry) => Object.assign(entry, redactFields({ ...entry })))(),
      format.json(),
    ),
    transports: [
      options.stream
        ? new transports.Stream({ stream: options.stream })
        : new transports.Console({ forceConsole: false }),
    ],
  })
  const write =
    (level: LoggerOptions['level']) =>
    (message: string, fields: LogFields = {}): void => {
      // winston would format and redact the line before it throws it away.
      if (winston.isLevelEnabled(level)) winston.log(level, message, withPlainErrors(fields))
    }
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    isDebugEnabled: winston.isLevelEnabled('debug'),
  }
}

/** A copy in which every value under a name that says secret, or a person's, is replaced, at any depth. */
export function redactFields(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET_FIELD.test(name) || PERSONAL_FIELD.test(name) ? REDACTED : redactValue(value),
    ]),
  )
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return redactFields(value as LogFields)
  }
  return value
}

function withPlainErrors(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error
        ? { name: value.name, message: value.message, cause: causeOf(value), stack: value.stack }
        : value,
    ]),
  )
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined
}

/** ISO 8601 in Indian Standard Time, with +05:30. */
export function istTime(epochMs: number): string {
  return new Date(epochMs + 5.5 * 3_600_000).toISOString().replace('Z', '+05:30')
}
