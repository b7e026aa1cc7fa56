import { ManualClock, type OrderEvent } from '@xts-bridge/contracts'
import type { JournalEntry } from '@xts-bridge/persistence'
import { EvidenceWriter } from './evidence-writer'
import { codeThrown } from './testing/house'
import { MemoryDisk } from './testing/memory-disk'

function event(seq: number): JournalEntry {
  const data = { order: { orderId: `o${seq}` } } as OrderEvent
  return {
    kind: 'event',
    account: 'primary',
    orderId: `o${seq}`,
    atMs: 1,
    seq,
    topic: 'order.primary.opened',
    data,
  }
}

function writing(): { clock: ManualClock; disk: MemoryDisk; published: number[]; writer: EvidenceWriter } {
  const clock = new ManualClock()
  const disk = new MemoryDisk()
  const published: number[] = []
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined }
  const publisher = { publish: (_topic: string, _data: unknown, seq: number) => void published.push(seq) }
  return {
    clock,
    disk,
    published,
    writer: new EvidenceWriter({ clock, journal: disk.open(), publisher, log: silent }),
  }
}

describe('writing evidence', () => {
  it('publishes events only once they are on disk, in order', async () => {
    const { disk, published, writer } = writing()
    const written = Promise.all([writer.write([event(1)]), writer.write([event(2), event(3)])])
    expect(published).toEqual([])
    await written
    expect(published).toEqual([1, 2, 3])
    expect(disk.entries).toHaveLength(3)
  })

  it('keeps what the disk refuses, tries again each second, and loses and repeats nothing', async () => {
    const { clock, disk, published, writer } = writing()
    disk.refusal = 'disk full'
    await writer.write([event(1)])
    const later = writer.write([event(2)])
    expect(writer.isBehind).toBe(true)
    expect(codeThrown(() => writer.refuseWhenBehind())).toBe('JOURNAL_UNAVAILABLE')
    await clock.advance(3_000)
    expect(published).toEqual([])
    disk.refusal = undefined
    await clock.advance(1_000)
    await later
    expect(published).toEqual([1, 2])
    expect(disk.eventEntries().map((entry) => entry.seq)).toEqual([1, 2])
    expect(writer.isBehind).toBe(false)
  })

  it('counts what no longer fits while the disk refuses', async () => {
    const { disk, writer } = writing()
    disk.refusal = 'disk full'
    await writer.write([event(1)])
    for (let seq = 2; seq <= 50_002; seq += 1) void writer.write([event(seq)])
    expect(writer.droppedEntries).toBe(1)
  })
})
