import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import io from 'socket.io-client'
import { startSimulator, type RunningSimulator, type SimulatorOptions } from '../index'
import { RawSocket, type Frame } from '../testing/raw-socket'
import { XtsClient } from '../testing/xts-client'

const CAPTURED_FILE = join(
  __dirname,
  '../../../../../shared/data/xts_ticks_1501_1105_partial_2022-07-09.jsonl',
)
const KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
const PREFIX = '/apimarketdata'
const RELIANCE = { exchangeSegment: 1, exchangeInstrumentID: 2885 }
const FUTURE = { exchangeSegment: 2, exchangeInstrumentID: 53_734 }
const INDICES = [26_000, 26_001, 26_002].map((token) => ({ exchangeSegment: 1, exchangeInstrumentID: token }))

interface CapturedLine {
  readonly recv: string
  readonly event: string
  readonly data: string
}

/** A tape of a few lines, for those who do not have the captured one. */
const FEW: readonly CapturedLine[] = Array.from({ length: 60 }, (_, place) => ({
  recv: `2022-07-09T18:04:${String(place).padStart(2, '0')}`,
  event: place % 3 === 0 ? '1105-json-partial' : '1501-json-partial',
  data: place % 3 === 0 ? 't:0_0' : `t:${place % 2 ? '1_26000' : '2_53734'},bi:0|1|2|3,ai:0|4|5|6,ltp:${16_000 + place},v:${place}`,
})) // prettier-ignore

const lines: readonly CapturedLine[] = existsSync(CAPTURED_FILE)
  ? readFileSync(CAPTURED_FILE, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as CapturedLine)
  : FEW // prettier-ignore

/** How Socket.IO writes an event with one text. */
const frameOf = ({ event, data }: Pick<CapturedLine, 'event' | 'data'>): string =>
  `2${JSON.stringify([event, data])}`

