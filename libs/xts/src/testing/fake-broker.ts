import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'

/** A broker's socket endpoint that the test plays: Engine.IO 3 on one path, every argument a JSON text. */
export class FakeBroker {
  readonly queries: Readonly<Record<string, unknown>>[] = []
  readonly sockets: Socket[] = []
  /** What is said to a client at the door; undefined lets it in. */
  refusal: string | undefined
  isJoinedSent = true
  joinedText = 'Socket joined successfully!'
  private readonly http: HttpServer = createServer()
  private readonly server: Server

  constructor(path: string, allowEIO3 = true) {
    this.server = new Server(this.http, { path, allowEIO3, pingInterval: 25_000, pingTimeout: 5_000 })
    this.server.use((socket, next) => {
      this.queries.push(socket.handshake.query)
      next(this.refusal === undefined ? undefined : new Error(this.refusal))
    })
    this.server.on('connection', (socket) => {
      this.sockets.push(socket)
      const envelope = { type: 'success', code: 's-socket-0001', description: this.joinedText }
      if (this.isJoinedSent) socket.emit('joined', JSON.stringify(envelope))
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve))
    return this.address()
  }

  address(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
  }

  get latest(): Socket {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error('nobody has connected')
    return socket
  }

  async close(): Promise<void> {
    await this.server.close()
  }
}
