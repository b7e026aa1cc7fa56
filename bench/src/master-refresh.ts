import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { RequestClient } from '@xts-bridge/bus'
import type { InstrumentsStatus } from '@xts-bridge/contracts'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import { startMasterListServer, type MasterListServer } from './master-list-server'
import { startOpenDoor } from './open-door'
import { printResult, type BenchResult } from './result'

const SERVICE = join(__dirname, '../../apps/master-contract/src/main.js')
const LOOP_PAUSE = join(__dirname, 'loop-pause.js')
/** A process that does nothing, watched the same way: what its loop is held by is the machine. */
const IDLE = ['--require', LOOP_PAUSE, '-e', 'setInterval(() => undefined, 1e9)']
const NIGHTS = 3
/** Two of a hundred rows differ. */
const CHANGED_EACH = 50
const KEY = 'a'.repeat(64)
/** The peer's figures on the reference machine, for scale: 143,874 rows, and its memory (perf-baselines). */
const PEER = { ms: 7_600, mib: 352 }

interface Refresh {
  readonly tookMs: number
  readonly pauseMs: number
  /** Of the process that did nothing meanwhile. */
  readonly idlePauseMs: number
}

/** A whole instrument list from HTTP to swapped in the compiled service, beside `sqlite3 .import` of the same rows. */
export async function masterRefresh(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'master-refresh-'))
  const broker = await startMasterListServer()
  const auth = await startOpenDoor()
  let service: MeasuredService | undefined
  try {
    service = await MeasuredService.start({ folder, broker, authEndpoint: auth.endpoint })
    const first = await service.firstRefresh()
    const nights: Refresh[] = []
    for (let night = 0; night < NIGHTS; night += 1) {
      if (night % 2 === 0) broker.change(CHANGED_EACH)
      else broker.change(CHANGED_EACH + 1)
      nights.push(await service.refresh())
    }
    const peakMib = service.peakMib()
    await service.stop()
    const importMs = importWithSqlite(folder)
    return resultOf({ first, nights, peakMib, importMs, rows: broker.rows })
  } finally {
    await service?.stop()
    await auth.close()
    await broker.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** master-contract as it runs in production, watched from outside. */
class MeasuredService {
  private readonly took: number[] = []
  private onTook: (() => void) | undefined

  private constructor(
    private readonly process: ChildProcess,
    private readonly idle: ChildProcess,
    private readonly client: RequestClient,
  ) {
    if (process.stdout === null) throw new Error('The service has no output to read.')
    createInterface({ input: process.stdout }).on('line', (line) => this.read(line))
  }

  static async start(parts: {
    readonly folder: string
    readonly broker: MasterListServer
    readonly authEndpoint: string
  }): Promise<MeasuredService> {
    const keys = join(parts.folder, 'keys')
    mkdirSync(join(keys, 'services'), { recursive: true })
    writeFileSync(join(keys, 'services', 'instruments.key'), 'c'.repeat(64), { mode: 0o600 })
    const endpoint = `ipc://${join(parts.folder, 'requests')}`
    const service = spawn(process.execPath, ['--require', LOOP_PAUSE, SERVICE], {
      env: {
        ...process.env,
        ...{ ENV_FILE: '/dev/null', DATA_DIR: parts.folder, KEYS_DIR: keys, XTS_PROFILE: 'simulator' },
        ...{ XTS_BASE_URL: parts.broker.baseUrl, INSTRUMENTS_MANDATORY: 'NSE_INDEX:NIFTY' },
        ...{ INSTRUMENTS_HEALTH_PORT: '0', INSTRUMENTS_REQUESTS_ENDPOINT: endpoint },
        INSTRUMENTS_EVENTS_ENDPOINT: `ipc://${join(parts.folder, 'events')}`,
        AUTH_REQUESTS_ENDPOINT: parts.authEndpoint,
        AUTH_EVENTS_ENDPOINT: `ipc://${join(parts.folder, 'auth-events')}`,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const client = new RequestClient({
      ...{ endpoint, clock: systemClock, ids: randomIds, apiKey: KEY, timeoutMs: 60_000 },
    })
    const idle = spawn(process.execPath, IDLE, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    return new MeasuredService(service, idle, client)
  }

  /** The refresh that a start without a list begins by itself; the pauses of starting up are in it. */
  async firstRefresh(): Promise<Refresh> {
    return this.nextRefresh()
  }

  async refresh(): Promise<Refresh> {
    await wait(500)
    await Promise.all([longestPause(this.process), longestPause(this.idle)])
    const refreshed = this.nextRefresh()
    await this.client.request<InstrumentsStatus>('instruments.refresh', {})
    return refreshed
  }

  /** Reads /proc, so Linux only. */
  peakMib(): number {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'))
    return Number(match?.[1] ?? Number.NaN) / 1_024
  }

  async stop(): Promise<void> {
    this.idle.kill('SIGKILL')
    if (this.process.exitCode !== null) return
    await this.client.close()
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGTERM')
    await ended
  }

  private async nextRefresh(): Promise<Refresh> {
    if (this.took.length === 0) await new Promise<void>((resolve) => (this.onTook = resolve))
    const tookMs = this.took.shift() ?? Number.NaN
    const [pauseMs, idlePauseMs] = await Promise.all([longestPause(this.process), longestPause(this.idle)])
    return { tookMs, pauseMs, idlePauseMs }
  }

  private read(line: string): void {
    const record = JSON.parse(line) as { message?: string; tookMs?: number; problem?: string }
    if (record.message === 'instrument list not replaced') throw new Error(record.problem)
    if (record.message !== 'instrument list replaced') return
    this.took.push(record.tookMs ?? Number.NaN)
    this.onTook?.()
  }
}

/** Milliseconds since the last question. */
function longestPause(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const hear = (message: unknown): void => {
      const { longestMs } = message as { longestMs?: number }
      if (longestMs === undefined) return
      child.off('message', hear)
      resolve(longestMs)
    }
    child.on('message', hear)
    child.send('longest pause')
  })
}

/** The rows the service stored, imported by the sqlite3 program into the same tables with the same indexes. */
function importWithSqlite(folder: string): number | undefined {
  if (spawnSync('sqlite3', ['--version']).error !== undefined) return undefined
  const source = join(folder, 'instruments.sqlite')
  const target = join(folder, 'imported.sqlite')
  const run = (file: string, ...commands: string[]): string =>
    spawnSync('sqlite3', [file], { input: commands.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
  const tables = ['symbol_token', 'symbol_detail']
  for (const table of tables)
    run(source, '.mode csv', `.output ${join(folder, `${table}.csv`)}`, `SELECT * FROM ${table};`)
  const schema = run(
    source,
    `SELECT sql || ';' FROM sqlite_master WHERE tbl_name IN ('symbol_token', 'symbol_detail') AND sql IS NOT NULL;`,
  )
  run(target, 'PRAGMA journal_mode = WAL;', schema)
  const beganAtMs = performance.now()
  run(
    target,
    'PRAGMA synchronous = NORMAL;',
    '.mode csv',
    ...tables.map((table) => `.import ${join(folder, `${table}.csv`)} ${table}`),
  )
  const tookMs = performance.now() - beganAtMs
  const [imported] = run(target, 'SELECT count(*) FROM symbol_detail;').split('\n')
  if (Number(imported) < 100_000) throw new Error(`sqlite3 imported ${String(imported)} rows only`)
  return tookMs
}

function resultOf(measured: {
  readonly first: Refresh
  readonly nights: readonly Refresh[]
  readonly peakMib: number
  readonly importMs: number | undefined
  readonly rows: number
}): BenchResult {
  const { first, nights, peakMib, importMs, rows } = measured
  const nightMs = Math.min(...nights.map(({ tookMs }) => tookMs))
  const quietest = [...nights].sort((a, b) => a.pauseMs - b.pauseMs)[0] ?? first
  const { pauseMs } = quietest
  return {
    name: `an instrument list of ${rows.toLocaleString('en')} rows, from HTTP to swapped`,
    unit: 'ms',
    figures: {
      'first load': first.tookMs,
      'a night with 2 % changes, best of three': nightMs,
      ...(importMs === undefined ? {} : { 'sqlite3 .import, both tables, indexes live': importMs }),
      'longest pause of the event loop at night, best of three': pauseMs,
      'longest pause of an idle process meanwhile': quietest.idlePauseMs,
      'longest pause of the event loop from the start': first.pauseMs,
      'the peer on its reference machine': PEER.ms,
    },
    ratios: {
      ...(importMs === undefined
        ? {}
        : {
            'first load / .import': { value: first.tookMs / importMs, limit: 5 },
            'night / .import': { value: nightMs / importMs, limit: 1 },
          }),
      'pause at night / 5 ms': { value: pauseMs / 5, limit: 1 },
      'pause at night / idle process': { value: pauseMs / quietest.idlePauseMs },
      'peak memory / the peer': { value: peakMib / PEER.mib },
    },
    notes: [
      `Peak memory of the service ${peakMib.toFixed(0)} MiB; the peer's is ${PEER.mib} MB.`,
      importMs === undefined
        ? 'No sqlite3 program here, so nothing was imported for comparison.'
        : 'The import reads two CSV files that hold the same rows; ours downloads, parses, checks, builds the index and stores.',
    ],
  }
}

if (require.main === module) void masterRefresh().then((result) => console.log(printResult(result)))
