import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

const NO_DOOR = 'HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

/**
 * Hangs up on whoever wants a WebSocket at a path where no door is. Each door leaves alone what is not its own, so without
 * this such a connection would stay open for ever. Called when every door is open.
 */
export function closeStrayUpgrades(http: Server, doorPaths: readonly string[]): void {
  http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const url = request.url ?? ''
    if (doorPaths.some((path) => url.startsWith(`${path}/`))) return
    // A client that is gone already makes writing fail; there is nobody left to tell.
    socket.on('error', () => socket.destroy())
    socket.end(NO_DOOR, () => socket.destroy())
  })
}
