import { notSent, onlyRecord, tagProblem, withTag } from './acknowledgement'
import { readBook, readPositionList } from './book'
import { isRecord, requiredId } from './fields'
import { InteractiveCalls, type Change, type XtsInteractiveOptions } from './interactive-calls'
import { toXtsOrderType, toXtsProduct, toXtsSide, toXtsValidity } from './mapping'
import type {
  BookRead,
  BrokerModification,
  BrokerOrder,
  BrokerOrderInstruction,
  BrokerPosition,
  BrokerProfile,
  BrokerTrade,
  CallOutcome,
  XtsToken,
} from './model'
import { parseOrderRow } from './order-row'
import { parsePositionRow } from './position-row'
import { parseTradeRow } from './trade-row'
import type { XtsModifyOrder, XtsPlaceOrder } from './wire'
import type { BrokerRequest, Segment } from '@xts-bridge/contracts'

export type { XtsInteractiveOptions } from './interactive-calls'

export interface PlaceHow {
  /** It can only make the position smaller: sent before entries, on the exit pool, past an open breaker. */
  readonly isReducing?: boolean | undefined
  /** For this order, as `beforeSend` of all; a deadline is checked here. */
  readonly beforeSend?: (() => void) | undefined
}

/** An order as the broker knows it. `clientID` undefined follows the profile's policy. */
export interface OrderRef {
  readonly brokerOrderId: string
  readonly tag: string
  readonly clientID?: string | undefined
}

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
  private readonly calls: InteractiveCalls

  constructor(private readonly options: XtsInteractiveOptions) {
    this.calls = new InteractiveCalls(options)
  }

  /**
   * `POST orders`, once. `ok` says that the broker took it in, not that it stands.
   */
  async place(
    instruction: BrokerOrderInstruction,
    how: PlaceHow = {},
  ): Promise<CallOutcome<{ brokerOrderId: string }>> {
    const problem = tagProblem(instruction.tag)
    if (problem !== undefined && this.options.token() !== undefined) return notSent(problem)
    return this.calls.change((token) => this.placing(token, instruction, how))
  }

  /** What `place` would send; undefined without a session. */
  previewPlace(instruction: BrokerOrderInstruction): BrokerRequest | undefined {
    return this.calls.preview((token) => this.placing(token, instruction, {}))
  }

  /**
   * `PUT orders`, once: new terms for an order that lives. `quantity` is the order's whole, not its remainder. `ok` says
   * that the request was taken in; the order's own events tell what came of it.
   */
  async modify(
    order: OrderRef,
    terms: BrokerModification,
    how: PlaceHow = {},
  ): Promise<CallOutcome<{ brokerOrderId: string }>> {
    return this.calls.change((token) => this.modifying(token, order, { terms, ...how }))
  }

  /** What `modify` would send; undefined without a session. */
  previewModify(order: OrderRef, terms: BrokerModification): BrokerRequest | undefined {
    return this.calls.preview((token) => this.modifying(token, order, { terms }))
  }

  /** `DELETE orders`, once. `ok` says that the request was taken in; the order's own events tell what came of it. */
  async cancel(order: OrderRef, how: Pick<PlaceHow, 'beforeSend'> = {}): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => this.cancelling(token, order, how))
  }

  /** What `cancel` would send; undefined without a session. */
  previewCancel(order: OrderRef): BrokerRequest | undefined {
    return this.calls.preview((token) => this.cancelling(token, order, {}))
  }

  /** `POST orders/cancelall`, once: every working order of a segment, or with `token` of one instrument. */
  async cancelAll(of: {
    readonly segment: Segment
    readonly token?: number | undefined
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'cancel',
      method: 'POST',
      path: '/orders/cancelall',
      body: {
        exchangeSegment: of.segment,
        exchangeInstrumentID: of.token ?? 0,
        ...this.calls.clientId('orders', token, of.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `GET orders` (or `dealerorderbook`): today's orders, those placed elsewhere too. */
  orders(clientID?: string): Promise<CallOutcome<BookRead<BrokerOrder>>> {
    return this.book('orders', { clientID }, (result) => readBook(result, parseOrderRow))
  }

  /** `GET orders?appOrderID`: the states of one order, oldest first. A fresh one may be refused for about a second. */
  history(order: Omit<OrderRef, 'tag'>): Promise<CallOutcome<BookRead<BrokerOrder>>> {
    return this.calls.ask((token) => ({
      path: '/orders',
      query: {
        appOrderID: order.brokerOrderId,
        ...this.calls.clientId('books', token, order.clientID),
      },
      read: (result) => readBook(result, parseOrderRow),
    }))
  }

  /** `GET orders/trades` (or `dealertradebook`): today's fills. */
  trades(clientID?: string): Promise<CallOutcome<BookRead<BrokerTrade>>> {
    return this.book('trades', { clientID }, (result) => readBook(result, parseTradeRow))
  }

  /**
   * `GET portfolio/positions` (or `dealerpositions`). Net-wise (default): carried forward and today's; day-wise: today's
   * alone. A closed position stays listed with quantity 0 until the day ends.
   */
  positions(
    clientID?: string,
    dayOrNet: 'NetWise' | 'DayWise' = 'NetWise',
  ): Promise<CallOutcome<BookRead<BrokerPosition>>> {
    return this.book('positions', { clientID, dayOrNet }, (result) => {
      const list = readPositionList(result)
      return {
        ...readBook(list, parsePositionRow),
        nativeRows: Array.isArray(list) ? list.filter(isRecord) : [],
      }
    })
  }

  private placing(
    token: XtsToken,
    instruction: BrokerOrderInstruction,
    how: PlaceHow,
  ): Change<{ brokerOrderId: string }> {
    return {
      urgency: how.isReducing === true ? 'exit' : 'entry',
      method: 'POST',
      path: '/orders',
      body: {
        ...toXtsPlaceOrder(instruction),
        ...this.calls.clientId('orders', token, instruction.clientID),
      },
      beforeSend: how.beforeSend,
      read: (result) => ({ brokerOrderId: requiredId(withTag(result, instruction.tag), 'AppOrderID') }),
    }
  }

  private modifying(
    token: XtsToken,
    order: OrderRef,
    { terms, ...how }: PlaceHow & { readonly terms: BrokerModification },
  ): Change<{ brokerOrderId: string }> {
    return {
      urgency: how.isReducing === true ? 'exit' : 'entry',
      method: 'PUT',
      path: '/orders',
      body: { ...toXtsModifyOrder(order, terms), ...this.calls.clientId('orders', token, order.clientID) },
      beforeSend: how.beforeSend,
      read: (result) => ({ brokerOrderId: requiredId(onlyRecord(result), 'AppOrderID') }),
    }
  }

  private cancelling(
    token: XtsToken,
    order: OrderRef,
    { beforeSend }: Pick<PlaceHow, 'beforeSend'>,
  ): Change<undefined> {
    return {
      urgency: 'cancel',
      method: 'DELETE',
      path: '/orders',
      query: {
        appOrderID: order.brokerOrderId,
        ...(order.tag === '' ? {} : { orderUniqueIdentifier: order.tag }),
        ...this.calls.clientId('orders', token, order.clientID),
      },
      beforeSend,
      read: () => undefined,
    }
  }

  private async book<T>(
    book: 'orders' | 'trades' | 'positions',
    asked: { readonly clientID?: string | undefined; readonly dayOrNet?: string },
    read: (result: unknown) => BookRead<T>,
  ): Promise<CallOutcome<BookRead<T>>> {
    const outcome = await this.calls.ask((token) => ({
      // A named client's book is a dealer's question, whatever routes serve the login's own.
      path: BOOK_ROUTES[asked.clientID === undefined ? this.options.profile.bookRoutes : 'dealer'][book],
      query: {
        ...(asked.dayOrNet === undefined ? {} : { dayOrNet: asked.dayOrNet }),
        ...this.calls.clientId('books', token, asked.clientID),
      },
      read,
    }))
    return outcome.kind === 'rejected' && isEmptyBook(outcome) ? EMPTY_BOOK : outcome
  }
}

function toXtsPlaceOrder(instruction: BrokerOrderInstruction): XtsPlaceOrder {
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
  }
}

/** The id goes out as a number, as the broker's own clients write it; it is below 2^53. */
function toXtsModifyOrder(order: OrderRef, terms: BrokerModification): XtsModifyOrder {
  return {
    appOrderID: Number(order.brokerOrderId),
    modifiedProductType: toXtsProduct(terms.product),
    modifiedOrderType: toXtsOrderType(terms.priceType),
    modifiedOrderQuantity: terms.quantity,
    modifiedDisclosedQuantity: terms.disclosedQuantity,
    modifiedLimitPrice: terms.price,
    modifiedStopPrice: terms.triggerPrice,
    modifiedTimeInForce: toXtsValidity(terms.validity),
    orderUniqueIdentifier: order.tag,
  }
}

const EMPTY_BOOK = { kind: 'ok', value: { rows: [], isEmptyAnswer: true } } as const

/** "Data Not Available". Not to be taken for e-portfolio-00005, five digits, which says the client is not ours. */
const EMPTY_BOOK_CODES = ['e-orders-0005', 'e-tradeBook-0005', 'e-portfolio-0005']

function isEmptyBook(rejected: { readonly brokerCode: string }): boolean {
  return EMPTY_BOOK_CODES.includes(rejected.brokerCode)
}
