import type { SeededRandom } from '../seeded-random'
import type { ListedInstrument } from '../universe/listed-instrument'
import { toUnits } from './order-book'
import type { OrderSide } from './sim-order'

/** Levels the crowd quotes on each side: as many as depth shows. */
export const CROWD_LEVELS = 5
/** A level of the crowd is worth about this much in cash segments; derivatives are sized in lots. */
const LEVEL_VALUE_RUPEES = 600_000
const MOST_LOTS_PER_LEVEL = 20

/** An order the simulated crowd wants to have in the book. The next quotes are written into the same objects. */
export interface CrowdQuote {
  priceUnits: number
  quantity: number
  orderCount: number
}

/** How often the crowd looks for other best prices although its opinion is the same. */
const RESTLESSNESS = 0.1

/** The crowd's view of one instrument: where it thinks the price is, and how it walks. Prices in rupees. */
export class Crowd {
  private anchor: number
  private base: number
  private reference: number
  private readonly tickUnits: number
  private readonly bandUnits: { readonly low: number; readonly high: number }
  /** How far below and above its opinion the crowd begins, as shares of a tick; in the morning it is careful. */
  private bidShare = 1
  private askShare = 1
  private readonly best: Record<OrderSide, number> = { BUY: 0, SELL: 0 }
  private readonly quotes: Record<OrderSide, CrowdQuote[]> = { BUY: [], SELL: [] }

  constructor(
    private readonly instrument: ListedInstrument,
    firstPrice: number,
    private readonly random: SeededRandom,
  ) {
    this.tickUnits = toUnits(instrument.tickSize)
    this.bandUnits = bandOf(instrument)
    this.base = this.anchor = this.reference = firstPrice
  }

  /** The price on the tick that the crowd quotes around. */
  get price(): number {
    return this.onTick(toUnits(this.reference), Math.round) / 10_000
  }

  get lotSize(): number {
    return this.instrument.lotSize
  }

  /** One small step of the walk: a drift of a hundredth of a percent or so, pulled back gently to where it began. */
  walk(): void {
    this.anchor += this.random.normal() * this.base * 0.0001 + (this.base - this.anchor) * 0.002
    if (this.random.next() < 0.3) this.anchor += (this.random.next() - 0.5) * this.instrument.tickSize * 2
    this.anchor = Math.max(this.anchor, this.instrument.tickSize)
    this.reference += (this.anchor - this.reference) * 0.3
  }

  /** A trade pulls the crowd's opinion a quarter of the way to its price; the walk brings it back. */
  learnTrade(price: number): void {
    this.reference += (price - this.reference) * 0.25
  }

  /** The market moves: everything the crowd believes is now this price. */
  jumpTo(price: number): void {
    this.base = this.anchor = this.reference = price
  }

  /** Thinks of the best bid and offer it wants; whether they are others than before. */
  lookAgain(): boolean {
    if (this.random.next() < RESTLESSNESS) {
      this.bidShare = this.random.next()
      this.askShare = this.random.next()
    }
    const reference = toUnits(this.reference)
    const bid = this.onTick(reference - this.tickUnits * this.bidShare, Math.floor)
    const ask = this.onTick(reference + this.tickUnits * this.askShare, Math.ceil)
    const hasMoved = bid !== this.best.BUY || ask !== this.best.SELL
    this.best.BUY = bid
    this.best.SELL = Math.max(ask, bid + this.tickUnits)
    return hasMoved
  }

  /** What it quoted last on a side. */
  quoted(side: OrderSide): readonly CrowdQuote[] {
    return this.quotes[side]
  }

  /** Five levels from its best price on, inside the price band. */
  quote(side: OrderSide): readonly CrowdQuote[] {
    const away = side === 'SELL' ? this.tickUnits : -this.tickUnits
    const quotes = this.quotes[side]
    let count = 0
    let priceUnits = this.best[side]
    for (let level = 0; level < CROWD_LEVELS; level++) {
      if (priceUnits >= this.bandUnits.low && priceUnits <= this.bandUnits.high) {
        const quote = (quotes[count] ??= { priceUnits, quantity: 0, orderCount: 0 })
        quote.priceUnits = priceUnits
        quote.quantity = this.levelQuantity()
        quote.orderCount = this.random.between(1, 6)
        count++
      }
      priceUnits += away * this.random.between(1, 2)
    }
    quotes.length = count
    return quotes
  }

  /** What somebody in the crowd makes of a level's quantity. */
  otherQuantity(): number {
    return this.levelQuantity()
  }

  /** One of the crowd's levels. */
  pickLevel(count: number): number {
    return this.random.between(0, count - 1)
  }

  /** A handful of lots, for the small trades that happen all day. */
  smallQuantity(): number {
    return this.lotSize * this.random.between(1, 3)
  }

  pickSide(): OrderSide {
    return this.random.next() < 0.5 ? 'BUY' : 'SELL'
  }

  private levelQuantity(): number {
    const { lotSize, segment } = this.instrument
    const isCash = segment === 'NSECM' || segment === 'BSECM'
    const fullLots = isCash
      ? Math.floor(LEVEL_VALUE_RUPEES / Math.max(this.reference, 0.05) / lotSize)
      : MOST_LOTS_PER_LEVEL
    return lotSize * Math.max(1, Math.ceil(fullLots * (0.1 + 0.9 * this.random.next())))
  }

  private onTick(units: number, rounding: (ratio: number) => number): number {
    return rounding(units / this.tickUnits) * this.tickUnits
  }
}

/** Spreads may trade below zero; everything else needs at least one tick. A row without a band has none. */
function bandOf(instrument: ListedInstrument): { low: number; high: number } {
  const { bandHigh, bandLow, tickSize } = instrument
  const hasBand = Number.isFinite(bandHigh) && Number.isFinite(bandLow) && bandHigh > bandLow
  if (!hasBand) return { low: toUnits(tickSize), high: Number.MAX_SAFE_INTEGER }
  return { low: toUnits(bandLow), high: toUnits(bandHigh) }
}
