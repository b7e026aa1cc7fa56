import type {
  Instrument,
  InstrumentKey,
  ListedInstrument,
  Quote,
  ReplayedEvent,
  Segment,
} from '@xts-bridge/contracts'
import type { JournalEntry } from '@xts-bridge/persistence'
import type { XtsAccount, XtsInteractive } from '@xts-bridge/xts'

/** The order journal as the order core needs it; OrderJournal of libs/persistence is the real one. */
export interface JournalPort {
  readonly epoch: string
  readonly lastSeq: number
  nextSeq(): number
  append(entries: readonly JournalEntry[]): Promise<void>
  replay(sinceMs: number): AsyncIterable<JournalEntry>
  eventsAfter(fromSeq: number, limit: number): Promise<readonly ReplayedEvent[]>
  eventsOf(order: {
    readonly orderId: string
    readonly brokerOrderId?: string | undefined
  }): Promise<readonly ReplayedEvent[]>
}

/** The broker as the order core needs it; XtsInteractive of libs/xts is the real one. */
export type BrokerPort = Pick<
  XtsInteractive,
  | 'place'
  | 'cancel'
  | 'orders'
  | 'trades'
  | 'positions'
  | 'modify'
  | 'previewPlace'
  | 'previewModify'
  | 'previewCancel'
>

/** The account behind the login, as the order core needs it; XtsAccount and XtsInteractive of libs/xts are the real one. */
export type AccountPort = Pick<XtsAccount, 'holdings' | 'balance' | 'convert'> &
  Pick<XtsInteractive, 'history'>

/** Where order events go once they are journalled. */
export interface PublisherPort {
  publish(topic: string, data: unknown, seq: number): void
}

/** What the market says now; the feed's `market.quotes` is the real one. */
export interface QuotesPort {
  /** Throws AppError when there is no quote to be had. */
  quote(key: InstrumentKey): Promise<Quote>
}

/** An instrument with what its profit and loss counts by. */
export type PricedInstrument = Instrument & Pick<ListedInstrument, 'priceNumerator' | 'priceDenominator'>

/** Finds instruments; InstrumentStore of libs/instruments is the real one. */
export interface InstrumentsPort {
  /** Version of the list that answers; undefined before the first. */
  readonly version: string | undefined
  require(key: InstrumentKey): Instrument
  byToken(segment: Segment, token: number): Instrument | undefined
  /** With its price units. */
  listedByToken(segment: Segment, token: number): PricedInstrument | undefined
}

/** The broker session of this house's account. */
export interface SessionPort {
  /** Grows with each login; undefined while there is no session. */
  readonly epoch: number | undefined
  /** The codes the login itself stands for: rows that carry one belong to orders without a clientID. */
  readonly ownCodes: readonly string[]
  /** A row of an order we sent without a clientID carried this code, so it is the login's own. */
  learnOwnCode(code: string): void
  /** The broker refused the token of this epoch. */
  reportInvalid(epoch: number | undefined, brokerDescription: string): void
}

/** The order socket. */
export interface OrderSocketPort {
  /** When the connection that is live now was joined; undefined while it is down. */
  readonly liveSinceMs: number | undefined
}

/** One line per state change; the logger of libs/runtime is the real one. */
export interface LogPort {
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
}
