import type { Socket as TcpSocket } from 'node:net'
import type { Socket } from 'socket.io'

/** What Engine.IO keeps to itself of a connection: its waiting packets, and the TCP connection under the web socket. */
interface EngineConnection {
  readonly writeBuffer: readonly unknown[]
  readonly transport: { readonly socket?: { readonly _socket?: TcpSocket | null } }
  write(packet: string | Buffer): unknown
  on(event: 'flush', listener: () => void): unknown
}

/** The last event that was written out: one message often goes to many sockets. */
const last = { event: '', payload: '', packet: '' }

/**
 * Writes Socket.IO events of one socket as packets, without the detour through the library's encoder, and what is written
 * in one turn as one write. Socket.IO packets: `2[name, text]`; binary `51-[name, placeholder]` and then the bytes.
 */
export class WireFrames {
  private readonly connection: EngineConnection
  private isCorked = false

  constructor(private readonly socket: Socket) {
    this.connection = socket.conn as unknown as EngineConnection
    this.connection.on('flush', () => this.cork())
  }

  /** Packets that a slow reader has not taken. */
  get waiting(): number {
    return this.connection.writeBuffer.length
  }

  /** An object goes out as one, as a fault can ask for; the broker itself sends texts and bytes only. */
  send(event: string, payload: string | Buffer | object): void {
    if (!this.socket.connected) return
    if (typeof payload === 'string') {
      this.connection.write(packetOf(event, payload))
      return
    }
    if (!Buffer.isBuffer(payload)) {
      this.connection.write(`2${JSON.stringify([event, payload])}`)
      return
    }
    this.connection.write(`51-["${event}",{"_placeholder":true,"num":0}]`)
    this.connection.write(payload)
  }

  /** A system call for each event costs more than the event. The end of the turn is no time, so it is not the clock's. */
  private cork(): void {
    const tcp = this.connection.transport.socket?._socket
    if (!tcp || this.isCorked) return
    this.isCorked = true
    tcp.cork()
    setImmediate(() => {
      this.isCorked = false
      tcp.uncork()
    })
  }
}

function packetOf(event: string, payload: string): string {
  if (last.payload === payload && last.event === event) return last.packet
  last.event = event
  last.payload = payload
  last.packet = `2${JSON.stringify([event, payload])}`
  return last.packet
}
