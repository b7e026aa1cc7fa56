import { crc32 } from 'node:zlib'
import { HEADER } from './index-layout'

/** Bytes per step of a checksum that must not hold the event loop: well under a millisecond each. */
const STEP_BYTES = 1 << 20

/** CRC-32 of an index file, the checksum field itself left out. */
export function checksumOf(file: Uint8Array): number {
  let checksum = 0
  for (const part of partsOf(file)) checksum = crc32(part, checksum)
  return checksum
}

/** The same, giving way to other work after each step. */
export async function checksumInSteps(file: Uint8Array): Promise<number> {
  let checksum = 0
  for (const part of partsOf(file)) {
    checksum = crc32(part, checksum)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return checksum
}

function* partsOf(file: Uint8Array): Generator<Uint8Array> {
  yield file.subarray(0, HEADER.checksum)
  for (let at = HEADER.checksum + 4; at < file.length; at += STEP_BYTES) {
    yield file.subarray(at, at + STEP_BYTES)
  }
}
