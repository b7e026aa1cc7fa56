import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@xts-bridge/contracts'
import { SupervisedService, type ServiceNews } from './supervised-service'

/** A program that says it started and then does what `then` says. */
const program = (then: string): string => `
  process.on('SIGTERM', () => process.exit(0))
  process.on('disconnect', () => process.exit(0))
  process.send({ kind: 'started' })
  ${then}
  setInterval(() => undefined, 1000)
`

describe('a supervised service', () => {
  let folder = ''
  let service: SupervisedService | undefined
  let clock = new ManualClock()
  let news: ServiceNews[] = []
  let tellWaiting: () => void = () => undefined

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supervised-'))
    clock = new ManualClock()
    news = []
  })
  afterEach(async () => {
    await service?.stop()
    rmSync(folder, { recursive: true })
  })

  function start(code: string, environment: Record<string, string> = {}): SupervisedService {
    const file = join(folder, 'program.js')
    writeFileSync(file, code)
    service = new SupervisedService({
      name: 'sample',
      program: file,
      environment,
      logFolder: join(folder, 'logs'),
      clock,
      onNews: (item) => {
        news.push(item)
        tellWaiting()
      },
    })
    service.start()
    return service
  }

  async function untilNews(kind: ServiceNews['kind'], count = 1): Promise<void> {
    while (news.filter((item) => item.kind === kind).length < count)
      await new Promise<void>((resolve) => (tellWaiting = resolve))
  }

  async function untilLogged(text: string): Promise<void> {
    while (!readFileSync(join(folder, 'logs', 'sample.log'), 'utf8').includes(text))
      await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('is started again, later each time, while it keeps dying', async () => {
    start(program("process.send({ kind: 'failed', message: 'no luck', isSettings: false }); process.exit(3)"))
    await untilNews('ended')
    expect(news.at(-1)).toEqual({ kind: 'ended', how: 'exit code 3', reason: 'no luck', restartInMs: 500 })
    await clock.advance(499)
    expect(service?.pid).toBeUndefined()
    await clock.advance(1)
    await untilNews('ended', 2)
    expect(news.at(-1)).toMatchObject({ restartInMs: 1_000 })
  })

  it('is told apart by signal when it was killed', async () => {
    process.kill(start(program('')).pid ?? 0, 'SIGKILL')
    await untilNews('ended')
    expect(news.at(-1)).toMatchObject({ how: 'signal SIGKILL', reason: undefined })
  })

  it('is not started again when its settings are wrong', async () => {
    const problems = [{ setting: 'A_PORT', problem: 'is missing' }]
    const report = { kind: 'failed', message: 'Settings are wrong', isSettings: true, problems }
    start(program(`process.send(${JSON.stringify(report)}, () => process.exit(78))`))
    await untilNews('settings-wrong')
    expect(news.at(-1)).toEqual({ kind: 'settings-wrong', message: 'Settings are wrong', problems })
    await clock.advance(60_000)
    expect(news.filter((item) => item.kind === 'launched')).toHaveLength(1)
  })

  it('is not started again by a restart that was due when it was stopped', async () => {
    start(program('process.exit(1)'))
    await untilNews('ended')
    await service?.stop()
    await clock.advance(60_000)
    expect(news.filter((item) => item.kind === 'launched')).toHaveLength(1)
  })

  it('is killed, and that is said, when it does not stop', async () => {
    const deaf =
      "process.on('SIGTERM', () => undefined); console.log('deaf'); setInterval(() => undefined, 1000)"
    const running = start(deaf)
    await untilLogged('deaf')
    const stopped = running.stop()
    await clock.advance(10_000)
    await stopped
    expect(news).toMatchObject([
      { kind: 'launched' },
      { kind: 'killed', afterMs: 10_000 },
      { kind: 'stopped-badly', how: 'signal SIGKILL' },
    ])
  })

  it('has only the environment it is given, and writes to its log', async () => {
    start(program('console.log(JSON.stringify(process.env)); process.exit(0)'), { ONLY: 'this' })
    await untilNews('ended')
    const log = readFileSync(join(folder, 'logs', 'sample.log'), 'utf8')
    const seen = Object.keys(JSON.parse(log) as object).filter((name) => !name.startsWith('NODE_'))
    expect(seen).toEqual(['ONLY'])
  })
})
