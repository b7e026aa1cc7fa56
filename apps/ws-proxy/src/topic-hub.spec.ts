import type { FeedSnapshot, TickPayload } from '@xts-bridge/contracts'
import { ServerFrames } from './server-frames'
import { TopicHub, type TopicReader } from './topic-hub'

const LTP = 'NSE_RELIANCE_LTP'
const tick = (seq: number, epoch = 'e1'): TickPayload => ({
  symbol: 'RELIANCE',
  exchange: 'NSE',
  mode: 1,
  epoch,
  seq,
  ltp: 100 + seq,
  timestamp: 1,
})
const payload = (seq: number, epoch?: string): Buffer => Buffer.from(JSON.stringify(tick(seq, epoch)))

class Reader implements TopicReader {
  readonly frames: Buffer[] = []

  sendTick(_topic: string, frame: Buffer): void {
    this.frames.push(frame)
  }

  get seqs(): number[] {
    return this.frames.map((frame) => (JSON.parse(String(frame)) as { data: TickPayload }).data.seq)
  }
}

function hub() {
  const bus: string[] = []
  const asked: { topics: readonly string[]; answer: (snapshot: FeedSnapshot) => void; fail: () => void }[] =
    []
  const topicHub = new TopicHub({
    source: {
      subscribe: (topic) => bus.push(`+${topic}`),
      unsubscribe: (topic) => bus.push(`-${topic}`),
    },
    frames: new ServerFrames('jainamxts'),
    fetchSnapshot: (topics) =>
      new Promise((resolve, reject) =>
        asked.push({ topics, answer: resolve, fail: () => reject(new Error('lost')) }),
      ),
  })
  return { topicHub, bus, asked }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const snapshotOf = (seq: number): FeedSnapshot => ({ ticks: { [LTP]: tick(seq) }, missing: [] })

describe('TopicHub', () => {
  it('reads a topic once for all its readers, until the last one leaves', () => {
    const { topicHub, bus } = hub()
    const [first, second] = [new Reader(), new Reader()]
    topicHub.join(first, [LTP])
    topicHub.join(second, [LTP])
    topicHub.leave(first, LTP)
    expect(bus).toEqual([`+${LTP}`])
    topicHub.leave(second, LTP)
    expect(bus).toEqual([`+${LTP}`, `-${LTP}`])
    expect(topicHub.topicCount).toBe(0)
  })

  it('lets nobody unsubscribe what they do not read', () => {
    const { topicHub, bus } = hub()
    topicHub.join(new Reader(), [LTP])
    topicHub.leave(new Reader(), LTP)
    topicHub.leave(new Reader(), 'NSE_SBIN_LTP')
    expect(bus).toEqual([`+${LTP}`])
  })

  it('hands the same bytes to all readers, wrapped in the frame of the topic', () => {
    const { topicHub } = hub()
    const [first, second] = [new Reader(), new Reader()]
    topicHub.join(first, [LTP])
    topicHub.join(second, [LTP])
    topicHub.deliver(LTP, payload(1))
    expect(first.frames[0]).toBe(second.frames[0])
    expect(String(first.frames[0])).toBe(
      `{"type":"market_data","symbol":"RELIANCE","exchange":"NSE","mode":1,"data":${JSON.stringify(tick(1))},"broker":"jainamxts"}`,
    )
  })

  it('drops a tick of a topic that nobody reads any more', () => {
    const { topicHub } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    topicHub.leave(reader, LTP)
    topicHub.deliver(LTP, payload(1))
    expect(reader.frames).toEqual([])
    expect(topicHub.tickCount).toBe(0)
  })

  it('shows the snapshot of a new topic, then only ticks that are newer', async () => {
    const { topicHub, asked } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    expect(asked[0]?.topics).toEqual([LTP])
    asked[0]?.answer(snapshotOf(5))
    await turn()
    for (const seq of [4, 5, 6, 7]) topicHub.deliver(LTP, payload(seq))
    expect(reader.seqs).toEqual([5, 6, 7])
  })

  it('takes the ticks of another epoch, whatever their numbers', async () => {
    const { topicHub, asked } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    asked[0]?.answer(snapshotOf(500))
    await turn()
    topicHub.deliver(LTP, payload(1, 'e2'))
    expect(reader.seqs).toEqual([500, 1])
  })

  it('does not show a snapshot that ticks have overtaken', async () => {
    const { topicHub, asked } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    topicHub.deliver(LTP, payload(6))
    asked[0]?.answer(snapshotOf(5))
    await turn()
    expect(reader.seqs).toEqual([6])
  })

  it('shows nothing for a topic the feed knows nothing of', async () => {
    const { topicHub, asked } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    asked[0]?.answer({ ticks: {}, missing: [LTP] })
    await turn()
    expect(reader.frames).toEqual([])
  })

  it('does not show a snapshot to who left before it came', async () => {
    const { topicHub, asked } = hub()
    const [gone, later] = [new Reader(), new Reader()]
    topicHub.join(gone, [LTP])
    topicHub.leave(gone, LTP)
    topicHub.join(later, [LTP])
    asked[0]?.answer(snapshotOf(5))
    await turn()
    expect(gone.frames).toEqual([])
    expect(later.frames).toEqual([])
    asked[1]?.answer(snapshotOf(6))
    await turn()
    expect(later.seqs).toEqual([6])
  })

  it('counts a snapshot that failed, and goes on with the ticks', async () => {
    const { topicHub, asked } = hub()
    const reader = new Reader()
    topicHub.join(reader, [LTP])
    asked[0]?.fail()
    await turn()
    topicHub.deliver(LTP, payload(1))
    expect(topicHub.failedSnapshotCount).toBe(1)
    expect(reader.seqs).toEqual([1])
  })

  it('shows who joins a flowing topic its last frame, without asking the feed', () => {
    const { topicHub, asked } = hub()
    const [first, second] = [new Reader(), new Reader()]
    topicHub.join(first, [LTP])
    topicHub.deliver(LTP, payload(1))
    topicHub.join(second, [LTP])
    expect(second.seqs).toEqual([1])
    expect(asked).toHaveLength(1)
  })

  it('shows nothing from before a loss of the feed', () => {
    const { topicHub } = hub()
    const [first, second] = [new Reader(), new Reader()]
    topicHub.join(first, [LTP])
    topicHub.deliver(LTP, payload(1))
    topicHub.forgetLastFrames()
    topicHub.join(second, [LTP])
    expect(second.frames).toEqual([])
  })

  it('asks for at most 1,000 topics at a time', () => {
    const { topicHub, asked } = hub()
    const topics = Array.from({ length: 2_500 }, (_, index) => `NSE_S${index}_LTP`)
    topicHub.join(new Reader(), topics)
    expect(asked.map((request) => request.topics.length)).toEqual([1_000, 1_000, 500])
  })

  it.each(['', 'NSE', 'NSE_RELIANCE'])('does not turn %p into a bus subscription', (topic) => {
    const { topicHub, bus } = hub()
    expect(() => topicHub.join(new Reader(), [topic])).toThrow('not a tick topic')
    expect(bus).toEqual([])
  })
})
