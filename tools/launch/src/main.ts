import { EXIT, SettingsError, type RunningService } from '@xts-bridge/runtime'
import { Screen } from './screen'
import { startHouse, type HouseRequest } from './start-house'

const USAGE = 'Usage: main.js simulator|live [--only service,service]'

/** `simulator`, `live`, and `--only a,b`. */
function readArguments(words: readonly string[]): HouseRequest {
  const [mode, option, names, ...rest] = words
  if ((mode !== 'simulator' && mode !== 'live') || rest.length > 0) throw new Error(USAGE)
  if (option === undefined) return { mode }
  if (option !== '--only' || names === undefined) throw new Error(USAGE)
  return { mode, only: names.split(',') }
}

/**
 * Runs a house as this process until SIGINT, SIGTERM, SIGHUP or the end of whoever started it. Unlike a service it has
 * no supervisor: it leaves nothing running behind, whatever ends it.
 */
async function main(): Promise<void> {
  const screen = new Screen(process.stdout)
  let house: RunningService | undefined
  let isEnding = false
  const end = (code: number, reason: string): void => {
    if (isEnding) return
    isEnding = true
    screen.line(reason)
    const stopped = house?.stop() ?? Promise.resolve()
    stopped.then(
      () => {
        screen.line('Everything is stopped.')
        process.exit(code)
      },
      (error: unknown) => fail(error),
    )
  }
  const fail = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(error instanceof SettingsError ? EXIT.settingsWrong : EXIT.crashed)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => end(EXIT.ok, `\n${signal}: stopping all services …`))
  process.on('disconnect', () => end(EXIT.ok, 'Whoever started this house is gone: stopping all services …'))
  process.on('uncaughtException', (error) => end(EXIT.crashed, `The supervisor failed: ${error.stack}`))
  try {
    house = await startHouse(readArguments(process.argv.slice(2)), screen, (message) =>
      end(EXIT.settingsWrong, message),
    )
  } catch (error) {
    fail(error)
  }
}

void main()
