import type { StandardText } from './standard-texts'

/** First bytes of an index file: what it is, and the format, which counts up. */
export const INDEX_MAGIC = 'XBINDEX2'
/** The part of the magic that every format has. */
export const MAGIC_KIND = 'XBINDEX'
/** Bytes before the first section. */
export const HEADER_BYTES = 64
/** Positions of the header's unsigned 32-bit fields, little-endian. */
export const HEADER = {
  fileBytes: 8,
  checksum: 12,
  rows: 16,
  families: 20,
  numbers: 24,
  tableSlots: 28,
  heapBytes: 32,
  metaBytes: 36,
} as const

/** How many of each an index file holds; its size follows from these. */
export interface IndexSizes {
  readonly rows: number
  readonly families: number
  readonly numbers: number
  /** Slots of each hash table: a power of two, above the rows. */
  readonly tableSlots: number
  readonly heapBytes: number
  readonly metaBytes: number
}

/**
 * Columns of unsigned 32-bit numbers, one value per row. `symbol` is a position in the text heap; the standard texts are
 * positions too, or the number of a form; prices are as price-codes.ts has them; `order` lists rows by (exchange, symbol).
 */
export const ROW_COLUMNS = [
  'token',
  'family',
  'symbol',
  'brokerSymbol',
  'description',
  'instrumentId',
  'strike',
  'bandLow',
  'bandHigh',
  'order',
] as const
export type RowColumn = (typeof ROW_COLUMNS)[number]
export type PriceColumn = 'strike' | 'bandLow' | 'bandHigh'
export const PRICE_COLUMNS: readonly PriceColumn[] = ['strike', 'bandLow', 'bandHigh']

/** What the contracts of one exchange, underlying, expiry and type share, and what a cash row has for itself: stored once per family. */
export const FAMILY_TEXTS = [
  'name',
  'instrumentType',
  'series',
  'expiry',
  'isin',
  'underlying',
  'underlyingInstrumentId',
] as const
export type FamilyText = (typeof FAMILY_TEXTS)[number]
export const FAMILY_NUMBERS = [
  'lotSize',
  'tickSize',
  'freezeQuantity',
  'multiplier',
  'priceNumerator',
  'priceDenominator',
  'underlyingToken',
] as const
export type FamilyNumber = (typeof FAMILY_NUMBERS)[number]
export const FAMILY_COLUMNS = [...FAMILY_TEXTS, ...FAMILY_NUMBERS] as const

/** Position of a text or number that is not there. */
export const NONE = 0
/** Texts begin here; smaller positions of a standard text are the numbers of its forms, from 1. */
export const FIRST_TEXT = 8

/** Typed views of one file's bytes; writing to them writes the file. */
export interface IndexSections {
  /** Numbers of the families, and prices that have no code of their own, each once; the first stands for "none". */
  readonly numbers: Float64Array
  readonly rows: Readonly<Record<RowColumn | StandardText, Uint32Array>>
  readonly families: Readonly<Record<FamilyText | FamilyNumber, Uint32Array>>
  /** Two numbers per slot, by hash of (exchange, symbol): see SymbolTable. */
  readonly symbolTable: Uint32Array
  /** Row + 1 by hash of (segment, token); 0 is an empty slot. */
  readonly tokenTable: Uint32Array
  readonly exchanges: Uint8Array
  readonly segments: Uint8Array
  /** Texts, each as one length byte and its characters, from FIRST_TEXT on; before a symbol its exchange's number. */
  readonly heap: Uint8Array
  readonly meta: Uint8Array
}

/** Size in bytes of a file with these sizes. */
export function fileBytesOf(sizes: IndexSizes): number {
  return (
    HEADER_BYTES +
    sizes.numbers * 8 +
    sizes.rows * (4 * ROW_COLUMNS.length + 2) +
    sizes.families * 4 * FAMILY_COLUMNS.length +
    sizes.tableSlots * 12 +
    sizes.heapBytes +
    sizes.metaBytes
  )
}

/** Lays the views over the bytes, which must start on an 8-byte boundary of their buffer and be long enough. */
export function sectionsOf(bytes: Uint8Array, sizes: IndexSizes): IndexSections {
  let at = bytes.byteOffset + HEADER_BYTES
  const take = (length: number): number => {
    const start = at
    at += length
    return start
  }
  const uints = (length: number): Uint32Array => new Uint32Array(bytes.buffer, take(4 * length), length)
  const octets = (length: number): Uint8Array => new Uint8Array(bytes.buffer, take(length), length)
  return {
    numbers: new Float64Array(bytes.buffer, take(8 * sizes.numbers), sizes.numbers),
    rows: columns(ROW_COLUMNS, () => uints(sizes.rows)),
    families: columns(FAMILY_COLUMNS, () => uints(sizes.families)),
    symbolTable: uints(2 * sizes.tableSlots),
    tokenTable: uints(sizes.tableSlots),
    exchanges: octets(sizes.rows),
    segments: octets(sizes.rows),
    heap: octets(sizes.heapBytes),
    meta: octets(sizes.metaBytes),
  }
}

function columns<Name extends string, Column>(
  names: readonly Name[],
  next: () => Column,
): Record<Name, Column> {
  return Object.fromEntries(names.map((name) => [name, next()])) as Record<Name, Column>
}

/** FNV-1a over the exchange's number and the symbol's characters. */
export function hashSymbol(exchangeNumber: number, symbol: string): number {
  let hash = Math.imul(0x811c9dc5 ^ exchangeNumber, 0x01000193)
  for (let position = 0; position < symbol.length; position += 1) {
    hash = Math.imul(hash ^ symbol.charCodeAt(position), 0x01000193)
  }
  return (hash ^ (hash >>> 15)) >>> 0
}

/** The same of a symbol as the heap has it, from `first` to before `end`. */
export function hashCharacters(
  exchangeNumber: number,
  heap: Uint8Array,
  { first, end }: { readonly first: number; readonly end: number },
): number {
  let hash = Math.imul(0x811c9dc5 ^ exchangeNumber, 0x01000193)
  for (let position = first; position < end; position += 1) {
    hash = Math.imul(hash ^ (heap[position] ?? 0), 0x01000193)
  }
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Multiplicative hash of (segment number, token). */
export function hashToken(segmentNumber: number, token: number): number {
  const hash = Math.imul(token ^ Math.imul(segmentNumber, 0x9e3779b1), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
