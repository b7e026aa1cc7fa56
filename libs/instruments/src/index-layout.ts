/** First bytes of an index file. */
export const INDEX_MAGIC = 'XBINDEX1'
/** Bytes before the first section. */
export const HEADER_BYTES = 64
/** Positions of the header's unsigned 32-bit fields, little-endian. */
export const HEADER = {
  fileBytes: 8,
  checksum: 12,
  rows: 16,
  tableSlots: 20,
  heapBytes: 24,
  metaBytes: 28,
} as const

/** Columns of 64-bit floats, one value per row; NaN is "none". */
export const NUMBER_COLUMNS = [
  'strike',
  'lotSize',
  'tickSize',
  'freezeQuantity',
  'bandLow',
  'bandHigh',
  'multiplier',
] as const
export type NumberColumn = (typeof NUMBER_COLUMNS)[number]

/** Columns of positions in the text heap, one per row; 0 is "none". */
export const TEXT_COLUMNS = [
  'symbol',
  'brokerSymbol',
  'name',
  'instrumentType',
  'expiry',
  'series',
  'isin',
  'underlying',
] as const
export type TextColumn = (typeof TEXT_COLUMNS)[number]

/** Columns of unsigned 32-bit numbers. `underlyingToken` uses NO_TOKEN for "none"; `order` lists rows by (exchange, symbol). */
export const UINT_COLUMNS = ['token', 'underlyingToken', 'order'] as const
export type UintColumn = (typeof UINT_COLUMNS)[number]
export const NO_TOKEN = 0xffff_ffff

/** How many of each an index file holds; its size follows from these. */
export interface IndexSizes {
  readonly rows: number
  /** Slots of each hash table: a power of two, at least twice the rows. */
  readonly tableSlots: number
  readonly heapBytes: number
  readonly metaBytes: number
}

/** Typed views of one file's bytes; writing to them writes the file. */
export interface IndexSections {
  readonly numbers: Readonly<Record<NumberColumn, Float64Array>>
  readonly uints: Readonly<Record<UintColumn, Uint32Array>>
  readonly texts: Readonly<Record<TextColumn, Uint32Array>>
  /** Row + 1 by hash of (exchange, symbol); 0 is an empty slot. */
  readonly symbolTable: Uint32Array
  /** Row + 1 by hash of (segment, token); 0 is an empty slot. */
  readonly tokenTable: Uint32Array
  readonly exchanges: Uint8Array
  readonly segments: Uint8Array
  /** Texts, each as one length byte and its characters; position 0 is not used. */
  readonly heap: Uint8Array
  readonly meta: Uint8Array
}

/** Size in bytes of a file with these sizes. */
export function fileBytesOf(sizes: IndexSizes): number {
  const uintColumns = UINT_COLUMNS.length + TEXT_COLUMNS.length
  return (
    HEADER_BYTES +
    sizes.rows * (8 * NUMBER_COLUMNS.length + 4 * uintColumns + 2) +
    sizes.tableSlots * 8 +
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
  const floats = (): Float64Array => new Float64Array(bytes.buffer, take(8 * sizes.rows), sizes.rows)
  const uints = (length: number): Uint32Array => new Uint32Array(bytes.buffer, take(4 * length), length)
  const octets = (length: number): Uint8Array => new Uint8Array(bytes.buffer, take(length), length)
  return {
    numbers: columns(NUMBER_COLUMNS, floats),
    uints: columns(UINT_COLUMNS, () => uints(sizes.rows)),
    texts: columns(TEXT_COLUMNS, () => uints(sizes.rows)),
    symbolTable: uints(sizes.tableSlots),
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

/** Multiplicative hash of (segment number, token). */
export function hashToken(segmentNumber: number, token: number): number {
  const hash = Math.imul(token ^ Math.imul(segmentNumber, 0x9e3779b1), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
