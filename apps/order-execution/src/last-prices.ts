import { AppError, sleep, type Clock, type InstrumentKey, type Quote } from '@xts-bridge/contracts'
import type { QuotesPort } from './ports'

/** The last price of an instrument, in rupees, and when it was that. */
export interface LastPrice {
  readonly lastPrice: number
  readonly lastPriceAtMs: number
}

interface AskedPrice {
  readonly askedAtMs: number
  readonly answer: Promise<LastPrice | undefined>
}

/** A book without prices beats a late one. */
const WAIT_MS = 1_000
/** A price, or that there is none, is not asked for again so soon. */
const KEPT_MS = 1_000
const MOST_KEPT = 2_000

/** Last prices from the feed, for what books are worth. One that cannot be had in time is missing, and never 0. */
export class LastPrices {
  private readonly asked = new Map<string, AskedPrice>()

  constructor(
    private readonly quotes: QuotesPort,
    private readonly clock: Clock,
  ) {}

  /** By `priceKey`; all are asked at once. */
  async of(instruments: readonly InstrumentKey[]): Promise<ReadonlyMap<string, LastPrice>> {
    const keys = new Map(instruments.map((key) => [priceKey(key), key]))
    const late = sleep(this.clock, WAIT_MS).then(() => undefined)
    const found = await Promise.all(
      [...keys].map(async ([text, key]) => [text, await Promise.race([this.ask(text, key), late])] as const),
    )
    return new Map(found.flatMap(([text, price]) => (price === undefined ? [] : [[text, price]])))
  }

  private ask(text: string, key: InstrumentKey): Promise<LastPrice | undefined> {
    const nowMs = this.clock.nowMs()
    const known = this.asked.get(text)
    if (known !== undefined && nowMs - known.askedAtMs < KEPT_MS) return known.answer
    if (this.asked.size >= MOST_KEPT) this.asked.clear()
    const answer = this.quote(key)
    this.asked.set(text, { askedAtMs: nowMs, answer })
    return answer
  }

  private async quote({ exchange, symbol }: InstrumentKey): Promise<LastPrice | undefined> {
    try {
      const { ltp, asOfMs }: Quote = await this.quotes.quote({ exchange, symbol })
      return ltp > 0 ? { lastPrice: ltp, lastPriceAtMs: asOfMs } : undefined
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
  }
}

export function priceKey({ exchange, symbol }: InstrumentKey): string {
  return `${exchange}:${symbol}`
}
