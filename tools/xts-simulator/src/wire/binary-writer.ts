const TWO_TO_32 = 4_294_967_296

/** Puts numbers one behind the other into a buffer, little-endian. Whoever writes more than it holds has a bug and gets a RangeError. */
export class ByteWriter {
  private readonly buffer: Buffer
  private at = 0

  constructor(size: number) {
    this.buffer = Buffer.alloc(size)
  }

  clear(): void {
    this.at = 0
  }

  /** What was written so far; the next writing changes it. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.at)
  }

  i8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at)
  }

  i16(value: number): void {
    this.at = this.buffer.writeInt16LE(value, this.at)
  }

  u16(value: number): void {
    this.at = this.buffer.writeUInt16LE(value, this.at)
  }

  i32(value: number): void {
    this.at = this.buffer.writeInt32LE(value, this.at)
  }

  u32(value: number): void {
    this.at = this.buffer.writeUInt32LE(value, this.at)
  }

  /** A whole number up to 2^53. Two halves are much faster than a BigInt. */
  u64(value: number): void {
    this.at = this.buffer.writeUInt32LE(value % TWO_TO_32, this.at)
    this.at = this.buffer.writeUInt32LE(Math.floor(value / TWO_TO_32), this.at)
  }

  /** A whole number that may be below zero. */
  i64(value: number): void {
    this.at = this.buffer.writeBigInt64LE(BigInt(value), this.at)
  }

  f64(value: number): void {
    this.at = this.buffer.writeDoubleLE(value, this.at)
  }

  /** A length of one byte, and the text in UTF-8. */
  shortText(text: string): void {
    const bytes = Buffer.from(text, 'utf8').subarray(0, 127)
    this.i8(bytes.length)
    this.at += bytes.copy(this.buffer, this.at)
  }
}
