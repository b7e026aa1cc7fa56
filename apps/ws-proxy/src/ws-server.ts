import type { AddressInfo } from 'node:net'
import type { Clock } from '@xts-bridge/contracts'
import { portTakenError } from '@xts-bridge/runtime'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { ClientSession, type SessionServices } from './client-session'

export interface WsServerOptions {
  readonly host: string
  readonly port: number
  readonly clock: Clock
  readonly services: SessionServices
  readonly maxClients: number
  /** Between two protocol pings; a client that did not answer the last one is cut off. */
  readonly pingIntervalMs: number
}

/** The largest frame a client may send; a subscription of 1,000 symbols is about 60,000 bytes. */
const MAX_FRAME_BYTES = 64 * 1024
const RECHECK_KEYS_MS = 60_000
const CLOSE_GOING_AWAY = 1001
const CLOSE_TRY_LATER = 1013
/** Longest time clients get to answer the closing handshake. */
const CLOSE_LIMIT_MS = 500

interface Client {
  readonly socket: WebSocket
  readonly session: ClientSession
  hasAnsweredPing: boolean
}

/** The WebSocket listener and the clients on it. */
export class WsServer {
  private readonly clients = new Set<Client>()
  private server: WebSocketServer | undefined
  private readonly cancels = new Map<string, () => void>()
  private endedSent = 0
  private endedConflated = 0

  constructor(private readonly options: WsServerOptions) {}

  get clientCount(): number {
    return this.clients.size
  }

  /** Frames sent since start, and ticks that a newer one replaced while a client was slow. */
  get totals(): { readonly sent: number; readonly conflated: number; readonly topics: number } {
    const totals = { sent: this.endedSent, conflated: this.endedConflated, topics: 0 }
    for (const { session } of this.clients) {
      totals.sent += session.counts.sent
      totals.conflated += session.counts.conflated
      totals.topics += session.counts.topics
    }
    return totals
  }

  /** Resolves with the port it listens on. Throws when the port is taken, naming it and its setting. */
  async listen(): Promise<number> {
    const { host, port } = this.options
    const server = new WebSocketServer({
      host,
      port,
      // Compressing each frame costs eighteen times the sending.
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
    })
    this.server = server
    server.on('connection', (socket) => this.accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve)
      server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(cause.code === 'EADDRINUSE' ? portTakenError(port, 'WS_PROXY_PORT', cause) : cause)
      })
    })
    this.every('ping', this.options.pingIntervalMs, (client) => this.ping(client))
    this.every('keys', RECHECK_KEYS_MS, (client) => void client.session.recheckKey())
    return (server.address() as AddressInfo).port
  }

  /** Every client that is authenticated. */
  *sessions(): Iterable<ClientSession> {
    for (const { session } of this.clients) if (session.caller !== undefined) yield session
  }

  async close(): Promise<void> {
    for (const cancel of this.cancels.values()) cancel()
    for (const { session } of this.clients) session.close(CLOSE_GOING_AWAY, 'the server is stopping')
    const { server } = this
    if (server === undefined) return
    const cutOff = this.options.clock.after(CLOSE_LIMIT_MS, () => {
      for (const socket of server.clients) socket.terminate()
    })
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    cutOff()
  }

  private accept(socket: WebSocket): void {
    // Without a listener, a reset or an oversized frame of one client would end the process; `close` follows either way.
    socket.on('error', () => this.options.services.onRefused('socket error'))
    if (this.clients.size >= this.options.maxClients) {
      this.options.services.onRefused('too many clients')
      socket.close(CLOSE_TRY_LATER, 'too many clients')
      return
    }
    const client: Client = {
      socket,
      session: new ClientSession(socket, this.options.services),
      hasAnsweredPing: true,
    }
    this.clients.add(client)
    socket.on('message', (message) => client.session.receive(textOf(message)))
    socket.on('pong', () => {
      client.hasAnsweredPing = true
    })
    socket.on('close', () => this.forget(client))
  }

  private forget(client: Client): void {
    client.session.ended()
    if (!this.clients.delete(client)) return
    this.endedSent += client.session.counts.sent
    this.endedConflated += client.session.counts.conflated
  }

  private ping(client: Client): void {
    if (!client.hasAnsweredPing) {
      this.options.services.onRefused('no answer to ping')
      client.socket.terminate()
      return
    }
    client.hasAnsweredPing = false
    client.socket.ping()
  }

  private every(name: string, intervalMs: number, act: (client: Client) => void): void {
    const cancel = this.options.clock.after(intervalMs, () => {
      for (const client of this.clients) act(client)
      this.every(name, intervalMs, act)
    })
    this.cancels.set(name, cancel)
  }
}

function textOf(message: RawData): string {
  if (Array.isArray(message)) return Buffer.concat(message).toString()
  return Buffer.isBuffer(message) ? message.toString() : Buffer.from(message).toString()
}
