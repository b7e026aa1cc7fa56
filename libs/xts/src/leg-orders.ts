import type { Segment, Side } from '@xts-bridge/contracts'
import { isRecord, optionalText, requiredId } from './fields'
import { notSent, tagProblem, withTag } from './acknowledgement'
import { InteractiveCalls, type XtsInteractiveOptions } from './interactive-calls'
import { toXtsOrderType, toXtsSide } from './mapping'
import type { CallOutcome } from './model'

interface LegOrder {
  readonly tag: string
  readonly segment: Segment
  readonly token: number
  readonly side: Side
  readonly priceType: 'LIMIT' | 'MARKET'
  /** Units. */
  readonly quantity: number
  readonly disclosedQuantity: number
  /** Rupees; 0 for a market order. */
  readonly price: number
  readonly clientID?: string | undefined
}

/** An entry with a stop order that guards it. `triggerPrice` is the stop's, in rupees. */
export interface CoverOrder extends LegOrder {
  readonly triggerPrice: number
}

/** An entry with a target and a stop, each so many rupees away from it; `trailingStopLoss` in rupees, 0 for none. */
export interface BracketOrder extends LegOrder {
  readonly targetOffset: number
  readonly stopLossOffset: number
  readonly trailingStopLoss: number
}

/** Cover and bracket orders. Like every order: sent at most once, `ok` only says that the broker took it in. */
export class XtsLegOrders {
  private readonly calls: InteractiveCalls

  constructor(private readonly options: XtsInteractiveOptions) {
    this.calls = new InteractiveCalls(options)
  }

  /** `POST orders/cover`. The answer names the entry and its guard. */
  async placeCover(order: CoverOrder): Promise<CallOutcome<{ entryOrderId: string; exitOrderId: string }>> {
    const problem = tagProblem(order.tag)
    if (problem !== undefined) return notSent(problem)
    return this.calls.change((token) => ({
      urgency: 'entry',
      method: 'POST',
      path: '/orders/cover',
      body: {
        ...commonFields(order),
        stopPrice: order.triggerPrice,
        ...this.calls.clientId('orders', token, order.clientID),
      },
      read: (result) => {
        const single = withTag(result, order.tag)
        return {
          entryOrderId: requiredId(single, 'EntryAppOrderID'),
          exitOrderId: requiredId(single, 'ExitAppOrderID'),
        }
      },
    }))
  }

  /** `PUT orders/cover`: closes a cover order; it is named by its guard. */
  async exitCover(cover: {
    readonly exitOrderId: string
    readonly tag?: string | undefined
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'exit',
      method: 'PUT',
      path: '/orders/cover',
      body: {
        appOrderID: Number(cover.exitOrderId),
        ...(cover.tag === undefined ? {} : { orderUniqueIdentifier: cover.tag }),
        ...this.calls.clientId('orders', token, cover.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `POST orders/bracket`. Documents and captures do not show the whole answer, so an id is taken where there is one. */
  async placeBracket(order: BracketOrder): Promise<CallOutcome<{ entryOrderId: string | undefined }>> {
    const problem = tagProblem(order.tag)
    if (problem !== undefined) return notSent(problem)
    return this.calls.change((token) => ({
      urgency: 'entry',
      method: 'POST',
      path: '/orders/bracket',
      body: {
        ...commonFields(order),
        squarOff: order.targetOffset,
        stopLossPrice: order.stopLossOffset,
        trailingStoploss: order.trailingStopLoss,
        isProOrder: this.options.profile.orderClientId === '*****',
        ...this.calls.clientId('orders', token, order.clientID),
      },
      read: (result) => {
        if (!isRecord(result) && !Array.isArray(result)) return { entryOrderId: undefined }
        return { entryOrderId: optionalText(withTag(result, order.tag), 'AppOrderID', 'EntryAppOrderID') }
      },
    }))
  }

  /** `PUT orders/bracket`: new terms for one leg. Quantity in units, prices in rupees. */
  async modifyBracket(change: {
    readonly brokerOrderId: string
    readonly quantity: number
    readonly price: number
    readonly stopLossPrice: number
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'entry',
      method: 'PUT',
      path: '/orders/bracket',
      body: {
        appOrderID: Number(change.brokerOrderId),
        orderQuantity: change.quantity,
        limitPrice: change.price,
        stopLossPrice: change.stopLossPrice,
        ...this.calls.clientId('orders', token, change.clientID),
      },
      read: () => undefined,
    }))
  }

  /** `DELETE orders/bracket`: takes out a bracket order, which is named by its entry. */
  async cancelBracket(bracket: {
    readonly entryOrderId: string
    readonly clientID?: string | undefined
  }): Promise<CallOutcome<undefined>> {
    return this.calls.change((token) => ({
      urgency: 'cancel',
      method: 'DELETE',
      path: '/orders/bracket',
      query: {
        boEntryOrderId: bracket.entryOrderId,
        ...this.calls.clientId('orders', token, bracket.clientID),
      },
      read: () => undefined,
    }))
  }
}

function commonFields(order: LegOrder): object {
  return {
    exchangeSegment: order.segment,
    exchangeInstrumentID: order.token,
    orderSide: toXtsSide(order.side),
    orderType: toXtsOrderType(order.priceType),
    orderQuantity: order.quantity,
    disclosedQuantity: order.disclosedQuantity,
    limitPrice: order.price,
    orderUniqueIdentifier: order.tag,
  }
}
