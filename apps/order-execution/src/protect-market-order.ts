import {
  AppError,
  type Clock,
  type Instrument,
  type PriceType,
  type Quote,
  type Side,
} from '@xts-bridge/contracts'
import { protectedLimit, type BrokerProfile } from '@xts-bridge/xts'
import type { LogPort, QuotesPort } from './ports'

export interface ProtectMarketOrderOptions {
  readonly quotes: QuotesPort
  readonly clock: Clock
  readonly log: LogPort
  readonly marketOrders: BrokerProfile['marketOrders']
  /** A market order that may open a position is sent as a protected limit too, instead of being refused here. */
  readonly isForEntries: boolean
}

/** How an order is priced. Prices in rupees. */
export interface OrderPricing {
  readonly priceType: PriceType
  readonly price: number
  readonly triggerPrice: number
}

/** A quote older than this says nothing of what the order would meet. */
const OLDEST_QUOTE_MS = 5_000

/**
 * Where the broker refuses market orders, a limit takes their place that trades as they would: the touch plus or minus 1 %
 * or four ticks, inside the band; a stop's is anchored at its trigger. Exits are protected always: without a fresh quote at
 * the edge of the band, which trades at the best prices there are. Entries only when the desk wants it.
 */
export class ProtectMarketOrder {
  constructor(private readonly options: ProtectMarketOrderOptions) {}

  /** The pricing to send. Throws MARKET_ORDERS_REFUSED, or NO_REFERENCE_PRICE. */
  async protect<T extends OrderPricing>(
    order: T,
    of: { readonly side: Side; readonly instrument: Instrument; readonly isReducing: boolean },
  ): Promise<T> {
    const isPriceless = order.priceType === 'MARKET' || order.priceType === 'SL-M'
    if (this.options.marketOrders === 'accepted' || !isPriceless) return order
    const { symbol } = of.instrument
    if (!of.isReducing && !this.options.isForEntries) throw new AppError('MARKET_ORDERS_REFUSED', { symbol })
    const price = order.priceType === 'SL-M' ? limitAt(order.triggerPrice, of) : await this.limitNow(of)
    const priceType: PriceType = order.priceType === 'SL-M' ? 'SL' : 'LIMIT'
    this.options.log.info('market order protected by a limit', { symbol, side: of.side, priceType, price })
    return { ...order, priceType, price }
  }

  private async limitNow(of: {
    readonly side: Side
    readonly instrument: Instrument
    readonly isReducing: boolean
  }): Promise<number> {
    const { instrument, side, isReducing } = of
    const { exchange, symbol } = instrument
    try {
      const quote = await this.options.quotes.quote({ exchange, symbol })
      return limitAt(this.touchOf(quote, side), of)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const edge = side === 'BUY' ? instrument.bandHigh : instrument.bandLow
      if (isReducing && edge !== undefined && edge > 0) return edge
      if (error.code === 'NO_REFERENCE_PRICE') throw error
      throw new AppError('NO_REFERENCE_PRICE', { symbol, reason: error.message })
    }
  }

  /** The best price of the other side, or the last where that side is empty. */
  private touchOf(quote: Quote, side: Side): number {
    const ageMs = this.options.clock.nowMs() - quote.asOfMs
    if (ageMs > OLDEST_QUOTE_MS)
      throw new AppError('NO_REFERENCE_PRICE', {
        symbol: quote.symbol,
        reason: `the last quote is ${ageMs} ms old`,
      })
    return (side === 'BUY' ? quote.ask : quote.bid) ?? quote.ltp
  }
}

function limitAt(
  touch: number,
  { side, instrument }: { readonly side: Side; readonly instrument: Instrument },
): number {
  const { symbol, tickSize, bandHigh, bandLow } = instrument
  const limit = protectedLimit({ side, touch, tickSize, bandHigh, bandLow })
  if (limit === undefined)
    throw new AppError('NO_REFERENCE_PRICE', { symbol, reason: `${touch} is no price inside the band` })
  return limit
}
