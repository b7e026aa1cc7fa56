import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from './bench-house'

const SIMULATOR = join(__dirname, '../../tools/xts-simulator/src/main.js')
const READY_LIMIT_MS = 60_000
/** The simulator's documented defaults. */
const KEYS = {
  interactive: { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret', source: 'WEBAPI' },
  market: { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret', source: 'WEBAPI' },
} // prettier-ignore
const LOGIN_PATHS = { interactive: '/interactive/user/session', market: '/apimarketdata/auth/login' }

/** What a login gives. */
export interface BenchLogin {
  readonly token: string
  readonly userID: string
}

/** A simulator of its own, in a process of its own. */
export interface BenchSimulator {
  readonly port: number
  readonly controlPort: number
  readonly pid: number
  /** From its start until it answered. */
  readonly startedInMs: number
  logIn(api: 'interactive' | 'market'): Promise<BenchLogin>
  /** CPU time the process has used, in milliseconds. Linux only. */
  cpuMs(): number
  residentMiB(): number
  close(): Promise<void>
}

/** Starts one with these arguments, and settings as its config file has them; waits until its control API answers. */
export async function startBenchSimulator(
  args: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<BenchSimulator> {
  const [port = 0, controlPort = 0] = await freePorts(2)
  const folder = mkdtempSync(join(tmpdir(), 'simulator-bench-'))
  const config = join(folder, 'config.json')
  writeFileSync(config, JSON.stringify(settings))
  const startedAt = performance.now()
  const places = ['--port', String(port), '--control-port', String(controlPort), '--config', config]
  const child = spawn(process.execPath, [SIMULATOR, ...places, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await untilAnswered(`http://127.0.0.1:${controlPort}/health`, child)
  const startedInMs = performance.now() - startedAt
  const pid = child.pid ?? 0
  return {
    port,
    controlPort,
    pid,
    startedInMs,
    logIn: async (api) => {
      const answer = await post(port, LOGIN_PATHS[api], KEYS[api])
      return (answer as { result: BenchLogin }).result
    },
    cpuMs: () => processCpuMs(pid),
    residentMiB: () => residentMiBOf(pid),
    close: () => ended(child).then(() => rmSync(folder, { recursive: true })),
  }
}

export async function post(port: number, path: string, body: object, token?: string): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: token }),
  }
  const url = `http://127.0.0.1:${port}${path}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}

/** Ends a child and waits for its end. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

async function untilAnswered(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = performance.now() + READY_LIMIT_MS
  while (performance.now() < giveUpAt && child.exitCode === null) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await wait(10)
  }
  throw new Error('the simulator did not become ready')
}

/** CPU milliseconds a process has used. Fields 14 and 15 of /proc/PID/stat count hundredths of a second. */
export function processCpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
  const fields = afterName.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function residentMiBOf(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1] ?? Number.NaN) / 1_024
}
