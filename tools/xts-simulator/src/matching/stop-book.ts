import { toUnits } from './order-book'
import type { OrderSide, SimOrder } from './sim-order'

interface WaitingStop {
  readonly order: SimOrder
  readonly triggerUnits: number
}

/** Stop orders by the price that fires them: the next to fire first, and of two at one price the older. */
export class StopBook {
  private readonly sides: Record<OrderSide, WaitingStop[]> = { BUY: [], SELL: [] }
  private readonly waiting = new Map<SimOrder, WaitingStop>()

  get size(): number {
    return this.waiting.size
  }

  orders(): SimOrder[] {
    return [...this.waiting.keys()]
  }

  add(order: SimOrder): void {
    const stop = { order, triggerUnits: toUnits(order.state.stopPrice) }
    this.waiting.set(order, stop)
    const stops = this.sides[order.side]
    stops.splice(this.placeBehind(order.side, stop.triggerUnits), 0, stop)
  }

  delete(order: SimOrder): void {
    const stop = this.waiting.get(order)
    if (!stop) return
    this.waiting.delete(order)
    const stops = this.sides[order.side]
    const behind = this.placeBehind(order.side, stop.triggerUnits)
    stops.splice(stops.lastIndexOf(stop, behind), 1)
  }

  /** A stop order that this last price (rupees) fires. */
  firedBy(lastPrice: number): SimOrder | undefined {
    const units = toUnits(lastPrice)
    const [buy] = this.sides.BUY
    if (buy && units >= buy.triggerUnits) return buy.order
    const [sell] = this.sides.SELL
    return sell && units <= sell.triggerUnits ? sell.order : undefined
  }

  /** The place behind everything that fires before or with this trigger. */
  private placeBehind(side: OrderSide, triggerUnits: number): number {
    const stops = this.sides[side]
    let [low, high] = [0, stops.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const there = stops[middle]?.triggerUnits ?? 0
      const isBefore = side === 'BUY' ? there <= triggerUnits : there >= triggerUnits
      if (isBefore) low = middle + 1
      else high = middle
    }
    return low
  }
}
