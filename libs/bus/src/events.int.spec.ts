import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TOPIC,
  ManualClock,
  type BusEvent,
  type EventLoss,
} from '@xts-bridge/contracts'
import { Publisher, Subscriber } from 'zeromq'
import { EventPublisher } from './event-publisher'
import { EventSubscriber, type EventSubscriberOptions } from './event-subscriber'
import { eventually, realClock } from './testing/real-ports'

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function publisher(
  options: { epoch?: string; lastSeq?: number; endpoint?: string; clock?: ManualClock } = {},
): Promise<{ publisher: EventPublisher; endpoint: string; clock: ManualClock }> {
  const clock = options.clock ?? new ManualClock()
  const events = new EventPublisher({
    endpoint: options.endpoint ?? 'tcp://127.0.0.1:*',
    endpointSetting: 'TEST_EVENTS_ENDPOINT',
    clock,
    epoch: options.epoch ?? 'e1',
    lastSeq: options.lastSeq,
  })
  closers.push(() => events.close())
  return { publisher: events, endpoint: await events.bind(), clock }
}

interface Reader {
  readonly subscriber: EventSubscriber
  readonly seqs: number[]
  readonly events: BusEvent[]
  readonly losses: EventLoss[]
  readonly epochs: string[]
}

function reader(endpoint: string, options: Partial<EventSubscriberOptions> = {}): Reader {
  const seqs: number[] = []
  const events: BusEvent[] = []
  const losses: EventLoss[] = []
  const epochs: string[] = []
  const subscriber = new EventSubscriber({
    endpoint,
    clock: realClock,
    onEvent: (event) => {
      seqs.push(event.seq)
      events.push(event)
    },
    onLoss: (loss) => losses.push(loss),
    onEpoch: (epoch) => epochs.push(epoch),
    ...options,
  })
  closers.push(() => subscriber.close())
  subscriber.start()
  return { subscriber, seqs, events, losses, epochs }
}

/** Lets heartbeats go out until the reader has had one. */
async function hasContact(clock: ManualClock, { epochs }: Reader): Promise<void> {
  await eventually(async () => {
    await clock.advance(HEARTBEAT_INTERVAL_MS)
    return epochs.length > 0
  }, 'the reader hears a heartbeat')
}

/** Forwards frames from a publisher to readers, except those that `drop` names. */
async function lossyProxy(
  from: string,
  drop: (topic: string, seq: number) => boolean,
): Promise<{ endpoint: string; forwarded: string[] }> {
  const source = new Subscriber({ linger: 0 })
  const target = new Publisher({ linger: 0, sendTimeout: 0 })
  await target.bind('tcp://127.0.0.1:*')
  source.connect(from)
  source.subscribe('')
  const forwarded: string[] = []
  const forwarding = (async () => {
    for await (const [topic, body] of source) {
      const { seq } = JSON.parse(String(body)) as { seq: number }
      if (drop(String(topic), seq)) continue
      forwarded.push(String(topic))
      await target.send([topic ?? '', body ?? ''])
    }
  })()
  closers.push(async () => {
    source.close()
    await forwarding
    target.close()
  })
  return { endpoint: String(target.lastEndpoint), forwarded }
}

