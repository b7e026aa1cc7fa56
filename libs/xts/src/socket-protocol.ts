import type { HttpCaller } from '@xts-bridge/http'

/** Generations of Engine.IO; the broker's is 3, and a server of 4 that was not told to take 3 refuses it. */
export type SocketProtocol = 3 | 4

/** What an Engine.IO 4 server says of a client of 3 (error 5), over polling as plain HTTP. */
const UNSUPPORTED = /unsupported protocol version/i

/**
 * Which generation each address speaks, for the life of the process. A WebSocket upgrade that is refused with HTTP 400
 * does not say why, so the server is then asked over HTTP, whose answer does.
 */
export class SocketProtocols {
  private readonly newer = new Set<string>()

  /** 3 until the server has said that it does not speak it. */
  of(address: string): SocketProtocol {
    return this.newer.has(address) ? 4 : 3
  }

  /** Asks the server whether it is 3 that it refuses; true when from now on 4 is used. */
  async ask(address: string, http: Pick<HttpCaller, 'call'>, path: string): Promise<boolean> {
    if (this.newer.has(address)) return false
    const outcome = await http.call({
      family: 'read',
      retry: 'never',
      method: 'GET',
      path: `${path}/`,
      query: { EIO: '3', transport: 'polling' },
    })
    const isRefused = outcome.kind === 'answered' && outcome.status === 400 && UNSUPPORTED.test(outcome.text)
    if (isRefused) this.newer.add(address)
    return isRefused
  }

  /** A server that refuses 4 as well is asked again from the start: it may have been put back to the older one. */
  forget(address: string): void {
    this.newer.delete(address)
  }
}

/** One memory for all sockets of a process, so that a second socket does not learn it anew. */
export const socketProtocols = new SocketProtocols()
