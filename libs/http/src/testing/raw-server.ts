import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A request as it arrived on a socket: head and body as text. */
export interface RawRequest {
  readonly head: string
  readonly body: string
  /** 1 for the first request of this connection. */
  readonly nthOnConnection: number
}

export interface RawServer {
  readonly port: number
  readonly requests: readonly RawRequest[]
  connectionCount(): number
  close(): Promise<void>
}

/** A TCP server that reads HTTP/1.1 requests and lets the test decide, byte by byte, what happens to each. */
export async function startRawServer(
  onRequest: (socket: Socket, request: RawRequest) => void,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<RawServer> {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    onConnection(socket)
    readRequests(socket, (request) => {
      requests.push(request)
      onRequest(socket, request)
    })
  })
  await listen(server)
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connectionCount: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A complete answer with a body. */
export function httpAnswer(status: number, body: string, headers = ''): string {
  return `HTTP/1.1 ${status} Text\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
}

function readRequests(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let text = ''
  let count = 0
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8')
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end)
      const bodyLength = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (text.length < end + 4 + bodyLength) return
      count += 1
      onRequest({ head, body: text.slice(end + 4, end + 4 + bodyLength), nthOnConnection: count })
      text = text.slice(end + 4 + bodyLength)
    }
  })
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}
