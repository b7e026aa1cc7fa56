import { Agent, request } from 'node:http'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '../seeded-random'
import { startSimulator, type RunningSimulator } from '../start-simulator'
import { RawSocket, type Frame } from './raw-socket'
import type { Connect } from './xts-client'

/** Everything that came out of a simulator in one day, exactly as it came. */
export interface RecordedDay {
  /** One per request: status, headers and body. */
  readonly replies: readonly string[]
  /** By socket, in order of arrival. */
  readonly frames: Readonly<Record<string, readonly Frame[]>>
  readonly dayFile: string
  readonly tape: string
}

const INTERACTIVE = { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret' }
const MARKET = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
/** RELIANCE, TCS, and the indices NIFTY 50 and NIFTY BANK. */
const INSTRUMENTS = [2885, 11_536, 26_000, 26_001].map((token) => ({ exchangeSegment: 1, exchangeInstrumentID: token })) // prettier-ignore
const CODES = [1501, 1502, 1510, 1512]

interface Ask {
  readonly method: string
  readonly path: string
  readonly token?: string | undefined
  readonly body?: object | undefined
}

/** A client that does the same things in every run of its own seed, and keeps what it hears. */
class SeededClient {
  readonly replies: string[] = []
  private readonly random: SeededRandom
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private readonly placed: number[] = []
  private interactive = ''
  private market = ''

  constructor(
    private readonly simulator: RunningSimulator,
    seed: number,
  ) {
    this.random = new SeededRandom(seed)
  }

  close(): void {
    this.agent.destroy()
  }

  async logIn(): Promise<void> {
    const lookup = await this.call({ method: 'POST', path: '/hostlookup', body: { accesspassword: '2021HostLookUpAccess', version: 'interactive_1.0.1' } }) // prettier-ignore
    const { uniqueKey } = resultOf<{ uniqueKey: string }>(lookup)
    const asked = { method: 'POST', path: '/7hostlookup/user/session', body: { ...INTERACTIVE, uniqueKey } }
    this.interactive = resultOf<{ token: string }>(await this.call(asked)).token
    const marketLogin = { method: 'POST', path: '/apimarketdata/auth/login', body: MARKET }
    this.market = resultOf<{ token: string }>(await this.call(marketLogin)).token
  }

  /** Chance is part of the day: what goes wrong goes wrong in every run of the seed. */
  async makeItGoWrong(): Promise<void> {
    await this.control('/faults', { name: 'duplicate-trade', probability: 0.4 })
    await this.control('/faults', { name: 'event-lost', probability: 0.1, count: 'always' })
    await this.control('/faults', { name: 'accept-then-500', probability: 0.2, count: 'always' })
  }

  async openSockets(connect: Connect): Promise<Record<string, RawSocket>> {
    const open = async (path: string, token: string, query: Record<string, string>): Promise<RawSocket> => {
      const whole = { path: `${path}/socket.io`, query: { token, userID: 'SIM0001', ...query } }
      const socket = new RawSocket(connect, `http://127.0.0.1:${this.simulator.port}`, whole)
      await socket.joined()
      return socket
    }
    const query = (publishFormat: string, broadcastMode: string) => ({ publishFormat, broadcastMode })
    return {
      orders: await open('/interactive', this.interactive, {}),
      full: await open('/apimarketdata', this.market, query('JSON', 'Full')),
      partial: await open('/apimarketdata', this.market, query('JSON', 'Partial')),
      binary: await open('/apibinarymarketdata', this.market, query('Binary', 'Full')),
    }
  }

  /** One thing a client, the market or time does. */
  async act(): Promise<void> {
    const dice = this.random.next()
    if (dice < 0.3) await this.place()
    else if (dice < 0.4) await this.modify()
    else if (dice < 0.48) await this.cancel()
    else if (dice < 0.62) await this.readBook()
    else if (dice < 0.8) await this.changeSubscription()
    else if (dice < 0.85) await this.quote()
    else if (dice < 0.88) await this.jump()
    else await this.control('/clock', { advanceMs: this.random.between(0, 900) })
  }

  async logOut(): Promise<void> {
    await this.control('/clock', { advanceMs: 2000 })
    await this.call({ method: 'DELETE', path: '/interactive/user/session', token: this.interactive })
    await this.call({ method: 'DELETE', path: '/apimarketdata/auth/logout', token: this.market })
  }

  private async place(): Promise<void> {
    const orderType = this.random.pick(['LIMIT', 'MARKET', 'LIMIT', 'STOPLIMIT', 'NONSENSE'])
    const price = this.random.between(10_000, 40_000) / 10
    const reply = await this.order('POST', {
      exchangeSegment: 'NSECM',
      exchangeInstrumentID: this.random.pick([2885, 11_536, 1]),
      productType: this.random.pick(['MIS', 'NRML']),
      orderType,
      orderSide: this.random.pick(['BUY', 'SELL']),
      timeInForce: this.random.pick(['DAY', 'DAY', 'IOC']),
      disclosedQuantity: 0,
      orderQuantity: this.random.between(1, 3000),
      limitPrice: orderType === 'MARKET' ? 0 : price,
      stopPrice: orderType === 'STOPLIMIT' ? price : 0,
      orderUniqueIdentifier: `tag${this.placed.length}`,
    })
    const appOrderId = resultOf<{ AppOrderID?: number }>(reply).AppOrderID
    if (appOrderId !== undefined) this.placed.push(appOrderId)
  }

  private async modify(): Promise<void> {
    await this.order('PUT', {
      appOrderID: this.anOrder(),
      modifiedProductType: 'MIS',
      modifiedOrderType: 'LIMIT',
      modifiedOrderQuantity: this.random.between(1, 3000),
      modifiedDisclosedQuantity: 0,
      modifiedLimitPrice: this.random.between(10_000, 40_000) / 10,
      modifiedStopPrice: 0,
      modifiedTimeInForce: 'DAY',
      orderUniqueIdentifier: '',
    })
  }

  private async cancel(): Promise<void> {
    const path = `/interactive/orders?appOrderID=${this.anOrder()}`
    await this.call({ method: 'DELETE', path, token: this.interactive })
  }

  private async readBook(): Promise<void> {
    const path = this.random.pick([
      '/interactive/orders',
      `/interactive/orders?appOrderID=${this.anOrder()}`,
      '/interactive/orders/trades',
      '/interactive/portfolio/positions?dayOrNet=NetWise',
      '/interactive/user/balance',
      '/interactive/user/profile',
      '/interactive/nowhere',
    ])
    await this.call({ method: 'GET', path, token: this.interactive })
  }

  private async changeSubscription(): Promise<void> {
    const method = this.random.pick(['POST', 'POST', 'PUT'])
    const body = { instruments: [this.anInstrument()], xtsMessageCode: this.aCode() }
    await this.call({ method, path: '/apimarketdata/instruments/subscription', token: this.market, body })
  }

  private async quote(): Promise<void> {
    const body = { instruments: INSTRUMENTS, xtsMessageCode: this.aCode(), publishFormat: 'JSON' }
    await this.call({ method: 'POST', path: '/apimarketdata/instruments/quotes', token: this.market, body })
  }

  private async jump(): Promise<void> {
    await this.control('/price', { segment: 'NSECM', token: 2885, price: this.random.between(13_300, 16_000) / 10 }) // prettier-ignore
  }

  private anOrder(): number {
    return this.placed[this.random.between(0, Math.max(0, this.placed.length - 1))] ?? 1
  }

  private anInstrument(): object {
    return INSTRUMENTS[this.random.between(0, INSTRUMENTS.length - 1)] ?? {}
  }

  private aCode(): number {
    return CODES[this.random.between(0, CODES.length - 1)] ?? 1501
  }

  private order(method: string, body: object): Promise<string> {
    return this.call({ method, path: '/interactive/orders', token: this.interactive, body })
  }

  private async call(ask: Ask): Promise<string> {
    const { text, whole } = await this.send(this.simulator.port, ask)
    this.replies.push(`${ask.method} ${ask.path} ${whole}`)
    return text
  }

  private async control(path: string, body: object): Promise<void> {
    const { whole } = await this.send(this.simulator.controlPort, { method: 'POST', path, body })
    // The control API is this machine's own: its `date` is the machine's.
    this.replies.push(`${path} ${whole.replace(/"date":"[^"]*"/i, '')}`)
  }

  /** The same Host in every run, whatever the port: the host lookup answers it. */
  private send(port: number, { method, path, token, body }: Ask): Promise<{ text: string; whole: string }> {
    const headers = {
      ...(port === this.simulator.port ? { host: 'broker.test' } : {}),
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: token }),
    }
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: this.agent }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ text, whole: `${reply.statusCode} ${JSON.stringify(reply.headers)} ${text}` })
        })
      })
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

