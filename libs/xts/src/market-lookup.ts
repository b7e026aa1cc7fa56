import type { Segment } from '@xts-bridge/contracts'
import { segmentNumber } from './broker-time'
import { MONTHS, readCandles, toHistoryTime, type HistoryCandle } from './candles'
import { isRecord, optionalAmount, optionalText, requiredWhole, type XtsRecord } from './fields'
import { onlyRecord } from './acknowledgement'
import { callMarket, type MarketCallsOptions } from './market-calls'
import type { InstrumentRef } from './market'
import type { CallOutcome } from './model'
import { Unreadable } from './unreadable'

/** Seconds of a candle that the broker can build, and the words for longer ones. */
export const COMPRESSIONS = [
  '1', '60', '120', '180', '240', '300', '420', '600', '900', '1800', '3600', '7200', '10800', '14400', 'D', 'W', 'M',
] as const // prettier-ignore
export type Compression = (typeof COMPRESSIONS)[number]

/** An instrument as the broker's search tells it; the instrument list is the better source for all but a lookup. */
export interface FoundInstrument {
  readonly segmentNumber: number
  readonly token: number
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly series: string
  readonly lotSize: number | undefined
  readonly tickSize: number | undefined
  readonly freezeQuantity: number | undefined
}

/** A contract that is looked for: the underlying, its series, and what narrows it. `expiry` as `expiries` gives it, or as `30Jan2025`. */
export interface ContractQuery {
  readonly segment: Segment
  readonly series: string
  readonly symbol: string
  readonly expiry?: string | undefined
  readonly optionType?: 'CE' | 'PE' | undefined
  readonly strike?: number | undefined
}

/** What the market-data API can be asked beside quotes and subscriptions: history, search, and its dictionaries. */
export class XtsMarketLookup {
  constructor(private readonly options: MarketCallsOptions) {}

  /** `GET config/clientConfig`: the broker's dictionaries; also the cheapest check of a token. */
  clientConfig(): Promise<CallOutcome<XtsRecord>> {
    return this.get('/config/clientConfig', {}, onlyRecord)
  }

  /** `GET instruments/ohlc`: candles that end within the span, oldest first. The broker takes one such call a second. */
  history(of: {
    readonly ref: InstrumentRef
    readonly fromMs: number
    readonly toMs: number
    readonly compression: Compression
  }): Promise<CallOutcome<readonly HistoryCandle[]>> {
    const query = {
      exchangeSegment: String(segmentNumber(of.ref.segment)),
      exchangeInstrumentID: String(of.ref.token),
      startTime: toHistoryTime(of.fromMs),
      endTime: toHistoryTime(of.toMs),
      compressionValue: of.compression,
    }
    return this.get('/instruments/ohlc', query, readCandles)
  }

  /** `GET search/instruments`. */
  search(text: string): Promise<CallOutcome<readonly FoundInstrument[]>> {
    return this.get('/search/instruments', { searchString: text }, readFound)
  }

  /** `POST search/instrumentsbyid`. */
  searchByToken(refs: readonly InstrumentRef[]): Promise<CallOutcome<readonly FoundInstrument[]>> {
    const instruments = refs.map((ref) => ({
      exchangeSegment: segmentNumber(ref.segment),
      exchangeInstrumentID: ref.token,
    }))
    return callMarket(this.options, {
      request: {
        method: 'POST',
        path: '/search/instrumentsbyid',
        body: { source: 'WebAPI', instruments },
      },
      isTokenNeeded: true,
      read: readFound,
    })
  }

  /** `GET instruments/instrument/series`. */
  series(segment: Segment): Promise<CallOutcome<readonly string[]>> {
    const query = { exchangeSegment: String(segmentNumber(segment)) }
    return this.get('/instruments/instrument/series', query, readTexts)
  }

  /** `GET instruments/instrument/symbol`: shares. */
  equity(of: ContractQuery): Promise<CallOutcome<readonly FoundInstrument[]>> {
    return this.get('/instruments/instrument/symbol', contractQuery(of), readFound)
  }

