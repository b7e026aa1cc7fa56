import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { StateLog } from './state-log'

/** A port is taken or may not be used; `setting` is the environment variable that names it. */
export class PortUnavailable extends Error {
  constructor(
    readonly port: number,
    readonly setting: string,
    cause: Error,
  ) {
    super(`port ${port} cannot be used (${cause.message}); choose another with ${setting}`, { cause })
    this.name = 'PortUnavailable'
  }
}

/** The certificate or its key cannot be used; the message names the file or says why. */
export class TlsUnusable extends Error {
  constructor(problem: string, cause: unknown) {
    super(`https is not possible: ${problem} (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    })
    this.name = 'TlsUnusable'
  }
}

/** Only this machine can reach a simulator. */
export const LOOPBACK = '127.0.0.1'

/** A server of HTTP or HTTPS, and the port it can be reached at. */
export interface Listening {
  /** What sockets attach to. */
  readonly http: HttpServer
  /** What takes the connections: the same, or what stands before it. */
  readonly front: Server
  /** The port that was taken; 0 takes any. Throws PortUnavailable. */
  listen(port: number, setting: string): Promise<number>
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** A plain HTTP server. A client that speaks TLS to it is told about in the log: it hears nothing it could read. */
export function plainServer(app: RequestListener, log: StateLog): Listening {
  const http = createServer(app)
  http.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
    const isTls = error.rawPacket?.[0] === TLS_HANDSHAKE
    const message = isTls ? 'a client spoke https (TLS) to this http port; it must use http://' : 'a client sent what is no HTTP request' // prettier-ignore
    log(message, { error: error.message })
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
    else socket.destroy()
  })
  const take = (port: number, setting: string): Promise<number> => listen(http, port, setting)
  return { http, front: http, listen: take, close: () => closeHttp(http) }
}

/** An HTTPS server. A client that speaks plain HTTP to it gets the page that the broker's front server shows. Throws TlsUnusable. */
export function tlsServer(app: RequestListener, files: TlsFiles, log: StateLog): Listening {
  const https = openTls(app, files)
  https.on('tlsClientError', (error) => log('a client could not agree on TLS', { error: error.message }))
  const connections = new Set<Socket>()
  const front = createNetServer((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    // A connection that is cut before it says anything is nobody's business.
    socket.on('error', () => socket.destroy())
    socket.once('data', (first: Buffer) => admit(first, socket, { https, log }))
  })
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => front.close(() => resolve()))
    https.closeAllConnections()
    for (const socket of connections) socket.destroy()
    await closed
  }
  return { http: https, front, listen: (port, setting) => listen(front, port, setting), close }
}

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** The first byte of every TLS connection. */
const TLS_HANDSHAKE = 0x16
const PLAIN_TO_TLS_PAGE =
  '<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n' +
  '<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

function admit(first: Buffer, socket: Socket, to: { https: Server; log: StateLog }): void {
  if (first[0] === TLS_HANDSHAKE) {
    socket.pause()
    socket.unshift(first)
    to.https.emit('connection', socket)
    return
  }
  to.log('a client spoke http to this https port; it must use https://', {})
  const head = `HTTP/1.1 400 Bad Request\r\nserver: nginx\r\ncontent-type: text/html\r\ncontent-length: ${PLAIN_TO_TLS_PAGE.length}`
  socket.end(`${head}\r\nconnection: close\r\n\r\n${PLAIN_TO_TLS_PAGE}`)
}

function openTls(app: RequestListener, files: TlsFiles): ReturnType<typeof createTlsServer> {
  const pem = { cert: readPem(files.cert), key: readPem(files.key) }
  try {
    return createTlsServer(pem, app)
  } catch (error) {
    throw new TlsUnusable(`${files.cert} and ${files.key} are no certificate with its key`, error)
  }
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new TlsUnusable(`${file} cannot be read`, error)
  }
}

function listen(server: Server, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new PortUnavailable(port, setting, error)))
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port))
  })
}

function closeHttp(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
