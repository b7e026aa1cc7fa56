import { AppError, type ChangedOrder } from '@xts-bridge/contracts'
import { House } from './testing/house'
import type { ChangeFate } from './testing/modelled-broker'

const FATES: readonly ChangeFate[] = [
  'take',
  'take, reply lost',
  'take late',
  'never arrives',
  'refuse',
  'refuse later',
  'not sent',
]
/** No path of one change makes more calls of ports than this; the last runs see no crash. */
const PORT_CALLS = 8
const BROKER_ID = '1110000001'

const CRASHES = (['modify', 'cancel'] as const).flatMap((kind) =>
  FATES.flatMap((fate) =>
    (['before', 'after'] as const).flatMap((when) =>
      Array.from({ length: PORT_CALLS }, (_, index) => [kind, fate, when, index + 1] as const),
    ),
  ),
)

async function outcomeOf(work: Promise<ChangedOrder>): Promise<string> {
  return work.then(
    (answer) => answer.change?.state ?? answer.state,
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )
}

describe('a crash at any step of a change', () => {
  it.each(CRASHES)('%s that ends as "%s": dying %s port call %i', async (kind, fate, when, atCall) => {
    const house = await House.started()
    await house.run(house.place())
    house.broker.setState(BROKER_ID, 'open')
    await house.pass(0)
    const ask = (): Promise<ChangedOrder> =>
      kind === 'cancel'
        ? house.cancel({ orderId: 'id000001' }, { clientOrderId: 'mine' })
        : house.modify({ orderId: 'id000001', price: 102 }, { clientOrderId: 'mine' })
    const sent = (): number => house.broker.modified.length + house.broker.cancelled.length

    house.broker.changeFates = [fate]
    house.generation.dies = { atCall: house.generation.portCalls + atCall, when }
    const answers: string[] = []
    void outcomeOf(ask()).then((answer) => answers.push(answer))
    await house.pass(2_000)
    await house.crashAndRestart()
    house.broker.finishChanges()
    await house.pass(120_000)

    // Sent at most once, whoever died when, and nothing that was written down is left without an end.
    expect(sent()).toBeLessThanOrEqual(1)
    expect(house.core.ledger.orderChanges.undecided()).toEqual([])
    // What is known here is what the broker has.
    const row = house.broker.orderRows.get(BROKER_ID)
    const known = house.core.readOrder.status({ orderId: 'id000001' }, { caller: { clientIDs: ['*'] } })
    expect(known).toMatchObject({ state: row?.state, price: row?.price })

    // Asking again sends only what was never sent, and agrees with what was said.
    const wasSent = sent()
    const again = await outcomeOf(house.run(ask()))
    if (wasSent === 1) expect(sent()).toBe(1)
    const [first] = answers
    if (first === 'done') expect(again).toBe('done')
    if (first === 'CHANGE_REJECTED') expect(['CHANGE_REJECTED', 'CHANGE_NO_EFFECT']).toContain(again)

    // Every event that readers could see is in the journal, once, and none was told before.
    const told = house.published.map((event) => event.seq)
    expect(new Set(told).size).toBe(told.length)
    expect(told.every((seq) => house.disk.eventEntries().some((entry) => entry.seq === seq))).toBe(true)
  })
})
