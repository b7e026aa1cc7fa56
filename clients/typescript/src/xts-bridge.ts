import {
  AppError,
  BUS_ENDPOINTS,
  isAboutOrder,
  isTerminal,
  tickTopic,
  type CancelAllAnswer,
  type ChangedOrder,
  type DryRun,
  type EventLoss,
  type InstrumentKey,
  type OrderEvent,
  type OrderState,
  type OrderView,
  type PlacedOrder,
  type BookedOrder,
  type ConvertedPosition,
  type FundsView,
  type HoldingView,
  type NativePositions,
  type OpenPosition,
  type OrderHistory,
  type PositionView,
  type TradeView,
  type Quote,
  type ReplayAnswer,
  type SmartOrderAnswer,
  type Subject,
  type TickTopic,
} from '@xts-bridge/contracts'
import type {
  bookSchema,
  convertPositionSchema,
  openPositionSchema,
  orderHistorySchema,
  positionsSchema,
  readOrderSchema,
  cancelAllSchema,
  modifyOrderSchema,
  orderStatusSchema,
  placeOrderSchema,
  smartOrderSchema,
} from '@xts-bridge/contracts'
import type { CurveKeys } from './curve-keys'
import type { RefusalListener } from './house-connection'
import { OrderStream } from './order-stream'
import { newId, ServiceLink, type AskOptions } from './service-link'
import { TickStream, type TickListener } from './tick-stream'

type Input<S extends { readonly _zod: { readonly input: unknown } }> = S['_zod']['input']
/** An order as a strategy writes it; what may be left out has the default of the contract (MARKET, MIS, DAY). */
export type PlaceOrderInput = Input<typeof placeOrderSchema>
export type SmartOrderInput = Input<typeof smartOrderSchema>
export type ModifyOrderInput = Input<typeof modifyOrderSchema>
export type CancelAllInput = Input<typeof cancelAllSchema>
export type OrderQuery = Input<typeof orderStatusSchema>
export type OrderStatusQuery = Input<typeof readOrderSchema>
export type BookQuery = Input<typeof bookSchema>
export type PositionsQuery = Input<typeof positionsSchema>
export type OpenPositionQuery = Input<typeof openPositionSchema>
export type ConvertPositionInput = Input<typeof convertPositionSchema>
export type OrderHistoryQuery = Input<typeof orderHistorySchema>

export interface XtsBridgeOptions {
  readonly apiKey: string
  readonly ordersEndpoint?: string | undefined
  readonly ordersEventsEndpoint?: string | undefined
  readonly feedEndpoint?: string | undefined
  readonly ticksEndpoint?: string | undefined
  /** For a house on another machine, or with CURVE on every endpoint; `readCurveKeys` reads them. */
  readonly curve?: CurveKeys | undefined
  /** The house does not let ticks or order events in; a request says so itself. It is tried again. */
  readonly onRefused?: RefusalListener | undefined
  /** Deadline of a request that names none; 10 s unless given. */
  readonly timeoutMs?: number | undefined
}

export type OrderListener = (event: OrderEvent, topic: string) => void
export type LossListener = (loss: EventLoss) => void

/** Thrown by `waitForOrder`: the order ended in another state, or the time is over. */
export class OrderWaitError extends Error {
  /** `order` is the last that is known; undefined when nothing is. */
  constructor(
    message: string,
    readonly order: OrderView | undefined,
  ) {
    super(message)
    this.name = 'OrderWaitError'
  }
}

const DEFAULT_TIMEOUT_MS = 10_000

/**
 * A strategy's hand on the bridge: orders, positions, quotes, ticks and order events.
 *
 * Errors are AppErrors; `kind` says whether one may ask again. For `unknown` (REPLY_LOST, XTS_REPLY_LOST) the order may
 * have been executed: never place a new one. Placing with the same `clientOrderId` (in `error.details`) is safe: it gives
 * the first answer and sends nothing anew.
 */
export class XtsBridge {
  private readonly orders: ServiceLink
  private feed: ServiceLink | undefined
  private ticks: TickStream | undefined
  private stream: OrderStream | undefined
  private readonly orderListeners = new Set<OrderListener>()
  private readonly lossListeners = new Set<LossListener>()

  private constructor(private readonly options: XtsBridgeOptions) {
    const endpoint = options.ordersEndpoint ?? BUS_ENDPOINTS.ORDERS_REQUESTS_ENDPOINT
    this.orders = new ServiceLink({ endpoint, curve: options.curve }, options.apiKey, this.timeoutMs)
  }

  /** Connects in the background; a service that is not there yet is no error until a request's deadline. */
  static connect(options: XtsBridgeOptions): XtsBridge {
    return new XtsBridge(options)
  }

  /** One order. A `clientOrderId` is made up when none is given, and is in the answer and in the details of any error. */
  placeOrder(order: PlaceOrderInput, options: AskOptions = {}): Promise<PlacedOrder> {
    return this.act<PlacedOrder>('order.place', order, options)
  }

