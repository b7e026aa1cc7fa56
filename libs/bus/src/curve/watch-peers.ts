import type { Socket } from 'zeromq'
import type { RefusalReason } from './refused-handshakes'

/** The part of a socket that tells of its connections. */
export type WatchedSocket = Pick<Socket, 'events'>

/**
 * Tells of peers of a binding socket whose handshake failed, until the socket is closed. Those whose key the ZAP handler
 * refused are left out: the handler knows more of them.
 */
export function watchPeers(socket: WatchedSocket, onRefused: (reason: RefusalReason) => void): void {
  const { events } = socket
  void (async () => {
    for await (const event of events) {
      if (event.type === 'handshake:error:protocol') onRefused(reasonOf(event.error.code))
      else if (event.type === 'handshake:error:other') onRefused('protocol')
    }
  })()
}

/** ZeroMQ's words for it. With another server key, a client's first message cannot be opened. */
function reasonOf(code: string): RefusalReason {
  if (code === 'ERR_ZMTP_MECHANISM_MISMATCH') return 'no-curve'
  if (code === 'ERR_ZMTP_CRYPTOGRAPHIC') return 'wrong-server-key'
  return 'protocol'
}
