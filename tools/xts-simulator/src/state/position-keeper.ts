import type { OrderSide, SimTrade } from '../matching/sim-order'
import type { TradeConversion } from '../matching/trade-conversion'
import type { ListedInstrument } from '../universe/listed-instrument'

/** What was bought and what was sold. Values in rupees. */
export interface Sides {
  buyQuantity: number
  buyValue: number
  sellQuantity: number
  sellValue: number
}

/** Whose position it is, in what, under which product. */
export interface PositionOwner {
  readonly clientCode: string
  readonly loginId: string
  readonly instrument: ListedInstrument
  readonly productType: string
}

/** What one client holds of one instrument under one product: today's trades apart from what an earlier day left. */
export interface Position extends PositionOwner {
  readonly day: Sides
  readonly carried: Sides
  /** Of the last fill or conversion; 0 when nothing happened today. */
  sequence: number
}

/** A position that a day begins with; the quantity is signed, the price in rupees. */
export interface Opening {
  readonly owner: PositionOwner
  readonly quantity: number
  readonly averagePrice: number
}

/** `DayWise` is what today's trades made, `NetWise` counts what was carried over too. */
export type PositionBook = 'DayWise' | 'NetWise'

export const netQuantity = ({ day, carried }: Position): number => quantityOf(day) + quantityOf(carried)

export const quantityOf = (sides: Sides): number => sides.buyQuantity - sides.sellQuantity

/** The figures of a position in one of the two books. */
export function sidesIn(position: Pick<Position, 'day' | 'carried'>, book: PositionBook): Sides {
  const { day, carried } = position
  if (book === 'DayWise') return day
  return {
    buyQuantity: day.buyQuantity + carried.buyQuantity,
    buyValue: day.buyValue + carried.buyValue,
    sellQuantity: day.sellQuantity + carried.sellQuantity,
    sellValue: day.sellValue + carried.sellValue,
  }
}

/** Rupees: the average of the side that is open; 0 when nothing is. */
export function averageOpenPrice(sides: Sides): number {
  const net = quantityOf(sides)
  if (net === 0) return 0
  return net > 0 ? sides.buyValue / sides.buyQuantity : sides.sellValue / sides.sellQuantity
}

/** The positions of all clients: each fill adds to one. A closed position stays for the day with quantity 0. */
export class PositionKeeper {
  private readonly byClient = new Map<string, Map<string, Position>>()
  private openings: readonly Opening[] = []

  /** Adds a fill and gives the position it changed. */
  add(trade: SimTrade): Position {
    const { order, after } = trade
    const position = this.positionOf({
      clientCode: order.clientCode,
      loginId: order.account.userId,
      instrument: order.instrument,
      productType: after.productType,
    })
    addTo(position.day, order.side, { quantity: trade.quantity, value: trade.price * trade.quantity })
    position.sequence = trade.sequence
    return position
  }

  /** As after a restart that kept nothing. */
  forgetAll(): void {
    this.byClient.clear()
  }

  /** Nothing but what an earlier day left. */
  beginDay(openings: readonly Opening[]): void {
    this.openings = openings
    this.byClient.clear()
    for (const { owner, quantity, averagePrice } of openings) this.carryOver(owner, quantity, averagePrice)
  }

  /** As the day began. */
  beginDayAgain(): void {
    this.beginDay(this.openings)
  }

  /** What the next day begins with: of those that may be kept, what is still open, at its average price. */
  openOvernight(isKept: (position: Position) => boolean): Opening[] {
    const positions = [...this.byClient.values()].flatMap((ofClient) => [...ofClient.values()])
    return positions
      .filter((position) => netQuantity(position) !== 0 && isKept(position))
      .map(({ clientCode, loginId, instrument, productType, ...figures }) => ({
        owner: { clientCode, loginId, instrument, productType },
        quantity: quantityOf(figures.day) + quantityOf(figures.carried),
        averagePrice: averageOpenPrice(sidesIn(figures, 'NetWise')),
      }))
  }

  /** Adds to a position what an earlier day left; the quantity is signed, the price in rupees. */
  carryOver(owner: PositionOwner, quantity: number, averagePrice: number): Position {
    const position = this.positionOf(owner)
    const size = Math.abs(quantity)
    addTo(position.carried, quantity > 0 ? 'BUY' : 'SELL', { quantity: size, value: size * averagePrice })
    return position
  }

  /**
   * Moves quantity to another product and gives both positions, the shrunken one first. Day-wise only what was traded
   * today can move; net-wise today's goes first, then what was carried over. The caller has checked the quantity.
   */
  convert(conversion: TradeConversion): readonly [Position, Position] {
    const { account, clientCode, instrument, fromProduct, toProduct, side, quantity } = conversion
    const owner = { clientCode, loginId: account.userId, instrument }
    const from = this.positionOf({ ...owner, productType: fromProduct })
    const to = this.positionOf({ ...owner, productType: toProduct })
    const openToday = side === 'BUY' ? quantityOf(from.day) : -quantityOf(from.day)
    const ofToday = Math.min(quantity, Math.max(0, openToday))
    move(side, ofToday, from.day, to.day)
    move(side, quantity - ofToday, from.carried, to.carried)
    from.sequence = conversion.sequence
    to.sequence = conversion.sequence
    return [from, to]
  }

  ofClient(clientCode: string): Position[] {
    return [...(this.byClient.get(clientCode)?.values() ?? [])]
  }

  find(clientCode: string, instrument: ListedInstrument, productType: string): Position | undefined {
    return this.byClient.get(clientCode)?.get(keyOf(instrument, productType))
  }

  private positionOf(owner: PositionOwner): Position {
    const { clientCode, loginId, instrument, productType } = owner
    const positions = this.byClient.get(clientCode) ?? new Map<string, Position>()
    this.byClient.set(clientCode, positions)
    const key = keyOf(instrument, productType)
    const known = positions.get(key)
    if (known) return known
    const position = {
      clientCode,
      loginId,
      instrument,
      productType,
      day: nothing(),
      carried: nothing(),
      sequence: 0,
    }
    positions.set(key, position)
    return position
  }
}

const keyOf = (instrument: ListedInstrument, productType: string): string =>
  `${instrument.segment}|${instrument.token}|${productType}`

const nothing = (): Sides => ({ buyQuantity: 0, buyValue: 0, sellQuantity: 0, sellValue: 0 })

function addTo(
  sides: Sides,
  side: OrderSide,
  o: { readonly quantity: number; readonly value: number },
): void {
  if (side === 'BUY') {
    sides.buyQuantity += o.quantity
    sides.buyValue += o.value
  } else {
    sides.sellQuantity += o.quantity
    sides.sellValue += o.value
  }
}

/** At the average of the side, so that nobody gains or loses by it. */
function move(side: OrderSide, quantity: number, from: Sides, to: Sides): void {
  if (quantity === 0) return
  const isBuy = side === 'BUY'
  const average = isBuy ? from.buyValue / from.buyQuantity : from.sellValue / from.sellQuantity
  const value = average * quantity
  addTo(to, side, { quantity, value })
  addTo(from, side, { quantity: -quantity, value: -value })
}
