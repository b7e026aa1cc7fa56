import { differenceTopic, type BookDifference, type Clock } from '@xts-bridge/contracts'
import type { EvidenceWriter } from './evidence-writer'
import type { JournalPort, LogPort } from './ports'
import { tradingDay } from './trading-day'

export interface BookDifferencesOptions {
  readonly clock: Clock
  readonly account: string
  readonly journal: Pick<JournalPort, 'nextSeq'>
  readonly writer: EvidenceWriter
  readonly log: LogPort
}

const MOST_TOLD = 10_000

/** Tells what the broker's books and our own state do not agree on: journalled, published and logged, once a day each. */
export class BookDifferences {
  private readonly told = new Set<string>()
  private toldOnDay = 0
  private found = 0

  constructor(private readonly options: BookDifferencesOptions) {}

  /** How many were told since the process started. */
  get count(): number {
    return this.found
  }

  tell(difference: BookDifference): void {
    const { clock, account, journal, writer, log } = this.options
    const foundAtMs = clock.nowMs()
    if (!this.isNew(difference, foundAtMs)) return
    this.found += 1
    log.warn('book differs from what is known', { ...difference })
    const topic = differenceTopic(account)
    const data = { difference, foundAtMs }
    const event = {
      kind: 'event',
      account,
      orderId: '',
      atMs: foundAtMs,
      seq: journal.nextSeq(),
      topic,
      data,
    } as const
    void writer.write([event])
  }

  private isNew(difference: BookDifference, atMs: number): boolean {
    const day = tradingDay(atMs)
    if (this.toldOnDay !== day || this.told.size >= MOST_TOLD) this.told.clear()
    this.toldOnDay = day
    // A position may move more than once by the same amount; what stays as it is, is told once.
    if (difference.type === 'position-moved') return true
    const text = JSON.stringify(difference)
    if (this.told.has(text)) return false
    this.told.add(text)
    return true
  }
}