  /** `GET instruments/instrument/expiryDate`. */
  expiries(of: ContractQuery): Promise<CallOutcome<readonly string[]>> {
    return this.get('/instruments/instrument/expiryDate', contractQuery(of), readTexts)
  }

  /** `GET instruments/instrument/futureSymbol`. */
  future(of: ContractQuery): Promise<CallOutcome<readonly FoundInstrument[]>> {
    return this.get('/instruments/instrument/futureSymbol', contractQuery(of), readFound)
  }

  /** `GET instruments/instrument/optionsymbol`; the spelling that both papers and installations take. */
  option(of: ContractQuery): Promise<CallOutcome<readonly FoundInstrument[]>> {
    return this.get('/instruments/instrument/optionsymbol', contractQuery(of), readFound)
  }

  /** `GET instruments/instrument/optionType`. */
  optionTypes(of: ContractQuery): Promise<CallOutcome<readonly string[]>> {
    return this.get('/instruments/instrument/optionType', contractQuery(of), readTexts)
  }

  /** `GET instruments/instrument/strikePrice`, in rupees. */
  strikes(of: ContractQuery): Promise<CallOutcome<readonly number[]>> {
    return this.get('/instruments/instrument/strikePrice', contractQuery(of), (result) =>
      readTexts(result).map((text) => {
        const strike = Number(text)
        if (!Number.isFinite(strike)) throw new Unreadable(`a strike is not a number: ${text}`)
        return strike
      }),
    )
  }

  /** `DELETE auth/logout`: ends this session alone. */
  logOut(): Promise<CallOutcome<undefined>> {
    return callMarket(this.options, {
      request: { method: 'DELETE', path: '/auth/logout', retry: 'never' },
      isTokenNeeded: true,
      read: () => undefined,
    })
  }

  private get<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    read: (result: unknown) => T,
  ): Promise<CallOutcome<T>> {
    return callMarket(this.options, { request: { method: 'GET', path, query }, isTokenNeeded: true, read })
  }
}

function contractQuery(of: ContractQuery): Readonly<Record<string, string>> {
  return {
    exchangeSegment: String(segmentNumber(of.segment)),
    series: of.series,
    symbol: of.symbol,
    ...(of.expiry === undefined ? {} : { expiryDate: toXtsExpiry(of.expiry) }),
    ...(of.optionType === undefined ? {} : { optionType: of.optionType }),
    ...(of.strike === undefined ? {} : { strikePrice: String(of.strike) }),
  }
}

/** The broker tells expiries as ISO dates and asks for them as `30Jan2025` (protocol 4.1). */
function toXtsExpiry(expiry: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(expiry) ?? []
  const name = MONTHS[Number(month) - 1]
  return name === undefined ? expiry : `${day}${name}${year}`
}

/** One instrument, or a list of them. */
function readFound(result: unknown): readonly FoundInstrument[] {
  const list: readonly unknown[] = Array.isArray(result) ? result : [result]
  return list.map((each) => {
    if (!isRecord(each)) throw new Unreadable('an instrument that was found is not a record')
    return {
      segmentNumber: requiredWhole(each, 'ExchangeSegment'),
      token: requiredWhole(each, 'ExchangeInstrumentID'),
      name: optionalText(each, 'Name') ?? '',
      displayName: optionalText(each, 'DisplayName') ?? '',
      description: optionalText(each, 'Description') ?? '',
      series: optionalText(each, 'Series') ?? '',
      lotSize: optionalAmount(each, 'LotSize'),
      tickSize: optionalAmount(each, 'TickSize'),
      freezeQuantity: optionalAmount(each, 'FreezeQty'),
    }
  })
}

function readTexts(result: unknown): readonly string[] {
  if (!Array.isArray(result)) throw new Unreadable('the answer is not a list')
  return result.map((each: unknown) => {
    if (typeof each !== 'string' && typeof each !== 'number') throw new Unreadable('an entry is not text')
    return String(each)
  })
}
