/** The part of a WebSocket that an outbox writes to. */
export interface OutgoingSocket {
  /** Bytes handed over that have not left. */
  readonly bufferedAmount: number
  send(frame: string | Buffer, options: { readonly binary: boolean }, sent: () => void): void
}

export interface OutboxLimits {
  /** Above this many waiting bytes ticks are conflated. */
  readonly bufferBytes: number
  /** Answers and order updates that may wait; above, the client is given up, since none of them may be dropped. */
  readonly maxWaitingFrames: number
}

export interface OutboxOptions {
  readonly socket: OutgoingSocket
  readonly limits: OutboxLimits
  /** More answers wait than the limit allows. */
  readonly onOverflow: () => void
}

const TEXT = { binary: false } as const

/**
 * What goes out to one client. While its socket is full, ticks wait as the latest of each topic and everything else
 * waits in order; so a frozen client costs a bounded amount of memory, and nobody waits for it.
 */
export class ClientOutbox {
  private readonly latest = new Map<string, Buffer>()
  private readonly waiting: string[] = []
  private sent = 0
  private conflated = 0

  constructor(private readonly options: OutboxOptions) {}

  get sentCount(): number {
    return this.sent
  }

  /** Ticks that a newer one of the same topic replaced before they could leave. */
  get conflatedCount(): number {
    return this.conflated
  }

  /** A tick: of a topic that waits already, only this newest one is kept. */
  sendTick(topic: string, frame: Buffer): void {
    if (!this.isFull()) return this.write(frame)
    if (this.latest.delete(topic)) this.conflated += 1
    this.latest.set(topic, frame)
  }

  /** An answer or an order update: never dropped, never out of order. */
  send(frame: string): void {
    if (!this.isFull()) return this.write(frame)
    if (this.waiting.length >= this.options.limits.maxWaitingFrames) return this.options.onOverflow()
    this.waiting.push(frame)
  }

  /** The client no longer reads this topic. */
  forget(topic: string): void {
    this.latest.delete(topic)
  }

  private isFull(): boolean {
    const { socket, limits } = this.options
    return this.waiting.length > 0 || this.latest.size > 0 || socket.bufferedAmount > limits.bufferBytes
  }

  private write(frame: string | Buffer): void {
    this.sent += 1
    this.options.socket.send(frame, TEXT, this.drain)
  }

  /** Called when a frame has left; answers go before ticks. */
  private readonly drain = (): void => {
    const { socket, limits } = this.options
    while (socket.bufferedAmount <= limits.bufferBytes) {
      const answer = this.waiting.shift()
      if (answer !== undefined) {
        this.write(answer)
        continue
      }
      const [next] = this.latest
      if (next === undefined) return
      this.latest.delete(next[0])
      this.write(next[1])
    }
  }
}
