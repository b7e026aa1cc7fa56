import { createServer } from 'node:net'
import { EventSubscriber, RequestClient, type BusEvent } from '@xts-bridge/bus'
import type { Instrument, InstrumentsStatus } from '@xts-bridge/contracts'
import { loadSettings, randomIds, SettingsError, systemClock, type Logger } from '@xts-bridge/runtime'
import { instrumentsSettings } from './settings'
import { startMasterContract, type RunningMasterContract } from './start-master-contract'
import { inProcessWorkshop } from './testing/in-process-workshop'
import { ADMIN_KEY, OutsideWorld, READER_KEY } from './testing/outside-world'
import { cashText } from './testing/rows'

const QUIET: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

let world: OutsideWorld
const closers: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  world = await OutsideWorld.open()
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await world.close()
})

async function start(changed: Record<string, string> = {}): Promise<RunningMasterContract> {
  const environment = { ...world.environment(), ...changed }
  const settings = loadSettings(instrumentsSettings, { environment, envFile: '/nonexistent' })
  const running = await startMasterContract(settings, QUIET, { openWorkshop: inProcessWorkshop })
  closers.push(() => running.stop())
  return running
}

function clientOf(running: RunningMasterContract, apiKey: string): RequestClient {
  const client = new RequestClient({
    endpoint: running.bound.requests,
    clock: systemClock,
    ids: randomIds,
    apiKey,
    timeoutMs: 10_000,
  })
  closers.push(() => client.close())
  return client
}

