import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'

const SUPERVISOR = join(__dirname, '../../tools/launch/src/main.js')
const READY_LIMIT_MS = 90_000

interface HouseRecord {
  readonly isReady: boolean
  readonly services: Readonly<Record<string, { readonly pid?: number }>>
}

/** A whole house on free ports with a data folder of its own, for measuring. */
export interface BenchHouse {
  readonly places: Readonly<Record<string, string>>
  readonly apiKey: string
  readonly dataFolder: string
  pids(): Readonly<Record<string, number>>
  stop(): Promise<void>
}

/** Starts the compiled house and waits until it is ready. */
export async function startBenchHouse(changes: Readonly<Record<string, string>>): Promise<BenchHouse> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'xts-bench-'))
  const places = await choosePlaces()
  const supervisor = spawn(process.execPath, [SUPERVISOR, 'simulator'], {
    env: {
      ...process.env,
      ENV_FILE: '/dev/null',
      DATA_DIR: dataFolder,
      KEYS_DIR: join(dataFolder, 'keys'),
      ...places,
      ...changes,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const recordFile = join(dataFolder, 'run', 'house.json')
  const record = (): HouseRecord | undefined =>
    existsSync(recordFile) ? (JSON.parse(readFileSync(recordFile, 'utf8')) as HouseRecord) : undefined
  const giveUpAtMs = Date.now() + READY_LIMIT_MS
  while (record()?.isReady !== true) {
    if (Date.now() > giveUpAtMs) throw new Error('the house did not become ready')
    await wait(100)
  }
  return {
    places,
    dataFolder,
    apiKey: readFileSync(join(dataFolder, 'keys', 'local-api.key'), 'utf8').trim(),
    pids: () => {
      const services = Object.entries(record()?.services ?? {})
      return Object.fromEntries(
        services.flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]])),
      )
    },
    stop: () => stopHouse(supervisor, dataFolder),
  }
}

async function stopHouse(supervisor: ChildProcess, dataFolder: string): Promise<void> {
  const ended = new Promise((resolve) => supervisor.once('exit', resolve))
  supervisor.kill('SIGTERM')
  await ended
  rmSync(dataFolder, { recursive: true, force: true })
}

async function choosePlaces(): Promise<Record<string, string>> {
  const endpoints = Object.keys(BUS_ENDPOINTS)
  const ports = [...Object.keys(HTTP_PORTS), 'XTS_SIMULATOR_PORT', 'XTS_SIMULATOR_CONTROL_PORT']
  const free = await freePorts(endpoints.length + ports.length)
  return Object.fromEntries<string>([
    ...endpoints.map((name, index): [string, string] => [name, `tcp://127.0.0.1:${free[index]}`]),
    ...ports.map((name, index): [string, string] => [name, String(free[endpoints.length + index])]),
  ])
}

/** Free ports of 127.0.0.1, all different: all are held open at once. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
