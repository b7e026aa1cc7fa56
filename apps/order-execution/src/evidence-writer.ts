import { AppError, type Clock } from '@xts-bridge/contracts'
import type { JournalEntry } from '@xts-bridge/persistence'
import type { JournalPort, LogPort, PublisherPort } from './ports'

export interface EvidenceWriterOptions {
  readonly clock: Clock
  readonly journal: JournalPort
  readonly publisher: PublisherPort
  readonly log: LogPort
}

interface Waiting {
  readonly entries: readonly JournalEntry[]
  readonly written: () => void
}

const RETRY_AFTER_MS = 1_000
const MOST_WAITING = 50_000

/**
 * Writes what has already happened and then publishes its events, in the order it happened. When the disk refuses, it
 * keeps what it has and tries again: evidence cannot be refused, it is only late.
 */
export class EvidenceWriter {
  private waiting: Waiting[] = []
  private isWriting = false
  private isFailing = false
  private dropped = 0

  constructor(private readonly options: EvidenceWriterOptions) {}

  /** The disk refused evidence that is not on it yet. */
  get isBehind(): boolean {
    return this.isFailing
  }

  /** Throws JOURNAL_UNAVAILABLE while evidence waits for the disk: a new order would overtake it. */
  refuseWhenBehind(): void {
    if (!this.isFailing) return
    throw new AppError('JOURNAL_UNAVAILABLE', { reason: 'the disk refuses what is known of earlier orders' })
  }

  /** Evidence that did not fit while the disk refused; a start finds it again in the broker's books. */
  get droppedEntries(): number {
    return this.dropped
  }

  /**
   * Resolves when the entries are on disk and their events published, or when the disk has refused them once: they are
   * then kept and tried again, and nobody waits for that.
   */
  write(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve()
    if (this.waiting.length >= MOST_WAITING) {
      this.dropped += entries.length
      return Promise.resolve()
    }
    return new Promise((written) => {
      this.waiting.push({ entries, written })
      if (this.isFailing) written()
      if (!this.isWriting) void this.writeAll()
    })
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true
    while (this.waiting.length > 0) {
      const group = this.waiting
      this.waiting = []
      // Who came while the disk was refusing waits no longer than this group does.
      const tellAll = (): void => [...group, ...this.waiting].forEach((one) => one.written())
      await this.writeUntilTaken(
        group.flatMap((one) => one.entries),
        tellAll,
      )
      group.forEach((one) => one.written())
    }
    this.isWriting = false
  }

  private async writeUntilTaken(entries: readonly JournalEntry[], onRefused: () => void): Promise<void> {
    const { clock, journal, log } = this.options
    while (!(await this.isTaken(journal.append(entries)))) {
      onRefused()
      await new Promise<void>((resolve) => clock.after(RETRY_AFTER_MS, resolve))
    }
    if (this.isFailing) log.warn('journal takes evidence again', { entries: entries.length })
    this.isFailing = false
    this.publish(entries)
  }

  private async isTaken(append: Promise<void>): Promise<boolean> {
    try {
      await append
      return true
    } catch (error) {
      if (!this.isFailing)
        this.options.log.error('journal refuses evidence; no new order is taken', { error })
      this.isFailing = true
      return false
    }
  }

  private publish(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'event') this.options.publisher.publish(entry.topic, entry.data, entry.seq)
    }
  }
}