describe('a recorded tape', () => {
  let folder: string
  let tape: string
  const open: { close(): unknown }[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tape-deck-'))
    tape = join(folder, 'tape.jsonl')
    writeFileSync(tape, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  })

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
    rmSync(folder, { recursive: true })
  })

  async function start(options: SimulatorOptions): Promise<RunningSimulator> {
    const simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small', noisePerSecond: 0, ...options }) // prettier-ignore
    open.push(simulator)
    return simulator
  }

  async function logIn({ port }: RunningSimulator): Promise<XtsClient> {
    const client = new XtsClient(`http://127.0.0.1:${port}`, () => ({
      on: () => undefined,
      close: () => undefined,
    }))
    await client.login(`${PREFIX}/auth/login`, KEYS)
    return client
  }

  async function listen(
    simulator: RunningSimulator,
    client: XtsClient,
    broadcastMode: string,
    publishFormat = 'JSON',
  ): Promise<RawSocket> {
    const query = { token: client.token, userID: client.userId, publishFormat, broadcastMode }
    const socket = new RawSocket(io, `http://127.0.0.1:${simulator.port}`, {
      path: `${PREFIX}/socket.io`,
      query,
    })
    open.push(socket)
    await socket.joined()
    return socket
  }

  const subscribe = (client: XtsClient, instruments: readonly object[], xtsMessageCode = 1501) =>
    client.call('POST', `${PREFIX}/instruments/subscription`, { instruments, xtsMessageCode })

  const control = async ({ controlPort }: RunningSimulator, path: string, body?: object) => {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, body ? post : {})
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  const heardOf = (socket: RawSocket): Frame[] => socket.events().slice(1)

  it('reaches the sockets bit by bit, in order, for what they subscribed; and the noise all of them', async () => {
    const simulator = await start({ tape, tapeSpeed: 'max', tapeStart: 'paused' })
    const client = await logIn(simulator)
    const socket = await listen(simulator, client, 'Partial')
    await subscribe(client, INDICES)
    await control(simulator, '/tape', { action: 'play' })
    const expected = lines.filter(({ data }) => !data.startsWith('t:2_53734')).map(frameOf)
    await socket.until(() => heardOf(socket).length >= expected.length)
    expect(heardOf(socket)).toEqual(expected)
    expect((await control(simulator, '/tape')).body).toMatchObject({ state: 'ended', position: { message: lines.length, of: lines.length } }) // prettier-ignore
  })

  it('lets an instrument be subscribed that no master lists, and speaks for it alone', async () => {
    const simulator = await start({ tape, tapeSpeed: 'max', clock: 'virtual', ticksPerSecond: 50 })
    const client = await logIn(simulator)
    const socket = await listen(simulator, client, 'Full')
    expect(await subscribe(client, [FUTURE])).toMatchObject({ status: 200 })
    await control(simulator, '/clock', { advanceMs: 2000 })
    const expected = lines.filter(({ data }) => /^t:(0_0|2_53734)/.test(data)).map(frameOf)
    await socket.until(() => heardOf(socket).length >= expected.length)
    // A full socket hears the partial texts: the tape has nothing else, and says nothing it was not told.
    expect(heardOf(socket)).toEqual(expected)
  })

  it('answers quotes with the last values it told', async () => {
    const simulator = await start({ tape, tapeSpeed: 'max', tapeStart: 'at-once', clock: 'virtual' })
    const client = await logIn(simulator)
    await control(simulator, '/clock', { advanceMs: 1000 })
    const answer = await client.call('POST', `${PREFIX}/instruments/quotes`, { instruments: [FUTURE], xtsMessageCode: 1501, publishFormat: 'JSON' }) // prettier-ignore
    const [quote = '{}'] = (answer.body?.result as { listQuotes: string[] }).listQuotes
    const last = lines.filter(({ data }) => data.startsWith('t:2_53734')).at(-1)?.data ?? ''
    expect(JSON.parse(quote)).toMatchObject({
      ExchangeInstrumentID: FUTURE.exchangeInstrumentID,
      LastTradedPrice: Number(/ltp:([\d.]+)/.exec(last)?.[1]),
      TotalTradedQuantity: Number(/,v:(\d+)/.exec(last)?.[1]),
    })
  })

  it('is recorded again as it was, apart from times', async () => {
    const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')]
    for (const [from, to] of [[undefined, first], [first, second]] as const) {
      const simulator = await start({ clock: 'virtual', ticksPerSecond: 10, record: to, noisePerSecond: 4, ...(from && { tape: from, noisePerSecond: 0 }) })
      const client = await logIn(simulator)
      await listen(simulator, client, 'Partial')
      await listen(simulator, client, 'Full')
      await listen(simulator, client, 'Full', 'Binary')
      for (const code of [1501, 1502, 1512]) await subscribe(client, [RELIANCE, ...INDICES.slice(0, 1)], code)
      await control(simulator, '/clock', { advanceMs: 5000 })
      await simulator.close()
    } // prettier-ignore
    const [one = [], other = []] = [first, second].map((file) =>
      readFileSync(file, 'utf8').trimEnd().split('\n'),
    )
    const timeless = (line: string): string => line.replace(/"(atMs|startedAtMs)":\d+/, '')
    expect(one.length).toBeGreaterThan(100)
    expect(one.some((line) => line.includes('"base64"'))).toBe(true)
    expect(other.map(timeless)).toEqual(one.map(timeless))
  })

  it('pauses, rewinds, changes its speed, and says where it is', async () => {
    const simulator = await start({ tape, tapeStart: 'paused', clock: 'virtual' })
    expect((await control(simulator, '/tape')).body).toMatchObject({ state: 'paused', position: { message: 0 }, speed: 1 }) // prettier-ignore
    await control(simulator, '/tape', { action: 'play', speed: 4 })
    await control(simulator, '/clock', { advanceMs: 1000 })
    const { body } = await control(simulator, '/tape', { action: 'pause' })
    expect(body).toMatchObject({ state: 'paused', speed: 4, elapsed: { ms: 4000 } })
    const { body: rewound } = await control(simulator, '/tape', { action: 'rewind' })
    expect(rewound).toMatchObject({ state: 'paused', position: { message: 0 }, elapsed: { ms: 0 } })
  })

  it('refuses commands that are none, and any without a tape', async () => {
    const simulator = await start({ tape, tapeStart: 'paused' })
    for (const wrong of [
      {},
      { action: 'eject' },
      { speed: 0 },
      { speed: 'fast' },
      { action: 'play', loud: true },
    ])
      expect(await control(simulator, '/tape', wrong)).toMatchObject({ status: 400 })
    const without = await start({})
    expect(await control(without, '/tape', { action: 'play' })).toMatchObject({ status: 409, body: { error: expect.stringContaining("--tape") as unknown } }) // prettier-ignore
    expect((await control(without, '/tape')).body).toEqual({ state: 'none' })
  })

  it('is refused with file and line when it is no tape', async () => {
    writeFileSync(tape, `${JSON.stringify(lines[0])}\nnot a line of it\n`)
    await expect(startSimulator({ port: 0, controlPort: 0, universe: 'small', tape })).rejects.toThrow(
      /tape\.jsonl cannot be used: line 2 is no JSON object/,
    )
  })
})
