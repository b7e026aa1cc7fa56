import type { Product, Segment } from '@xts-bridge/contracts'
import { readFunds, readHoldings, type BrokerFunds, type BrokerHolding } from './account-rows'
import { segmentNumber } from './broker-time'
import { isRecord, optionalAmount, optionalText, requiredAmount, type XtsRecord } from './fields'
import { onlyRecord } from './acknowledgement'
import { InteractiveCalls, type XtsInteractiveOptions } from './interactive-calls'
import { toXtsOrderType, toXtsProduct, toXtsSide } from './mapping'
import type { BookRead, BrokerOrderInstruction, CallOutcome } from './model'
import { Unreadable } from './unreadable'

/** What of an account holder is of use to us. The broker sends names, addresses and bank accounts too; none is kept. */
export interface AccountHolder {
  readonly clientId: string
  readonly isPro: boolean
  readonly isInvestor: boolean
  readonly enabledSegments: readonly string[]
}

/** A segment's market and the session it is in, in the broker's words. */
export interface ExchangeSession {
  readonly segment: string
  readonly marketType: string
  readonly session: string
}

/** One message of an exchange to its members. */
export interface ExchangeMessage {
  readonly segmentNumber: number | undefined
  readonly text: string
}

/** What an order would need, in rupees. */
export interface MarginQuote {
  readonly isValid: boolean
  readonly required: number
  readonly available: number | undefined
  readonly shortfall: number | undefined
  readonly message: string
}

/** A position, or a part of it, that is to change its product or to be closed. Quantity in units. */
export interface PositionPart {
  readonly segment: Segment
  readonly token: number
  readonly product: Product
  readonly quantity: number
  readonly isDayWise: boolean
  readonly clientID?: string | undefined
}

/** "Data Not Available". The first is one client's word, MAPPING.md. */
const EMPTY_CODES = ['e-holdings-0005', 'e-portfolio-0005']
const EMPTY = { kind: 'ok', value: { rows: [], isEmptyAnswer: true } } as const

/** The account behind a login: balance, holdings, positions as a whole, margins, and what the exchanges say. */
export class XtsAccount {
  private readonly calls: InteractiveCalls

  constructor(options: XtsInteractiveOptions) {
    this.calls = new InteractiveCalls(options)
  }

  /** `GET user/profile`. Some brokers allow one a day. */
  profile(clientID?: string): Promise<CallOutcome<AccountHolder>> {
    return this.calls.ask((token) => ({
      path: '/user/profile',
      query: this.calls.clientId('books', token, clientID),
      read: readHolder,
    }))
  }

  /** `GET user/balance`, in rupees: the limits of `ALL|ALL|ALL`, else the first. */
  balance(clientID?: string): Promise<CallOutcome<BrokerFunds>> {
    return this.calls.ask((token) => ({
      path: '/user/balance',
      query: this.calls.clientId('balance', token, clientID),
      read: readFunds,
    }))
  }

  /** `GET user/enums`: what the account is entitled to, in the broker's own lists. */
  enums(): Promise<CallOutcome<XtsRecord>> {
    return this.calls.ask((token) => ({
      path: '/user/enums',
      query: { userID: token.userId },
      read: onlyRecord,
    }))
  }

  /** `GET portfolio/holdings`. Nobody's quote is in it. */
  async holdings(clientID?: string): Promise<CallOutcome<BookRead<BrokerHolding>>> {
    const outcome = await this.calls.ask((token) => ({
      path: '/portfolio/holdings',
      query: this.calls.clientId('books', token, clientID),
      read: readHoldings,
    }))
    return outcome.kind === 'rejected' && EMPTY_CODES.includes(outcome.brokerCode) ? EMPTY : outcome
  }

