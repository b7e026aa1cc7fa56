import type { z } from 'zod'
import type { Logger } from './logger'
import { loadSettings, SettingsError } from './settings'

/** What a started service hands back. */
export interface RunningService {
  /** Stops taking work, finishes or hands back what runs, closes every socket, timer and file. */
  stop(): Promise<void>
}

/** Exit codes of our processes; the supervisor does not restart after a settings error. */
export const EXIT = { ok: 0, crashed: 1, settingsWrong: 78 } as const

/** With this argument a service only reads its settings, reports what is wrong with them, and ends. */
export const CHECK_SETTINGS_ARGUMENT = '--check-settings'

/** What a service tells the supervisor that forked it. `problems` are there when the settings are wrong. */
export type ServiceReport =
  | { readonly kind: 'started' | 'settings-good' }
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly isSettings: boolean
      readonly problems?: SettingsError['problems']
    }

/** Longest time a service may take to stop before the process ends all the same. */
const STOP_LIMIT_MS = 8_000

/**
 * Runs one service as this process: starts it, stops it on SIGTERM, SIGINT or when the supervisor goes away, and ends
 * the process with EXIT's codes. A promise nobody caught is a crash, never a log line. With CHECK_SETTINGS_ARGUMENT it
 * only checks `settings`.
 */
export async function runService(
  start: () => Promise<RunningService>,
  logger: () => Logger | undefined,
  settings?: z.ZodObject,
): Promise<void> {
  let running: RunningService | undefined
  let isStopping = false
  const stop = (reason: string): void => {
    if (isStopping) return
    isStopping = true
    logger()?.info('service stopping', { reason })
    setTimeout(() => process.exit(EXIT.crashed), STOP_LIMIT_MS).unref()
    Promise.resolve(running?.stop()).then(
      () => exitAfterFlush(EXIT.ok),
      (error: unknown) => crash(error),
    )
  }
  const crash = (error: unknown): void => {
    reportCrash(error, logger())
    exitAfterFlush(error instanceof SettingsError ? EXIT.settingsWrong : EXIT.crashed)
  }
  process.on('unhandledRejection', crash)
  process.on('uncaughtException', crash)
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('disconnect', () => stop('supervisor went away'))
  try {
    if (process.argv.includes(CHECK_SETTINGS_ARGUMENT)) {
      checkSettings(settings)
      report({ kind: 'settings-good' })
      return exitAfterFlush(EXIT.ok)
    }
    running = await start()
    report({ kind: 'started' })
  } catch (error) {
    crash(error)
  }
}

function checkSettings(settings: z.ZodObject | undefined): void {
  if (settings === undefined) throw new Error('This service does not say which settings it has.')
  loadSettings(settings)
}

function report(news: ServiceReport): void {
  process.send?.(news)
}

function reportCrash(error: unknown, logger: Logger | undefined): void {
  const text = error instanceof Error ? error.message : String(error)
  if (logger) logger.error('service failed', { error: error instanceof Error ? error : new Error(text) })
  if (error instanceof SettingsError)
    report({ kind: 'failed', message: text, isSettings: true, problems: error.problems })
  else report({ kind: 'failed', message: text, isSettings: false })
  if (!logger || !process.send) process.stderr.write(`${text}\n`)
}

function exitAfterFlush(code: number): void {
  process.exitCode = code
  setTimeout(() => process.exit(code), 50)
}
