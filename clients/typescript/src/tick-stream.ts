import { parseTickTopic, type TickPayload } from '@xts-bridge/contracts'
import { Subscriber } from 'zeromq'
import { HouseConnection, type HouseConnectionOptions } from './house-connection'

export type TickListener = (tick: TickPayload, topic: string) => void

/** Tick topics of the feed. A full topic makes the feed flow; a prefix reads what flows for others. */
export class TickStream {
  private readonly socket = new Subscriber({
    linger: 0,
    receiveHighWaterMark: 50_000,
    reconnectInterval: 50,
    reconnectMaxInterval: 1_000,
    heartbeatInterval: 2_000,
    heartbeatTimeout: 6_000,
  })
  private readonly listeners = new Map<string, Set<TickListener>>()
  private readonly connection: HouseConnection
  private readonly reading: Promise<void>

  constructor(options: HouseConnectionOptions) {
    this.connection = new HouseConnection(this.socket, options)
    this.reading = this.readTicks()
  }

  /** Returns a function that stops it; the last one to stop ends the subscription. */
  listen(topic: string, listener: TickListener): () => void {
    const known = this.listeners.get(topic)
    if (known === undefined) this.socket.subscribe(topic)
    const all = known ?? new Set()
    all.add(listener)
    this.listeners.set(topic, all)
    return () => {
      all.delete(listener)
      if (all.size > 0 || this.listeners.get(topic) !== all) return
      this.listeners.delete(topic)
      if (!this.socket.closed) this.socket.unsubscribe(topic)
    }
  }

  async close(): Promise<void> {
    this.connection.close()
    this.socket.close()
    await this.reading
  }

  private async readTicks(): Promise<void> {
    for await (const [topic, body] of this.socket) this.deliver(String(topic), String(body))
  }

  private deliver(topic: string, body: string): void {
    const tick = parseTick(body)
    if (tick === undefined) return
    for (const [asked, listeners] of this.listeners) {
      if (!isAskedFor(topic, asked)) continue
      for (const listener of listeners) listener(tick, topic)
    }
  }
}

/** Undefined for what is no tick: the next one of its topic replaces it anyway. */
function parseTick(body: string): TickPayload | undefined {
  try {
    return JSON.parse(body) as TickPayload
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A full topic means itself alone, although ZeroMQ also delivers longer ones that begin with it. */
function isAskedFor(topic: string, asked: string): boolean {
  return parseTickTopic(asked) === undefined ? topic.startsWith(asked) : topic === asked
}
