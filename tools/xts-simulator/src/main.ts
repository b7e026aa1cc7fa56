import { helpText, printedConfig, readConfig, WrongSettings } from './config'
import { DayFileUnusable } from './day/day-file'
import { ScenarioUnreadable } from './faults/read-scenario'
import { TlsUnusable } from './listening'
import { PortUnavailable, startSimulator, type RunningSimulator } from './start-simulator'
import { OpeningUnusable } from './state/carry-over'
import { jsonLines } from './state-log'
import { TapeUnusable } from './tape/read-tape'
import { MastersUnavailable } from './universe/load-masters'

/** A supervisor does not restart after the last one. */
const EXIT = { ok: 0, crashed: 1, settingsWrong: 78 } as const

const SETTINGS_ERRORS = [
  WrongSettings,
  PortUnavailable,
  MastersUnavailable,
  OpeningUnusable,
  DayFileUnusable,
  TapeUnusable,
  TlsUnusable,
  ScenarioUnreadable,
]

async function run(): Promise<void> {
  const request = readConfig(process.argv.slice(2))
  if (request.kind !== 'run') {
    process.stdout.write(request.kind === 'help' ? helpText() : printedConfig(request.settings))
    return
  }
  const log = jsonLines((line) => process.stdout.write(line))
  const simulator = await startSimulator({ ...request.settings, log })
  stopOnSignals(simulator)
  process.send?.({ kind: 'started' })
}

/** A supervisor that goes away stops us too: there is no orphan. */
function stopOnSignals(simulator: RunningSimulator): void {
  const stop = (): void => {
    simulator.close().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => fail(error),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop)
  // The supervisor may have gone while the universe was being made; its going is not told twice.
  if (process.send !== undefined && !process.connected) stop()
}

function fail(error: unknown): void {
  const isSettings = SETTINGS_ERRORS.some((kind) => error instanceof kind)
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`xts-simulator: ${message}\n`)
  process.send?.({ kind: 'failed', message, isSettings })
  process.exitCode = isSettings ? EXIT.settingsWrong : EXIT.crashed
  setTimeout(() => process.exit(), 50)
}

process.on('unhandledRejection', fail)
process.on('uncaughtException', fail)
run().catch(fail)
