import type { ListedInstrument } from '@xts-bridge/contracts'

/** One statement that the table ran: what for, how many rows it wrote, and how long it took. */
export interface TableStatement {
  readonly purpose: string
  readonly rows: number
  readonly tookMs: number
}

/** Rows that a replacement added, changed and removed in `symbol_token` and `symbol_detail` together. */
export interface TableChanges {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** Instruments as JSON texts, each an array of ListedInstrument: made elsewhere, they cost the event loop next to nothing. */
export type InstrumentTexts = Iterable<string> | AsyncIterable<string>

/** Instruments per text: small enough that making one holds the event loop a few milliseconds at most. */
const INSTRUMENTS_PER_TEXT = 500

/** The instruments as texts of some hundred each. */
export function* instrumentTexts(instruments: Iterable<ListedInstrument>): Generator<string> {
  let batch: ListedInstrument[] = []
  for (const instrument of instruments) {
    batch.push(instrument)
    if (batch.length < INSTRUMENTS_PER_TEXT) continue
    yield JSON.stringify(batch)
    batch = []
  }
  if (batch.length > 0) yield JSON.stringify(batch)
}

/** A column and the field of ListedInstrument it holds, as SQL over one element of a text. */
type Columns = Readonly<Record<string, string>>

/** What identifies a row; a row whose identity changed is deleted and inserted, so no unique index is in the way. */
export const IDENTITY: Columns = {
  brexchange: "value ->> 'segment'",
  token: "CAST(value ->> 'token' AS TEXT)",
  exchange: "value ->> 'exchange'",
  symbol: "value ->> 'symbol'",
}

export const TOKEN_VALUES: Columns = {
  brsymbol: "value ->> 'brokerSymbol'",
  name: "value ->> 'name'",
  expiry: "ifnull(value ->> 'expiry', '')",
  strike: "value ->> 'strike'",
  lotsize: "value ->> 'lotSize'",
  instrumenttype: "value ->> 'instrumentType'",
  tick_size: "value ->> 'tickSize'",
}

export const DETAIL_VALUES: Columns = {
  freeze_quantity: "value ->> 'freezeQuantity'",
  band_low: "value ->> 'bandLow'",
  band_high: "value ->> 'bandHigh'",
  series: "value ->> 'series'",
  multiplier: "value ->> 'multiplier'",
  isin: "value ->> 'isin'",
  underlying: "value ->> 'underlying'",
  underlying_token: "CAST(value ->> 'underlyingToken' AS TEXT)",
  description: "value ->> 'description'",
  instrument_id: "value ->> 'instrumentId'",
  underlying_instrument_id: "value ->> 'underlyingInstrumentId'",
  price_numerator: "value ->> 'priceNumerator'",
  price_denominator: "value ->> 'priceDenominator'",
}

const STAGED: Columns = { ...IDENTITY, ...TOKEN_VALUES, ...DETAIL_VALUES }
const STAGED_NAMES = Object.keys(STAGED).join(', ')

/** A temporary table of one connection, which locks nobody out of the file. */
export const CREATE_STAGED = `CREATE TEMP TABLE IF NOT EXISTS staged (${STAGED_NAMES}, PRIMARY KEY (brexchange, token)) WITHOUT ROWID`
/** Takes one text. Of `json_each` every column would parse its element anew, which takes four times as long. */
export const FILL_STAGED = `INSERT INTO temp.staged (${STAGED_NAMES}) SELECT ${Object.values(STAGED).join(', ')} FROM jsonb_each(?)`

export const CREATE_GONE =
  'CREATE TEMP TABLE IF NOT EXISTS gone (brexchange, token, PRIMARY KEY (brexchange, token)) WITHOUT ROWID'
/** Takes a text of `[segment, token]` pairs. */
export const FILL_GONE =
  'INSERT INTO temp.gone (brexchange, token) SELECT value ->> 0, CAST(value ->> 1 AS TEXT) FROM json_each(?)'
