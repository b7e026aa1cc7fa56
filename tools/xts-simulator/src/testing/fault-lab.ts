import { connect as connectTo } from 'node:net'
import { setTimeout as breath } from 'node:timers/promises'
import { FAULTS, type FaultName } from '../faults/catalogue'
import { startSimulator, type RunningSimulator } from '../start-simulator'
import type { SimulatorOptions } from '../options'
import { XtsClient, type Connect, type HttpAnswer, type XtsSocket } from './xts-client'

export const ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 5, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 'tag-1',
} // prettier-ignore
/** Rests below the market of the small universe. */
export const RESTING = { orderType: 'LIMIT', limitPrice: 1400 }

export const INTERACTIVE_KEYS = { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret', source: 'WEBAPI' } // prettier-ignore
export const MARKET_KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
const MARKET = '/apimarketdata'

type Row = Record<string, unknown>

/** One simulator for many faults, seen from the wire only: a client of REST and sockets, and the control API. */
export class FaultLab {
  /** Logged in anew for each test. */
  client: XtsClient
  readonly control: XtsClient
  private readonly clients: XtsClient[] = []

  private constructor(
    readonly simulator: RunningSimulator,
    private readonly connect: Connect,
  ) {
    this.control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, connect)
    this.client = this.newClient()
  }

  static async open(connect: Connect, options: SimulatorOptions = {}): Promise<FaultLab> {
    return new FaultLab(
      await startSimulator({ port: 0, controlPort: 0, universe: 'small', ticksPerSecond: 100, ...options }),
      connect,
    )
  }

  get base(): string {
    return `http://127.0.0.1:${this.simulator.port}`
  }

  newClient(): XtsClient {
    const client = new XtsClient(this.base, this.connect)
    this.clients.push(client)
    return client
  }

  /** Nothing of an earlier test is left: no fault, no order, no socket. */
  async begin(): Promise<void> {
    await this.control.call('POST', '/reset', {})
    for (const client of this.clients.splice(0)) client.close()
    this.client = this.newClient()
    await this.client.login('/interactive/user/session', INTERACTIVE_KEYS)
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close()
    await this.simulator.close()
  }

  /** Switches a fault on; a refusal is an error of the test. */
  async arm(name: FaultName, rule: object = {}): Promise<{ id: string; affected?: number }> {
    const answer = await this.control.call('POST', '/faults', { name, ...rule })
    if (answer.status !== 200) throw new Error(answer.text)
    return JSON.parse(answer.text) as { id: string; affected?: number }
  }

  async clear(): Promise<void> {
    await this.control.call('DELETE', '/faults')
  }

  async happened(name: FaultName): Promise<number> {
    const report = JSON.parse((await this.control.call('GET', '/faults')).text) as {
      happened: Record<string, number>
    }
    return report.happened[name] ?? 0
  }

  place(change: object = {}, timeoutMs?: number): Promise<HttpAnswer> {
    return this.client.call('POST', '/interactive/orders', { ...ORDER, ...change }, timeoutMs)
  }

  async placed(change: object = {}): Promise<number> {
    const { AppOrderID } = (await this.place(change)).body?.result as { AppOrderID: number }
    return AppOrderID
  }

  cancel(appOrderId: number): Promise<HttpAnswer> {
    return this.client.call('DELETE', `/interactive/orders?appOrderID=${appOrderId}`)
  }

  orderBook(): Promise<HttpAnswer> {
    return this.client.call('GET', '/interactive/orders')
  }

  tradeBook(): Promise<HttpAnswer> {
    return this.client.call('GET', '/interactive/orders/trades')
  }

  positions(): Promise<HttpAnswer> {
    return this.client.call('GET', '/interactive/portfolio/positions?dayOrNet=NetWise')
  }

  /** What the broker itself knows of its placements, whatever it told the client. */
  async received(): Promise<Row[]> {
    return (JSON.parse((await this.control.call('GET', '/orders')).text) as { orders: Row[] }).orders
  }

  async orderSocket(): Promise<XtsSocket> {
    const socket = this.client.openSocket('/interactive/socket.io')
    await socket.hears('joined')
    return socket
  }

  /**
   * One request over a connection of its own; what came, and whether the other side ended it within the wait, as it does
   * after the answer when `connection: close` is among the headers.
   */
  rawRequest(path: string, ...headers: readonly string[]): Promise<{ text: string; isEnded: boolean }> {
    const { token } = this.client
    return new Promise((resolve, reject) => {
      let text = ''
      const socket = connectTo(this.simulator.port, '127.0.0.1')
      const finish = (isEnded: boolean): void => {
        socket.destroy()
        resolve({ text, isEnded })
      }
      socket.setTimeout(300, () => finish(false))
      socket.on('data', (piece) => (text += piece.toString()))
      socket.on('end', () => finish(true))
      socket.on('error', reject)
      const lines = [`GET ${path} HTTP/1.1`, 'host: localhost', `authorization: ${token}`, ...headers]
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
  }

  /** A client of market data with a socket, subscribed to one instrument. */
  async feed(options: { partial?: boolean; binary?: boolean; code?: number } = {}): Promise<Feed> {
    const client = this.newClient()
    await client.login(`${MARKET}/auth/login`, MARKET_KEYS)
    const broadcastMode = options.partial === true ? 'Partial' : 'Full'
    const publishFormat = options.binary === true ? 'Binary' : 'JSON'
    const socket = client.openSocket(`${MARKET}/socket.io`, { publishFormat, broadcastMode })
    await socket.hears('joined')
    const feed = new Feed(client, socket, options.code ?? 1501)
    return feed
  }
}

export class Feed {
  constructor(
    readonly client: XtsClient,
    readonly socket: XtsSocket,
    private readonly code: number,
  ) {}

  subscribe(token = 2885): Promise<HttpAnswer> {
    return this.client.call('POST', `${MARKET}/instruments/subscription`, this.batch(token))
  }

  quotes(token = 2885): Promise<HttpAnswer> {
    return this.client.call('POST', `${MARKET}/instruments/quotes`, {
      ...this.batch(token),
      publishFormat: 'JSON',
    })
  }

  private batch(token: number): object {
    return {
      instruments: [{ exchangeSegment: 1, exchangeInstrumentID: token }],
      xtsMessageCode: this.code,
    }
  }
}

/** Asks again and again until it is so, with breath in between: the one that is asked runs in this process too. */
export async function eventually(isSo: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  for (const endsAtMs = Date.now() + deadlineMs; !(await isSo());) {
    if (Date.now() > endsAtMs) throw new Error('it never became so')
    await breath(5)
  }
}

/** The rows of a book; a refusal has none. */
export function rowsOf(answer: HttpAnswer): Row[] {
  const result = answer.body?.result
  if (Array.isArray(result)) return result as Row[]
  return (result as { positionList?: Row[] } | undefined)?.positionList ?? []
}

/** A test that shows one fault on the wire; it fails too when the fault did not happen. */
export function proves(lab: () => FaultLab, name: FaultName, run: (lab: FaultLab) => Promise<void>): void {
  it(`${name}: ${FAULTS[name].means}`, async () => {
    const before = await lab().happened(name)
    await run(lab())
    expect(await lab().happened(name)).toBeGreaterThan(before)
  })
}
