import type { HttpCaller, HttpOutcome, HttpRequest } from '@xts-bridge/http'
import { outcomeOfChange, outcomeOfRead, SESSION_MISSING } from './call-outcome'
import { readBook, readPositionList } from './book'
import { clientIdFor } from './client-id'
import { isRecord, optionalText, requiredId } from './fields'
import { toXtsOrderType, toXtsProduct, toXtsSide, toXtsValidity } from './mapping'
import type {
  BookRead,
  BrokerOrder,
  BrokerOrderInstruction,
  BrokerPosition,
  BrokerProfile,
  BrokerTrade,
  CallOutcome,
  TokenSource,
  XtsToken,
} from './model'
import type { OrderGovernor, OrderUrgency } from './order-governor'
import { parseOrderRow } from './order-row'
import { parsePositionRow } from './position-row'
import { parseTradeRow } from './trade-row'
import { Unreadable } from './unreadable'
import type { XtsPlaceOrder } from './wire'

export interface XtsInteractiveOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly token: TokenSource
  /** Without one, orders are not held to any rate. */
  readonly governor?: OrderGovernor | undefined
  /** Runs at the instant before an order's first byte is written; a throw stops it: `not-sent`, with the error's message. */
  readonly beforeSend?: (() => void) | undefined
}

export interface PlaceHow {
  /** It can only make the position smaller: sent before entries, on the exit pool, past an open breaker. */
  readonly isReducing?: boolean | undefined
  /** For this order, as `beforeSend` of all; a deadline is checked here. */
  readonly beforeSend?: (() => void) | undefined
}

/** The longest tag that the broker is known to give back in full. */
const MAX_TAG_LENGTH = 18

const BOOK_ROUTES = {
  regular: { orders: '/orders', trades: '/orders/trades', positions: '/portfolio/positions' },
  dealer: {
    orders: '/orders/dealerorderbook',
    trades: '/orders/dealertradebook',
    positions: '/portfolio/dealerpositions',
  },
} as const satisfies Record<BrokerProfile['bookRoutes'], unknown>

/** The interactive API: orders and books. Nothing here throws for what the broker or the network does. */
export class XtsInteractive {
  constructor(private readonly options: XtsInteractiveOptions) {}

  /**
   * Sends one order, once. `ok` says that the broker took it in, not that it stands.
   */
  async place(
    instruction: BrokerOrderInstruction,
    how: PlaceHow = {},
  ): Promise<CallOutcome<{ brokerOrderId: string }>> {
    const token = this.options.token()
    if (token === undefined) return SESSION_MISSING
    if (instruction.tag === '' || instruction.tag.length > MAX_TAG_LENGTH)
      return notSent(`the order tag must have 1 to ${MAX_TAG_LENGTH} characters`)
    const family = how.isReducing === true ? 'exit' : 'entry'
    const outcome = await this.send(family, {
      family,
      method: 'POST',
      path: `${this.options.profile.interactivePrefix}/orders`,
      headers: { Authorization: token.token },
      body: this.toXtsPlaceOrder(instruction, token),
      beforeStart: () => {
        this.options.beforeSend?.()
        how.beforeSend?.()
      },
    })
    return outcomeOfChange(outcome, {
      read: (result) => ({ brokerOrderId: readAcknowledgement(result, instruction.tag) }),
      epoch: token.epoch,
    })
  }

