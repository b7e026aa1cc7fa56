import type { OrderSide, SimOrder } from './sim-order'

/** A resting quantity: a client's order, or liquidity of the simulated crowd (no order). Price in ten-thousandths of a rupee. */
export interface Resting {
  readonly order: SimOrder | undefined
  priceUnits: number
  /** All that is left, shown or not. */
  quantity: number
  /** How many orders the crowd has at this price; 1 for a client's order. */
  orderCount: number
  /** The part that others see; what is hidden comes forward in parts of `disclosed`, each behind the queue. */
  shown?: number
  readonly disclosed?: number | undefined
}

/** A match between an incoming quantity and a resting one. */
export interface Match {
  readonly maker: Resting
  readonly priceUnits: number
  readonly quantity: number
}

export interface Taken {
  readonly matches: readonly Match[]
  readonly leftover: number
  /** Stopped because the next resting order belongs to the same client. */
  readonly isSelfTrade: boolean
}

interface Level {
  priceUnits: number
  readonly queue: Resting[]
}

/** A price level as depth shows it. Price in rupees. */
export interface DepthRow {
  readonly price: number
  readonly quantity: number
  readonly orders: number
}

export const UNITS_PER_RUPEE = 10_000
export const toUnits = (rupees: number): number => Math.round(rupees * UNITS_PER_RUPEE)
export const toRupees = (units: number): number => units / UNITS_PER_RUPEE

/** Best price first, and within a price the oldest first. */
export class OrderBook {
  private readonly levels: Record<OrderSide, Level[]> = { BUY: [], SELL: [] }
  /** What is shown, over all levels. */
  private readonly totals: Record<OrderSide, number> = { BUY: 0, SELL: 0 }
  private readonly clients = new Map<SimOrder, Resting>()

  add(side: OrderSide, resting: Resting): void {
    const levels = this.levels[side]
    const at = this.levelPosition(side, resting.priceUnits)
    resting.shown = nextShown(resting)
    this.totals[side] += resting.shown
    if (resting.order) this.clients.set(resting.order, resting)
    const there = levels[at]
    if (there?.priceUnits === resting.priceUnits) there.queue.push(resting)
    else levels.splice(at, 0, { priceUnits: resting.priceUnits, queue: [resting] })
  }

  removeOrder(order: SimOrder): void {
    const resting = this.clients.get(order)
    if (resting) this.remove(order.side, resting)
  }

  /** Takes one resting quantity out of its level; nothing happens when it is gone already. */
  remove(side: OrderSide, resting: Resting): void {
    if (resting.order) this.clients.delete(resting.order)
    const levels = this.levels[side]
    const at = this.levelPosition(side, resting.priceUnits)
    const queue = levels[at]?.queue
    const place = queue?.indexOf(resting) ?? -1
    if (queue === undefined || place < 0) return
    queue.splice(place, 1)
    this.totals[side] -= shownOf(resting)
    if (queue.length === 0) levels.splice(at, 1)
  }

  /**
   * Writes a whole side anew, the best first, in a book in which no client rests; nothing of it may cross the other side.
   * It makes nothing new: a market that moves a hundred times a second must not leave garbage.
   */
  rewrite(side: OrderSide, quotes: readonly Pick<Resting, 'priceUnits' | 'quantity' | 'orderCount'>[]): void {
    const levels = this.levels[side]
    let total = 0
    for (let at = 0; at < quotes.length; at++) {
      const quote = quotes[at]
      if (!quote) continue
      const { priceUnits, quantity, orderCount } = quote
      total += quantity
      const level = levels[at]
      const resting = level?.queue.length === 1 ? level.queue[0] : undefined
      if (!level || !resting) {
        levels[at] = {
          priceUnits,
          queue: [{ order: undefined, priceUnits, quantity, orderCount, shown: quantity }],
        }
        continue
      }
      level.priceUnits = resting.priceUnits = priceUnits
      resting.quantity = resting.shown = quantity
      resting.orderCount = orderCount
    }
    levels.length = quotes.length
    this.totals[side] = total
  }

  /** The crowd has another quantity at one of its levels in a book in which no client rests. */
  resize(side: OrderSide, level: number, quantity: number): void {
    const resting = this.levels[side][level]?.queue[0]
    if (!resting) return
    this.totals[side] += quantity - shownOf(resting)
    resting.quantity = resting.shown = quantity
  }

