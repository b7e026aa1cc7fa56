import { AppError, isAboutOrder, type ReplayedEvent } from '@xts-bridge/contracts'
import { CLAIM_LIFE_MS, type JournalEntry } from '@xts-bridge/persistence'
import type { JournalPort } from '../ports'

/** What survives a crash: the journal's entries, as one file keeps them. */
export class MemoryDisk {
  readonly entries: JournalEntry[] = []
  /** While set, every append is refused with these words. */
  refusal: string | undefined

  /** The journal a process opens on this disk. */
  open(): JournalPort {
    return new DiskJournal(this)
  }

  kinds(): readonly string[] {
    return this.entries.map((entry) => entry.kind)
  }

  topics(): readonly string[] {
    return this.eventEntries().map((entry) => entry.topic)
  }

  eventEntries(): readonly Extract<JournalEntry, { kind: 'event' }>[] {
    return this.entries.filter((entry) => entry.kind === 'event')
  }

  append(entries: readonly JournalEntry[]): void {
    if (this.refusal !== undefined) throw new AppError('JOURNAL_UNAVAILABLE', { reason: this.refusal })
    for (const entry of entries) this.checkClaim(entry)
    this.entries.push(...entries.map(copy))
  }

  private checkClaim(entry: JournalEntry): void {
    const claim = claimOf(entry)
    if (claim === undefined) return
    const isTaken = this.entries.some(
      (other) => claimOf(other) === claim && other.atMs > entry.atMs - CLAIM_LIFE_MS,
    )
    if (isTaken) throw new AppError('CLIENT_ORDER_ID_REUSED', { clientOrderId: claim })
  }

  eventsOf(orderId: string, brokerOrderId?: string): ReplayedEvent[] {
    const isOfOrder = ({
      orderId: id,
      data,
    }: {
      readonly orderId: string
      readonly data: unknown
    }): boolean =>
      id === orderId && (id !== '' || (isAboutOrder(data) && data.order.brokerOrderId === brokerOrderId))
    return this.eventsAfter(0, Infinity, isOfOrder)
  }

  eventsAfter(
    fromSeq: number,
    limit: number,
    isAsked: (entry: Extract<JournalEntry, { kind: 'event' }>) => boolean = () => true,
  ): ReplayedEvent[] {
    return this.eventEntries()
      .filter(isAsked)
      .filter((entry) => entry.seq > fromSeq)
      .slice(0, limit)
      .map(({ topic, seq, atMs, data }) => ({ topic, epoch: 'disk', seq, atMs, data }))
  }
}

class DiskJournal implements JournalPort {
  readonly epoch = 'disk'
  lastSeq: number

  constructor(private readonly disk: MemoryDisk) {
    this.lastSeq = disk.eventEntries().at(-1)?.seq ?? 0
  }

  nextSeq(): number {
    this.lastSeq += 1
    return this.lastSeq
  }

  /** Takes a while, as a disk does: whoever does not wait is ahead of it. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    this.disk.append(entries)
  }

  async *replay(sinceMs: number): AsyncGenerator<JournalEntry> {
    for (const entry of [...this.disk.entries]) {
      if (entry.kind !== 'event' && entry.atMs >= sinceMs) yield copy(entry)
    }
  }

  async eventsAfter(fromSeq: number, limit: number): Promise<readonly ReplayedEvent[]> {
    return this.disk.eventsAfter(fromSeq, limit)
  }

  async eventsOf(order: {
    readonly orderId: string
    readonly brokerOrderId?: string | undefined
  }): Promise<readonly ReplayedEvent[]> {
    return this.disk.eventsOf(order.orderId, order.brokerOrderId)
  }
}

function claimOf(entry: JournalEntry): string | undefined {
  if (entry.kind === 'intended' || entry.kind === 'change-intended') return entry.claim?.clientOrderId
  return entry.kind === 'answered' && !entry.isClaimHeld ? entry.claim.clientOrderId : undefined
}

/** What reading a file gives back: never the object that was written. */
function copy(entry: JournalEntry): JournalEntry {
  return JSON.parse(JSON.stringify(entry)) as JournalEntry
}
