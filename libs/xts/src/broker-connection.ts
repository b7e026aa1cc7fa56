import io from 'socket.io-client'
import { io as ioOfEngine4 } from 'socket.io-client-v4'
import { isRecord, parseJson } from './fields'
import type { SocketProtocol } from './socket-protocol'

/** What a connection reports; after `retire` it reports nothing more. */
export interface ConnectionListener {
  onJoined(): void
  /** An event of the broker's other than those of the connection itself; also one of a name that nobody asked for. */
  onEvent(event: string, payload: unknown): void
  /** The connection is over, or never came to be. Called at most once. */
  onEnded(reason: string): void
  /** The broker spoke of an error without ending the connection. */
  onComplaint(text: string): void
}

export interface ConnectionOptions {
  readonly url: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly verifyTls: boolean
  readonly events: readonly string[]
  readonly protocol: SocketProtocol
}

/** What both lines of the client have in common. */
interface ClientSocket {
  readonly connected: boolean
  on(event: string, callback: (...payload: unknown[]) => void): unknown
  removeAllListeners(): unknown
  close(): unknown
  /** Every event of the server's, by any name. */
  onAny(callback: (event: string, payload: unknown) => void): unknown
}

/** Where the 2.x line takes an event before it looks for those who listen to it. */
interface Engine3Door {
  onevent(packet: { readonly data?: readonly unknown[] }): void
}

/** The events of the connection itself. */
const CONNECTION_EVENTS = ['joined', 'connect_error', 'disconnect', 'error']

/** Joined is told by this code, since the text beside it differs between the APIs and the years. */
const JOINED_CODE = 's-socket-0001'

/**
 * One socket to the broker, from opening to its end, never reconnecting. The broker speaks Engine.IO 3, whose client is of
 * the 2.x line; only a server that has refused it is spoken to with the one of Engine.IO 4.
 */
export class BrokerConnection {
  private readonly socket: ClientSocket
  private isRetired = false

  constructor(
    options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    this.socket = options.protocol === 4 ? openEngine4(options) : openEngine3(options)
    this.listen(options.events)
  }

  /** Ends it without a word: none of its callbacks fires from here on, whatever still arrives. */
  retire(): void {
    if (this.isRetired) return
    this.isRetired = true
    this.socket.removeAllListeners()
    this.socket.close()
  }

  private listen(events: readonly string[]): void {
    this.on('joined', (payload) => this.takeJoined(payload))
    this.on('connect_error', (error) => this.end(`the connection failed: ${textOf(error)}`))
    this.on('disconnect', (reason) => this.end(`disconnected: ${textOf(reason)}`))
    this.on('error', (error) => this.takeError(error))
    for (const event of events) this.on(event, (payload) => this.listener.onEvent(event, payload))
    const known = new Set([...CONNECTION_EVENTS, ...events])
    // A broker's next release may send what nobody listens to, and that should not go by in silence.
    this.socket.onAny((event, payload) => {
      if (!this.isRetired && !known.has(event)) this.listener.onEvent(event, payload)
    })
  }

  private on(event: string, callback: (payload: unknown) => void): void {
    this.socket.on(event, (payload) => {
      if (!this.isRetired) callback(payload)
    })
  }

  private takeJoined(payload: unknown): void {
    const envelope = typeof payload === 'string' ? parseJson(payload) : payload
    if (isRecord(envelope) && envelope['code'] === JOINED_CODE) this.listener.onJoined()
    else this.listener.onComplaint(`joined with another answer: ${textOf(payload)}`)
  }

  /** The same event name stands for a refusal at the door, a broken transport, and a message of the broker's. */
  private takeError(error: unknown): void {
    if (!this.socket.connected) this.end(textOf(error))
    else if (error instanceof Error) this.end(`the connection broke: ${textOf(error)}`)
    else this.listener.onComplaint(textOf(error))
  }

  private end(reason: string): void {
    this.retire()
    this.listener.onEnded(reason)
  }
}

/** What `onAny` is in the newer line. */
function hearAll(socket: Engine3Door, take: (event: string, payload: unknown) => void): void {
  const deliver = socket.onevent.bind(socket)
  socket.onevent = (packet) => {
    const [event, payload] = packet.data ?? []
    take(String(event), payload)
    deliver(packet)
  }
}

/** `forceNode` keeps the client off the runtime's own WebSocket, which ignores the TLS options. */
function openEngine3({ url, path, query, verifyTls }: ConnectionOptions): ClientSocket {
  const socketOptions = {
    path,
    query,
    transports: ['websocket'],
    forceNew: true,
    forceNode: true,
    reconnection: false,
    // The one who supervises the connection watches the time of its opening.
    timeout: false,
    rejectUnauthorized: verifyTls,
  }
  const socket = io(url, socketOptions as unknown as SocketIOClient.ConnectOpts)
  return Object.assign(socket, {
    onAny: (take: (event: string, payload: unknown) => void) =>
      hearAll(socket as unknown as Engine3Door, take),
  })
}

function openEngine4({ url, path, query, verifyTls }: ConnectionOptions): ClientSocket {
  return ioOfEngine4(url, {
    path,
    query,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    timeout: LONGEST_TIMER_MS,
    rejectUnauthorized: verifyTls,
  })
}

/** The one who supervises the connection watches the time of its opening. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
const LONGEST_TEXT = 200

/** The broker's words in whatever wrapping: a text, an envelope as text or object, an Error. */
export function textOf(value: unknown): string {
  const parsed = typeof value === 'string' ? (parseJson(value) ?? value) : value
  const text = wordsOf(parsed)
  return text.slice(0, LONGEST_TEXT)
}

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  // The client's transport errors say "websocket error" and keep the cause under `description`.
  if (value instanceof Error) {
    const cause: unknown = 'description' in value ? value.description : undefined
    const words = causeOf(cause)
    return words === '' ? value.message : `${value.message}: ${words}`
  }
  if (isRecord(value)) {
    for (const name of ['description', 'message', 'reason']) {
      const words = value[name]
      if (typeof words === 'string' && words !== '') return words
      if (words instanceof Error) return words.message
    }
  }
  return JSON.stringify(value) ?? 'no reason given'
}

/** An Error, or the event of a WebSocket that has one inside; its text is not among its own fields. */
function causeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return ''
  return typeof cause.message === 'string' ? cause.message : ''
}
