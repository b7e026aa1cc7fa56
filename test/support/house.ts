import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually'
import { choosePlaces, houseEnvironment, type HousePlaces } from './house-settings'

const ROOT = join(__dirname, '../..')
const SUPERVISOR = join(ROOT, 'dist/tools/launch/src/main.js')
const READY_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 20_000
const LOG_TAIL_LINES = 15

export type ServiceName =
  | 'simulator'
  | 'auth-service'
  | 'master-contract'
  | 'order-execution'
  | 'streaming-adapter'
  | 'ws-proxy'
  | 'gateway'

/** What the supervisor writes about itself into `run/house.json`. */
interface HouseRecord {
  readonly supervisorPid: number
  readonly isReady: boolean
  readonly services: Readonly<
    Partial<Record<ServiceName, { pid?: number; isReady: boolean; restarts: number }>>
  >
}

export interface HouseRequest {
  /** Settings on top of those the harness chooses. */
  readonly env?: Readonly<Record<string, string>>
  /** Only these services; then nobody waits for readiness unless `isReadyAwaited` is set. */
  readonly services?: readonly ServiceName[]
  readonly isReadyAwaited?: boolean
  /** An existing data folder, to start again on what an earlier house left behind; it is then not removed. */
  readonly dataFolder?: string
}

/** How the supervisor ended, and which processes of the house were still there when it had. */
export interface HouseEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly orphans: readonly number[]
}

const unfinished = new Set<House>()

// A flow test that fails half way must not leave a house behind. Importing this file is enough.
jest.setTimeout(120_000)
afterAll(async () => {
  for (const house of unfinished) await house.stop()
})

/** Starts the compiled house as `npm start` does, on ports of its own, and waits until it is ready. */
export async function startHouse(request: HouseRequest = {}): Promise<House> {
  if (!existsSync(SUPERVISOR))
    throw new Error(
      'There is no dist; flow tests run what was built. Run "npm test", or "npm run build" first.',
    )
  const house = new House(await choosePlaces(), request)
  unfinished.add(house)
  if (request.isReadyAwaited ?? request.services === undefined) await house.untilReady()
  return house
}

/** All processes of one house, under their supervisor. */
export class House {
  readonly dataFolder: string
  private readonly supervisor: ChildProcess
  private readonly seenPids = new Set<number>()
  private readonly ended: Promise<HouseEnd>
  private isOver = false
  private output = ''

