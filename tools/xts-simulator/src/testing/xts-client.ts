/** What is needed of a Socket.IO client; the tests hand in the library the broker's own clients use. */
export type Connect = (url: string, options: object) => ClientSocket

export interface ClientSocket {
  on(event: string, listener: (argument: unknown) => void): unknown
  close(): unknown
  /** Of the official library, version 2: its connection. */
  readonly io?: object
}

/** What Engine.IO itself can be told; the library's types do not say so. */
interface EngineConnection {
  readonly engine?: { ping?(): void }
}

/** An answer as it came over the wire; `body` is undefined when it is not JSON. */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  readonly body: { type?: string; code?: string; description?: string; result?: unknown } | undefined
}

/** A bare client of the broker's wire, independent of the code it tests. */
export class XtsClient {
  token = ''
  userId = ''
  private readonly sockets: ClientSocket[] = []

  constructor(
    private readonly base: string,
    private readonly connect: Connect,
  ) {}

  async call(method: string, path: string, body?: unknown, timeoutMs = 10_000): Promise<HttpAnswer> {
    const response = await fetch(this.base + path, {
      method,
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: this.token } : {}) },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, text, body: readJson(text) }
  }

  async login(path: string, keys: object): Promise<HttpAnswer> {
    const answer = await this.call('POST', path, keys)
    const result = answer.body?.result as { token?: string; userID?: string } | undefined
    this.token = result?.token ?? ''
    this.userId = result?.userID ?? ''
    return answer
  }

  /** Opens a socket with the official clients' library; events are kept from the first on. */
  openSocket(path: string, query: Record<string, string> = {}): XtsSocket {
    const socket = this.connect(this.base, {
      path,
      query: { token: this.token, userID: this.userId, ...query },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      forceNode: true,
    })
    this.sockets.push(socket)
    return new XtsSocket(socket)
  }

  close(): void {
    for (const socket of this.sockets) socket.close()
  }
}

/** One event as it came: its name and its single argument. */
export interface HeardEvent {
  readonly name: string
  readonly argument: unknown
}

const EVENTS = [
  'joined', 'error', 'logout', 'disconnect', 'order', 'trade', 'position', 'tradeConversion',
  '1501-json-full', '1502-json-full', '1510-json-full', '1512-json-full', '1501-json-partial', '1502-json-partial',
  '1504-json-full', '1505-json-full', '1507-json-full', '1504-json-partial', '1505-json-partial', '1510-json-partial', '1512-json-partial',
  '1105-json-partial', '1599-json-full', 'xts-binary-packet', 'pong',
] // prettier-ignore

export class XtsSocket {
  readonly heard: HeardEvent[] = []
  private readonly waiting = new Set<() => void>()

  constructor(private readonly socket: ClientSocket) {
    for (const name of EVENTS) {
      socket.on(name, (argument: unknown) => {
        this.heard.push({ name, argument })
        for (const look of [...this.waiting]) look()
      })
    }
  }

  /** Sends a ping of Engine.IO now; the answer is heard as `pong`. */
  ping(): void {
    const connection: EngineConnection | undefined = this.socket.io
    connection?.engine?.ping?.()
  }

  /** The JSON arguments of an event, in order of arrival. */
  messages(name: string): Record<string, unknown>[] {
    return this.heard
      .filter((event) => event.name === name)
      .map((event) => JSON.parse(event.argument as string) as Record<string, unknown>)
  }

  /** Resolves as soon as what was heard satisfies the condition; fails after the deadline with all that was heard. */
  until(isEnough: (heard: readonly HeardEvent[]) => boolean, deadlineMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isEnough(this.heard)) return
        clearTimeout(deadline)
        this.waiting.delete(look)
        resolve()
      }
      const deadline = setTimeout(() => {
        this.waiting.delete(look)
        reject(new Error(`not heard in time; heard ${this.heard.map((event) => event.name).join(', ')}`))
      }, deadlineMs)
      this.waiting.add(look)
      look()
    })
  }

  hears(name: string): Promise<void> {
    return this.until((heard) => heard.some((event) => event.name === name))
  }
}

function readJson(text: string): HttpAnswer['body'] {
  try {
    return JSON.parse(text) as HttpAnswer['body']
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
