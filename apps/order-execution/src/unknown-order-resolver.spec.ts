import { House } from './testing/house'

const ANYONE = { caller: { clientIDs: ['*'] } }
const stateOf = (house: House, orderId = 'id000001'): string =>
  house.core.readOrder.status({ orderId }, ANYONE).state

/** An order that was sent and whose answer is lost. */
async function unknownOrder(fate: 'reply lost' | 'never arrives', house: House): Promise<void> {
  house.broker.fates = [fate]
  await house.run(house.place({}, { clientOrderId: 'lost' })).catch(() => undefined)
}

describe('an order whose reply was lost', () => {
  it('is resolved by its tag in the order book, and told so', async () => {
    const house = await House.started()
    await unknownOrder('reply lost', house)
    expect(stateOf(house)).toBe('unknown')
    await house.pass(3_000)
    expect(stateOf(house)).toBe('open')
    expect(house.topics()).toEqual(['unknown', 'resolved', 'opened'])
    expect(house.broker.placed).toHaveLength(1)
  })

  it('is resolved by an event of the socket while the book cannot be read', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    await unknownOrder('reply lost', house)
    await house.pass(10_000)
    expect(stateOf(house)).toBe('unknown')
    house.broker.fill('1110000001', 10)
    expect(stateOf(house)).toBe('filled')
    await house.pass(0)
    expect(house.topics()).toEqual(['unknown', 'resolved', 'filled'])
  })

  it('answers its clientOrderId with the placed order once it is found', async () => {
    const house = await House.started()
    await unknownOrder('reply lost', house)
    await house.pass(3_000)
    await expect(house.run(house.place({}, { clientOrderId: 'lost' }))).resolves.toMatchObject({
      orderId: 'id000001',
      state: 'open',
    })
  })

  it('still answers unknown to its clientOrderId until then', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    await unknownOrder('reply lost', house)
    await expect(house.run(house.place({}, { clientOrderId: 'lost' }))).rejects.toMatchObject({
      code: 'XTS_REPLY_LOST',
      kind: 'unknown',
    })
    expect(house.broker.placed).toHaveLength(1)
  })
})

