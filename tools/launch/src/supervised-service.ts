import { fork, type ChildProcess } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Clock } from '@xts-bridge/contracts'
import { EXIT, type ServiceReport, type SettingProblem } from '@xts-bridge/runtime'
import { restartDelayMs } from './restart-delay'
import { openServiceLog } from './service-log'

/** How long a service may take to stop after SIGTERM before it is killed. */
const STOP_LIMIT_MS = 10_000

/** What happened to a service. */
export type ServiceNews =
  | { readonly kind: 'launched'; readonly pid: number }
  | {
      readonly kind: 'ended'
      readonly how: string
      readonly reason: string | undefined
      readonly restartInMs: number
    }
  /** Its settings are wrong: it is not started again. */
  | {
      readonly kind: 'settings-wrong'
      readonly message: string
      readonly problems: readonly SettingProblem[]
    }
  | { readonly kind: 'killed'; readonly afterMs: number }
  /** It was asked to stop and ended, but not cleanly. */
  | { readonly kind: 'stopped-badly'; readonly how: string }

export interface SupervisedOptions {
  readonly name: string
  /** Absolute path of the compiled program. */
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
  readonly logFolder: string
  readonly clock: Clock
  readonly onNews: (news: ServiceNews) => void
}

/**
 * One process of the house: started, started again when it dies, stopped. It runs in a process group of its own, so that
 * Ctrl-C reaches the supervisor alone, and holds an IPC channel, by whose end it notices when the supervisor is gone.
 */
export class SupervisedService {
  private child: ChildProcess | undefined
  private isStopping = false
  private cancelRestart: () => void = () => undefined
  private lastDelayMs: number | undefined
  logFile = ''

  constructor(private readonly options: SupervisedOptions) {}

  get name(): string {
    return this.options.name
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  start(): void {
    const { program, environment, logFolder, clock, onNews } = this.options
    const log = openServiceLog(logFolder, this.name)
    this.logFile = log.file
    const child = fork(program, [], {
      env: { ...environment },
      execArgv: ['--enable-source-maps'],
      detached: true,
      stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
    })
    closeSync(log.descriptor)
    this.child = child
    const launchedAtMs = clock.nowMs()
    let failure: Extract<ServiceReport, { kind: 'failed' }> | undefined
    child.on('message', (message) => {
      const report = message as ServiceReport
      if (report.kind === 'failed') failure = report
    })
    child.once('error', (error) => {
      failure = { kind: 'failed', message: error.message, isSettings: false }
      // A program that could not even be launched has no exit to wait for.
      if (child.pid === undefined) this.ended('could not be launched', failure, launchedAtMs)
    })
    child.once('exit', (code, signal) => {
      const isSettings = code === EXIT.settingsWrong
      const told = failure ?? { kind: 'failed', message: '', isSettings }
      this.ended(wayOfEnding(code, signal), told, launchedAtMs)
    })
    if (child.pid !== undefined) onNews({ kind: 'launched', pid: child.pid })
  }

  /** Ends the process: SIGTERM, and SIGKILL when it takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.isStopping = true
    this.cancelRestart()
    const child = this.child
    if (child === undefined) return
    const beganAtMs = this.options.clock.nowMs()
    const cancelKill = this.options.clock.after(STOP_LIMIT_MS, () => {
      child.kill('SIGKILL')
      this.options.onNews({ kind: 'killed', afterMs: this.options.clock.nowMs() - beganAtMs })
    })
    await new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        if (code !== EXIT.ok) this.options.onNews({ kind: 'stopped-badly', how: wayOfEnding(code, signal) })
        resolve()
      })
      child.kill('SIGTERM')
    })
    cancelKill()
  }

  private ended(
    how: string,
    failure: Extract<ServiceReport, { kind: 'failed' }>,
    launchedAtMs: number,
  ): void {
    const { clock, onNews } = this.options
    this.child = undefined
    if (this.isStopping) return
    if (failure.isSettings) {
      onNews({ kind: 'settings-wrong', message: failure.message, problems: failure.problems ?? [] })
      return
    }
    const restartInMs = restartDelayMs(this.lastDelayMs, clock.nowMs() - launchedAtMs)
    this.lastDelayMs = restartInMs
    onNews({ kind: 'ended', how, reason: failure.message || undefined, restartInMs })
    this.cancelRestart = clock.after(restartInMs, () => this.start())
  }
}

function wayOfEnding(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