  /** `PUT portfolio/positions/convert`: moves a quantity to another product. */
  convert(part: PositionPart, newProduct: Product): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'exit',
      method: 'PUT',
      path: '/portfolio/positions/convert',
      body: {
        exchangeSegment: part.segment,
        exchangeInstrumentID: part.token,
        oldProductType: toXtsProduct(part.product),
        newProductType: toXtsProduct(newProduct),
        isDayWise: part.isDayWise,
        targetQty: part.quantity,
        statisticsLevel: 'ParentLevel',
        isInterOpPosition: false,
        ...this.calls.clientId('orders', token, part.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `PUT portfolio/squareoff`: the broker itself closes so many units at the market. */
  squareOff(part: PositionPart): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'exit',
      method: 'PUT',
      path: '/portfolio/squareoff',
      body: {
        exchangeSegment: part.segment,
        exchangeInstrumentID: part.token,
        productType: toXtsProduct(part.product),
        squareoffMode: modeOf(part.isDayWise),
        positionSquareOffQuantityType: 'ExactQty',
        squareOffQtyValue: part.quantity,
        blockOrderSending: false,
        cancelOrders: false,
        ...this.calls.clientId('orders', token, part.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `PUT portfolio/squareoffall`: the broker itself closes every position. */
  squareOffAll(of: { isDayWise: boolean; clientID?: string | undefined }): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'exit',
      method: 'PUT',
      path: '/portfolio/squareoffall',
      body: {
        squareoffMode: modeOf(of.isDayWise),
        ...this.calls.clientId('orders', token, of.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `POST orders/margindetails`: what the orders would need together. Not every broker has it. */
  margin(orders: readonly BrokerOrderInstruction[]): Promise<CallOutcome<MarginQuote>> {
    return this.calls.ask(() => ({
      method: 'POST',
      path: '/orders/margindetails',
      body: { portfolio: orders.map(marginLine) },
      read: readMargin,
    }))
  }

  /** `POST user/calculatebrokerage`: charges in rupees by name; `Total` among them. */
  brokerage(
    orders: readonly BrokerOrderInstruction[],
    clientID?: string,
  ): Promise<CallOutcome<Readonly<Record<string, number>>>> {
    return this.calls.ask((token) => ({
      method: 'POST',
      path: '/user/calculatebrokerage',
      body: {
        ...this.calls.clientId('orders', token, clientID),
        brokerageOrderInformation: orders.map((order) => ({
          exchangeSegment: segmentNumber(order.segment),
          exchangeInstrumentID: order.token,
          productType: toXtsProduct(order.product),
          orderSide: toXtsSide(order.side),
          orderQty: order.quantity,
          orderPrice: order.price,
        })),
      },
      read: readCharges,
    }))
  }

  /** `GET status/exchange`. */
  exchangeStatus(): Promise<CallOutcome<readonly ExchangeSession[]>> {
    return this.calls.ask((token) => ({
      path: '/status/exchange',
      query: { userID: token.userId },
      read: (result) =>
        listOf(result, 'marketStatus').map((row) => ({
          segment: optionalText(row, 'exchangeSegment') ?? '',
          marketType: optionalText(row, 'exchangeMarketType') ?? '',
          session: optionalText(row, 'exchangeTradingSession') ?? '',
        })),
    }))
  }

  /** `GET messages/exchange`. */
  exchangeMessages(segment: Segment): Promise<CallOutcome<readonly ExchangeMessage[]>> {
    return this.calls.ask(() => ({
      path: '/messages/exchange',
      query: { exchangeSegment: segment },
      read: (result) =>
        listOf(result, 'messageList').map((row) => ({
          segmentNumber: optionalAmount(row, 'ExchangeSegment'),
          text: optionalText(row, 'BroadcastMessage') ?? '',
        })),
    }))
  }

  /** `DELETE user/session`: ends this session alone. */
  logOut(): Promise<CallOutcome<undefined>> {
    return this.calls.change(() => ({
      urgency: 'cancel',
      method: 'DELETE',
      path: '/user/session',
      read: () => undefined,
    }))
  }
}

const modeOf = (isDayWise: boolean): string => (isDayWise ? 'DayWise' : 'NetWise')

function marginLine(order: BrokerOrderInstruction): object {
  return {
    exchange: segmentNumber(order.segment),
    exchangeInstrumentId: order.token,
    productType: toXtsProduct(order.product),
    orderType: toXtsOrderType(order.priceType),
    orderSide: toXtsSide(order.side),
    quantity: order.quantity,
    price: order.price,
    stopPrice: order.triggerPrice,
    orderSessionType: 1,
  }
}

function readHolder(result: unknown): AccountHolder {
  const holder = onlyRecord(result)
  const segments = holder['ClientExchangeDetailsList']
  const enabled = isRecord(segments) ? Object.entries(segments) : []
  return {
    clientId: optionalText(holder, 'ClientId', 'ClientID') ?? '',
    isPro: holder['IsProClient'] === true,
    isInvestor: holder['IsInvestorClient'] === true,
    enabledSegments: enabled.flatMap(([name, detail]) =>
      isRecord(detail) && detail['Enabled'] === true ? [name] : [],
    ),
  }
}

/** `brokerageDeatils` is the broker's spelling. */
function readMargin(result: unknown): MarginQuote {
  const outer = onlyRecord(result)
  const inner = outer['brokerageDeatils'] ?? outer['brokerageDetails'] ?? outer
  if (!isRecord(inner)) throw new Unreadable('the margin answer has no details')
  return {
    isValid: inner['IsValid'] === true,
    required: requiredAmount(inner, 'MarginRequired'),
    available: optionalAmount(inner, 'MarginAvailable'),
    shortfall: optionalAmount(inner, 'MarginShortfall'),
    message: optionalText(inner, 'ErrorMessage') ?? '',
  }
}

const NOT_CHARGES = ['AppOrderID', 'OrderUniqueIdentifier', 'ClientID']

function readCharges(result: unknown): Readonly<Record<string, number>> {
  const charges = onlyRecord(result)
  const names = Object.keys(charges).filter((name) => !NOT_CHARGES.includes(name))
  return Object.fromEntries(names.map((name) => [name, optionalAmount(charges, name) ?? 0]))
}

function listOf(result: unknown, name: string): readonly XtsRecord[] {
  const list = isRecord(result) ? result[name] : undefined
  if (!Array.isArray(list)) throw new Unreadable(`${name} is not a list`)
  return list.filter(isRecord)
}
