import { HEARTBEAT_TOPIC, type OrderView, type RequestEnvelope } from '@xts-bridge/contracts'
import { Router, XPublisher } from 'zeromq'
import type { CurveKeys } from '../curve-keys'

export interface SeenRequest {
  readonly subject: string
  readonly envelope: RequestEnvelope
}

interface StoredEvent {
  readonly topic: string
  readonly epoch: string
  readonly seq: number
  readonly atMs: number
  readonly data: unknown
}

/** Answers one request: the data, an error as the house would send it, or nothing at all. */
export type Answer =
  | { readonly data: unknown }
  | {
      readonly error: {
        readonly kind: string
        readonly code: string
        readonly details?: Record<string, unknown>
      }
    }
  | 'silence'

export function order(orderId: string, more: Partial<OrderView> = {}): OrderView {
  return {
    orderId,
    account: 'primary',
    exchange: 'NSE',
    symbol: 'RELIANCE',
    side: 'BUY',
    priceType: 'MARKET',
    product: 'MIS',
    validity: 'DAY',
    quantity: 10,
    price: 0,
    triggerPrice: 0,
    state: 'open',
    filledQuantity: 0,
    updatedAtMs: 1,
    ...more,
  }
}

/** The wire side of a house, as small as a test needs: what a client sends is kept, what it gets is said by the test. */
export class SmallHouse {
  readonly seen: SeenRequest[] = []
  readonly subscriptions: string[] = []
  readonly answers: Record<string, (envelope: RequestEnvelope) => Answer | Promise<Answer>> = {
    'order.replay': (envelope) => this.replay(envelope),
  }
  private readonly requests = new Router({ linger: 0, mandatory: true, sendTimeout: 0 })
  private readonly events = new XPublisher({ linger: 0, sendTimeout: 0, receiveTimeout: 10_000 })
  private readonly ticks = new XPublisher({ linger: 0, sendTimeout: 0 })
  private readonly stored: StoredEvent[] = []
  private running: Promise<unknown> = Promise.resolve()
  private seq = 0
  readonly epoch = 'e1'

  /** With a server pair it speaks CURVE, and without a ZAP handler it lets in whoever knows its public key. */
  static async open(serverPair?: Pick<CurveKeys, 'secretKey'>): Promise<SmallHouse> {
    const house = new SmallHouse()
    if (serverPair !== undefined)
      for (const socket of [house.requests, house.events, house.ticks]) {
        socket.curveServer = true
        socket.curveSecretKey = serverPair.secretKey
      }
    for (const socket of [house.requests, house.events, house.ticks]) await socket.bind('tcp://127.0.0.1:*')
    house.running = Promise.all([house.serve(), house.hearSubscriptions()])
    return house
  }

  get endpoints(): Record<
    'ordersEndpoint' | 'ordersEventsEndpoint' | 'feedEndpoint' | 'ticksEndpoint',
    string
  > {
    return {
      ordersEndpoint: String(this.requests.lastEndpoint),
      ordersEventsEndpoint: String(this.events.lastEndpoint),
      feedEndpoint: String(this.requests.lastEndpoint),
      ticksEndpoint: String(this.ticks.lastEndpoint),
    }
  }

  /** Stores an event and publishes it, unless it is to be lost on the way. */
  async event(
    verb: string,
    view: OrderView,
    how: { isLost?: boolean; isStored?: boolean } = {},
  ): Promise<void> {
    this.seq += 1
    const topic = `order.${view.account}.${verb}`
    const event = { topic, epoch: this.epoch, seq: this.seq, atMs: 1, data: { order: view } }
    if (how.isStored !== false) this.stored.push(event)
    if (how.isLost !== true) await this.events.send([topic, JSON.stringify({ v: 1, ...event })])
  }

  /** Resolves when somebody subscribed the order events: from then on nothing published is missed by slowness. */
  async eventReader(): Promise<void> {
    await this.events.receive()
  }

  async heartbeat(): Promise<void> {
    const { epoch, seq } = this
    await this.events.send([HEARTBEAT_TOPIC, JSON.stringify({ v: 1, epoch, seq, atMs: 1, data: null })])
  }

  async tick(topic: string, body: string): Promise<void> {
    await this.ticks.send([topic, body])
  }

  async close(): Promise<void> {
    for (const socket of [this.requests, this.events, this.ticks]) socket.close()
    await this.running
  }

  replay({ data }: RequestEnvelope): Answer {
    const { fromSeq } = data as { fromSeq: number }
    const events = this.stored.filter(({ seq }) => seq > fromSeq)
    return { data: { epoch: this.epoch, lastSeq: this.seq, events } }
  }

  private async serve(): Promise<void> {
    for await (const [identity, subjectFrame, body] of this.requests) {
      const subject = String(subjectFrame)
      const envelope = JSON.parse(String(body)) as RequestEnvelope
      this.seen.push({ subject, envelope })
      const answer = (await this.answers[subject]?.(envelope)) ?? 'silence'
      if (answer === 'silence') continue
      const outcome =
        'error' in answer
          ? { ok: false, error: { message: '', details: {}, ...answer.error } }
          : { ok: true, ...answer }
      const reply = JSON.stringify({ v: 1, id: envelope.id, atMs: 1, ...outcome })
      await this.requests.send([identity ?? '', reply])
    }
  }

  private async hearSubscriptions(): Promise<void> {
    for await (const [frame] of this.ticks) {
      this.subscriptions.push(`${frame?.[0] === 1 ? '+' : '-'}${String(frame?.subarray(1))}`)
    }
  }
}
