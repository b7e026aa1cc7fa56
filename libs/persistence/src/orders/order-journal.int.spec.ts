import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@xts-bridge/contracts'
import { Database } from '../database'
import { CreateOrderJournal1763600000000 } from './create-order-journal'
import {
  CLAIM_LIFE_MS,
  type ChangeIntendedEntry,
  type EventEntry,
  type IntendedEntry,
  type JournalEntry,
} from './journal-entry'
import { OrderJournal } from './order-journal'

const AT_MS = 1_770_000_000_000

function intent(orderId: string, clientOrderId?: string, atMs = AT_MS): IntendedEntry {
  return {
    kind: 'intended',
    account: 'primary',
    orderId,
    atMs,
    part: 1,
    parts: 1,
    claim: clientOrderId === undefined ? undefined : { clientOrderId, bodyHash: 'a'.repeat(64) },
    order: {
      clientOrderId,
      exchange: 'NSE',
      symbol: 'RELIANCE',
      segment: 'NSECM',
      token: 2885,
      side: 'BUY',
      priceType: 'LIMIT',
      product: 'MIS',
      validity: 'DAY',
      quantity: 10,
      disclosedQuantity: 0,
      price: 2853.55,
      triggerPrice: 0,
    },
  }
}

function settled(orderId: string, outcome: 'accepted' | 'unknown', atMs = AT_MS): JournalEntry {
  return { kind: 'settled', account: 'primary', orderId, atMs, outcome, brokerOrderId: '1110037830' }
}

function change(changeId: string, clientOrderId: string, isClaimed: boolean): ChangeIntendedEntry {
  const request = { clientOrderId, bodyHash: 'b'.repeat(64) }
  const what = {
    changeId,
    brokerOrderId: '1110037830',
    change: 'cancel',
    subject: 'order.cancel-all',
  } as const
  const claim = isClaimed ? request : undefined
  return {
    kind: 'change-intended',
    account: 'primary',
    orderId: 'order1',
    atMs: AT_MS,
    ...what,
    request,
    claim,
  }
}

function event(seq: number): EventEntry {
  const data = { order: { orderId: `order${seq}` } } as EventEntry['data']
  return {
    kind: 'event',
    account: 'primary',
    orderId: `order${seq}`,
    atMs: AT_MS,
    seq,
    topic: 'order.primary.opened',
    data,
  }
}

async function replayed(journal: OrderJournal, sinceMs = 0): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of journal.replay(sinceMs)) entries.push(entry)
  return entries
}

