import type { Server as NetServer, AddressInfo, Socket } from 'node:net'
import type { StateLog } from '../state-log'
import type { SimClock } from '../time/sim-clock'
import { definitionOf, type FaultEngine } from './fault-engine'

export interface FrontDoorParts {
  readonly faults: FaultEngine
  readonly clock: SimClock
  readonly log: StateLog
}

/** Every connection to the broker, of requests and sockets alike: it can be shut for a while, or made narrow. */
export class FrontDoor {
  private readonly connections = new Set<Socket>()
  private server: NetServer | undefined
  private stopReopening: () => void = () => undefined
  private isClosed = false

  constructor(private readonly parts: FrontDoorParts) {}

  /** Takes over what takes the connections, after the socket doors were hung into it and before it listens. */
  guard({ front }: { readonly front: NetServer }): void {
    this.server = front
    // Engine.IO ends for good when its server closes; here a closed server comes back.
    front.removeAllListeners('close')
    front.on('connection', (socket: Socket) => this.take(socket))
  }

  /** Resets the connection that something came over; what is read from it may be wrapped in TLS. */
  reset({ remotePort }: Socket): void {
    for (const socket of this.connections) {
      if (socket.remotePort === remotePort) socket.resetAndDestroy()
    }
  }

  get openConnections(): number {
    return this.connections.size
  }

  /** Resets every connection and refuses new ones for so long; answers how many there were. */
  restart(downMs: number): number {
    const { server } = this
    const address = server?.address()
    if (!server || address === null || typeof address !== 'object') return 0
    const lost = this.connections.size
    this.parts.log('the broker goes down', { downMs, connections: lost })
    server.close()
    this.resetAll()
    this.stopReopening = this.parts.clock.later(downMs, () => this.reopen(server, address))
    return lost
  }

  /** Ends every connection and never opens again. */
  close(): void {
    this.isClosed = true
    this.stopReopening()
    for (const socket of this.connections) socket.destroy()
  }

  private take(socket: Socket): void {
    if (!this.parts.faults.isQuiet('connection') && this.isRefused()) {
      socket.resetAndDestroy()
      return
    }
    this.connections.add(socket)
    socket.once('close', () => this.connections.delete(socket))
  }

  private isRefused(): boolean {
    for (const fault of this.parts.faults.candidates('connection', () => ({}))) {
      const answer = definitionOf(fault).at.connection?.(this.connections.size + 1, fault)
      if (answer === 'reset' && this.parts.faults.happens(fault)) return true
    }
    return false
  }

  private resetAll(): void {
    for (const socket of this.connections) socket.resetAndDestroy()
  }

  private reopen(server: NetServer, { port, address }: AddressInfo): void {
    if (this.isClosed) return
    // A connection may outlive the reset for a moment, and a server that still closes cannot listen.
    if (server.listening) {
      this.stopReopening = this.parts.clock.later(1, () => this.reopen(server, { port, address, family: '' }))
      return
    }
    server.once('error', (error) => this.parts.log('the broker cannot come back', { error: error.message }))
    server.listen(port, address, () => this.parts.log('the broker is back', { port }))
  }
}
