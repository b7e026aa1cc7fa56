import connect from 'socket.io-client'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { startSimulator, type RunningSimulator } from '../../../tools/xts-simulator/src/index'
import { eventually } from '../../support/eventually'
import type { WireAnswer } from '../contract/broker-wire'
import { asList, asRecord, resultOf } from '../contract/contract-checks'
import { ContractSessions } from '../contract/contract-sessions'
import { simulatedTarget } from '../contract/contract-target'

type Options = NonNullable<Parameters<typeof startSimulator>[0]>
type Payload = Record<string, unknown>

const HEARD_WITHIN_MS = 10_000
const KEYS = {
  interactive: { appKey: 'stage-i', secretKey: 'secret-i' },
  market: { appKey: 'stage-m', secretKey: 'secret-m' },
}

/** A small dealer's broker on virtual time, on which a situation is brought about and what is emitted is looked at. */
export class BrokerStage {
  private readonly heard: { readonly name: string; readonly argument: unknown }[] = []
  private readonly sockets: ReturnType<typeof connect>[] = []

  private constructor(
    private readonly simulator: RunningSimulator,
    readonly sessions: ContractSessions,
  ) {}

  static async open(options: Options = {}): Promise<BrokerStage> {
    const simulator = await startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      clock: 'virtual',
      accountKind: 'dealer',
      interactiveKey: KEYS.interactive.appKey,
      interactiveSecret: KEYS.interactive.secretKey,
      marketKey: KEYS.market.appKey,
      marketSecret: KEYS.market.secretKey,
      ...options,
    })
    const stage = new BrokerStage(
      simulator,
      new ContractSessions(simulatedTarget(simulator.port, KEYS, 'dealer')),
    )
    await stage.sessions.logInInteractive()
    await stage.sessions.logInMarket()
    return stage
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.close()
    await this.simulator.close()
  }

  /** Opens a socket and keeps the events of these names. */
  async listen(
    path: string,
    names: readonly string[],
    query: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { target, userId } = this.sessions
    const socket = connect(target.baseUrl, {
      path,
      query: { ...query, userID: userId },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...{ forceNode: true },
    })
    this.sockets.push(socket)
    for (const name of names) {
      socket.on(name, (argument: unknown) => this.heard.push({ name, argument }))
    }
    const joined = new Promise<void>((resolve, reject) => {
      socket.on('joined', () => resolve())
      socket.on('error', () => reject(new Error('the socket was refused')))
    })
    await joined
  }

  listenToOrders(): Promise<void> {
    const query = { token: this.sessions.interactiveToken, apiType: 'INTERACTIVE' }
    return this.listen('/interactive/socket.io', ['order', 'trade', 'position', 'tradeConversion'], query)
  }

  listenToMarket(names: readonly string[], broadcastMode: 'Full' | 'Partial'): Promise<void> {
    const query = { token: this.sessions.marketToken, publishFormat: 'JSON', broadcastMode }
    return this.listen('/apimarketdata/socket.io', names, query)
  }

  /** The first event of this name that is the one wanted, opened when it is JSON; time is let go on until it comes. */
  async event(name: string, isWanted: (payload: Payload) => boolean = () => true): Promise<unknown> {
    return eventually(`a ${name} event as wanted`, HEARD_WITHIN_MS, async () => {
      for (const { argument } of this.heard.filter((event) => event.name === name)) {
        const text = String(argument)
        if (!text.startsWith('{')) return argument
        const payload = asRecord(JSON.parse(text))
        if (isWanted(payload)) return payload
      }
      await this.advance(500)
      return undefined
    })
  }

  /** Places an order and tells its number. */
  async place(order: object): Promise<number> {
    const body = {
      productType: 'MIS',
      orderType: 'LIMIT',
      orderSide: 'BUY',
      timeInForce: 'DAY',
      disclosedQuantity: 0,
      orderQuantity: 1,
      limitPrice: 0,
      stopPrice: 0,
      orderUniqueIdentifier: 'stage-order',
      ...this.sessions.orderClient(),
      ...order,
    }
    const result = asRecord(resultOf(await this.sessions.interactive('POST', '/orders', body)))
    return Number(result['AppOrderID'])
  }

  /** The row of an order once it has this status. */
  row(appOrderId: number, status: string): Promise<Payload> {
    return eventually(`order ${appOrderId} is ${status}`, HEARD_WITHIN_MS, async () => {
      await this.advance(100)
      const book = await this.sessions.interactive('GET', `/orders${this.sessions.bookQuery()}`)
      const rows = asList(resultOf(book)).map(asRecord)
      return rows.find((row) => row['AppOrderID'] === appOrderId && row['OrderStatus'] === status)
    })
  }

  /** The answer to a quote or subscription of these instruments, whatever it is. */
  async quote(
    path: 'quotes' | 'subscription',
    xtsMessageCode: number,
    instruments: readonly object[],
  ): Promise<WireAnswer> {
    const body = { instruments, xtsMessageCode, publishFormat: 'JSON' }
    return this.sessions.market('POST', `/instruments/${path}`, body)
  }

  /** The message of one quote. */
  async message(xtsMessageCode: number, instrument: object): Promise<Payload> {
    const result = asRecord(resultOf(await this.quote('quotes', xtsMessageCode, [instrument])))
    const [text] = asList(result['listQuotes'])
    return asRecord(JSON.parse(String(text)))
  }

  /** Lets virtual time go on. */
  async advance(advanceMs: number): Promise<void> {
    await this.control('POST', '/clock', { advanceMs })
  }

  /** The simulator's own time. */
  async nowMs(): Promise<number> {
    return Number((await this.control('GET', '/clock'))['nowMs'])
  }

  /** Tokens of the first rows of a master that are of this instrument type. */
  async tokens(segment: string, instrumentType: string, count: number): Promise<readonly number[]> {
    const answer = await this.sessions.market('POST', '/instruments/master', {
      exchangeSegmentList: [segment],
    })
    const rows = String(resultOf(answer)).split('\n')
    const found = rows.map((row) => row.split('|')).filter(([, , type]) => type === instrumentType)
    return found.slice(0, count).map(([, token]) => Number(token))
  }

  private async control(method: string, path: string, body?: object): Promise<Payload> {
    const response = await fetch(`http://127.0.0.1:${this.simulator.controlPort}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`)
    return asRecord(await response.json())
  }
}
