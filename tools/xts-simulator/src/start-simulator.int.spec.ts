import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type RunningSimulator, type SimulatorOptions } from './index'

describe('startSimulator', () => {
  let folder: string
  const running: RunningSimulator[] = []
  const start = async (options: SimulatorOptions): Promise<RunningSimulator> => {
    const simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small', ...options })
    running.push(simulator)
    return simulator
  }
  const control = async ({ controlPort }: RunningSimulator, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' }
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, init)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'start-simulator-'))))
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close()
    rmSync(folder, { recursive: true })
  })

  it('can be closed twice', async () => {
    const simulator = await start({
      stateFile: join(folder, 'day.jsonl'),
      record: join(folder, 'tape.jsonl'),
    })
    await Promise.all([simulator.close(), simulator.close()])
    await simulator.close()
  })

  it('takes the steps of a scenario file from the start on', async () => {
    const scenario = join(folder, 'bad.json')
    const step = { name: 'lost', atMs: 50, arm: [{ fault: { name: 'accept-then-500' } }] }
    writeFileSync(scenario, JSON.stringify({ name: 'bad day', steps: [step] }))
    const simulator = await start({ scenario, clock: 'virtual' })
    expect((await control(simulator, '/scenario')).body).toMatchObject({ name: 'bad day', taken: [], waiting: ['lost'] }) // prettier-ignore
    await control(simulator, '/clock', { advanceMs: 50 })
    expect((await control(simulator, '/scenario')).body).toMatchObject({ taken: ['lost'], state: 'finished' })
    expect(JSON.stringify((await control(simulator, '/faults')).body)).toContain('"accept-then-500"')
  })

  it('names a scenario file that is none', async () => {
    const scenario = join(folder, 'bad.json')
    writeFileSync(scenario, '{"name":"x","steps":[{"name":"y"}]}')
    await expect(start({ scenario })).rejects.toThrow(/scenario .*bad\.json cannot be used: steps\[0\]/)
  })

  it('leaves no recording behind when its port is taken', async () => {
    const record = join(folder, 'tape.jsonl')
    const { port } = await start({})
    await expect(start({ port, record })).rejects.toThrow(/XTS_SIMULATOR_PORT/)
    expect(existsSync(record)).toBe(false)
    await start({ record })
    expect(existsSync(record)).toBe(true)
  })

  describe('with a virtual clock', () => {
    const NINE_FIFTEEN_MS = Date.parse('2026-11-20T09:15:00+05:30')

    it('begins when it is told to, and stands still', async () => {
      const simulator = await start({ clock: 'virtual', start: '2026-11-20T10:00:00+05:30' })
      const { body } = await control(simulator, '/clock')
      expect(body).toMatchObject({ kind: 'virtual', now: '2026-11-20T10:00:00.000+05:30', stepMs: 1 })
      expect((await control(simulator, '/clock')).body).toEqual(body)
    })

    it('goes on by a step with each request and by POST /clock, over many thousand ticks at once', async () => {
      const simulator = await start({
        clock: 'virtual',
        stepMs: 7,
        ticksPerSecond: 100,
        noisePerSecond: 400,
      })
      await fetch(`http://127.0.0.1:${simulator.port}/interactive/nowhere`)
      expect((await control(simulator, '/clock')).body['nowMs']).toBe(NINE_FIFTEEN_MS + 7)
      const { body } = await control(simulator, '/clock', { advanceMs: 10_000 })
      expect(body['nowMs']).toBe(NINE_FIFTEEN_MS + 10_007)
    })

    it('tells the time of the virtual day in the Date of its answers', async () => {
      const simulator = await start({ clock: 'virtual' })
      const answer = await fetch(`http://127.0.0.1:${simulator.port}/interactive/nowhere`)
      expect(answer.headers.get('date')).toBe('Fri, 20 Nov 2026 03:45:00 GMT')
    })

    it.each([
      [{}],
      [{ advanceMs: -1 }],
      [{ advanceMs: 1.5 }],
      [{ advanceMs: 86_400_001 }],
      [{ advanceMs: 1, to: 2 }],
    ])('refuses %j as a command', async (body) => {
      const simulator = await start({ clock: 'virtual' })
      expect(await control(simulator, '/clock', body)).toMatchObject({ status: 400 })
      expect((await control(simulator, '/clock')).body['nowMs']).toBe(NINE_FIFTEEN_MS)
    })
  })

  it('does not let anybody move the time of the machine', async () => {
    const simulator = await start({})
    expect((await control(simulator, '/clock')).body).toMatchObject({ kind: 'wall' })
    expect(await control(simulator, '/clock', { advanceMs: 5 })).toMatchObject({ status: 409 })
  })
})
