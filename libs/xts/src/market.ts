import { sleep, type Clock, type Segment } from '@xts-bridge/contracts'
import type { HttpRequest } from '@xts-bridge/http'
import { segmentNumber } from './broker-time'
import { outcomeOfRead } from './call-outcome'
import { decodeJsonFull } from './decode-json-full'
import { isRecord, optionalAmount } from './fields'
import { callMarket, type MarketCall, type MarketCallsOptions } from './market-calls'
import type { CallOutcome, MarketUpdate } from './model'
import { NotOurs, quoted, Unreadable } from './unreadable'
import { XTS_MESSAGE, type XtsInstrument, type XtsQuotesRequest, type XtsSubscription } from './wire'

/** The key of an instrument at the broker. */
export interface InstrumentRef {
  readonly segment: Segment
  readonly token: number
}

/** One line of the broker's index list. */
export interface IndexEntry {
  readonly name: string
  /** NaN when the line is not NAME_TOKEN; `name` is then the line itself. */
  readonly token: number
}

export interface XtsMarketOptions extends MarketCallsOptions {
  /** Paces the calls of one request; without it they follow each other at once. */
  readonly clock?: Clock | undefined
  /** An instrument that the broker does not know; it was left out of the batch. */
  readonly onRefused?: ((ref: InstrumentRef, description: string) => void) | undefined
}

/** Instruments per call that every installation takes. */
const BATCH_SIZE = 50
/** Between two calls of one request, as the broker asks. */
const BATCH_PAUSE_MS = 100
/** An instrument list is some 21 MB. */
const MASTER_TIMEOUT_MS = 120_000
const MASTER_PATH = '/instruments/master'
const ALREADY_SUBSCRIBED = 'e-session-0002'
const INSTRUMENT_UNKNOWN = 'e-instrument-0001'

type Updates = CallOutcome<readonly MarketUpdate[]>

/** The market-data API over HTTP. Quotes and subscriptions are for 1502, which has touchline and depth in one. */
export class XtsMarket {
  /** How many more subscriptions the broker takes, as it last said. */
  remainingSubscriptions: number | undefined

  constructor(private readonly options: XtsMarketOptions) {}

  /** The instrument list as the broker sends it: one text, a row a line. The broker asks for no token here. */
  async master(segments: readonly Segment[]): Promise<CallOutcome<string>> {
    return this.call({
      request: { ...masterRequest(segments), path: MASTER_PATH },
      isTokenNeeded: false,
      read: (result) => {
        if (typeof result !== 'string') throw new Unreadable('the instrument list is not a text')
        return result
      },
    })
  }

  /**
   * The same, handed over as the bytes that come, for MasterAnswer to read: `receiveBody` is asked for anew when the
   * download begins again. An `ok` says only that all bytes came.
   */
  async downloadMaster(
    segment: Segment,
    receiveBody: () => (piece: Uint8Array) => void,
  ): Promise<CallOutcome<undefined>> {
    const token = this.options.token()
    const outcome = await this.options.http.call({
      ...masterRequest([segment]),
      family: 'read',
      path: this.options.profile.marketPrefix + MASTER_PATH,
      headers: token === undefined ? {} : { Authorization: token.token },
      receiveBody,
    })
    // The bytes went to `receiveBody`, so there is no text to be read here.
    if (outcome.kind === 'answered' && outcome.status < 300) return { kind: 'ok', value: undefined }
    return outcomeOfRead(outcome, { read: () => undefined, epoch: token?.epoch })
  }

  /** The indices of a segment. Names may repeat, and so may tokens. The broker asks for no token here. */
  async indexList(segment: Segment): Promise<CallOutcome<readonly IndexEntry[]>> {
    return this.call({
      request: {
        method: 'GET',
        path: '/instruments/indexlist',
        query: { exchangeSegment: String(segmentNumber(segment)) },
      },
      isTokenNeeded: false,
      read: readIndexList,
    })
  }

