import { EXCHANGES, SEGMENTS, type ListedInstrument } from '@xts-bridge/contracts'
import { checksumOf } from './checksum'
import type { ListMeta } from './list-meta'
import {
  HEADER,
  INDEX_MAGIC,
  NO_TOKEN,
  NUMBER_COLUMNS,
  TEXT_COLUMNS,
  fileBytesOf,
  hashSymbol,
  hashToken,
  sectionsOf,
  type IndexSections,
  type IndexSizes,
} from './index-layout'

/** Printable ASCII, as the broker sends; one length byte limits each text to 255 characters. */
const STORABLE_TEXT = /^[\x20-\x7e]{1,255}$/
const EXCHANGE_NUMBER: ReadonlyMap<string, number> = new Map(EXCHANGES.map((name, number) => [name, number]))

/**
 * The bytes of an index file that holds these instruments.
 * Throws when two share a key (exchange, symbol) or (segment, token), or when a text is not printable ASCII.
 */
export function encodeIndex(instruments: readonly ListedInstrument[], meta: ListMeta): Buffer {
  const heap = new TextHeap()
  const positions = TEXT_COLUMNS.map((column) =>
    Uint32Array.from(instruments, (instrument) => heap.positionOf(instrument[column])),
  )
  const metaBytes = Buffer.from(JSON.stringify(meta), 'utf8')
  const sizes: IndexSizes = {
    rows: instruments.length,
    tableSlots: slotsFor(instruments.length),
    heapBytes: heap.bytes,
    metaBytes: metaBytes.length,
  }
  const file = Buffer.from(new ArrayBuffer(fileBytesOf(sizes)))
  const sections = sectionsOf(file, sizes)
  TEXT_COLUMNS.forEach((column, at) => sections.texts[column].set(positions[at] ?? []))
  instruments.forEach((instrument, row) => writeRow(sections, row, instrument))
  heap.writeTo(sections.heap)
  sections.meta.set(metaBytes)
  fillTables(sections, instruments)
  sections.uints.order.set(rowsBySymbol(instruments))
  writeHeader(file, sizes)
  return file
}

/** Texts stored once each. */
class TextHeap {
  private readonly positions = new Map<string, number>()
  private size = 1

  get bytes(): number {
    return this.size
  }

  positionOf(text: string | undefined): number {
    if (text === undefined) return 0
    const known = this.positions.get(text)
    if (known !== undefined) return known
    if (!STORABLE_TEXT.test(text)) {
      throw new Error(
        `The text ${JSON.stringify(text)} cannot be stored: it must be 1 to 255 printable characters.`,
      )
    }
    const position = this.size
    this.positions.set(text, position)
    this.size += 1 + text.length
    return position
  }

  writeTo(bytes: Uint8Array): void {
    const target = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (const [text, position] of this.positions) {
      target[position] = text.length
      target.write(text, position + 1, 'latin1')
    }
  }
}

function writeRow(sections: IndexSections, row: number, instrument: ListedInstrument): void {
  for (const column of NUMBER_COLUMNS) sections.numbers[column][row] = instrument[column] ?? Number.NaN
  sections.uints.token[row] = instrument.token
  sections.uints.underlyingToken[row] = instrument.underlyingToken ?? NO_TOKEN
  sections.exchanges[row] = EXCHANGE_NUMBER.get(instrument.exchange) ?? 0
  sections.segments[row] = SEGMENTS[instrument.segment]
}

function fillTables(sections: IndexSections, instruments: readonly ListedInstrument[]): void {
  const { symbolTable, tokenTable } = sections
  instruments.forEach((instrument, row) => {
    const { exchange, symbol, segment, token } = instrument
    const symbolHash = hashSymbol(EXCHANGE_NUMBER.get(exchange) ?? 0, symbol)
    putRow(symbolTable, { hash: symbolHash, row }, (other) => {
      const taken = instruments[other]
      if (taken?.symbol === symbol && taken.exchange === exchange) throw sharedKey(exchange, symbol)
    })
    putRow(tokenTable, { hash: hashToken(SEGMENTS[segment], token), row }, (other) => {
      const taken = instruments[other]
      if (taken?.token === token && taken.segment === segment) throw sharedKey(segment, token)
    })
  })
}

function sharedKey(place: string, key: string | number): Error {
  return new Error(`Two instruments of the list share the key ${place}:${key}.`)
}

/** Takes the first free slot; `refuseSame` sees each row on the way, among which one with the same key would be. */
function putRow(
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

function slotsFor(rows: number): number {
  let slots = 16
  while (slots < rows * 2) slots *= 2
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

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function writeHeader(file: Buffer, sizes: IndexSizes): void {
  file.write(INDEX_MAGIC, 0, 'latin1')
  file.writeUInt32LE(file.length, HEADER.fileBytes)
  file.writeUInt32LE(sizes.rows, HEADER.rows)
  file.writeUInt32LE(sizes.tableSlots, HEADER.tableSlots)
  file.writeUInt32LE(sizes.heapBytes, HEADER.heapBytes)
  file.writeUInt32LE(sizes.metaBytes, HEADER.metaBytes)
  file.writeUInt32LE(checksumOf(file), HEADER.checksum)
}
