/** The part of a ZeroMQ socket that sends. */
export interface SendingSocket {
  send(frames: (Buffer | string)[]): Promise<void>
}

/**
 * The one writer of a socket: a second send while one is in flight is refused by ZeroMQ, so messages wait here.
 * What cannot be sent goes to `onUndeliverable` and never stops those behind it.
 */
export class SendQueue {
  private readonly waiting: (Buffer | string)[][] = []
  private isSending = false
  private whenIdle: (() => void)[] = []

  constructor(
    private readonly socket: SendingSocket,
    private readonly onUndeliverable: (error: unknown) => void,
  ) {}

  push(frames: (Buffer | string)[]): void {
    this.waiting.push(frames)
    if (!this.isSending) void this.sendAll()
  }

  /** Resolves when everything pushed so far was handed to ZeroMQ or found undeliverable. */
  idle(): Promise<void> {
    if (!this.isSending) return Promise.resolve()
    return new Promise((resolve) => this.whenIdle.push(resolve))
  }

  private async sendAll(): Promise<void> {
    this.isSending = true
    for (let frames = this.waiting.shift(); frames !== undefined; frames = this.waiting.shift()) {
      try {
        await this.socket.send(frames)
      } catch (error) {
        this.onUndeliverable(error)
      }
    }
    this.isSending = false
    for (const resolve of this.whenIdle.splice(0)) resolve()
  }
}
