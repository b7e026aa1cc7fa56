import { SEGMENTS, type ListedInstrument } from '@xts-bridge/contracts'
import { checksumOf } from './checksum'
import { EXCHANGE_NUMBER, IndexColumns } from './index-columns'
import {
  HEADER,
  INDEX_MAGIC,
  fileBytesOf,
  hashToken,
  sectionsOf,
  type IndexSections,
  type IndexSizes,
} from './index-layout'
import type { ListMeta } from './list-meta'
import { SymbolTable } from './symbol-table'

/**
 * The bytes of an index file that holds these instruments.
 * Throws when two share a key (exchange, symbol) or (segment, token), or when a text is not printable ASCII.
 */
export function encodeIndex(instruments: readonly ListedInstrument[], meta: ListMeta): Buffer {
  const pools = new IndexColumns(instruments)
  const metaBytes = Buffer.from(JSON.stringify(meta), 'utf8')
  const sizes: IndexSizes = {
    rows: instruments.length,
    families: pools.families.count,
    numbers: pools.numbers.count,
    tableSlots: slotsFor(instruments.length),
    heapBytes: pools.texts.length,
    metaBytes: metaBytes.length,
  }
  const file = Buffer.from(new ArrayBuffer(fileBytesOf(sizes)))
  const sections = sectionsOf(file, sizes)
  pools.writeColumns(sections)
  pools.writePools(sections)
  sections.meta.set(metaBytes)
  instruments.forEach(({ token, exchange, segment }, row) => {
    sections.rows.token[row] = token
    sections.exchanges[row] = EXCHANGE_NUMBER.get(exchange) ?? 0
    sections.segments[row] = SEGMENTS[segment]
  })
  fillTables(sections, instruments)
  sections.rows.order.set(rowsBySymbol(instruments))
  writeHeader(file, sizes)
  return file
}

function fillTables(sections: IndexSections, instruments: readonly ListedInstrument[]): void {
  const symbols = new SymbolTable(sections.symbolTable, sections.heap)
  instruments.forEach(({ exchange, symbol, segment, token }, row) => {
    const place = { position: sections.rows.symbol[row] ?? 0, row }
    if (!symbols.put(EXCHANGE_NUMBER.get(exchange) ?? 0, symbol, place)) throw sharedKey(exchange, symbol)
    putRow(sections.tokenTable, { hash: hashToken(SEGMENTS[segment], token), row }, (other) => {
      const taken = instruments[other]
      if (taken?.token === token && taken.segment === segment) throw sharedKey(segment, token)
    })
  })
}

export function sharedKey(place: string, key: string | number): Error {
  return new Error(`Two instruments of the list share the key ${place}:${key}.`)
}

/** Takes the first free slot; `refuseSame` sees each row on the way, among which one with the same key would be. */
export function putRow(
  table: Uint32Array,
  { hash, row }: { hash: number; row: number },
  refuseSame: (other: number) => void,
): void {
  const mask = table.length - 1
  let slot = hash & mask
  for (let other = table[slot] ?? 0; other !== 0; other = table[slot] ?? 0) {
    refuseSame(other - 1)
    slot = (slot + 1) & mask
  }
  table[slot] = row + 1
}

export function slotsFor(rows: number): number {
  let slots = 16
  while (slots < rows * 1.4) slots *= 2
  return slots
}

/** Rows ordered by exchange, then symbol by character code: what prefix search and near matches walk. */
function rowsBySymbol(instruments: readonly ListedInstrument[]): Uint32Array {
  const symbols = instruments.map(({ symbol }) => symbol)
  const exchanges = Uint8Array.from(instruments, ({ exchange }) => EXCHANGE_NUMBER.get(exchange) ?? 0)
  return Uint32Array.from(instruments.keys()).sort(
    (a, b) => (exchanges[a] ?? 0) - (exchanges[b] ?? 0) || compareTexts(symbols[a] ?? '', symbols[b] ?? ''),
  )
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function writeHeader(file: Buffer, sizes: IndexSizes): void {
  file.write(INDEX_MAGIC, 0, 'latin1')
  file.writeUInt32LE(file.length, HEADER.fileBytes)
  file.writeUInt32LE(sizes.rows, HEADER.rows)
  file.writeUInt32LE(sizes.families, HEADER.families)
  file.writeUInt32LE(sizes.numbers, HEADER.numbers)
  file.writeUInt32LE(sizes.tableSlots, HEADER.tableSlots)
  file.writeUInt32LE(sizes.heapBytes, HEADER.heapBytes)
  file.writeUInt32LE(sizes.metaBytes, HEADER.metaBytes)
  file.writeUInt32LE(checksumOf(file), HEADER.checksum)
}