describe('order journal', () => {
  let folder: string
  let file: string
  const open: { close(): Promise<void> }[] = []

  async function openJournal(): Promise<OrderJournal> {
    const journal = await OrderJournal.open(file)
    open.push(journal)
    return journal
  }

  async function openOnConnections(): Promise<{ journal: OrderJournal; writes: Database }> {
    const migrations = [CreateOrderJournal1763600000000]
    const writes = await Database.open({ file, entities: [], migrations, synchronous: 'FULL' })
    const reads = await Database.open({ file, entities: [], migrations: [], synchronous: 'NORMAL' })
    const journal = await OrderJournal.on(writes, reads)
    open.push(journal)
    return { journal, writes }
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'order-journal-'))
    file = join(folder, 'orders.sqlite')
  })
  afterEach(async () => {
    for (const journal of open.splice(0)) await journal.close()
    rmSync(folder, { recursive: true })
  })

  it('lets one change of a request take its clientOrderId, and gives changes back in order', async () => {
    const journal = await openJournal()
    await journal.append([intent('order1')])
    await journal.append([change('c1', 'mine', true)])
    await journal.append([change('c2', 'mine', false)])
    await expect(journal.append([change('c3', 'mine', true)])).rejects.toMatchObject({
      code: 'CLIENT_ORDER_ID_REUSED',
    })
    await expect(journal.append([intent('order2', 'mine')])).rejects.toMatchObject({
      code: 'CLIENT_ORDER_ID_REUSED',
    })
    const settledChange = {
      ...change('c1', 'mine', false),
      kind: 'change-settled',
      outcome: 'accepted',
    } as const
    await journal.append([settledChange])
    const entries = await replayed(journal)
    expect(
      entries.map((entry) => ('changeId' in entry ? `${entry.kind} ${entry.changeId}` : entry.kind)),
    ).toEqual(['intended', 'change-intended c1', 'change-intended c2', 'change-settled c1'])
  })

  it('gives back after a restart what was appended, in order and unchanged', async () => {
    const first = await openJournal()
    const entries = [intent('one', 'mine'), settled('one', 'accepted'), intent('two')]
    await first.append(entries.slice(0, 2))
    await first.append(entries.slice(2))
    await first.close()
    const again = await openJournal()
    expect(await replayed(again)).toEqual(JSON.parse(JSON.stringify(entries)))
  })

  it('shows another connection every entry the moment append resolves, without a close', async () => {
    const journal = await openJournal()
    await journal.append([intent('one')])
    const witness = await Database.open({ file, entities: [], migrations: [], synchronous: 'NORMAL' })
    const rows = await witness.query<{ order_id: string }[]>('SELECT order_id FROM order_journal')
    await witness.close()
    expect(rows).toEqual([{ order_id: 'one' }])
  })

  it('waits for the disk at every commit', async () => {
    const { writes } = (await openJournal()) as unknown as { writes: Database }
    expect(await writes.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }])
    expect(await writes.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  })

  it('writes appends that arrive together in far fewer commits than appends, in the order they came', async () => {
    const { journal, writes } = await openOnConnections()
    const query = jest.spyOn(writes, 'query')
    await Promise.all(Array.from({ length: 200 }, (_, n) => journal.append([intent(`order${n}`)])))
    expect(query.mock.calls.length).toBeLessThanOrEqual(3)
    const ids = (await replayed(journal)).map((entry) => entry.orderId)
    expect(ids).toEqual(Array.from({ length: 200 }, (_, n) => `order${n}`))
  })

  it('takes a clientOrderId once, also after a restart, and writes nothing of the second', async () => {
    const first = await openJournal()
    await first.append([intent('one', 'mine')])
    await first.close()
    const again = await openJournal()
    await expect(again.append([intent('two', 'mine')])).rejects.toMatchObject({
      code: 'CLIENT_ORDER_ID_REUSED',
    })
    expect((await replayed(again)).map((entry) => entry.orderId)).toEqual(['one'])
  })

  it('frees a clientOrderId after seven days and not a millisecond earlier', async () => {
    const journal = await openJournal()
    await journal.append([intent('one', 'mine')])
    await expect(journal.append([intent('two', 'mine', AT_MS + CLAIM_LIFE_MS - 1)])).rejects.toThrow(AppError)
    await journal.append([intent('three', 'mine', AT_MS + CLAIM_LIFE_MS)])
    await expect(journal.append([intent('four', 'mine', AT_MS + CLAIM_LIFE_MS + 1)])).rejects.toThrow(
      AppError,
    )
  })

  it('loses nothing of its neighbours when one append of a group is refused', async () => {
    const journal = await openJournal()
    await journal.append([intent('taken', 'mine')])
    const results = await Promise.allSettled([
      journal.append([intent('first')]),
      journal.append([intent('before'), intent('clash', 'mine'), intent('after')]),
      journal.append([intent('last')]),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await replayed(journal)).map((entry) => entry.orderId)).toEqual(['taken', 'first', 'last'])
  })

  it('lets an answer stand beside orders that already hold the claim', async () => {
    const journal = await openJournal()
    const claim = { clientOrderId: 'mine', bodyHash: 'a'.repeat(64) }
    const answer = {
      kind: 'answered',
      account: 'primary',
      orderId: 'one',
      atMs: AT_MS,
      claim,
      isClaimHeld: true,
      reply: { ok: true, data: { action: 'placed' } },
    } as const
    await journal.append([intent('one', 'mine')])
    await journal.append([answer])
    await expect(journal.append([{ ...answer, isClaimHeld: false }])).rejects.toMatchObject({
      code: 'CLIENT_ORDER_ID_REUSED',
    })
    expect(await replayed(journal)).toHaveLength(2)
  })

  it('refuses with JOURNAL_UNAVAILABLE when the database is read-only, and works again when it is not', async () => {
    const { journal, writes } = await openOnConnections()
    await writes.query('PRAGMA query_only = ON')
    await expect(journal.append([intent('one')])).rejects.toMatchObject({
      code: 'JOURNAL_UNAVAILABLE',
      kind: 'unavailable',
    })
    await writes.query('PRAGMA query_only = OFF')
    await journal.append([intent('two')])
    expect((await replayed(journal)).map((entry) => entry.orderId)).toEqual(['two'])
  })

  it('refuses with JOURNAL_UNAVAILABLE when the disk is full, and what it had is whole', async () => {
    const { journal, writes } = await openOnConnections()
    await journal.append([intent('one')])
    const [pages] = await writes.query<{ page_count: number }[]>('PRAGMA page_count')
    await writes.query(`PRAGMA max_page_count = ${pages?.page_count ?? 0}`)
    const many = Array.from({ length: 100 }, (_, n) => intent(`order${n}`))
    await expect(journal.append(many)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' })
    expect((await replayed(journal)).map((entry) => entry.orderId)).toEqual(['one'])
  })

  it.each([
    ['changes', "UPDATE order_journal SET body = '{}'"],
    ['deletes', 'DELETE FROM order_journal'],
  ])('is append-only: the database refuses a statement that %s a line', async (_, sql) => {
    const { journal, writes } = await openOnConnections()
    await journal.append([intent('one')])
    await expect(writes.query(sql)).rejects.toThrow('append-only')
  })

  it('keeps its epoch and goes on counting events after a restart', async () => {
    const first = await openJournal()
    expect([first.nextSeq(), first.nextSeq()]).toEqual([1, 2])
    await first.append([event(1), event(2)])
    await first.close()
    const again = await openJournal()
    expect(again.epoch).toBe(first.epoch)
    expect(again.epoch).toMatch(/^[0-9a-f]{16}$/)
    expect(again.nextSeq()).toBe(3)
  })

  it('refuses two events of one sequence', async () => {
    const journal = await openJournal()
    await journal.append([event(1)])
    await expect(journal.append([event(1)])).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' })
  })

  it('answers events after a sequence, oldest first, at most as many as asked', async () => {
    const journal = await openJournal()
    await journal.append([event(1), event(2), event(3), event(4)])
    const answered = await journal.eventsAfter(1, 2)
    expect(answered).toEqual([
      expect.objectContaining({ seq: 2, epoch: journal.epoch, topic: 'order.primary.opened' }),
      expect.objectContaining({ seq: 3, data: { order: { orderId: 'order3' } } }),
    ])
  })

  it('answers the events of one order, and of one that is not ours by the broker’s id', async () => {
    const journal = await openJournal()
    const foreign = (seq: number, brokerOrderId: string): EventEntry => ({
      ...event(seq),
      orderId: '',
      data: { order: { ...event(seq).data.order, brokerOrderId } } as EventEntry['data'],
    })
    const ours = { ...event(3), orderId: 'order1' }
    await journal.append([event(1), event(2), ours, foreign(4, '77'), foreign(5, '78'), foreign(6, '77')])
    const seqs = async (order: { orderId: string; brokerOrderId?: string }): Promise<readonly number[]> =>
      (await journal.eventsOf(order)).map(({ seq }) => seq)
    expect(await seqs({ orderId: 'order1', brokerOrderId: '77' })).toEqual([1, 3])
    expect(await seqs({ orderId: '', brokerOrderId: '77' })).toEqual([4, 6])
    expect(await seqs({ orderId: '' })).toEqual([])
  })

  it('replays old orders only when nobody settled them', async () => {
    const journal = await openJournal()
    await journal.append([intent('settled'), settled('settled', 'accepted')])
    await journal.append([intent('lost'), settled('lost', 'unknown')])
    await journal.append([intent('bare')])
    await journal.append([intent('new', undefined, AT_MS + 10)])
    const ids = (await replayed(journal, AT_MS + 10)).map((entry) => `${entry.kind} ${entry.orderId}`)
    expect(ids).toEqual(['intended lost', 'settled lost', 'intended bare', 'intended new'])
  })

  it('replays more entries than one read takes', async () => {
    const journal = await openJournal()
    await journal.append(Array.from({ length: 4_500 }, (_, n) => intent(`order${n}`)))
    expect(await replayed(journal)).toHaveLength(4_500)
  })
})