  /** Asks once to cancel. `ok` says that the request was taken in; the order's own events tell what came of it. */
  async cancel(order: {
    readonly brokerOrderId: string
    readonly tag: string
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>> {
    const token = this.options.token()
    if (token === undefined) return SESSION_MISSING
    const clientID = clientIdFor(this.options.profile.orderClientId, token, order.clientID)
    const outcome = await this.send('cancel', {
      family: 'exit',
      method: 'DELETE',
      path: `${this.options.profile.interactivePrefix}/orders`,
      query: {
        appOrderID: order.brokerOrderId,
        ...(order.tag === '' ? {} : { orderUniqueIdentifier: order.tag }),
        ...(clientID === undefined ? {} : { clientID }),
      },
      headers: { Authorization: token.token },
    })
    return outcomeOfChange(outcome, { read: () => undefined, epoch: token.epoch })
  }

  /** Today's orders, those placed elsewhere too. */
  orders(clientID?: string): Promise<CallOutcome<BookRead<BrokerOrder>>> {
    return this.read('orders', clientID, (result) => readBook(result, parseOrderRow))
  }

  /** Today's fills. */
  trades(clientID?: string): Promise<CallOutcome<BookRead<BrokerTrade>>> {
    return this.read('trades', clientID, (result) => readBook(result, parseTradeRow))
  }

  /** Net-wise: carried forward and today's. A closed position stays listed with quantity 0 until the day ends. */
  positions(clientID?: string): Promise<CallOutcome<BookRead<BrokerPosition>>> {
    return this.read('positions', clientID, (result) => readBook(readPositionList(result), parsePositionRow))
  }

  /** Waits for room, and again when the room was gone by the time a connection was found. Nothing was sent until then. */
  private async send(urgency: OrderUrgency, request: HttpRequest): Promise<HttpOutcome> {
    const { governor, http } = this.options
    if (governor === undefined) return http.call(request)
    for (;;) {
      const permit = await governor.admit(urgency)
      if (permit === undefined)
        return { kind: 'not-sent', reason: 'the order rate limit left no room in time' }
      const outcome = await http.call({
        ...request,
        beforeStart: () => {
          request.beforeStart?.()
          permit.use()
        },
      })
      permit.release()
      if (!permit.isLate) return outcome
    }
  }

  private async read<T>(
    book: 'orders' | 'trades' | 'positions',
    named: string | undefined,
    read: (result: unknown) => BookRead<T>,
  ): Promise<CallOutcome<BookRead<T>>> {
    const { profile, http, token: tokenSource } = this.options
    const token = tokenSource()
    if (token === undefined) return SESSION_MISSING
    const clientID = clientIdFor(profile.bookClientId, token, named)
    const answer = await http.call({
      family: 'read',
      method: 'GET',
      path: profile.interactivePrefix + BOOK_ROUTES[profile.bookRoutes][book],
      query: {
        ...(book === 'positions' ? { dayOrNet: 'NetWise' } : {}),
        ...(clientID === undefined ? {} : { clientID }),
      },
      headers: { Authorization: token.token },
    })
    const outcome = outcomeOfRead(answer, { read, epoch: token.epoch })
    return outcome.kind === 'rejected' && isEmptyBook(outcome) ? EMPTY_BOOK : outcome
  }

  private toXtsPlaceOrder(instruction: BrokerOrderInstruction, token: XtsToken): XtsPlaceOrder {
    const clientID = clientIdFor(this.options.profile.orderClientId, token, instruction.clientID)
    return {
      exchangeSegment: instruction.segment,
      exchangeInstrumentID: instruction.token,
      productType: toXtsProduct(instruction.product),
      orderType: toXtsOrderType(instruction.priceType),
      orderSide: toXtsSide(instruction.side),
      timeInForce: toXtsValidity(instruction.validity),
      disclosedQuantity: instruction.disclosedQuantity,
      orderQuantity: instruction.quantity,
      limitPrice: instruction.price,
      stopPrice: instruction.triggerPrice,
      orderUniqueIdentifier: instruction.tag,
      ...(clientID === undefined ? {} : { clientID }),
    }
  }
}

const EMPTY_BOOK = { kind: 'ok', value: { rows: [], isEmptyAnswer: true } } as const

/** "Data Not Available". Not to be taken for e-portfolio-00005, five digits, which says the client is not ours. */
const EMPTY_BOOK_CODES = ['e-orders-0005', 'e-tradeBook-0005', 'e-portfolio-0005']

function isEmptyBook(rejected: { readonly brokerCode: string }): boolean {
  return EMPTY_BOOK_CODES.includes(rejected.brokerCode)
}

/** The acknowledgement names the order; one that names another tag is not ours to trust. */
function readAcknowledgement(result: unknown, tag: string): string {
  const single: unknown = Array.isArray(result) && result.length === 1 ? result[0] : result
  if (!isRecord(single)) throw new Unreadable('the broker took an order but named none')
  const echoed = optionalText(single, 'OrderUniqueIdentifier')
  if (echoed !== undefined && echoed !== tag)
    throw new Unreadable('the broker answered for an order with another tag')
  return requiredId(single, 'AppOrderID')
}

function notSent(reason: string): CallOutcome<never> {
  return { kind: 'not-sent', reason, isSessionMissing: false }
}
