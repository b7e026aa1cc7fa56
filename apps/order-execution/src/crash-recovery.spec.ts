import { AppError } from '@xts-bridge/contracts'
import { House } from './testing/house'
import type { PlaceFate } from './testing/modelled-broker'

const FATES: readonly PlaceFate[] = [
  'accept',
  'reply lost',
  'never arrives',
  'reject',
  'not sent',
  'event before reply',
]
/** No path of one order makes more calls of ports than this; the last runs see no crash. */
const PORT_CALLS = 12

const CRASHES = FATES.flatMap((fate) =>
  (['before', 'after'] as const).flatMap((when) =>
    Array.from({ length: PORT_CALLS }, (_, index): [PlaceFate, 'before' | 'after', number] => [
      fate,
      when,
      index + 1,
    ]),
  ),
)

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    (answer) => (answer as { state: string }).state,
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )
}

describe('a crash at any step of an order', () => {
  it.each(CRASHES)('that ends as "%s": dying %s port call %i', async (fate, when, atCall) => {
    const house = await House.started()
    house.broker.fates = [fate]
    house.generation.dies = { atCall: house.generation.portCalls + atCall, when }
    const answers: string[] = []
    void outcomeOf(house.place({}, { clientOrderId: 'mine' })).then((answer) => answers.push(answer))
    await house.pass(2_000)
    await house.crashAndRestart()
    await house.pass(120_000)

    // The broker never sees one order twice, and what it has is known here with its state.
    const tags = house.broker.placed.map((order) => order.tag)
    expect(new Set(tags).size).toBe(tags.length)
    for (const row of house.broker.orderRows.values()) {
      expect(house.core.ledger.records.find(row.tag)?.facts.brokerOrderId).toBe(row.brokerOrderId)
    }
    // Nothing that was written down is left without an end.
    expect(house.core.ledger.unresolved()).toEqual([])

    // Asking again never makes a second order while the first is there, and agrees with what was said.
    const again = await outcomeOf(house.run(house.place({}, { clientOrderId: 'mine' })))
    expect(house.broker.orderRows.size).toBeLessThanOrEqual(1)
    const [first] = answers
    if (first === 'accepted' || first === 'open') expect(['accepted', 'open']).toContain(again)
    if (first === 'BROKER_REJECTED') expect(['BROKER_REJECTED', 'ORDER_PROVEN_ABSENT']).toContain(again)
    expect(new Set(house.broker.placed.map((order) => order.tag)).size).toBe(house.broker.placed.length)

    // Every event that readers could see is in the journal, once, and none was told before.
    const told = house.published.map((event) => event.seq)
    expect(new Set(told).size).toBe(told.length)
    expect(told.every((seq) => house.disk.eventEntries().some((entry) => entry.seq === seq))).toBe(true)
  })
})

describe('a restart', () => {
  it('does not tell fills again, and tells those that were missed once', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.fill('1110000001', 4)
    await house.pass(100)
    house.generation.isDead = true
    house.broker.fill('1110000001', 6)
    await house.crashAndRestart()
    await house.pass(120_000)
    const fills = house.disk.eventEntries().map((entry) => [entry.topic, entry.data.fill?.quantity])
    expect(fills.filter(([, quantity]) => quantity !== undefined)).toEqual([
      ['order.primary.partially-filled', 4],
      ['order.primary.filled', 6],
    ])
  })

  it('continues the sequence of events', async () => {
    const house = await House.started()
    await house.run(house.place())
    await house.crashAndRestart()
    await house.run(house.place())
    const seqs = house.disk.eventEntries().map((entry) => entry.seq)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1))
  })

  it('replays events from any sequence', async () => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.fill('1110000001', 10)
    await house.pass(100)
    await house.crashAndRestart()
    const answer = await house.core.readOrder.replay({ fromSeq: 1 }, { caller: { clientIDs: ['*'] } })
    expect(answer).toMatchObject({
      epoch: 'disk',
      lastSeq: 2,
      events: [{ seq: 2, topic: 'order.primary.filled' }],
    })
  })

  it('keeps orders that were placed by hand', async () => {
    const house = await House.started()
    house.broker.placeByHand()
    await house.pass(100)
    await house.crashAndRestart()
    expect(house.topics()).toEqual(['opened'])
    expect(house.core.ledger.records.all()).toHaveLength(1)
  })
})
