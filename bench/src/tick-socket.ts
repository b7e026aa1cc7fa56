import { WebSocket } from 'ws'

const OPEN = 0x30
/** `42`: a message that is an event. */
const EVENT = [0x34, 0x32] as const
/** The first byte of a binary frame is Engine.IO's. */
const FRAME_PREFIX_BYTES = 1
const PLAIN_HEADER_BYTES = 15
const DEFLATED_HEADER_BYTES = 17
const PING = '2'
const HEARTBEAT_MS = 10_000

/** A Socket.IO client that only counts what it hears; it costs a fraction of a real one. */
export interface TickSocket {
  /** Messages so far: events with a text, or packets in binary frames. */
  packets(): number
  bytes(): number
  /** False when the server has cut it off, as it does with a client that does not keep up. */
  isOpen(): boolean
  close(): void
}

/** Opens one with the Engine.IO protocol of the broker's own clients (3). */
export function openTickSocket(url: string): Promise<TickSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}&EIO=3&transport=websocket`, { perMessageDeflate: false })
    let [packets, bytes] = [0, 0]
    const beat = setInterval(() => socket.send(PING), HEARTBEAT_MS)
    socket.once('error', reject)
    socket.once('close', () => clearInterval(beat))
    socket.on('message', (frame: Buffer, isBinary) => {
      bytes += frame.length
      if (isBinary) packets += packetsIn(frame)
      else if (frame[0] === EVENT[0] && frame[1] === EVENT[1]) packets += 1
      if (frame[0] === OPEN)
        resolve({
          packets: () => packets,
          bytes: () => bytes,
          isOpen: () => socket.readyState === WebSocket.OPEN,
          close: () => socket.terminate(),
        })
    })
  })
}

/** Packets that stand one behind the other: a flag, and the size at a fixed place. A frame that is none counts as one. */
function packetsIn(frame: Buffer): number {
  let count = 0
  for (let at = FRAME_PREFIX_BYTES; at + DEFLATED_HEADER_BYTES < frame.length; count += 1) {
    const isDeflated = frame[at] === 1
    const size = frame.readUInt16LE(at + (isDeflated ? 15 : 13))
    at += (isDeflated ? DEFLATED_HEADER_BYTES : PLAIN_HEADER_BYTES) + size
  }
  return count
}
