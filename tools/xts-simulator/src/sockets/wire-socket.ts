import type { Socket as TcpSocket } from 'node:net'
import type { Socket } from 'socket.io'
import type { WireSocket } from '../faults/fault-kinds'
import type { StateLog } from '../state-log'
import type { Session } from '../state/session-registry'

const MOST_WAITING_PACKETS = 50_000

/** What Engine.IO keeps to itself: the packets a slow reader has not taken, and its two heartbeat timers. */
interface EngineSocket {
  readonly writeBuffer: readonly unknown[]
  readonly pingTimeoutTimer: NodeJS.Timeout | null
  readonly pingIntervalTimer: NodeJS.Timeout | null
}

/** A Socket.IO socket as this broker's events and faults see it. */
export function wireSocket(socket: Socket, session: Session, log: StateLog): WireSocket {
  let isFrozen = false
  const engine = socket.conn as unknown as EngineSocket
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
      if (engine.writeBuffer.length < MOST_WAITING_PACKETS) socket.emit(event, payload)
      else cutOff(socket, engine, log)
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
function cutOff(socket: Socket, { writeBuffer }: EngineSocket, log: StateLog): void {
  const waiting = writeBuffer.length
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