  /** What is known of each instrument now; one the broker does not know or has nothing for is missing. */
  quotes(refs: readonly InstrumentRef[]): Promise<Updates> {
    return this.inBatches(refs, (batch) => this.quoteBatch(batch))
  }

  /** Subscribes, and gives what the broker sent along. What is subscribed already is subscribed anew for its snapshot. */
  subscribe(refs: readonly InstrumentRef[]): Promise<Updates> {
    return this.inBatches(refs, (batch) => this.subscribeBatch(batch))
  }

  /** Ends subscriptions; one that does not exist is as good as ended. */
  async unsubscribe(refs: readonly InstrumentRef[]): Promise<CallOutcome<undefined>> {
    const outcome = await this.inBatches(refs, (batch) => this.unsubscribeBatch(batch))
    return outcome.kind === 'ok' ? { kind: 'ok', value: undefined } : outcome
  }

  private quoteBatch(batch: readonly InstrumentRef[]): Promise<Updates> {
    const body: XtsQuotesRequest = { ...subscriptionOf(batch), publishFormat: 'JSON' }
    return this.call({
      request: { method: 'POST', path: '/instruments/quotes', body },
      isTokenNeeded: true,
      read: (result) => this.readQuotes(result, batch),
    })
  }

  private async subscribeBatch(batch: readonly InstrumentRef[]): Promise<Updates> {
    const first = await this.postSubscription(batch)
    if (first.kind !== 'rejected' || first.brokerCode !== ALREADY_SUBSCRIBED) return first
    // One that is subscribed spoils the batch, and only a new subscription brings a snapshot.
    const ended = await this.unsubscribeBatch(batch)
    return ended.kind === 'ok' ? this.postSubscription(batch) : ended
  }

  private postSubscription(batch: readonly InstrumentRef[]): Promise<Updates> {
    return this.call({
      request: { method: 'POST', path: '/instruments/subscription', body: subscriptionOf(batch) },
      isTokenNeeded: true,
      read: (result) => this.readQuotes(result, batch),
    })
  }

  private async unsubscribeBatch(batch: readonly InstrumentRef[]): Promise<Updates> {
    const outcome = await this.call({
      request: { method: 'PUT', path: '/instruments/subscription', body: subscriptionOf(batch) },
      isTokenNeeded: true,
      read: (result): readonly MarketUpdate[] =>
        this.readQuotes(Array.isArray(result) ? result[0] : result, []),
    })
    const isNothingToEnd = outcome.kind === 'rejected' && !outcome.isSessionInvalid && !isRateRefusal(outcome)
    return isNothingToEnd ? { kind: 'ok', value: [] } : outcome
  }

  private async inBatches(
    refs: readonly InstrumentRef[],
    callBatch: (batch: readonly InstrumentRef[]) => Promise<Updates>,
  ): Promise<Updates> {
    const updates: MarketUpdate[] = []
    const batches = toBatches(withoutDuplicates(refs))
    for (const [index, batch] of batches.entries()) {
      if (index > 0 && this.options.clock !== undefined) await sleep(this.options.clock, BATCH_PAUSE_MS)
      const outcome = await this.withoutTheUnknown(batch, callBatch)
      if (outcome.kind !== 'ok') return outcome
      updates.push(...outcome.value)
    }
    return { kind: 'ok', value: updates }
  }

  /** One unknown instrument spoils a batch without being named, so the batch is halved until it stands alone. */
  private async withoutTheUnknown(
    batch: readonly InstrumentRef[],
    callBatch: (batch: readonly InstrumentRef[]) => Promise<Updates>,
  ): Promise<Updates> {
    const outcome = await callBatch(batch)
    if (outcome.kind !== 'rejected' || outcome.brokerCode !== INSTRUMENT_UNKNOWN) return outcome
    const [only] = batch
    if (only !== undefined && batch.length === 1) {
      this.options.onRefused?.(only, outcome.brokerDescription)
      return { kind: 'ok', value: [] }
    }
    const middle = Math.ceil(batch.length / 2)
    const left = await this.withoutTheUnknown(batch.slice(0, middle), callBatch)
    if (left.kind !== 'ok') return left
    const right = await this.withoutTheUnknown(batch.slice(middle), callBatch)
    return right.kind === 'ok' ? { kind: 'ok', value: [...left.value, ...right.value] } : right
  }

