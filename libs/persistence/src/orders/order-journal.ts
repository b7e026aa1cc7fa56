import { AppError, type ReplayedEvent } from '@xts-bridge/contracts'
import { Database } from '../database'
import { CreateOrderJournal1763600000000 } from './create-order-journal'
import { GroupCommit } from './group-commit'
import type { JournalEntry } from './journal-entry'

/** The claim trigger adds work per row; past this a group is cut, so that one commit stays short. */
const ENTRIES_PER_COMMIT = 500
const ENTRIES_PER_READ = 2_000

/** Entries bind as one JSON text, so a group of any size is one statement and one sync. */
const APPEND = `INSERT INTO order_journal (kind, account, order_id, at_ms, event_seq, client_order_id, body_hash, body)
  SELECT value->>'$.kind', value->>'$.account', value->>'$.orderId', value->>'$.atMs', value->>'$.seq',
    CASE WHEN value->>'$.isClaimHeld' IS NOT 1 THEN value->>'$.claim.clientOrderId' END,
    CASE WHEN value->>'$.isClaimHeld' IS NOT 1 THEN value->>'$.claim.bodyHash' END, value
  FROM json_each(?) ORDER BY key`

/** Orders nobody settled, by evidence or by proof, however old. */
const OPEN_ORDERS = `SELECT order_id FROM order_journal AS i WHERE i.kind = 'intended' AND i.at_ms < ?
  AND NOT EXISTS (SELECT 1 FROM order_journal AS s WHERE s.order_id = i.order_id AND (s.kind IN ('evidence', 'absent')
    OR (s.kind = 'settled' AND s.body->>'$.outcome' <> 'unknown')))`

interface JournalRow {
  readonly entry: number
  readonly body: string
}

/**
 * The append-only order journal in its own SQLite file and on its own connection, `synchronous=FULL`: when `append`
 * resolves, the entries are on disk. Appends that arrive while a commit runs share the next one.
 */
export class OrderJournal {
  private readonly commits: GroupCommit<JournalEntry>

  /** `reads` is a second connection, so that a long replay does not hold up a commit. */
  constructor(
    private readonly writes: Database,
    private readonly reads: Database,
    /** Random name of this file's event stream, made once with it. */
    readonly epoch: string,
    private newestSeq: number,
  ) {
    this.commits = new GroupCommit({
      largestGroup: ENTRIES_PER_COMMIT,
      write: (entries) => this.writes.query(APPEND, [JSON.stringify(entries)]).then(() => undefined),
    })
  }

  /** Opens or creates the file. Throws when it cannot be opened. */
  static async open(file: string): Promise<OrderJournal> {
    const writes = await Database.open({
      file,
      entities: [],
      migrations: [CreateOrderJournal1763600000000],
      synchronous: 'FULL',
    })
    const reads = await Database.open({ file, entities: [], migrations: [], synchronous: 'NORMAL' })
    return OrderJournal.on(writes, reads)
  }

  /** The journal on connections that are already open and migrated. */
  static async on(writes: Database, reads: Database): Promise<OrderJournal> {
    const [identity] = await reads.query<{ epoch: string }[]>('SELECT epoch FROM journal_identity')
    if (identity === undefined) throw new Error('The order journal has no identity row; the file is damaged.')
    const [newest] = await reads.query<{ seq: number | null }[]>(
      'SELECT max(event_seq) AS seq FROM order_journal WHERE event_seq IS NOT NULL',
    )
    return new OrderJournal(writes, reads, identity.epoch, newest?.seq ?? 0)
  }

  /** Sequence of the newest event given out by `nextSeq`, or found on disk. */
  get lastSeq(): number {
    return this.newestSeq
  }

  /** The sequence for the next event; give it to exactly one EventEntry. */
  nextSeq(): number {
    this.newestSeq += 1
    return this.newestSeq
  }

  /**
   * Writes the entries, all or none, in order. Throws JOURNAL_UNAVAILABLE when the disk refuses (nothing is then to be
   * sent), CLIENT_ORDER_ID_REUSED when a claim is taken.
   */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    try {
      await this.commits.add(entries)
    } catch (cause) {
      throw appendError(entries, cause)
    }
  }

  /** What a start needs, oldest first and without events: everything since `sinceMs`, and older orders still open. */
  async *replay(sinceMs: number): AsyncGenerator<JournalEntry> {
    const open = await this.reads.query<{ order_id: string }[]>(OPEN_ORDERS, [sinceMs])
    const openIds = JSON.stringify(open.map((row) => row.order_id))
    let after = 0
    for (;;) {
      const rows = await this.reads.query<JournalRow[]>(
        `SELECT entry, body FROM order_journal WHERE entry > ? AND kind <> 'event'
           AND (at_ms >= ? OR order_id IN (SELECT value FROM json_each(?))) ORDER BY entry LIMIT ?`,
        [after, sinceMs, openIds, ENTRIES_PER_READ],
      )
      for (const row of rows) yield JSON.parse(row.body) as JournalEntry
      const last = rows.at(-1)
      if (last === undefined || rows.length < ENTRIES_PER_READ) return
      after = last.entry
    }
  }

  /** Events after `fromSeq`, oldest first. */
  async eventsAfter(fromSeq: number, limit: number): Promise<readonly ReplayedEvent[]> {
    const rows = await this.reads.query<JournalRow[]>(
      'SELECT entry, body FROM order_journal WHERE event_seq > ? ORDER BY event_seq LIMIT ?',
      [fromSeq, limit],
    )
    return rows.map((row) => this.eventIn(row))
  }

  /** Everything that was published of one order, oldest first; of an order that is not ours by the broker's id. */
  async eventsOf(order: {
    readonly orderId: string
    readonly brokerOrderId?: string | undefined
  }): Promise<readonly ReplayedEvent[]> {
    const rows = await this.reads.query<JournalRow[]>(
      `SELECT entry, body FROM order_journal WHERE order_id = ? AND kind = 'event'
         AND (order_id <> '' OR body->>'$.data.order.brokerOrderId' = ?) ORDER BY event_seq`,
      [order.orderId, order.brokerOrderId ?? ''],
    )
    return rows.map((row) => this.eventIn(row))
  }

  /** Finishes what was appended and closes the file. */
  async close(): Promise<void> {
    await this.commits.whenIdle()
    await this.writes.close()
    await this.reads.close()
  }

  private eventIn(row: JournalRow): ReplayedEvent {
    const { topic, seq, atMs, data } = JSON.parse(row.body) as Extract<JournalEntry, { kind: 'event' }>
    return { topic, epoch: this.epoch, seq, atMs, data }
  }
}

function appendError(entries: readonly JournalEntry[], cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const claimed = entries.flatMap((entry) => ('claim' in entry && entry.claim ? [entry.claim] : []))[0]
  if (claimed !== undefined && reason.includes('client_order_ids.'))
    return new AppError('CLIENT_ORDER_ID_REUSED', { clientOrderId: claimed.clientOrderId }, { cause })
  return new AppError('JOURNAL_UNAVAILABLE', { reason }, { cause })
}
