import type { Logger } from './logger'
import { SettingsError } from './settings'

/** What a started service hands back. */
export interface RunningService {
  /** Stops taking work, finishes or hands back what runs, closes every socket, timer and file. */
  stop(): Promise<void>
}

/** Exit codes of our processes; the supervisor does not restart after a settings error. */
export const EXIT = { ok: 0, crashed: 1, settingsWrong: 78 } as const

/** Longest time a service may take to stop before the process ends all the same. */
const STOP_LIMIT_MS = 8_000

/**
 * Runs one service as this process: starts it, stops it on SIGTERM, SIGINT or when the supervisor goes away, and ends
 * the process with EXIT's codes. A promise nobody caught is a crash, never a log line.
 */
export async function runService(
  start: () => Promise<RunningService>,
  logger: () => Logger | undefined,
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
    running = await start()
    process.send?.({ kind: 'started' })
  } catch (error) {
    crash(error)
  }
}

function reportCrash(error: unknown, logger: Logger | undefined): void {
  const text = error instanceof Error ? error.message : String(error)
  if (logger) logger.error('service failed', { error: error instanceof Error ? error : new Error(text) })
  process.send?.({ kind: 'failed', message: text, isSettings: error instanceof SettingsError })
  if (!logger || !process.send) process.stderr.write(`${text}\n`)
}

function exitAfterFlush(code: number): void {
  process.exitCode = code
  setTimeout(() => process.exit(code), 50)
}
