import { HEADER, HEADER_BYTES, INDEX_MAGIC, MAGIC_KIND, fileBytesOf, type IndexSizes } from './index-layout'

/** An index file that must not be used: cut, changed, of another format, or not an index file at all. */
export class DamagedIndexError extends Error {
  constructor(file: string, problem: string) {
    super(`The instrument index ${file} is damaged and was not loaded: ${problem}.`)
    this.name = 'DamagedIndexError'
  }
}

/** The sizes of a file whose beginning and length are sound. Throws DamagedIndexError. */
export function readHeader(bytes: Buffer, origin: string): IndexSizes {
  if (bytes.length < HEADER_BYTES) throw new DamagedIndexError(origin, `it has only ${bytes.length} bytes`)
  refuseOtherFormat(bytes, origin)
  const sizes: IndexSizes = {
    rows: bytes.readUInt32LE(HEADER.rows),
    families: bytes.readUInt32LE(HEADER.families),
    numbers: bytes.readUInt32LE(HEADER.numbers),
    tableSlots: bytes.readUInt32LE(HEADER.tableSlots),
    heapBytes: bytes.readUInt32LE(HEADER.heapBytes),
    metaBytes: bytes.readUInt32LE(HEADER.metaBytes),
  }
  const stated = bytes.readUInt32LE(HEADER.fileBytes)
  if (stated !== bytes.length || fileBytesOf(sizes) !== bytes.length) {
    throw new DamagedIndexError(origin, `it should have ${stated} bytes and has ${bytes.length}`)
  }
  const isTable = sizes.tableSlots > sizes.rows && Number.isInteger(Math.log2(sizes.tableSlots))
  if (!isTable) {
    throw new DamagedIndexError(origin, `a table of ${sizes.tableSlots} slots for ${sizes.rows} rows is none`)
  }
  return sizes
}

/** Throws DamagedIndexError when the checksum is not the one the file states. */
export function refuseWrongChecksum(bytes: Buffer, checksum: number, origin: string): void {
  if (checksum !== bytes.readUInt32LE(HEADER.checksum)) {
    throw new DamagedIndexError(origin, 'its checksum does not match its content')
  }
}

/** Typed views need an 8-byte boundary, which a slice of a pooled buffer need not have. */
export function aligned(bytes: Buffer): Buffer {
  if (bytes.byteOffset % 8 === 0) return bytes
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function refuseOtherFormat(bytes: Buffer, origin: string): void {
  const magic = bytes.toString('latin1', 0, INDEX_MAGIC.length)
  if (magic === INDEX_MAGIC) return
  const problem = magic.startsWith(MAGIC_KIND)
    ? `it is of format ${JSON.stringify(magic)}, and this release reads ${INDEX_MAGIC}`
    : `it does not begin with ${INDEX_MAGIC}`
  throw new DamagedIndexError(origin, problem)
}
