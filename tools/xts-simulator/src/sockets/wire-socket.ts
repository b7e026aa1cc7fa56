import type { Socket as TcpSocket } from 'node:net'
import type { Socket } from 'socket.io'
import type { WireSocket } from '../faults/fault-kinds'
import type { StateLog } from '../state-log'
import type { Session } from '../state/session-registry'
import { WireFrames } from './wire-frames'

const MOST_WAITING_PACKETS = 50_000

/** What Engine.IO keeps to itself: its two heartbeat timers. */
interface EngineSocket {
  readonly pingTimeoutTimer: NodeJS.Timeout | null
  readonly pingIntervalTimer: NodeJS.Timeout | null
}

/** A Socket.IO socket as this broker's events and faults see it. */
export function wireSocket(socket: Socket, session: Session, log: StateLog): WireSocket {
  let isFrozen = false
  const engine = socket.conn as unknown as EngineSocket
  const frames = new WireFrames(socket)
  const tcp = socket.request.socket
  return {
    id: socket.id,
    api: session.api,
    session,
    get isFrozen() {
      return isFrozen
    },
    send: (event, payload) => {
      if (isFrozen) return
      if (frames.waiting < MOST_WAITING_PACKETS) frames.send(event, payload)
      else cutOff(socket, frames.waiting, log)
    },
    disconnect: () => {
      if (isFrozen) tcp.destroy()
      else socket.disconnect(true)
    },
    freeze: () => {
      isFrozen = true
      freeze(tcp, engine)
    },
  }
}

/** A client that stops reading would make this process grow without end, so it is cut off. */
function cutOff(socket: Socket, waiting: number, log: StateLog): void {
  log('a socket does not read what it is sent; it is disconnected', { socketId: socket.id, waiting })
  socket.disconnect(true)
}

/** Without its timers Engine.IO would not end the connection because it hears nothing any more. */
function freeze(tcp: TcpSocket, { pingIntervalTimer, pingTimeoutTimer }: EngineSocket): void {
  if (pingIntervalTimer) clearTimeout(pingIntervalTimer)
  if (pingTimeoutTimer) clearTimeout(pingTimeoutTimer)
  tcp.cork()
  tcp.pause()
}