async function readiness(running: RunningMasterContract): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${running.bound.healthPort}/health/ready`, {
    signal: AbortSignal.timeout(10_000),
  })
  return { status: response.status, body: await response.json() }
}

/** Asks until the list is there; the test's own time limit ends it. */
async function untilReady(running: RunningMasterContract): Promise<void> {
  while ((await readiness(running)).status !== 200) await new Promise((resolve) => setImmediate(resolve))
}

describe('master-contract', () => {
  it('loads the list on start, without a session, and becomes ready', async () => {
    const running = await start()
    await untilReady(running)
    expect((await readiness(running)).body).toMatchObject({
      service: 'master-contract',
      ready: true,
      total: 52,
      segments: expect.arrayContaining([{ segment: 'NSEFO', rows: 0, instruments: 0, refused: {} }]),
      refused: [],
    })
  })

  it('finds, reports and refreshes over the bus', async () => {
    const running = await start()
    await untilReady(running)
    const client = clientOf(running, ADMIN_KEY)
    expect(
      await client.request<Instrument>('instruments.find', { exchange: 'NSE', symbol: 'S7' }),
    ).toMatchObject({
      segment: 'NSECM',
      token: 7,
    })
    const before = await client.request<InstrumentsStatus>('instruments.status', {})
    const after = await client.request<InstrumentsStatus>('instruments.refresh', {})
    expect(before.version).toMatch(/^v\d{8}-1$/)
    expect(after.version).toBe(before.version?.replace(/1$/, '2'))
  })

  it('refuses a bad download over the bus, says why, and keeps its list', async () => {
    const running = await start()
    await untilReady(running)
    const client = clientOf(running, ADMIN_KEY)
    world.texts = { NSECM: '<html>', BSECM: cashText('BSECM', 3) }
    world.isIndexListDown = true
    await expect(client.request('instruments.refresh', {})).rejects.toMatchObject({
      code: 'REFRESH_FAILED',
      kind: 'unavailable',
      message: expect.stringContaining('BSECM, row-count: found 3 instruments, expected at least 27'),
    })
    const status = await client.request<InstrumentsStatus>('instruments.status', {})
    expect(status).toMatchObject({
      total: 52,
      lastProblem: expect.stringContaining('NSECM, segment: found 1 rows of other segments'),
      refused: [
        { segment: 'NSE_INDEX', gate: 'download', found: expect.stringContaining('Not now') },
        { segment: 'NSECM', gate: 'segment', sample: '<html>' },
        { segment: 'NSECM', gate: 'row-count' },
        { segment: 'BSECM', gate: 'row-count' },
      ],
    })
    expect((await readiness(running)).status).toBe(200)
  })

  it.each([
    {
      what: 'an unknown symbol',
      key: READER_KEY,
      subject: 'instruments.find',
      data: { exchange: 'NSE', symbol: 'S777' },
      code: 'INSTRUMENT_NOT_FOUND',
    },
    {
      what: 'an unknown exchange',
      key: READER_KEY,
      subject: 'instruments.find',
      data: { exchange: 'NYSE', symbol: 'S7' },
      code: 'REQUEST_INVALID',
    },
    {
      what: 'a missing symbol',
      key: READER_KEY,
      subject: 'instruments.find',
      data: { exchange: 'NSE' },
      code: 'REQUEST_INVALID',
    },
    {
      what: 'a field too many',
      key: ADMIN_KEY,
      subject: 'instruments.refresh',
      data: { force: true },
      code: 'REQUEST_INVALID',
    },
    {
      what: 'a refresh by a reader',
      key: READER_KEY,
      subject: 'instruments.refresh',
      data: {},
      code: 'SCOPE_MISSING',
    },
    {
      what: 'a key nobody knows',
      key: 'd'.repeat(64),
      subject: 'instruments.status',
      data: {},
      code: 'KEY_INVALID',
    },
  ] as const)('refuses $what', async ({ key, subject, data, code }) => {
    const running = await start()
    await untilReady(running)
    await expect(clientOf(running, key).request(subject, data)).rejects.toMatchObject({ code })
  })

  it('publishes each swap', async () => {
    const running = await start()
    await untilReady(running)
    const client = clientOf(running, ADMIN_KEY)
    const event = await new Promise<BusEvent>((resolve, reject) => {
      const subscriber = new EventSubscriber({
        endpoint: running.bound.events,
        clock: systemClock,
        onEvent: (heard) => heard.topic === 'instruments.swapped' && resolve(heard),
        onEpoch: () => void client.request('instruments.refresh', {}).catch(reject),
      })
      closers.push(() => subscriber.close())
      subscriber.start()
    })
    await client.request('instruments.refresh', {})
    expect(event).toMatchObject({
      topic: 'instruments.swapped',
      data: { version: expect.stringMatching(/-2$/), total: 52, isRefreshing: false },
    })
  })

  it('starts with the list of today without asking the broker', async () => {
    const first = await start()
    await untilReady(first)
    await first.stop()
    world.texts = {}
    const second = await start()
    expect((await readiness(second)).body).toMatchObject({ ready: true, total: 52, isRefreshing: false })
  })

  it('is not ready without a list, says why, and gets ready by itself', async () => {
    const texts = world.texts
    world.texts = {}
    const running = await start()
    const client = clientOf(running, READER_KEY)
    await expect(client.request('instruments.find', { exchange: 'NSE', symbol: 'S7' })).rejects.toMatchObject(
      {
        code: 'INSTRUMENTS_UNAVAILABLE',
      },
    )
    expect((await readiness(running)).status).toBe(503)
    world.texts = texts
    await untilReady(running)
  })

  it('names port and setting when its health port is taken', async () => {
    const taker = createServer()
    await new Promise<void>((resolve) => taker.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => taker.close(resolve)))
    const { port } = taker.address() as { port: number }
    await expect(start({ INSTRUMENTS_HEALTH_PORT: String(port) })).rejects.toThrow(
      new RegExp(`${port}.*INSTRUMENTS_HEALTH_PORT`),
    )
  })

  it('names every wrong setting at once', () => {
    const environment = {
      INSTRUMENTS_REFRESH_TIMES_IST: '25:00',
      INSTRUMENTS_EVENTS_ENDPOINT: 'here',
      XTS_BASE_URL: 'x',
    }
    const load = (): unknown => loadSettings(instrumentsSettings, { environment, envFile: '/nonexistent' })
    expect(load).toThrow(SettingsError)
    expect(load).toThrow(
      /XTS_BASE_URL[^]*INSTRUMENTS_REFRESH_TIMES_IST: must be times such as 06:30,08:30[^]*INSTRUMENTS_EVENTS_ENDPOINT/,
    )
  })
})
