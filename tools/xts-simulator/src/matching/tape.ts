import type { SeededRandom } from '../seeded-random'
import { rupees } from '../wire/numbers'

/** What has traded in one instrument today. Prices in rupees, quantities in units. */
export class Tape {
  lastPrice: number
  lastQuantity: number
  lastTradedAtMs: number
  open: number
  high: number
  low: number
  readonly previousClose: number
  volume: number
  value: number

  /** Starts with a plausible morning behind it: an open, a range and a volume around the first price. */
  constructor(
    first: { price: number; lotSize: number; tickSize: number; atMs: number },
    random: SeededRandom,
  ) {
    const { price, lotSize, tickSize } = first
    const near = (spread: number): number => {
      const moved = price * (1 + (random.next() - 0.5) * spread)
      return rupees(Math.max(1, Math.round(moved / tickSize)) * tickSize)
    }
    this.previousClose = near(0.02)
    this.open = near(0.01)
    this.lastPrice = price
    this.high = rupees(Math.max(price, this.open, near(0.012)))
    this.low = rupees(Math.min(price, this.open, near(0.012)))
    this.lastQuantity = lotSize
    this.lastTradedAtMs = first.atMs
    this.volume = lotSize * random.between(20_000, 400_000)
    this.value = this.volume * rupees((this.high + this.low) / 2)
  }

  print(price: number, quantity: number, atMs: number): void {
    this.mark(price, atMs)
    this.lastQuantity = quantity
    this.volume += quantity
    this.value += price * quantity
  }

  /** A new level without a trade, as indices have it. */
  mark(level: number, atMs: number): void {
    this.lastPrice = level
    this.lastTradedAtMs = atMs
    this.high = Math.max(this.high, level)
    this.low = Math.min(this.low, level)
  }

  get averagePrice(): number {
    return this.volume === 0 ? this.lastPrice : Math.round((this.value / this.volume) * 100) / 100
  }

  get percentChange(): number {
    return ((this.lastPrice - this.previousClose) / this.previousClose) * 100
  }
}
