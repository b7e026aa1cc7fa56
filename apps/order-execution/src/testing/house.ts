import {
  AppError,
  ManualClock,
  type CancelAllAnswer,
  type ChangedOrder,
  type Clock,
  type Ids,
  type Instrument,
  type InstrumentKey,
  type Quote,
  type SmartOrderAnswer,
  type Segment,
} from '@xts-bridge/contracts'
import type { CallerContext } from '../house-account'
import { OrderCore, type OrderCorePorts } from '../order-core'
import type { AccountPort, BrokerPort, JournalPort, LogPort, OrderSocketPort, SessionPort } from '../ports'
import { Generation } from './generation'
import { MemoryDisk } from './memory-disk'
import { ModelledAccount } from './modelled-account'
import { ModelledBroker } from './modelled-broker'

export const RELIANCE: Instrument = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  segment: 'NSECM',
  token: 2885,
  brokerSymbol: 'RELIANCE',
  name: 'RELIANCE INDUSTRIES',
  instrumentType: 'EQ',
  lotSize: 1,
  tickSize: 0.05,
  bandLow: 50,
  bandHigh: 5_000,
  multiplier: 1,
}
export const NIFTY_OPTION: Instrument = {
  ...RELIANCE,
  exchange: 'NFO',
  symbol: 'NIFTY17FEB2625700PE',
  segment: 'NSEFO',
  token: 48225,
  instrumentType: 'PE',
  lotSize: 65,
  freezeQuantity: 1_800,
  bandLow: 0.05,
}
export const NIFTY_INDEX: Instrument = {
  ...RELIANCE,
  exchange: 'NSE_INDEX',
  symbol: 'NIFTY',
  token: 26000,
  instrumentType: 'INDEX',
}
const INSTRUMENTS = [RELIANCE, NIFTY_OPTION, NIFTY_INDEX]

export interface HouseOptions {
  readonly isBookVerified?: boolean
  readonly smartWaitMs?: number
  readonly marketOrders?: 'accepted' | 'refused'
  readonly isProtectionForEntries?: boolean
  readonly isTestMode?: boolean
}

/** A house in memory: one broker, one disk, and the process that works on them; it can crash and start again. */
export class House {
  readonly clock = new ManualClock(Date.UTC(2026, 1, 4, 5, 0))
  readonly broker = new ModelledBroker()
  readonly account = new ModelledAccount(this.broker)
  readonly disk = new MemoryDisk()
  readonly published: { topic: string; seq: number; data: unknown }[] = []
  readonly reportedEpochs: (number | undefined)[] = []
  readonly logged: string[] = []
  sessionEpoch: number | undefined = 1
  socketLiveSinceMs: number | undefined
  hasInstruments = true
  /** What the feed says; undefined while it is down. */
  quoted: Pick<Quote, 'ltp' | 'bid' | 'ask' | 'asOfMs'> | undefined
  /** The feed takes questions and never answers. */
  isFeedHanging = false
  generation = new Generation()
  core: OrderCore
  private lastId = 0

  constructor(private readonly options: HouseOptions = {}) {
    this.core = this.newCore()
  }

  static async started(options: HouseOptions = {}): Promise<House> {
    const house = new House(options)
    await house.start()
    return house
  }

  /** Replays the journal, joins the socket and reads the books. */
  async start(): Promise<void> {
    const starting = this.core.start()
    await this.run(starting)
    this.join()
    await this.pass(3_000)
  }

  /** The process is gone; the next one starts on the same disk and broker. */
  async crashAndRestart(): Promise<void> {
    this.generation.isDead = true
    this.generation = new Generation()
    this.core = this.newCore()
    await this.start()
  }

  join(): void {
    this.socketLiveSinceMs = this.clock.nowMs()
    const { core, generation } = this
    this.broker.onOrder = (row) => {
      if (!generation.isDead) core.orderSeen(row)
    }
    this.broker.onTrade = (row) => {
      if (!generation.isDead) core.tradeSeen(row)
    }
    core.reconnected()
  }

  /** The order socket is down: events are lost. */
  drop(): void {
    this.socketLiveSinceMs = undefined
    this.broker.onOrder = undefined
    this.broker.onTrade = undefined
  }