  /** Brings a position to `targetPosition`. The same rules as `placeOrder`. */
  smartOrder(order: SmartOrderInput, options: AskOptions = {}): Promise<SmartOrderAnswer> {
    return this.act<SmartOrderAnswer>('order.smart', order, options)
  }

  /**
   * New terms for a working order, named by exactly one of its ids; what is left out stays, `quantity` is the whole. The
   * answer's `change` is `requested` until the order shows it; the events `modified` and `change-refused` tell what came of
   * it. The same rules as `placeOrder`: for `unknown` never ask again under a new `clientOrderId`.
   */
  modifyOrder(change: ModifyOrderInput, options: AskOptions = {}): Promise<ChangedOrder> {
    return this.act<ChangedOrder>('order.modify', change, options)
  }

  /**
   * Asks the broker to take one order back. The answer's `state` is `cancelled` only on evidence: else wait for it with
   * `waitForOrder`. An order that has ended answers its state.
   */
  cancelOrder(order: OrderQuery, options: AskOptions = {}): Promise<ChangedOrder> {
    return this.act<ChangedOrder>('order.cancel', order, options)
  }

  /** Cancels every working order of the account, or of a client, instrument or product; a row with `error` may still work. */
  cancelAll(asked: CancelAllInput = {}, options: AskOptions = {}): Promise<CancelAllAnswer> {
    return this.act<CancelAllAnswer>('order.cancel-all', asked, options)
  }

  /** Everything `placeOrder` does, up to the wire: `dryRun` is the call that would have been made. */
  dryRun(order: PlaceOrderInput, options: AskOptions = {}): Promise<DryRun> {
    return this.orders.ask('order.dry-run', order, options)
  }

  /**
   * Net positions with their profit; a closed one stays with quantity 0 until the day ends. `unrealisedPnl` and `pnl` are
   * missing where there is no last price. Every book is answered from the house's own state, as of `asOfMs` in each row;
   * `fresh: true` reads the broker first, `clientID` takes a dealer's client. A book that cannot be told is an error and
   * never an empty list.
   */
  positions(
    query: Omit<PositionsQuery, 'native'> = {},
    options: AskOptions = {},
  ): Promise<readonly PositionView[]> {
    return this.orders.ask('book.positions', query, options)
  }

  /** The position book in the broker's own words. */
  nativePositions(
    query: Omit<PositionsQuery, 'native'> = {},
    options: AskOptions = {},
  ): Promise<NativePositions> {
    return this.orders.ask('book.positions', { ...query, native: true }, options)
  }

  /** One position; its net quantity is text, "0" only where the book shows it. */
  openPosition(position: OpenPositionQuery, options: AskOptions = {}): Promise<OpenPosition> {
    return this.orders.ask('book.open-position', position, options)
  }

  /** Today's orders, ours and those placed elsewhere. */
  orderBook(query: BookQuery = {}, options: AskOptions = {}): Promise<readonly BookedOrder[]> {
    return this.orders.ask('book.orders', query, options)
  }

  /** Today's fills, each once. */
  tradeBook(query: BookQuery = {}, options: AskOptions = {}): Promise<readonly TradeView[]> {
    return this.orders.ask('book.trades', query, options)
  }

  /** What the depository account holds, at the last price; read anew after a minute. */
  holdings(query: BookQuery = {}, options: AskOptions = {}): Promise<readonly HoldingView[]> {
    return this.orders.ask('book.holdings', query, options)
  }

  /** The account's limits, in rupees; read anew after five seconds. */
  funds(query: BookQuery = {}, options: AskOptions = {}): Promise<FundsView> {
    return this.orders.ask('book.funds', query, options)
  }

  /**
   * Moves a quantity of an open position to another product. The same rules as `placeOrder`: for `unknown`
   * (CONVERSION_REPLY_LOST) look at the positions, and never convert again.
   */
  convertPosition(wish: ConvertPositionInput, options: AskOptions = {}): Promise<ConvertedPosition> {
    return this.act<ConvertedPosition>('position.convert', wish, options)
  }

  /** Everything that was told of one order, oldest first; `fresh: true` adds its states as the broker has them. */
  orderHistory(query: OrderHistoryQuery, options: AskOptions = {}): Promise<OrderHistory> {
    return this.orders.ask('order.history', query, options)
  }

  /** Where one order stands, by exactly one of its ids. */
  orderStatus(query: OrderStatusQuery, options: AskOptions = {}): Promise<OrderView> {
    return this.orders.ask('order.status', query, options)
  }

  quotes(instrument: InstrumentKey, options: AskOptions = {}): Promise<Quote> {
    this.feed ??= new ServiceLink(
      {
        endpoint: this.options.feedEndpoint ?? BUS_ENDPOINTS.FEED_REQUESTS_ENDPOINT,
        curve: this.options.curve,
      },
      this.options.apiKey,
      this.timeoutMs,
    )
    return this.feed.ask('market.quotes', instrument, options)
  }

