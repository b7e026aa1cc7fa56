import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { eventually } from '../eventually'

const MAIN = join(__dirname, '../../../dist/tools/xts-simulator/src/main.js')
const PROBE = join(__dirname, 'process-probe.cjs')
const STARTS_WITHIN_MS = 30_000
const ANSWERS_WITHIN_MS = 30_000

/** What is alive in the process after its garbage was collected. */
export interface Measure {
  readonly heapBytes: number
  /** Timers, sockets and whatever else keeps a process running, by kind. */
  readonly resources: Readonly<Record<string, number>>
}

interface Measured {
  readonly kind: 'measured'
  readonly heapBytes: number
  readonly resources: readonly string[]
}

/** The compiled simulator as a process of its own, so that a crash is seen and its memory is its own. */
export class FuzzedSimulator {
  private exitCode: number | null | undefined
  private lastWords = ''

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly controlPort: number,
  ) {
    child.once('exit', (code) => (this.exitCode = code))
    child.stderr?.on(
      'data',
      (chunk: Buffer) => (this.lastWords = (this.lastWords + String(chunk)).slice(-2_000)),
    )
  }

  static async start(): Promise<FuzzedSimulator> {
    if (!existsSync(MAIN)) throw new Error('There is no dist; run "npm test", or "npm run build" first.')
    const env = {
      ...process.env,
      XTS_SIMULATOR_PORT: '0',
      XTS_SIMULATOR_CONTROL_PORT: '0',
      XTS_SIMULATOR_UNIVERSE: 'small',
    }
    const child = fork(MAIN, [], { env, execArgv: ['-r', PROBE], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const ports = await listeningPorts(child)
    return new FuzzedSimulator(child, ports.port, ports.controlPort)
  }

  /** Why the process is no longer there; undefined while it is. */
  death(): string | undefined {
    return this.exitCode === undefined ? undefined : `it ended with code ${this.exitCode}: ${this.lastWords}`
  }

  async measure(): Promise<Measure> {
    const { heapBytes, resources } = await this.askProbe()
    const counts: Record<string, number> = {}
    for (const kind of resources) counts[kind] = (counts[kind] ?? 0) + 1
    return { heapBytes, resources: counts }
  }

  /** Kills it when it does not end by itself, so that a hanging simulator cannot hang the test run. */
  async close(): Promise<void> {
    if (this.death() !== undefined) return
    this.child.kill('SIGTERM')
    await eventually('the simulator ends', ANSWERS_WITHIN_MS, () => this.death()).catch((error: unknown) => {
      this.child.kill('SIGKILL')
      throw error
    })
  }

  private askProbe(): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error('the probe does not answer')), ANSWERS_WITHIN_MS)
      const look = (message: unknown): void => {
        if (!isMeasured(message)) return
        clearTimeout(deadline)
        this.child.off('message', look)
        resolve(message)
      }
      this.child.on('message', look)
      this.child.send({ kind: 'measure' })
    })
  }
}

const isMeasured = (message: unknown): message is Measured =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'measured'

/** Its line about listening names both ports; the lines after it are read and dropped, or its output would fill up. */
function listeningPorts(child: ChildProcess): Promise<{ port: number; controlPort: number }> {
  const { stdout } = child
  if (stdout === null) throw new Error('the simulator has no output')
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(deadline)
      reject(new Error(why))
    }
    const deadline = setTimeout(() => {
      child.kill('SIGKILL')
      fail('the simulator does not start')
    }, STARTS_WITHIN_MS)
    let lastLine = ''
    child.stderr?.on('data', (chunk: Buffer) => (lastLine = String(chunk)))
    child.once('exit', (code) => fail(`the simulator ended with code ${code}: ${lastLine}`))
    createInterface({ input: stdout }).on('line', (text) => {
      if (!text.includes('"controlPort"')) return
      clearTimeout(deadline)
      resolve(JSON.parse(text) as { port: number; controlPort: number })
    })
  })
}