  pass(byMs: number): Promise<void> {
    return this.clock.advance(byMs)
  }

  /** Lets time pass until the promise settles. */
  async run<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let isSettled = false
    const watched = promise.finally(() => (isSettled = true))
    watched.catch(() => undefined)
    for (let passedMs = 0; !isSettled && passedMs < limitMs; passedMs += 100) await this.pass(100)
    if (!isSettled) throw new Error(`nothing came back within ${limitMs} ms`)
    return watched
  }

  place(
    order: Readonly<Record<string, unknown>> = {},
    context: Partial<CallerContext> = {},
  ): Promise<unknown> {
    return this.core.placeOrder.place({ ...LIMIT_ORDER, ...order }, { ...EVERYONE, ...context })
  }

  smart(order: Readonly<Record<string, unknown>>, context: Partial<CallerContext> = {}): Promise<unknown> {
    return this.core.smartOrders.bringTo({ ...SMART_ORDER, ...order }, { ...EVERYONE, ...context })
  }

  modify(asked: object, context: Partial<CallerContext> = {}): Promise<ChangedOrder> {
    return this.core.modifyOrder.modify(asked, { ...EVERYONE, ...context })
  }

  cancel(asked: object, context: Partial<CallerContext> = {}): Promise<ChangedOrder> {
    return this.core.cancelOrder.cancel(asked, { ...EVERYONE, ...context })
  }

  cancelAll(asked: object = {}, context: Partial<CallerContext> = {}): Promise<CancelAllAnswer> {
    return this.core.cancelAll.cancel(asked, { ...EVERYONE, ...context })
  }

  topics(): readonly string[] {
    return this.published.map((event) => event.topic.replace('order.primary.', ''))
  }

  private newCore(): OrderCore {
    const { generation, broker, clock, disk } = this
    const ports: OrderCorePorts = {
      clock: clockOf(clock, generation),
      ids: this.ids(),
      journal: journalOf(disk.open(), generation),
      broker: brokerOf(broker, generation),
      account: accountOf(this.account, generation),
      publisher: {
        publish: (topic, data, seq) => {
          if (!generation.isDead) this.published.push({ topic, seq, data })
        },
      },
      instruments: new ListedInstruments(this),
      session: new HouseSession(this),
      socket: new HouseSocket(this),
      quotes: { quote: (key) => this.quote(key) },
      log: this.log(),
    }
    return new OrderCore(ports, {
      account: 'primary',
      httpTimeoutMs: 10_000,
      absenceMarginMs: 5_000,
      smartWaitMs: this.options.smartWaitMs ?? 8_000,
      isBookVerified: this.options.isBookVerified ?? true,
      marketOrders: this.options.marketOrders ?? 'accepted',
      isProtectionForEntries: this.options.isProtectionForEntries ?? false,
      isTestMode: this.options.isTestMode ?? false,
    })
  }

  private async quote(key: InstrumentKey): Promise<Quote> {
    if (this.isFeedHanging) return new Promise(() => undefined)
    if (this.quoted === undefined)
      throw new AppError('QUOTE_UNAVAILABLE', { ...key, reason: 'the feed is down' })
    return { ...key, ...this.quoted }
  }

  private ids(): Ids {
    return { next: () => `id${String((this.lastId += 1)).padStart(6, '0')}` }
  }

  private log(): LogPort {
    const write = (message: string): void => void this.logged.push(message)
    return { error: write, warn: write, info: write }
  }
}

class ListedInstruments {
  constructor(private readonly house: House) {}

  get version(): string | undefined {
    return this.house.hasInstruments ? 'v20260204-1' : undefined
  }

  require({ exchange, symbol }: InstrumentKey): Instrument {
    const found = INSTRUMENTS.find((one) => one.symbol === symbol && one.exchange === exchange)
    if (found === undefined) throw new AppError('INSTRUMENT_NOT_FOUND', { exchange, symbol, near: [] })
    return found
  }

  listedByToken(segment: Segment, token: number): Instrument | undefined {
    return this.byToken(segment, token)
  }

  byToken(segment: Segment, token: number): Instrument | undefined {
    return INSTRUMENTS.find((one) => one.segment === segment && one.token === token)
  }
}

