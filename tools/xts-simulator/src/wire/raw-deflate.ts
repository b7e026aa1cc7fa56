import {
  DISTANCE_BITS,
  DISTANCE_CODE,
  FARTHEST,
  LENGTH_BITS,
  LENGTH_CODE,
  LITERAL_BITS,
  LITERAL_CODE,
} from './deflate-codes'

const SHORTEST_MATCH = 3
const LONGEST_MATCH = 258
const HASH_SIZE = 1024
/** Far from where whole numbers of 32 bits end. */
const LAST_BASE = 2 ** 30
/** The last block, with fixed codes (RFC 1951, 3.2.3): bits 1 and 01, the lowest first. */
const FIXED_BLOCK = 0b011
const HEADER_BITS = 3
const STORED_BLOCK = 0b001
const STORED_HEADER_BYTES = 5
const LONGEST_STORED = 65_535

/**
 * Raw deflate of short payloads: one block of fixed codes, greedy matches, the latest place of each three bytes only;
 * what would grow is stored as it is. zlib takes 10 microseconds to set up a stream, for a tick of 200 bytes.
 */
export class RawDeflate {
  private output: Buffer
  private at = 0
  private bits = 0
  private bitCount = 0
  /** Where three bytes were last seen, counted on over all payloads, so that nothing needs to be cleared. */
  private readonly latest = new Int32Array(HASH_SIZE)
  private base = 1

  constructor(size = 1024) {
    this.output = Buffer.alloc(size)
  }

  /** The compressed bytes; the next call changes them. Throws RangeError for more than 65,535 bytes. */
  compress(plain: Uint8Array): Buffer {
    if (plain.length > LONGEST_STORED)
      throw new RangeError(`${plain.length} bytes are more than one block stores`)
    this.begin(plain.length)
    this.put(FIXED_BLOCK, HEADER_BITS)
    let from = 0
    while (from < plain.length) {
      const length = this.matchAt(plain, from)
      if (length === 0) this.put(LITERAL_CODE[plain[from] ?? 0] ?? 0, LITERAL_BITS[plain[from] ?? 0] ?? 0)
      from += length === 0 ? 1 : length
    }
    this.end()
    this.base += plain.length
    return this.at > plain.length + STORED_HEADER_BYTES
      ? this.stored(plain)
      : this.output.subarray(0, this.at)
  }

  private begin(length: number): void {
    // At most nine bits a byte, the block's head and end, and four bytes that are written ahead.
    const mostBytes = length + (length >> 3) + 16
    if (this.output.length < mostBytes) this.output = Buffer.alloc(mostBytes)
    if (this.base > LAST_BASE) {
      this.latest.fill(0)
      this.base = 1
    }
    this.at = 0
    this.bits = 0
    this.bitCount = 0
  }

  /** Writes how far back the bytes here stand already, and for how long; 0 when they do not. */
  private matchAt(plain: Uint8Array, from: number): number {
    if (from + SHORTEST_MATCH > plain.length) return 0
    const place = hashAt(plain, from)
    const distance = this.base + from - (this.latest[place] ?? 0)
    this.latest[place] = this.base + from
    if (distance > from || distance > FARTHEST) return 0
    const length = matchLength(plain, from, distance)
    if (length < SHORTEST_MATCH) return 0
    this.put(LENGTH_CODE[length] ?? 0, LENGTH_BITS[length] ?? 0)
    this.put(DISTANCE_CODE[distance] ?? 0, DISTANCE_BITS[distance] ?? 0)
    // Where a run goes on behind its longest match, it is found one byte back.
    this.latest[hashAt(plain, from + length - 1)] = this.base + from + length - 1
    return length
  }

  /** At most 20 bits, the lowest first, as they stand in the stream. */
  private put(code: number, count: number): void {
    this.bits |= code << this.bitCount
    this.bitCount += count
    while (this.bitCount >= 8) {
      this.output[this.at++] = this.bits
      this.bits >>>= 8
      this.bitCount -= 8
    }
  }

  /** The end of a block is seven zero bits; the last byte is filled up with zeros. */
  private end(): void {
    this.put(0, 7)
    if (this.bitCount > 0) this.output[this.at++] = this.bits
  }

  private stored(plain: Uint8Array): Buffer {
    this.output[0] = STORED_BLOCK
    this.output.writeUInt16LE(plain.length, 1)
    this.output.writeUInt16LE(plain.length ^ 0xffff, 3)
    this.output.set(plain, STORED_HEADER_BYTES)
    return this.output.subarray(0, STORED_HEADER_BYTES + plain.length)
  }
}

function hashAt(plain: Uint8Array, from: number): number {
  const three = (plain[from] ?? 0) | ((plain[from + 1] ?? 0) << 8) | ((plain[from + 2] ?? 0) << 16)
  return Math.imul(three, 0x9e37_79b1) >>> 22
}

function matchLength(plain: Uint8Array, from: number, distance: number): number {
  const longest = Math.min(LONGEST_MATCH, plain.length - from)
  let length = 0
  while (length < longest && plain[from + length] === plain[from + length - distance]) length++
  return length
}
