import type { SeededRandom } from '../seeded-random'
import type { ListedInstrument } from '../universe/listed-instrument'
import { toUnits } from './order-book'
import type { OrderSide } from './sim-order'

/** Levels the crowd quotes on each side: as many as depth shows. */
export const CROWD_LEVELS = 5
/** A level of the crowd is worth about this much in cash segments; derivatives are sized in lots. */
const LEVEL_VALUE_RUPEES = 600_000
const MOST_LOTS_PER_LEVEL = 20

/** An order the simulated crowd wants to have in the book. */
export interface CrowdQuote {
  readonly side: OrderSide
  readonly priceUnits: number
  readonly quantity: number
  readonly orderCount: number
}

/** The crowd's view of one instrument: where it thinks the price is, and how it walks. Prices in rupees. */
export class Crowd {
  private anchor: number
  private base: number
  private reference: number
  private readonly tickUnits: number
  private readonly bandUnits: { readonly low: number; readonly high: number }

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

  /** Fresh quotes around the reference: five levels a side, inside the price band. */
  quotes(): CrowdQuote[] {
    const reference = toUnits(this.reference)
    const bestBid = this.onTick(reference - this.tickUnits * this.random.next(), Math.floor)
    const bestAsk = Math.max(
      bestBid + this.tickUnits,
      this.onTick(reference + this.tickUnits * this.random.next(), Math.ceil),
    )
    return [...this.ladder('SELL', bestAsk), ...this.ladder('BUY', bestBid)]
  }

  /** A handful of lots, for the small trades that happen all day. */
  smallQuantity(): number {
    return this.lotSize * this.random.between(1, 3)
  }

  pickSide(): OrderSide {
    return this.random.next() < 0.5 ? 'BUY' : 'SELL'
  }

  private ladder(side: OrderSide, bestUnits: number): CrowdQuote[] {
    const away = side === 'SELL' ? 1 : -1
    const quotes: CrowdQuote[] = []
    let priceUnits = bestUnits
    for (let level = 0; level < CROWD_LEVELS; level++) {
      const isInBand = priceUnits >= this.bandUnits.low && priceUnits <= this.bandUnits.high
      if (isInBand)
        quotes.push({
          side,
          priceUnits,
          quantity: this.levelQuantity(),
          orderCount: this.random.between(1, 6),
        })
      priceUnits += away * this.tickUnits * this.random.between(1, 2)
    }
    return quotes
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