function resultOf<T>(text: string): Partial<T> & { token: string; uniqueKey: string } {
  const read = JSON.parse(text.startsWith('{') ? text : '{}') as { result?: T }
  return { token: '', uniqueKey: '', ...read.result } as Partial<T> & { token: string; uniqueKey: string }
}

/** Lives a whole day of so many requests against a simulator of its own. */
export async function recordDay(o: {
  seed: number
  requests: number
  connect: Connect
}): Promise<RecordedDay> {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-day-'))
  const [stateFile, record] = [join(folder, 'day.jsonl'), join(folder, 'tape.jsonl')]
  const simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small', clock: 'virtual', seed: o.seed, ticksPerSecond: 5, stateFile, record }) // prettier-ignore
  const client = new SeededClient(simulator, 42)
  try {
    await client.logIn()
    await client.makeItGoWrong()
    const sockets = await client.openSockets(o.connect)
    for (let act = 0; act < o.requests; act++) await client.act()
    await client.logOut()
    // Every session has ended, so every socket is closed, and has had all there was before that.
    for (const socket of Object.values(sockets)) await socket.until(() => socket.isClosed)
    await simulator.close()
    const frames = Object.fromEntries(
      Object.entries(sockets).map(([name, { frames: heard }]) => [name, heard]),
    )
    return { replies: client.replies, frames, dayFile: readFileSync(stateFile, 'utf8'), tape: readFileSync(record, 'utf8') } // prettier-ignore
  } finally {
    client.close()
    await simulator.close()
    rmSync(folder, { recursive: true })
  }
}
