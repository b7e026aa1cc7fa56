import { WebSocket } from 'ws'

type Frame = Readonly<Record<string, unknown>>

/** How long a test waits for a frame before it fails. */
const WAIT_LIMIT_MS = 10_000

/** A client of the proxy that keeps every frame it got. */
export class WsClient {
  readonly frames: Frame[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  private readonly checks = new Set<() => void>()

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (message: Buffer) => {
      this.frames.push(JSON.parse(message.toString()) as Frame)
      for (const check of this.checks) check()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
  }

  static async connect(port: number): Promise<WsClient> {
    const client = new WsClient(new WebSocket(`ws://127.0.0.1:${port}`))
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve)
      client.socket.once('error', reject)
    })
    return client
  }

  /** Sends without waiting for anything. */
  say(...requests: readonly object[]): void {
    for (const request of requests) this.socket.send(JSON.stringify(request))
  }

  /** The first frame, old or new, that has all these fields. Fails when none comes in time. */
  async frame(fields: Frame): Promise<Frame> {
    const find = (): Frame | undefined => this.frames.find((frame) => hasFields(frame, fields))
    await this.until(() => find() !== undefined, JSON.stringify(fields))
    const found = find()
    if (found === undefined) throw new Error('unreachable')
    return found
  }

  /** Sends one request and waits for the first frame after it that has these fields. */
  async ask(request: object, fields: Frame): Promise<Frame> {
    const seen = this.frames.length
    this.say(request)
    const find = (): Frame | undefined => this.frames.slice(seen).find((frame) => hasFields(frame, fields))
    await this.until(() => find() !== undefined, JSON.stringify(fields))
    return find() ?? {}
  }

  async until(isMet: () => boolean, what: string): Promise<void> {
    if (isMet()) return
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!isMet()) return
        clearTimeout(timer)
        this.checks.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.checks.delete(check)
        reject(new Error(`no ${what} within ${WAIT_LIMIT_MS} ms; got ${JSON.stringify(this.frames)}`))
      }, WAIT_LIMIT_MS)
      this.checks.add(check)
    })
  }

  close(): void {
    this.socket.terminate()
  }
}

function hasFields(frame: Frame, fields: Frame): boolean {
  return Object.entries(fields).every(
    ([name, value]) => JSON.stringify(frame[name]) === JSON.stringify(value),
  )
}
