import { AppError, type Clock, type Instrument, type Quote } from '@xts-bridge/contracts'
import type { CallOutcome, MarketUpdate } from '@xts-bridge/xts'
import { instrumentKey, type InstrumentRef } from './instrument-key'
import type { LastValues } from './last-values'
import { quoteFrom } from './tick-payload'

export interface ReadQuoteOptions {
  readonly quotes: (refs: readonly InstrumentRef[]) => Promise<CallOutcome<readonly MarketUpdate[]>>
  readonly values: LastValues
  readonly clock: Clock
  /** The account named when there is no session. */
  readonly account: string
  readonly onSessionInvalid: (epoch: number | undefined, brokerDescription: string) => void
}

/** Age up to which a value we have answers a quote. */
const FRESH_MS = 1_000
/** A read that outlives its asker's deadline is answered this much before it. */
const ANSWER_MARGIN_MS = 100
const LONGEST_READ_MS = 30_000
/** Quotes read from the broker that are remembered; the oldest goes first. */
const MAX_REMEMBERED = 500

/** `market.quotes`: from what the feed delivered within a second, else by one read at the broker, shared by all askers. */
export class ReadQuote {
  private readonly reading = new Map<number, Promise<Quote>>()
  private readonly remembered = new Map<number, Quote>()

  constructor(private readonly options: ReadQuoteOptions) {}

  /** Throws QUOTE_UNAVAILABLE, also when nothing came within `withinMs`, and SESSION_UNAVAILABLE. */
  async read(instrument: Instrument, withinMs: number): Promise<Quote> {
    const key = instrumentKey(instrument)
    const known = [this.streamed(instrument), this.remembered.get(key)]
    const fresh = known.find((quote) => quote && this.options.clock.nowMs() - quote.asOfMs < FRESH_MS)
    if (fresh) return fresh
    const reading = this.reading.get(key) ?? this.readOnce(key, instrument)
    return this.limited(reading, instrument, Math.min(withinMs - ANSWER_MARGIN_MS, LONGEST_READ_MS))
  }

  /** The read goes on for others who ask; this asker is told in time that it has nothing. */
  private limited(reading: Promise<Quote>, instrument: Instrument, limitMs: number): Promise<Quote> {
    const { symbol, exchange } = instrument
    const reason = `the broker did not answer within ${Math.max(0, limitMs)} ms`
    return new Promise((resolve, reject) => {
      const cancel = this.options.clock.after(limitMs, () =>
        reject(new AppError('QUOTE_UNAVAILABLE', { symbol, exchange, reason })),
      )
      reading.then(resolve, reject).finally(cancel)
    })
  }

  private streamed(instrument: Instrument): Quote | undefined {
    const value = this.options.values.find(instrument)
    return value && quoteFrom(instrument, value)
  }

  private readOnce(key: number, instrument: Instrument): Promise<Quote> {
    const quote = this.readFromBroker(instrument).finally(() => this.reading.delete(key))
    this.reading.set(key, quote)
    return quote
  }

  private async readFromBroker(instrument: Instrument): Promise<Quote> {
    const { segment, token, symbol, exchange } = instrument
    const outcome = await this.options.quotes([{ segment, token }])
    if (outcome.kind !== 'ok') throw this.failure(instrument, outcome)
    const update = outcome.value.find((row) => row.segment === segment && row.token === token)
    const quote = update && quoteFrom(instrument, { update, receivedAtMs: this.options.clock.nowMs() })
    if (quote === undefined)
      throw new AppError('QUOTE_UNAVAILABLE', { symbol, exchange, reason: 'the broker has no price for it' })
    this.remember(instrumentKey(instrument), quote)
    return quote
  }

  private failure(
    { symbol, exchange }: Instrument,
    outcome: Exclude<CallOutcome<unknown>, { kind: 'ok' }>,
  ): AppError {
    if (outcome.kind === 'not-sent' && outcome.isSessionMissing)
      return new AppError('SESSION_UNAVAILABLE', { api: 'market', account: this.options.account })
    if (outcome.kind !== 'rejected')
      return new AppError('QUOTE_UNAVAILABLE', { symbol, exchange, reason: outcome.reason })
    const { brokerCode, brokerDescription, isSessionInvalid, epoch } = outcome
    if (isSessionInvalid) this.options.onSessionInvalid(epoch, brokerDescription)
    return new AppError('QUOTE_UNAVAILABLE', {
      symbol,
      exchange,
      reason: `${brokerDescription} (${brokerCode})`,
    })
  }

  private remember(key: number, quote: Quote): void {
    this.remembered.delete(key)
    for (const oldest of this.remembered.keys()) {
      if (this.remembered.size < MAX_REMEMBERED) break
      this.remembered.delete(oldest)
    }
    this.remembered.set(key, quote)
  }
}