describe('EventPublisher and EventSubscriber', () => {
  it('carries events in order with epoch, sequence and time', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const read = reader(endpoint)
    await hasContact(clock, read)
    expect(events.publish('order.primary.filled', { qty: 5 })).toBe(1)
    expect(events.publish('order.primary.cancelled', null)).toBe(2)
    await eventually(() => read.seqs.length === 2, 'both events arrive')
    expect(read.events[0]).toEqual({
      topic: 'order.primary.filled',
      epoch: 'e1',
      seq: 1,
      atMs: clock.nowMs(),
      data: { qty: 5 },
    })
    expect(read.losses).toEqual([])
    expect(read.epochs).toEqual(['e1'])
  })

  it('carries a burst of thousands without loss', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const read = reader(endpoint)
    await hasContact(clock, read)
    for (let n = 0; n < 5_000; n += 1) events.publish('burst', n)
    await eventually(() => read.seqs.length === 5_000, 'all arrive')
    expect(read.losses).toEqual([])
    expect(events.droppedEvents).toBe(0)
  })

  it('takes the sequence of a publisher that stores its events first, and refuses one that does not grow', async () => {
    const { publisher: events } = await publisher({ lastSeq: 40 })
    expect(events.lastSeq).toBe(40)
    expect(events.publish('a', {})).toBe(41)
    expect(events.publish('a', {}, 45)).toBe(45)
    expect(() => events.publish('a', {}, 45)).toThrow('45')
    expect(() => events.publish('a', {}, 7)).toThrow('7')
    expect(events.lastSeq).toBe(45)
  })

  it('repairs a gap before it gives later events', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const stored: BusEvent[] = []
    const proxy = await lossyProxy(
      endpoint,
      (topic, seq) => topic !== HEARTBEAT_TOPIC && (seq === 2 || seq === 3),
    )
    const asked: number[] = []
    const read = reader(proxy.endpoint, {
      repair: async (afterSeq, epoch) => {
        asked.push(afterSeq)
        expect(epoch).toBe('e1')
        return stored.filter(({ seq }) => seq > afterSeq)
      },
    })
    await hasContact(clock, read)
    for (let seq = 1; seq <= 5; seq += 1) {
      events.publish('order.primary.filled', seq)
      stored.push({ topic: 'order.primary.filled', epoch: 'e1', seq, atMs: clock.nowMs(), data: seq })
    }
    await eventually(() => read.seqs.length === 5, 'all five are given')
    expect(read.seqs).toEqual([1, 2, 3, 4, 5])
    expect(asked).toEqual([1])
    expect(read.losses).toEqual([])
  })

  it('repairs a lost last event at the next heartbeat', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const proxy = await lossyProxy(endpoint, (topic) => topic === 'order.primary.filled')
    const last: BusEvent = {
      topic: 'order.primary.filled',
      epoch: 'e1',
      seq: 1,
      atMs: 0,
      data: 'the only fill',
    }
    const read = reader(proxy.endpoint, { repair: async () => [last] })
    await hasContact(clock, read)
    events.publish('order.primary.filled', 'the only fill')
    await clock.advance(HEARTBEAT_INTERVAL_MS)
    await eventually(() => read.seqs.length === 1, 'the fill is given')
    expect(read.events).toEqual([last])
    expect(proxy.forwarded).not.toContain('order.primary.filled')
  })

  it('names events as lost when there is no repair, and goes on', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const proxy = await lossyProxy(endpoint, (_, seq) => seq === 1)
    const read = reader(proxy.endpoint)
    await hasContact(clock, read)
    events.publish('a', 1)
    events.publish('a', 2)
    await eventually(() => read.seqs.length === 1, 'the second is given')
    expect(read.seqs).toEqual([2])
    expect(read.losses).toEqual([{ fromSeq: 1, toSeq: 1, reason: 'no repair is possible' }])
  })

  it('tries a failing repair several times, holding later events back, before it names a loss', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const proxy = await lossyProxy(endpoint, (_, seq) => seq === 1)
    const readerClock = new ManualClock()
    let attempts = 0
    const read = reader(proxy.endpoint, {
      clock: readerClock,
      repair: async () => {
        attempts += 1
        throw new Error('service is restarting')
      },
    })
    await hasContact(clock, read)
    events.publish('a', 1)
    events.publish('a', 2)
    await eventually(() => attempts === 1, 'the first attempt is made')
    expect(read.seqs).toEqual([])
    await eventually(async () => {
      await readerClock.advance(500)
      return read.seqs.length === 1
    }, 'the second event is given at last')
    expect(attempts).toBe(4)
    expect(read.losses).toEqual([
      { fromSeq: 1, toSeq: 1, reason: 'the repair failed: service is restarting' },
    ])
  })

  it('gives up a repair that never answers', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const proxy = await lossyProxy(endpoint, (_, seq) => seq === 1)
    const readerClock = new ManualClock()
    const problems: unknown[] = []
    const read = reader(proxy.endpoint, {
      clock: readerClock,
      repair: () => new Promise(() => undefined),
      onProblem: (_, fields) => problems.push(fields['problem']),
    })
    await hasContact(clock, read)
    events.publish('a', 1)
    events.publish('a', 2)
    await eventually(async () => {
      await readerClock.advance(1_000)
      return read.losses.length === 1
    }, 'the loss is named')
    expect(problems).toContain('no answer within 10000 ms')
    expect(read.seqs).toEqual([2])
  })

  it('says when the publisher began anew, and reads its new sequence from the start', async () => {
    const first = await publisher({ epoch: 'before' })
    const read = reader(first.endpoint)
    await hasContact(first.clock, read)
    first.publisher.publish('a', 1)
    await eventually(() => read.seqs.length === 1, 'the first life is read')
    await first.publisher.close()
    let clock: ManualClock | undefined
    await eventually(async () => {
      const second = await publisher({ epoch: 'after', endpoint: first.endpoint }).catch(() => undefined)
      clock = second?.clock
      second?.publisher.publish('a', 'missed by all')
      return second !== undefined
    }, 'the endpoint can be bound again')
    await eventually(async () => {
      await clock?.advance(HEARTBEAT_INTERVAL_MS)
      return read.losses.length === 1
    }, 'the loss in the new life is named')
    expect(read.epochs).toEqual(['before', 'after'])
    expect(read.losses).toEqual([{ fromSeq: 1, toSeq: 1, reason: 'no repair is possible' }])
  })

  it.each([
    ['no JSON', ['a', '{']],
    ['no body', ['a']],
    ['no epoch', ['a', JSON.stringify({ v: 1, seq: 1, atMs: 1, data: 1 })]],
    ['a fractional sequence', ['a', JSON.stringify({ v: 1, epoch: 'e', seq: 1.5, atMs: 1, data: 1 })]],
    ['another version', ['a', JSON.stringify({ v: 9, epoch: 'e', seq: 1, atMs: 1, data: 1 })]],
  ])('reports a message with %s and reads on', async (_, frames) => {
    const source = new Publisher({ linger: 0 })
    await source.bind('tcp://127.0.0.1:*')
    closers.push(() => source.close())
    const problems: string[] = []
    const read = reader(String(source.lastEndpoint), { onProblem: (message) => problems.push(message) })
    const good = JSON.stringify({ v: 1, epoch: 'e1', seq: 1, atMs: 1, data: 1 })
    await eventually(async () => {
      await source.send(frames)
      await source.send(['a', good])
      return read.seqs.length > 0
    }, 'the good event arrives')
    expect(read.seqs).toEqual([1])
    expect(problems).toContain('unreadable event')
  })

  it('refuses to bind beyond this machine', async () => {
    await expect(publisher({ endpoint: 'tcp://0.0.0.0:*' })).rejects.toMatchObject({
      code: 'ENDPOINT_NOT_LOCAL',
    })
  })

  it('names the setting of a taken endpoint', async () => {
    const { endpoint } = await publisher()
    await expect(publisher({ endpoint })).rejects.toMatchObject({
      code: 'ENDPOINT_TAKEN',
      details: { setting: 'TEST_EVENTS_ENDPOINT' },
    })
  })
})