  private readQuotes(result: unknown, asked: readonly InstrumentRef[]): readonly MarketUpdate[] {
    if (!isRecord(result)) return []
    this.remainingSubscriptions =
      optionalAmount(result, 'Remaining_Subscription_Count') ?? this.remainingSubscriptions
    const list = result['listQuotes'] ?? result['quoteList'] ?? []
    if (!Array.isArray(list)) throw new Unreadable('listQuotes is not a list')
    const wanted = new Set(asked.map(keyOf))
    return list.flatMap((quote) => {
      const isEmpty = quote === null || quote === ''
      const update = isEmpty ? undefined : this.decodeQuote(quote)
      return update !== undefined && wanted.has(keyOf(update)) ? [update] : []
    })
  }

  private decodeQuote(quote: unknown): MarketUpdate | undefined {
    try {
      return decodeJsonFull(quote, this.options.profile)
    } catch (error) {
      if (error instanceof NotOurs) return undefined
      throw error
    }
  }

  private call<T>(call: MarketCall<T>): Promise<CallOutcome<T>> {
    return callMarket(this.options, call)
  }
}

function masterRequest(segments: readonly Segment[]): Pick<HttpRequest, 'method' | 'body' | 'timeoutMs'> {
  return { method: 'POST', body: { exchangeSegmentList: segments }, timeoutMs: MASTER_TIMEOUT_MS }
}

function isRateRefusal(rejected: { readonly brokerCode: string }): boolean {
  return rejected.brokerCode === 'e-apirl-0004'
}

function subscriptionOf(refs: readonly InstrumentRef[]): XtsSubscription {
  const instruments: readonly XtsInstrument[] = refs.map((ref) => ({
    exchangeSegment: segmentNumber(ref.segment),
    exchangeInstrumentID: ref.token,
  }))
  return { instruments, xtsMessageCode: XTS_MESSAGE.depth }
}

const keyOf = (ref: InstrumentRef): string => `${ref.segment}_${ref.token}`

/** A duplicate in a batch makes the broker refuse all of it. */
function withoutDuplicates(refs: readonly InstrumentRef[]): readonly InstrumentRef[] {
  return [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()]
}

function toBatches(refs: readonly InstrumentRef[]): readonly (readonly InstrumentRef[])[] {
  return Array.from({ length: Math.ceil(refs.length / BATCH_SIZE) }, (_, index) =>
    refs.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  )
}

/**
 * `NIFTY 50_26000`: split at the last underscore, since a name may hold others. An entry of another form keeps its text
 * and has no token, so that the list's parser counts it as refused; a list of nothing else is none.
 */
function readIndexList(result: unknown): readonly IndexEntry[] {
  const list = isRecord(result) ? result['indexList'] : undefined
  if (!Array.isArray(list)) throw new Unreadable('indexList is not a list')
  const entries = list.map(readIndexEntry)
  const isAnyRead = entries.length === 0 || entries.some(({ token }) => !Number.isNaN(token))
  if (!isAnyRead) throw new Unreadable(`not one index is NAME_TOKEN: ${quoted(list[0])}`)
  return entries
}

function readIndexEntry(entry: unknown): IndexEntry {
  const match = typeof entry === 'string' ? /^(.+)_(\d+)$/.exec(entry.trim()) : null
  if (!match) return { name: quoted(entry), token: Number.NaN }
  return { name: (match[1] ?? '').trim(), token: Number(match[2]) }
}
