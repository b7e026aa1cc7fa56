import type { Connect } from './xts-client'

/** One message of Engine.IO, exactly as it came: `2["joined","…"]` is an event, a buffer is the bytes that belong to one. */
export type Frame = string | Buffer

/** The connection under a Socket.IO client, as far as it is needed here. */
interface Engine {
  on(event: 'message', listener: (frame: Frame) => void): unknown
  on(event: 'close', listener: () => void): unknown
  close(): unknown
}

/** Listens under a Socket.IO client, for tests that compare what came bit by bit. */
export class RawSocket {
  readonly frames: Frame[] = []
  isClosed = false
  private readonly waiting = new Set<() => void>()
  private readonly engine: Engine

  constructor(connect: Connect, url: string, options: { path: string; query: Record<string, string> }) {
    const fixed = { transports: ['websocket'], reconnection: false, forceNew: true, forceNode: true }
    const socket = connect(url, { ...options, ...fixed }) as unknown as { io: { engine: Engine } }
    this.engine = socket.io.engine
    this.engine.on('message', (frame) => {
      this.frames.push(frame)
      this.look()
    })
    this.engine.on('close', () => {
      this.isClosed = true
      this.look()
    })
  }

  /** The events that came, and the bytes between them. */
  events(): Frame[] {
    return this.frames.filter((frame) => typeof frame !== 'string' || /^[25]/.test(frame))
  }

  /** Resolves as soon as the condition holds; fails after the deadline. */
  until(holds: () => boolean, deadlineMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return
        clearTimeout(deadline)
        this.waiting.delete(look)
        resolve()
      }
      const deadline = setTimeout(() => {
        this.waiting.delete(look)
        const last = String(this.frames.at(-1))
        reject(new Error(`not heard in time; the last of ${this.frames.length} messages was ${last}`))
      }, deadlineMs)
      this.waiting.add(look)
      look()
    })
  }

  joined(): Promise<void> {
    return this.until(() => this.frames.some((frame) => frame.includes('["joined"')))
  }

  close(): void {
    this.engine.close()
  }

  private look(): void {
    for (const look of [...this.waiting]) look()
  }
}