describe('a reader that stands still', () => {
  it('costs no other reader anything, and can tell what it missed from the next heartbeat', async () => {
    const { publisher: events, endpoint, clock } = await publisher()
    const frozen = new Subscriber({ linger: 0, receiveHighWaterMark: 1 })
    closers.push(() => frozen.close())
    frozen.connect(endpoint)
    frozen.subscribe('')
    const read = reader(endpoint)
    await eventually(async () => {
      await clock.advance(HEARTBEAT_INTERVAL_MS)
      return frozen.readable && read.epochs.length > 0
    }, 'both hear a heartbeat')
    const total = 30_000
    const padding = 'x'.repeat(2_000)
    for (let seq = 1; seq <= total; seq += 1) {
      events.publish('flood', padding)
      if (seq % 500 === 0)
        await eventually(() => read.subscriber.lastSeq >= seq - 1_000, 'the reader keeps up')
    }
    await eventually(() => read.seqs.length === total, 'the reader has all')
    expect(read.losses).toEqual([])

    let received = 0
    let beatSeq = 0
    while (beatSeq < total) {
      if (!frozen.readable) await clock.advance(HEARTBEAT_INTERVAL_MS)
      const [topic, body] = await frozen.receive()
      if (String(topic) === 'flood') received += 1
      else beatSeq = (JSON.parse(String(body)) as { seq: number }).seq
    }
    expect(received).toBeLessThan(total)
  })
})
