import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../support/eventually'
import { choosePlaces, houseEnvironment } from '../support/house-settings'

const ROOT = join(__dirname, '../..')
/** `npm test` names the Python that has pyzmq, if there is one. */
const PYTHON = process.env['PYTHON'] ?? 'python3'
const hasPyzmq = spawnSync(PYTHON, ['-c', 'import zmq']).status === 0
if (!hasPyzmq) console.log('No python3 here can import zmq; the Python strategy is not run.')

describe('npm start, as a newcomer types it', () => {
  let folder = ''
  let house: ChildProcess
  let env: Record<string, string> = {}
  let screen = ''
  const pids = (): number[] => {
    const file = join(folder, 'run', 'house.json')
    if (!existsSync(file)) return []
    const { services } = JSON.parse(readFileSync(file, 'utf8')) as {
      services: Record<string, { pid?: number }>
    }
    return Object.values(services).flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }
  const start = async (): Promise<void> => {
    screen = ''
    house = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [house.stdout, house.stderr])
      stream?.on('data', (chunk: Buffer) => (screen += chunk.toString()))
    await eventually('the house says it is ready', 180_000, () => {
      if (house.exitCode !== null) throw new Error(`npm start ended:\n${screen}`)
      return /npm run demo/.test(screen) ? true : undefined
    })
  }
  const stop = async (): Promise<void> => {
    const processes = pids()
    const ended = new Promise((resolve) => house.once('exit', resolve))
    house.kill('SIGTERM')
    await ended
    await eventually('no process of the house is left', 30_000, () =>
      processes.some(isAlive) ? undefined : true,
    )
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'newcomer-'))
    env = houseEnvironment(await choosePlaces(), folder, { KEYS_DIR: join(folder, 'keys') })
    await start()
  })
  afterAll(async () => {
    if (house.exitCode === null && house.signalCode === null) await stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const runDemo = (command: string, args: string[]): { status: number | null; text: string } => {
    const run = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8', timeout: 120_000 })
    return { status: run.status, text: run.stdout + run.stderr }
  }
  const keyFile = (): string => join(folder, 'keys', 'local-api.key')

  it('runs the demonstration it names, again and again', () => {
    for (let run = 0; run < 2; run += 1) {
      const { status, text } = runDemo('npm', ['run', 'demo', '--', '--key-file', keyFile()])
      expect([status, text]).toEqual([0, expect.stringMatching(/position/i)])
    }
  })

  ;(hasPyzmq ? it : it.skip)('runs the Python strategy', () => {
    const { status, text } = runDemo(PYTHON, [
      'clients/python/examples/target_position.py',
      '--key-file',
      keyFile(),
    ])
    expect([status, text]).toEqual([0, expect.stringMatching(/position/i)])
  })

  it('stops on SIGTERM without an orphan, and the demonstration works again after the next start', async () => {
    await stop()
    await start()
    const { status, text } = runDemo('npm', ['run', 'demo', '--', '--key-file', keyFile()])
    expect([status, text]).toEqual([0, expect.stringMatching(/position/i)])
    await stop()
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process: that is the answer.
    return false
  }
}