  constructor(
    readonly places: HousePlaces,
    private readonly request: HouseRequest,
  ) {
    this.dataFolder = request.dataFolder ?? mkdtempSync(join(tmpdir(), 'xts-house-'))
    const only = request.services === undefined ? [] : ['--only', request.services.join(',')]
    this.supervisor = spawn(process.execPath, [SUPERVISOR, 'simulator', ...only], {
      cwd: ROOT,
      env: houseEnvironment(places, this.dataFolder, request.env ?? {}),
      // The channel ends when this process does, and the house with it.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.supervisor.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
    this.supervisor.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
    this.ended = new Promise((resolve) => {
      this.supervisor.once('close', (code, signal) => {
        this.isOver = true
        resolve({ code, signal, orphans: this.alivePids() })
      })
    })
  }

  /** The local strategy's key: all user scopes. */
  get apiKey(): string {
    return readFileSync(join(this.dataFolder, 'keys', 'local-api.key'), 'utf8').trim()
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.places.ports.GATEWAY_PORT}/api/v1`
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.places.ports.WS_PROXY_PORT}`
  }

  /** The simulator's control API. */
  get controlUrl(): string {
    return `http://127.0.0.1:${this.places.ports.XTS_SIMULATOR_CONTROL_PORT}`
  }

  get logFolder(): string {
    return join(this.dataFolder, 'logs')
  }

  /** Everything the supervisor has said so far. */
  get screen(): string {
    return this.output
  }

  /** What the supervisor last wrote about its processes; undefined before it started any. */
  record(): HouseRecord | undefined {
    const file = join(this.dataFolder, 'run', 'house.json')
    if (!existsSync(file)) return undefined
    const record = JSON.parse(readFileSync(file, 'utf8')) as HouseRecord
    for (const { pid } of Object.values(record.services)) if (pid !== undefined) this.seenPids.add(pid)
    return record
  }

  /** Process ids by service; a service that waits to be started again has none. */
  pids(): Readonly<Partial<Record<ServiceName | 'supervisor', number>>> {
    const services = Object.entries(this.record()?.services ?? {})
    const pids = services.flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]]))
    return {
      ...(Object.fromEntries(pids) as Record<ServiceName, number>),
      supervisor: this.supervisor.pid ?? 0,
    }
  }

  /** Sends a signal to one process of the house and returns its id. */
  kill(name: ServiceName | 'supervisor', signal: NodeJS.Signals = 'SIGKILL'): number {
    const pid = this.pids()[name]
    if (pid === undefined) throw this.failure(`${name} is not running`)
    process.kill(pid, signal)
    return pid
  }

  async untilReady(withinMs = READY_LIMIT_MS): Promise<void> {
    await this.until('the house is ready', withinMs, () => this.record()?.isReady === true)
  }

  /** Waits until a service that was killed runs as another process and is ready. */
  async untilRestarted(name: ServiceName, oldPid: number, withinMs = READY_LIMIT_MS): Promise<void> {
    await this.until(`${name} is ready again`, withinMs, () => {
      const now = this.record()?.services[name]
      return now?.isReady === true && now.pid !== undefined && now.pid !== oldPid
    })
  }

  /** Waits for something; fails at once when the house ends, with what it said and the ends of its logs. */
  async until(what: string, withinMs: number, isTrue: () => boolean | Promise<boolean>): Promise<void> {
    try {
      await eventually(what, withinMs, async () => {
        if (await isTrue()) return true
        if (this.isOver) throw new Error(`The house ended before ${what}`)
        return undefined
      })
    } catch (cause) {
      throw this.failure(cause instanceof Error ? cause.message : String(cause), cause)
    }
  }

  /** Resolves when the supervisor has ended by itself. */
  async untilEnded(withinMs = STOP_LIMIT_MS): Promise<HouseEnd> {
    await eventually('the supervisor ends', withinMs, () => (this.isOver ? true : undefined))
    return this.ended
  }

  /** Waits until none of the processes seen so far is left. */
  async untilNobodyIsLeft(withinMs = STOP_LIMIT_MS): Promise<void> {
    await eventually('all processes are gone', withinMs, () =>
      this.alivePids().length === 0 ? true : undefined,
    )
  }

  /** Ends the house and removes its files. Whatever does not stop by itself is killed and reported as an orphan. */
  async stop(): Promise<HouseEnd> {
    this.record()
    if (!this.isOver) this.supervisor.kill('SIGTERM')
    const timer = setTimeout(() => this.supervisor.kill('SIGKILL'), STOP_LIMIT_MS)
    const end = await this.ended
    clearTimeout(timer)
    for (const pid of this.alivePids()) process.kill(pid, 'SIGKILL')
    unfinished.delete(this)
    if (this.request.dataFolder === undefined) rmSync(this.dataFolder, { recursive: true, force: true })
    return end
  }

  /** An error that shows what the house said and the end of every log. */
  failure(message: string, cause?: unknown): Error {
    return new Error(`${message}\n\n${this.output}\n${this.logTails()}`, { cause })
  }

  private logTails(): string {
    if (!existsSync(this.logFolder)) return ''
    return readdirSync(this.logFolder)
      .map((file) => {
        const lines = readFileSync(join(this.logFolder, file), 'utf8').trimEnd().split('\n')
        return `── ${file}\n${lines.slice(-LOG_TAIL_LINES).join('\n')}`
      })
      .join('\n')
  }

  private alivePids(): readonly number[] {
    return [...this.seenPids].filter(isAlive)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // The process is gone; that is the answer.
    return false
  }
}
