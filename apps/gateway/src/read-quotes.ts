import type { Quote } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { refusalFrom } from './openalgo/error-answer'
import { readQuotesRequest } from './openalgo/read-fields'
import { servedExchange } from './served-exchange'

/** Prices in rupees. A field the broker did not send is null: 0 would be a price. */
export interface QuotesAnswer {
  readonly status: 'success'
  readonly data: {
    readonly ask: number | null
    readonly bid: number | null
    readonly high: number | null
    readonly low: number | null
    readonly ltp: number
    readonly open: number | null
    readonly prev_close: number | null
    readonly volume: number | null
    readonly oi: number | null
  }
}

/** `POST /api/v1/quotes`: one instrument's quote, from `market.quotes`. */
export class ReadQuotes {
  constructor(private readonly feed: BusAsker) {}

  async read(body: unknown): Promise<QuotesAnswer> {
    try {
      const { apikey, symbol, exchange } = readQuotesRequest(body)
      const instrument = { exchange: servedExchange(exchange), symbol }
      const quote = await this.feed.request<Quote>('market.quotes', instrument, { apiKey: apikey })
      return { status: 'success', data: toData(quote) }
    } catch (error) {
      throw refusalFrom(error, 'object')
    }
  }
}

function toData(quote: Quote): QuotesAnswer['data'] {
  return {
    ask: quote.ask ?? null,
    bid: quote.bid ?? null,
    high: quote.high ?? null,
    low: quote.low ?? null,
    ltp: quote.ltp,
    open: quote.open ?? null,
    prev_close: quote.prevClose ?? null,
    volume: quote.volume ?? null,
    oi: quote.oi ?? null,
  }
}
