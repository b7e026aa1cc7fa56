import io from 'socket.io-client'
import { isRecord, parseJson } from './fields'

/** What a connection reports; after `retire` it reports nothing more. */
export interface ConnectionListener {
  onJoined(): void
  /** An event of the broker's other than those of the connection itself. */
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
}

/** Joined is told by this code, since the text beside it differs between the APIs and the years. */
const JOINED_CODE = 's-socket-0001'

/**
 * One socket to the broker, from opening to its end, never reconnecting. The broker speaks Engine.IO 3, so the client must
 * be of the 2.x line. `forceNode` keeps it off the runtime's own WebSocket, which ignores the TLS options.
 */
export class BrokerConnection {
  private readonly socket: SocketIOClient.Socket
  private isRetired = false

  constructor(
    options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    const socketOptions = {
      path: options.path,
      query: options.query,
      transports: ['websocket'],
      forceNew: true,
      forceNode: true,
      reconnection: false,
      // The one who supervises the connection watches the time of its opening.
      timeout: false,
      rejectUnauthorized: options.verifyTls,
    }
    this.socket = io(options.url, socketOptions as unknown as SocketIOClient.ConnectOpts)
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
  }

  private on(event: string, callback: (payload: unknown) => void): void {
    this.socket.on(event, (payload: unknown) => {
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
    return cause instanceof Error ? `${value.message}: ${cause.message}` : value.message
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