  /**
   * Calls back for every tick of `NSE_RELIANCE_LTP`, or of a prefix like `NSE_`, which reads what flows for others.
   * Returns a function that stops it.
   */
  onTick(topic: string | TickTopic, listener: TickListener): () => void {
    const { ticksEndpoint, curve, onRefused } = this.options
    const endpoint = ticksEndpoint ?? BUS_ENDPOINTS.FEED_TICKS_ENDPOINT
    this.ticks ??= new TickStream({ endpoint, curve, onRefused })
    return this.ticks.listen(typeof topic === 'string' ? topic : tickTopic(topic), listener)
  }

  /**
   * Calls back for every order event from when the promise resolves, each once and in order, gaps repaired. `onLoss` is
   * told of events that will not come: read what matters with `orderStatus` then. Resolves with a function that stops it.
   */
  async onOrderEvent(listener: OrderListener, onLoss?: LossListener): Promise<() => void> {
    this.orderListeners.add(listener)
    if (onLoss !== undefined) this.lossListeners.add(onLoss)
    const stop = (): void => {
      this.orderListeners.delete(listener)
      if (onLoss !== undefined) this.lossListeners.delete(onLoss)
    }
    try {
      await this.openStream()
      return stop
    } catch (error) {
      stop()
      throw error
    }
  }

  /**
   * Resolves when the order is in one of these states. Throws OrderWaitError when it ended in another one, and when
   * `timeoutMs` is over, with the order as it is then known.
   */
  waitForOrder(
    orderId: string,
    states: OrderState | readonly OrderState[],
    timeoutMs = 30_000,
  ): Promise<OrderView> {
    const wanted = typeof states === 'string' ? [states] : states
    const wait = new OrderWait(orderId, wanted, timeoutMs)
    const look = (): void => {
      // A status that cannot be read is no answer; the event, or the end of the time, decides.
      this.orderStatus({ orderId }).then(
        (order) => wait.see(order),
        () => undefined,
      )
    }
    const listening = this.onOrderEvent(({ order }) => wait.see(order), look)
    listening.then(look, (error: Error) => wait.fail(error))
    return wait.done.finally(() =>
      listening.then(
        (stop) => stop(),
        () => undefined,
      ),
    )
  }

  async close(): Promise<void> {
    await Promise.all([this.orders.close(), this.feed?.close(), this.ticks?.close(), this.stream?.close()])
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  }

  private async act<T>(subject: Subject, data: unknown, options: AskOptions): Promise<T> {
    const clientOrderId = options.clientOrderId ?? newId()
    try {
      return await this.orders.ask<T>(subject, data, { ...options, clientOrderId })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new AppError(error.code, { ...error.details, clientOrderId }, { cause: error })
    }
  }

  private async openStream(): Promise<void> {
    const stream = (this.stream ??= new OrderStream({
      endpoint: this.options.ordersEventsEndpoint ?? BUS_ENDPOINTS.ORDERS_EVENTS_ENDPOINT,
      curve: this.options.curve,
      onRefused: this.options.onRefused,
      replay: (asked) => this.orders.ask<ReplayAnswer>('order.replay', asked),
      onEvent: ({ topic, data }) => {
        // The content of an order that this key may not see is left out; a difference of a book is no order's.
        if (!isAboutOrder(data)) return
        for (const listener of this.orderListeners) listener(data, topic)
      },
      onLoss: (loss) => {
        for (const listener of this.lossListeners) listener(loss)
      },
    }))
    try {
      await stream.ready
    } catch (error) {
      if (this.stream === stream) this.stream = undefined
      await stream.close()
      throw error
    }
  }
}

/** One wait for one order. */
class OrderWait {
  readonly done: Promise<OrderView>
  private last: OrderView | undefined
  private resolve: (order: OrderView) => void = () => undefined
  /** Ends the wait without the order. */
  fail: (error: Error) => void = () => undefined

  constructor(
    private readonly orderId: string,
    private readonly wanted: readonly OrderState[],
    timeoutMs: number,
  ) {
    const timer = setTimeout(() => {
      const state = this.last?.state ?? 'not known'
      this.fail(new OrderWaitError(`Order ${orderId} is ${state} after ${timeoutMs} ms.`, this.last))
    }, timeoutMs)
    this.done = new Promise<OrderView>((resolve, reject) => {
      this.resolve = resolve
      this.fail = reject
    }).finally(() => clearTimeout(timer))
  }

  see(order: OrderView): void {
    if (order.orderId !== this.orderId) return
    this.last = order
    if (this.wanted.includes(order.state)) return this.resolve(order)
    if (!isTerminal(order.state)) return
    const reason = order.reason === undefined ? '' : ` (${order.reason})`
    this.fail(new OrderWaitError(`Order ${order.orderId} is ${order.state}${reason}.`, order))
  }
}
