import type { PositionView, Quote } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { refusalFrom } from './openalgo/error-answer'
import { readPositionBookRequest } from './openalgo/read-fields'

/** Most open positions a quote is asked for in one call; the rows of the others have no ltp. */
const QUOTED_LIMIT = 50
/** A book without prices beats a late one. */
const QUOTE_LIMIT_MS = 3_000

/** `ltp` and `pnl` in rupees; null when the last price is not known, because 0 would be a price. */
export interface PositionRow {
  readonly symbol: string
  readonly exchange: string
  readonly product: string
  readonly quantity: number
  readonly average_price: number
  readonly ltp: number | null
  readonly pnl: number | null
}

export interface PositionBookAnswer {
  readonly status: 'success'
  /** There only when a price is missing; says for which rows. */
  readonly message?: string
  readonly data: readonly PositionRow[]
}

/** `POST /api/v1/positionbook`: the day's positions from `book.positions`, open ones valued at their last price. */
export class ReadPositionBook {
  constructor(
    private readonly orders: BusAsker,
    private readonly feed: BusAsker,
  ) {}

  async read(body: unknown): Promise<PositionBookAnswer> {
    try {
      const { apikey } = readPositionBookRequest(body)
      const positions = await this.orders.request<readonly PositionView[]>(
        'book.positions',
        {},
        { apiKey: apikey },
      )
      const lastPrices = await this.lastPrices(positions, apikey)
      const rows = positions.map((position) => toRow(position, lastPrices.get(keyOf(position))))
      const unpriced = rows.filter((row) => row.pnl === null)
      const names = unpriced.map(keyOf).join(', ')
      return {
        status: 'success',
        ...(unpriced.length > 0 && {
          message: `The last price is not known for ${names}; pnl is null there.`,
        }),
        data: rows,
      }
    } catch (error) {
      throw refusalFrom(error, 'object')
    }
  }

  /** By instrument; one that cannot be had, for whatever reason, is missing. */
  private async lastPrices(
    positions: readonly PositionView[],
    apiKey: string,
  ): Promise<ReadonlyMap<string, number>> {
    const open = positions.filter((position) => position.quantity !== 0)
    const instruments = [...new Map(open.map((position) => [keyOf(position), position]))].slice(
      0,
      QUOTED_LIMIT,
    )
    const found = await Promise.allSettled(
      instruments.map(async ([key, { exchange, symbol }]): Promise<[string, number]> => {
        const options = { apiKey, timeoutMs: QUOTE_LIMIT_MS }
        const quote = await this.feed.request<Quote>('market.quotes', { exchange, symbol }, options)
        return [key, quote.ltp]
      }),
    )
    return new Map(found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
  }
}

function keyOf({ exchange, symbol }: { readonly exchange: string; readonly symbol: string }): string {
  return `${exchange}:${symbol}`
}

function toRow(position: PositionView, lastPrice: number | undefined): PositionRow {
  const { symbol, exchange, product, quantity, averagePrice } = position
  return {
    symbol,
    exchange,
    product,
    quantity,
    average_price: averagePrice,
    ltp: lastPrice ?? null,
    pnl: profitOf(position, lastPrice),
  }
}

/** Realised, plus what closing at the last price would bring. A closed position needs no price. */
function profitOf(position: PositionView, lastPrice: number | undefined): number | null {
  if (position.quantity === 0) return toPaise(position.realisedPnl)
  if (lastPrice === undefined) return null
  const open = (lastPrice - position.averagePrice) * position.quantity * position.multiplier
  return toPaise(position.realisedPnl + open)
}

/** Two decimals: money of an account, not a price. */
function toPaise(rupees: number): number {
  return Math.round(rupees * 100) / 100
}