class HouseSession implements SessionPort {
  readonly ownCodes = ['ABC1234A02', 'ABC1234']

  constructor(private readonly house: House) {}

  get epoch(): number | undefined {
    return this.house.sessionEpoch
  }

  learnOwnCode(code: string): void {
    this.ownCodes.push(code)
  }

  reportInvalid(epoch: number | undefined): void {
    this.house.reportedEpochs.push(epoch)
  }
}

class HouseSocket implements OrderSocketPort {
  constructor(private readonly house: House) {}

  get liveSinceMs(): number | undefined {
    return this.house.socketLiveSinceMs
  }
}

const EVERYONE: CallerContext = { caller: { clientIDs: ['*'] } }

export const LIMIT_ORDER = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  side: 'BUY',
  quantity: 10,
  priceType: 'LIMIT',
  price: 100,
}
export const SMART_ORDER = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  product: 'MIS',
  priceType: 'LIMIT',
  price: 100,
}

function journalOf(journal: JournalPort, generation: Generation): JournalPort {
  return {
    epoch: journal.epoch,
    get lastSeq() {
      return journal.lastSeq
    },
    nextSeq: () => journal.nextSeq(),
    append: (entries) => generation.call(() => journal.append(entries)),
    replay: (sinceMs) => journal.replay(sinceMs),
    eventsAfter: (fromSeq, limit) => journal.eventsAfter(fromSeq, limit),
    eventsOf: (order) => journal.eventsOf(order),
  }
}

function brokerOf(broker: ModelledBroker, generation: Generation): BrokerPort {
  return {
    place: (instruction, how) => generation.call(() => broker.place(instruction, how)),
    modify: (order, terms, how) => generation.call(() => broker.modify(order, terms, how)),
    cancel: (order, how) => generation.call(() => broker.cancel(order, how)),
    previewPlace: (instruction) => broker.previewPlace(instruction),
    previewModify: (order, terms) => broker.previewModify(order, terms),
    previewCancel: (order) => broker.previewCancel(order),
    orders: (clientID) => generation.call(() => broker.orders(clientID)),
    trades: (clientID) => generation.call(() => broker.trades(clientID)),
    positions: (clientID) => generation.call(() => broker.positions(clientID)),
  }
}

function accountOf(account: ModelledAccount, generation: Generation): AccountPort {
  return {
    holdings: (clientID) => generation.call(() => account.holdings(clientID)),
    balance: (clientID) => generation.call(() => account.balance(clientID)),
    history: (order) => generation.call(() => account.history(order)),
    convert: (part, newProduct) => generation.call(() => account.convert(part, newProduct)),
  }
}

/** Alarms of a dead process do not ring. */
function clockOf(clock: Clock, generation: Generation): Clock {
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, callback) =>
      clock.after(delayMs, () => {
        if (!generation.isDead) callback()
      }),
  }
}

/** The refusal that `work` ends with. */
export async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    (answer) => `an answer: ${JSON.stringify(answer)}`,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

/** The code that `work` throws at once; undefined when it does not throw. */
export function codeThrown(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await errorOf(work)).code
}

/** A house whose net position in RELIANCE is `net`, carried forward or traded today. */
export async function houseWith(net: number, how: 'carried' | 'traded' = 'traded'): Promise<House> {
  const house = new House()
  house.broker.fillsAtPrice = 100
  if (net !== 0 && how === 'carried') {
    house.broker.carriedForward = [
      {
        clientID: 'ABC1234',
        segment: 'NSECM',
        token: RELIANCE.token,
        product: 'MIS',
        quantity: net,
        buyQuantity: Math.max(net, 0),
        sellQuantity: Math.max(-net, 0),
        buyAveragePrice: 100,
        sellAveragePrice: 100,
        multiplier: 1,
      },
    ]
  }
  await house.start()
  if (net !== 0 && how === 'traded') {
    await house.run(house.place({ side: net > 0 ? 'BUY' : 'SELL', quantity: Math.abs(net) }))
    await house.pass(20_000)
  }
  return house
}

export async function bring(
  house: House,
  targetPosition: number,
  change: object = {},
): Promise<SmartOrderAnswer> {
  return (await house.run(house.smart({ targetPosition, ...change }))) as SmartOrderAnswer
}
