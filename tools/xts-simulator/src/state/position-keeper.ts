import type { SimTrade } from '../matching/sim-order'
import type { ListedInstrument } from '../universe/listed-instrument'

/** What one client bought and sold of one instrument under one product today. Values in rupees. */
export interface Position {
  readonly clientCode: string
  readonly loginId: string
  readonly instrument: ListedInstrument
  readonly productType: string
  buyQuantity: number
  buyValue: number
  sellQuantity: number
  sellValue: number
}

export const netQuantity = (position: Position): number => position.buyQuantity - position.sellQuantity

/** The positions of all clients: each fill adds to one. A closed position stays for the day with quantity 0. */
export class PositionKeeper {
  private readonly byClient = new Map<string, Map<string, Position>>()

  /** Adds a fill and gives the position it changed. */
  add(trade: SimTrade): Position {
    const position = this.positionOf(trade)
    const value = trade.price * trade.quantity
    if (trade.order.side === 'BUY') {
      position.buyQuantity += trade.quantity
      position.buyValue += value
    } else {
      position.sellQuantity += trade.quantity
      position.sellValue += value
    }
    return position
  }

  ofClient(clientCode: string): Position[] {
    return [...(this.byClient.get(clientCode)?.values() ?? [])]
  }

  find(clientCode: string, instrument: ListedInstrument, productType: string): Position | undefined {
    return this.byClient.get(clientCode)?.get(keyOf(instrument, productType))
  }

  private positionOf(trade: SimTrade): Position {
    const { order, after } = trade
    const positions = this.byClient.get(order.clientCode) ?? new Map<string, Position>()
    this.byClient.set(order.clientCode, positions)
    const key = keyOf(order.instrument, after.productType)
    const known = positions.get(key)
    if (known) return known
    const position = emptyPosition(trade)
    positions.set(key, position)
    return position
  }
}

const keyOf = (instrument: ListedInstrument, productType: string): string =>
  `${instrument.segment}|${instrument.token}|${productType}`

function emptyPosition(trade: SimTrade): Position {
  return {
    clientCode: trade.order.clientCode,
    loginId: trade.order.account.userId,
    instrument: trade.order.instrument,
    productType: trade.after.productType,
    buyQuantity: 0,
    buyValue: 0,
    sellQuantity: 0,
    sellValue: 0,
  }
}