describe('an order that never reached the broker', () => {
  it('is proven absent by two healthy reads, begun late enough', async () => {
    const house = await House.started()
    const sentAtMs = house.clock.nowMs()
    await unknownOrder('never arrives', house)
    await house.pass(60_000)
    expect(stateOf(house)).toBe('absent')
    const proof = house.disk.entries.find((entry) => entry.kind === 'absent')
    const [first, second] = proof?.readsBegunAtMs ?? [0, 0]
    expect(first).toBeGreaterThanOrEqual(sentAtMs + 15_000)
    expect(second).toBeGreaterThan(first)
    expect(house.topics()).toEqual(['unknown', 'resolved'])
  })

  it('answers its clientOrderId that it may be placed again under a new one', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    await house.pass(60_000)
    await expect(house.run(house.place({}, { clientOrderId: 'lost' }))).rejects.toMatchObject({
      code: 'ORDER_PROVEN_ABSENT',
    })
    await house.crashAndRestart()
    await expect(house.run(house.place({}, { clientOrderId: 'lost' }))).rejects.toMatchObject({
      code: 'ORDER_PROVEN_ABSENT',
    })
  })

  it('is not taken for absent a moment before the deadline and margin have passed', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    await house.pass(14_900)
    expect(stateOf(house)).toBe('unknown')
  })

  it('stays unknown for ever while the book cannot be read, and alerts', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    await unknownOrder('never arrives', house)
    await house.pass(6 * 3_600_000)
    expect(stateOf(house)).toBe('unknown')
    expect(house.logged.filter((line) => line === 'order stays unknown')).toHaveLength(1)
  })

  it('stays unknown while the book answers empty and never had rows in this session', async () => {
    const house = await House.started({ isBookVerified: false })
    await unknownOrder('never arrives', house)
    await house.pass(3_600_000)
    expect(stateOf(house)).toBe('unknown')
  })

  it('is proven absent by an account whose books are known to answer truly, even when they are empty', async () => {
    const house = await House.started({ isBookVerified: true })
    await unknownOrder('never arrives', house)
    await house.pass(60_000)
    expect(stateOf(house)).toBe('absent')
  })

  it('stays unknown while the book misses an order the broker has acknowledged', async () => {
    const house = await House.started()
    await house.run(house.place())
    await unknownOrder('never arrives', house)
    house.broker.isBookEmptied = true
    await house.pass(3_600_000)
    expect(stateOf(house, 'id000002')).toBe('unknown')
    house.broker.isBookEmptied = false
    await house.pass(120_000)
    expect(stateOf(house, 'id000002')).toBe('absent')
  })

  it('stays unknown while a row the book has shown before is gone from it', async () => {
    const house = await House.started()
    const byHand = house.broker.placeByHand()
    await house.pass(61_000)
    await unknownOrder('never arrives', house)
    await house.pass(5_000)
    house.broker.orderRows.delete(byHand.brokerOrderId)
    await house.pass(3_600_000)
    expect(stateOf(house)).toBe('unknown')
  })

  it('stays unknown while the order socket is down', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    house.drop()
    await house.pass(3_600_000)
    expect(stateOf(house)).toBe('unknown')
    house.join()
    await house.pass(120_000)
    expect(stateOf(house)).toBe('absent')
  })

  it('needs two more reads when the socket drops between them', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    await house.pass(15_500)
    house.drop()
    house.join()
    const rejoinedAtMs = house.clock.nowMs()
    await house.pass(120_000)
    const proof = house.disk.entries.find((entry) => entry.kind === 'absent')
    expect(proof?.readsBegunAtMs[0]).toBeGreaterThanOrEqual(rejoinedAtMs)
  })

  it('is told as resurrected when it appears after all', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    await house.pass(60_000)
    const late = house.broker.placeByHand({ tag: 'id000001', quantity: 10, price: 100 })
    expect(stateOf(house)).toBe('open')
    house.broker.fill(late.brokerOrderId, 10)
    await house.pass(0)
    expect(house.topics().slice(2)).toEqual(['resurrected', 'opened', 'filled'])
  })

  it('is found in the book when it appears there later, because it is still watched', async () => {
    const house = await House.started()
    await unknownOrder('never arrives', house)
    await house.pass(60_000)
    house.broker.onOrder = undefined
    house.broker.placeByHand({ tag: 'id000001', quantity: 10, price: 100 })
    await house.pass(61_000)
    expect(house.topics().slice(2)).toEqual(['resurrected', 'opened'])
  })

  it('of yesterday is never proven absent from today’s book', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    await unknownOrder('never arrives', house)
    await house.pass(24 * 3_600_000)
    house.broker.isBookUnreadable = false
    await house.pass(3_600_000)
    expect(stateOf(house)).toBe('unknown')
    await house.crashAndRestart()
    expect(house.logged).toContain('order of an earlier day stays unknown')
  })

  it('of yesterday does not keep a smart order of today waiting', async () => {
    const house = await House.started()
    house.broker.isBookUnreadable = true
    await unknownOrder('never arrives', house)
    await house.pass(24 * 3_600_000)
    house.broker.isBookUnreadable = false
    await house.pass(60_000)
    await expect(house.run(house.smart({ targetPosition: 5 }))).resolves.toMatchObject({ action: 'placed' })
  })
})

describe('looking', () => {
  it('asks after about 1, 2, 4 and 8 seconds, not in a flood', async () => {
    const house = await House.started()
    await house.pass(30_000)
    house.broker.isBookUnreadable = true
    const before = house.broker.reads.length
    await unknownOrder('never arrives', house)
    await house.pass(15_100)
    expect(house.broker.reads.length - before).toBeGreaterThanOrEqual(4)
    expect(house.broker.reads.length - before).toBeLessThanOrEqual(12)
  })
})
