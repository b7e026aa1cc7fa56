import { ManualClock } from '@xts-bridge/contracts'
import { Subscriber, XSubscriber } from 'zeromq'
import { eventually } from './testing/real-ports'
import { TickPublisher, type TickPublisherOptions } from './tick-publisher'
import { TickSubscriber } from './tick-subscriber'

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Feed {
  readonly ticks: TickPublisher
  readonly endpoint: string
  readonly clock: ManualClock
  readonly demand: string[]
}

async function feed(options: Partial<TickPublisherOptions> = {}): Promise<Feed> {
  const clock = new ManualClock()
  const demand: string[] = []
  const ticks = new TickPublisher({
    endpoint: 'tcp://127.0.0.1:*',
    endpointSetting: 'FEED_TICKS_ENDPOINT',
    clock,
    onDemand: (topic, isWanted) => demand.push(`${isWanted ? '+' : '-'}${topic}`),
    ...options,
  })
  closers.push(() => ticks.close())
  return { ticks, endpoint: await ticks.bind(), clock, demand }
}

function reader(endpoint: string): { reader: TickSubscriber; seen: string[] } {
  const seen: string[] = []
  const ticks = new TickSubscriber({
    endpoint,
    onTick: (topic, payload) => seen.push(`${topic} ${String(payload)}`),
  })
  closers.push(() => ticks.close())
  return { reader: ticks, seen }
}

/** A payload that says whether it was encoded. */
function watched(): { payload: unknown; encodings: () => number } {
  let count = 0
  return { payload: { toJSON: () => ({ ltp: (count += 1) }) }, encodings: () => count }
}

