import { inflateRawSync } from 'node:zlib'
import { Unreadable } from './unreadable'

/** One message of a binary frame, inflated. */
export interface BinaryPacket {
  readonly code: number
  readonly segmentNumber: number
  readonly token: number
  readonly payload: Buffer
}

/** Flag, code, segment, token, book type, market type, size; a deflated packet has its own size after these. */
const PLAIN_HEADER_BYTES = 15
const DEFLATED_HEADER_BYTES = 17
/** Engine.IO 3 puts this before a binary frame; clients that know the protocol take it off. */
const ENGINE_MESSAGE_BYTE = 0x04
/** Sizes are 16 bits wide, so no payload is larger. */
const MOST_PAYLOAD_BYTES = 65_535

/** The bytes of a binary event, whatever the client library hands over. Throws Unreadable for anything else. */
export function asBytes(frame: unknown): Buffer {
  if (Buffer.isBuffer(frame)) return frame
  if (frame instanceof Uint8Array) return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame instanceof ArrayBuffer) return Buffer.from(frame)
  throw new Unreadable('a binary packet is not bytes')
}

/**
 * The packets of one frame, which lie back to back. Reading stops at the first that cannot be read, since nothing tells
 * where the next begins. Layout: MAPPING.md, "binary packets". Throws Unreadable.
 */
export function* readBinaryPackets(bytes: Buffer): Generator<BinaryPacket> {
  let at = bytes[0] === ENGINE_MESSAGE_BYTE ? 1 : 0
  if (bytes.length === at) throw new Unreadable('a binary frame is empty')
  while (at < bytes.length) {
    const { packet, endsAt } = readPacket(bytes, at)
    yield packet
    at = endsAt
  }
}

function readPacket(bytes: Buffer, at: number): { packet: BinaryPacket; endsAt: number } {
  const flag = bytes[at]
  if (flag !== 0 && flag !== 1)
    throw new Unreadable(`a binary packet at byte ${at} of ${bytes.length} begins with ${flag}, not 0 or 1`)
  const headerBytes = flag === 1 ? DEFLATED_HEADER_BYTES : PLAIN_HEADER_BYTES
  const payloadAt = at + headerBytes
  if (payloadAt > bytes.length) throw cutOff(bytes, at)
  const size = bytes.readUInt16LE(at + 13)
  const sizeOnTheWire = flag === 1 ? bytes.readUInt16LE(at + 15) : size
  const endsAt = payloadAt + sizeOnTheWire
  if (endsAt > bytes.length) throw cutOff(bytes, at)
  const body = bytes.subarray(payloadAt, endsAt)
  const packet = {
    code: bytes.readUInt16LE(at + 1),
    segmentNumber: bytes.readInt16LE(at + 3),
    token: bytes.readInt32LE(at + 5),
    payload: flag === 1 ? inflate(body, size) : body,
  }
  return { packet, endsAt }
}

function inflate(body: Buffer, size: number): Buffer {
  let payload: Buffer
  try {
    payload = inflateRawSync(body, { maxOutputLength: MOST_PAYLOAD_BYTES })
  } catch (cause) {
    throw new Unreadable(`a packet of ${body.length} deflated bytes does not inflate: ${String(cause)}`)
  }
  if (payload.length !== size)
    throw new Unreadable(`a packet inflates to ${payload.length} bytes, its header says ${size}`)
  return payload
}

const cutOff = (bytes: Buffer, at: number): Unreadable =>
  new Unreadable(`a binary packet at byte ${at} of ${bytes.length} is cut off`)
