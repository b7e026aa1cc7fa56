import { ClientOutbox, type OutgoingSocket } from './client-outbox'

/** A socket whose bytes leave only when told. */
class SlowSocket implements OutgoingSocket {
  readonly written: string[] = []
  bufferedAmount = 0
  private readonly pending: { bytes: number; sent: () => void }[] = []

  send(frame: string | Buffer, _options: { binary: boolean }, sent: () => void): void {
    this.written.push(String(frame))
    this.bufferedAmount += frame.length
    this.pending.push({ bytes: frame.length, sent })
  }

  /** The oldest frame leaves. */
  drainOne(): void {
    const oldest = this.pending.shift()
    if (oldest === undefined) return
    this.bufferedAmount -= oldest.bytes
    oldest.sent()
  }

  drainAll(): void {
    while (this.pending.length > 0) this.drainOne()
  }
}

function outbox() {
  const socket = new SlowSocket()
  const overflows: number[] = []
  const box = new ClientOutbox({
    socket,
    limits: { bufferBytes: 10, maxWaitingFrames: 3 },
    onOverflow: () => overflows.push(1),
  })
  const tick = (topic: string, text: string): void => box.sendTick(topic, Buffer.from(text))
  return { socket, box, tick, overflows }
}

const ELEVEN_BYTES = 'x'.repeat(11)

describe('ClientOutbox', () => {
  it('sends every tick while the socket takes them', () => {
    const { socket, box, tick } = outbox()
    for (const text of ['a1', 'a2', 'a3']) tick('a', text)
    expect(socket.written).toEqual(['a1', 'a2', 'a3'])
    expect(box.conflatedCount).toBe(0)
  })

  it('keeps the latest tick of each topic while the socket is full, and sends them once it drains', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    for (const text of ['1', '2', '3']) {
      tick('a', `a${text}`)
      tick('b', `b${text}`)
    }
    expect(socket.written).toEqual([ELEVEN_BYTES])
    expect(box.conflatedCount).toBe(4)
    socket.drainAll()
    expect(socket.written).toEqual([ELEVEN_BYTES, 'a3', 'b3'])
  })

  it('holds one frame a topic, however many ticks a frozen client misses', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    for (let count = 0; count < 100_000; count += 1) tick(`t${count % 5}`, `tick ${count}`)
    socket.drainAll()
    expect(socket.written).toHaveLength(6)
    expect(socket.written.at(-1)).toBe('tick 99999')
    expect(box.conflatedCount).toBe(99_995)
  })

  it('goes on at once after a drain', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    tick('a', 'a1')
    socket.drainAll()
    tick('a', 'a2')
    expect(socket.written).toEqual([ELEVEN_BYTES, 'a1', 'a2'])
  })

  it('never lets a newer tick overtake one of its topic that waits', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    tick('a', 'older')
    socket.bufferedAmount = 0
    tick('a', 'newer')
    socket.drainAll()
    expect(socket.written).toEqual([ELEVEN_BYTES, 'newer'])
  })

  it('never drops an answer, and sends answers in order before ticks', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    tick('a', 'a1')
    for (const answer of ['one', 'two', 'three']) box.send(answer)
    socket.drainAll()
    expect(socket.written).toEqual([ELEVEN_BYTES, 'one', 'two', 'three', 'a1'])
  })

  it('gives the client up when more answers wait than may', () => {
    const { box, overflows } = outbox()
    for (const answer of [ELEVEN_BYTES, 'one', 'two', 'three']) box.send(answer)
    expect(overflows).toEqual([])
    box.send('four')
    expect(overflows).toEqual([1])
  })

  it('does not send a waiting tick of a topic that was let go', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    tick('a', 'a1')
    tick('b', 'b1')
    box.forget('a')
    socket.drainAll()
    expect(socket.written).toEqual([ELEVEN_BYTES, 'b1'])
  })

  it('fills the socket only up to its limit while draining', () => {
    const { socket, box, tick } = outbox()
    box.send(ELEVEN_BYTES)
    for (const topic of ['a', 'b', 'c']) tick(topic, `${topic}${'y'.repeat(10)}`)
    socket.drainOne()
    expect(socket.written).toHaveLength(2)
    expect(socket.bufferedAmount).toBe(11)
  })
})