describe('TickPublisher and TickSubscriber', () => {
  it('creates demand by a full topic and sends its ticks to its readers', async () => {
    const { ticks, endpoint, demand } = await feed()
    const one = reader(endpoint)
    one.reader.subscribe('NSE_RELIANCE_LTP')
    await eventually(() => ticks.isWanted('NSE_RELIANCE_LTP'), 'the subscription arrives')
    expect(demand).toEqual(['+NSE_RELIANCE_LTP'])
    ticks.publish('NSE_RELIANCE_LTP', { ltp: 1290.5 })
    await eventually(() => one.seen.length === 1, 'the tick arrives')
    expect(one.seen).toEqual(['NSE_RELIANCE_LTP {"ltp":1290.5}'])
    expect(ticks.counters).toMatchObject({ published: 1, dropped: 0, wantedTopics: 1 })
  })

  it('does not encode a topic that nobody reads', async () => {
    const { ticks } = await feed()
    const { payload, encodings } = watched()
    ticks.publish('NSE_RELIANCE_LTP', payload)
    expect(encodings()).toBe(0)
    expect(ticks.isWanted('NSE_RELIANCE_LTP')).toBe(false)
  })

  it.each(['', 'NSE_', 'NSE_RELIANCE'])(
    'sends what flows to a reader of the prefix %j, without demand',
    async (prefix) => {
      const { ticks, endpoint, demand } = await feed()
      const one = reader(endpoint)
      one.reader.subscribe(prefix)
      await eventually(() => ticks.isWanted('NSE_RELIANCE_LTP'), 'the subscription arrives')
      expect(demand).toEqual([])
      const { payload, encodings } = watched()
      ticks.publish('NSE_RELIANCE_LTP', payload)
      await eventually(() => one.seen.length === 1, 'the tick arrives')
      expect(encodings()).toBe(1)
      one.reader.unsubscribe(prefix)
      await eventually(() => !ticks.isWanted('NSE_RELIANCE_LTP'), 'the reader is gone')
    },
  )

  it('says once that a topic is wanted, and no more wanted only a while after its last reader', async () => {
    const { ticks, endpoint, clock, demand } = await feed()
    const [one, two] = [reader(endpoint), reader(endpoint)]
    one.reader.subscribe('NSE_A_LTP')
    one.reader.subscribe('NSE_A_LTP')
    two.reader.subscribe('NSE_A_LTP')
    two.reader.subscribe('NSE_MARK_LTP')
    await eventually(() => ticks.isWanted('NSE_A_LTP') && ticks.isWanted('NSE_MARK_LTP'), 'both are read')
    one.reader.unsubscribe('NSE_A_LTP')
    two.reader.unsubscribe('NSE_A_LTP')
    await eventually(() => !ticks.isWanted('NSE_A_LTP'), 'nobody reads it')
    expect(demand).not.toContain('-NSE_A_LTP')
    await clock.advance(2_000)
    expect(demand.filter((entry) => entry.includes('_A_'))).toEqual(['+NSE_A_LTP', '-NSE_A_LTP'])
    expect(ticks.isWanted('NSE_MARK_LTP')).toBe(true)
  })

  it('notices a reader that went away without a word', async () => {
    const { ticks, endpoint, clock, demand } = await feed({ lingerMs: 500 })
    const leaving = new Subscriber({ linger: 0 })
    leaving.connect(endpoint)
    leaving.subscribe('NSE_A_LTP')
    await eventually(() => ticks.isWanted('NSE_A_LTP'), 'the topic is read')
    leaving.close()
    await eventually(() => !ticks.isWanted('NSE_A_LTP'), 'nobody reads it')
    await clock.advance(500)
    expect(demand).toEqual(['+NSE_A_LTP', '-NSE_A_LTP'])
  })

  it('caps demand, counts and reports what is over it', async () => {
    const problems: Record<string, unknown>[] = []
    const { ticks, endpoint, demand } = await feed({
      maxTopics: 2,
      onProblem: (_, fields) => problems.push(fields),
    })
    const one = reader(endpoint)
    for (const symbol of ['A', 'B', 'C', 'D', 'E']) one.reader.subscribe(`NSE_${symbol}_LTP`)
    await eventually(() => ticks.counters.refusedTopics === 3, 'three are refused')
    expect(demand).toEqual(['+NSE_A_LTP', '+NSE_B_LTP'])
    expect(ticks.counters.wantedTopics).toBe(2)
    expect(problems.map(({ refusedTopics }) => refusedTopics)).toEqual([1, 2])
  })

  it('gives a reader of a full topic no longer topics that begin with it', async () => {
    const { ticks, endpoint } = await feed()
    const [one, two] = [reader(endpoint), reader(endpoint)]
    one.reader.subscribe('NSE_A_LTP')
    two.reader.subscribe('NSE_A_LTP_QUOTE')
    await eventually(() => ticks.isWanted('NSE_A_LTP') && ticks.isWanted('NSE_A_LTP_QUOTE'), 'both are read')
    ticks.publish('NSE_A_LTP_QUOTE', 1)
    ticks.publish('NSE_A_LTP', 2)
    await eventually(() => one.seen.length > 0 && two.seen.length > 0, 'both got a tick')
    expect(one.seen).toEqual(['NSE_A_LTP 2'])
    expect(two.seen).toEqual(['NSE_A_LTP_QUOTE 1'])
  })

  it.each([
    ['a message of its own', Buffer.from('hello')],
    ['an empty message', Buffer.alloc(0)],
    ['an endless topic', Buffer.concat([Buffer.from([1]), Buffer.alloc(10_000, 0x41)])],
  ])('counts %s from a reader and hears on', async (_, message) => {
    const { ticks, endpoint, demand } = await feed()
    const strange = new XSubscriber({ linger: 0 })
    closers.push(() => strange.close())
    strange.connect(endpoint)
    await strange.send(message)
    await strange.send(Buffer.concat([Buffer.from([1]), Buffer.from('NSE_A_LTP')]))
    await eventually(() => demand.length === 1, 'the good subscription arrives')
    expect(ticks.counters.strangeMessages).toBe(1)
  })

  it('sends a burst without waiting for any of it', async () => {
    const { ticks, endpoint } = await feed()
    const one = reader(endpoint)
    one.reader.subscribe('NSE_A_LTP')
    await eventually(() => ticks.isWanted('NSE_A_LTP'), 'the topic is read')
    for (let n = 0; n < 20_000; n += 1) ticks.publish('NSE_A_LTP', n)
    await eventually(() => one.seen.length === 20_000, 'all arrive')
    expect(ticks.counters.dropped).toBe(0)
  })

  it('refuses to bind beyond this machine, and names the setting of a taken endpoint', async () => {
    await expect(feed({ endpoint: 'tcp://*:*' })).rejects.toMatchObject({ code: 'ENDPOINT_NOT_LOCAL' })
    const { endpoint } = await feed()
    await expect(feed({ endpoint })).rejects.toMatchObject({
      code: 'ENDPOINT_TAKEN',
      details: { setting: 'FEED_TICKS_ENDPOINT' },
    })
  })
})
