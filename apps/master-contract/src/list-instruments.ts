import {
  instrumentListSchema,
  parseRequest,
  type InstrumentsListed,
  type ListedInstrument,
  type SymbolTokenRow,
} from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import type { KeptLists } from './kept-lists'
import { versionInForce } from './version-in-force'

const COLUMNS = [
  ...['symbol', 'brsymbol', 'name', 'token', 'exchange', 'brexchange'],
  ...['expiry', 'strike', 'lotsize', 'instrumenttype', 'tick_size', 'freeze_quantity'],
] as readonly (keyof SymbolTokenRow)[]

/** `instruments.list`: the list page by page, in the columns of `symbol_token`; every page of one version. */
export async function listInstruments(
  data: unknown,
  { store, kept }: { readonly store: InstrumentStore; readonly kept: KeptLists },
): Promise<InstrumentsListed> {
  const request = parseRequest(instrumentListSchema, data)
  const { exchange, segment, limit, format, next: from } = request
  const version = request.version ?? versionInForce(store)
  const directory = version === store.version ? await store.directory() : await kept.directory(version)
  const total = version === store.version ? store.count : (await kept.ofVersion(version)).count
  const { instruments, next } = directory.page({ exchange, segment, limit, from })
  const rows = instruments.map(rowOf)
  if (format === 'json') return { version, total, rows, next }
  const lines = rows.map((row) => COLUMNS.map((column) => csvField(row[column])).join(','))
  const csv = [...(from === undefined ? [COLUMNS.join(',')] : []), ...lines].join('\n')
  return { version, total, csv, next }
}

function rowOf(instrument: ListedInstrument): SymbolTokenRow {
  return {
    symbol: instrument.symbol,
    brsymbol: instrument.brokerSymbol,
    name: instrument.name,
    token: String(instrument.token),
    exchange: instrument.exchange,
    brexchange: instrument.segment,
    expiry: instrument.expiry ?? '',
    strike: instrument.strike ?? null,
    lotsize: instrument.lotSize,
    instrumenttype: instrument.instrumentType,
    tick_size: instrument.tickSize,
    freeze_quantity: instrument.freezeQuantity ?? null,
  }
}

/** Quoted where a comma or a quote would be read as an end; a spreadsheet must not take a name for a formula. */
function csvField(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+@]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