  /** Takes the crowd's quantity at a price out. */
  removeCrowd(side: OrderSide, priceUnits: number): void {
    const level = this.levels[side][this.levelPosition(side, priceUnits)]
    const resting = level?.priceUnits === priceUnits ? level.queue.find(({ order }) => !order) : undefined
    if (resting) this.remove(side, resting)
  }

  levelCount(side: OrderSide): number {
    return this.levels[side].length
  }

  /** Makes an order smaller where it stands: it keeps its place. */
  shrink(order: SimOrder, byQuantity: number): void {
    const resting = this.clients.get(order)
    if (!resting) return
    if (byQuantity >= resting.quantity) return this.remove(order.side, resting)
    const before = shownOf(resting)
    resting.quantity -= byQuantity
    resting.shown = Math.min(before, resting.quantity)
    this.totals[order.side] += resting.shown - before
  }

  get hasClients(): boolean {
    return this.clients.size > 0
  }

  clientOrders(): SimOrder[] {
    return [...this.clients.keys()]
  }

  bestUnits(side: OrderSide): number | undefined {
    return this.levels[side][0]?.priceUnits
  }

  /**
   * Matches an incoming order against the other side: price first, then age. `limitUnits` undefined takes any price;
   * `clientCode` names who must not trade with himself.
   */
  take(side: OrderSide, quantity: number, limitUnits?: number, clientCode?: string): Taken {
    const otherSide = side === 'BUY' ? 'SELL' : 'BUY'
    const levels = this.levels[otherSide]
    const matches: Match[] = []
    let leftover = quantity
    for (let best = levels[0]; best && leftover > 0; best = levels[0]) {
      if (!isWithin(side, best.priceUnits, limitUnits)) break
      const maker = best.queue[0]
      if (maker?.order && maker.order.clientCode === clientCode) {
        return { matches, leftover, isSelfTrade: true }
      }
      if (maker) leftover -= this.takeFrom(otherSide, maker, leftover, matches)
      if (!maker || shownOf(maker) === 0) this.turnOver(otherSide, best)
    }
    return { matches, leftover, isSelfTrade: false }
  }

  /** The best levels of a side, as they are shown. */
  depth(side: OrderSide, rows: number): DepthRow[] {
    const levels = this.levels[side]
    const depth: DepthRow[] = []
    for (let at = 0; at < rows && at < levels.length; at++) {
      const level = levels[at]
      if (level) depth.push(depthRow(level))
    }
    return depth
  }

  /** The quantity that is shown over all levels of a side. */
  totalQuantity(side: OrderSide): number {
    return this.totals[side]
  }

  private takeFrom(side: OrderSide, maker: Resting, wanted: number, matches: Match[]): number {
    const quantity = Math.min(wanted, shownOf(maker))
    maker.quantity -= quantity
    maker.shown = shownOf(maker) - quantity
    this.totals[side] -= quantity
    matches.push({ maker, priceUnits: maker.priceUnits, quantity })
    return quantity
  }

  /** The first of a level has nothing more to show: it is gone, or its next part goes behind the others. */
  private turnOver(side: OrderSide, best: Level): void {
    const first = best.queue.shift()
    if (first && first.quantity > 0) {
      first.shown = nextShown(first)
      this.totals[side] += first.shown
      best.queue.push(first)
    } else if (first?.order) {
      this.clients.delete(first.order)
    }
    if (best.queue.length === 0) this.levels[side].shift()
  }

  private levelPosition(side: OrderSide, priceUnits: number): number {
    const levels = this.levels[side]
    let [low, high] = [0, levels.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBetter(side, levels[middle]?.priceUnits ?? 0, priceUnits)) low = middle + 1
      else high = middle
    }
    return low
  }
}

function depthRow({ priceUnits, queue }: Level): DepthRow {
  let [quantity, orders] = [0, 0]
  for (const resting of queue) {
    quantity += shownOf(resting)
    orders += resting.orderCount
  }
  return { price: toRupees(priceUnits), quantity, orders }
}

const shownOf = (resting: Resting): number => resting.shown ?? resting.quantity

function nextShown({ quantity, disclosed = 0 }: Resting): number {
  return disclosed > 0 ? Math.min(disclosed, quantity) : quantity
}

const isBetter = (side: OrderSide, price: number, than: number): boolean =>
  side === 'BUY' ? price > than : price < than

const isWithin = (side: OrderSide, price: number, limit: number | undefined): boolean =>
  limit === undefined || (side === 'BUY' ? price <= limit : price >= limit)
