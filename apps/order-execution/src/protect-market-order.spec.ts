import type { BrokerOrderInstruction } from '@xts-bridge/xts'
import { House } from './testing/house'

const MARKET = { priceType: 'MARKET', price: 0 }

async function refusing(isProtectionForEntries = false): Promise<House> {
  const house = await House.started({ marketOrders: 'refused', isProtectionForEntries })
  house.quoted = { ltp: 1000, bid: 999, ask: 1001, asOfMs: house.clock.nowMs() }
  return house
}
/** Long by 10 at the broker, so that a target of 0 reduces. */
async function long(house: House): Promise<void> {
  await house.run(house.place({ quantity: 10, price: 1000 }))
  const { tag } = last(house)
  house.broker.fill(house.broker.byTag(tag)?.brokerOrderId ?? '', 10, 1000)
  await house.pass(3_000)
}
function last(house: House): BrokerOrderInstruction {
  const instruction = house.broker.placed.at(-1)
  if (instruction === undefined) throw new Error('nothing was sent')
  return instruction
}
const sent = (house: House): object => {
  const { priceType, price, side, quantity } = last(house)
  return { priceType, price, side, quantity }
}

it('leaves a market order as it is where the broker takes them', async () => {
  const house = await House.started()
  await house.run(house.place(MARKET))
  expect(sent(house)).toMatchObject({ priceType: 'MARKET', price: 0 })
})

describe('where market orders are refused', () => {
  it('refuses an entry before it is written down, and says what to do', async () => {
    const house = await refusing()
    await expect(house.run(house.place(MARKET))).rejects.toMatchObject({ code: 'MARKET_ORDERS_REFUSED' })
    await expect(house.run(house.smart({ ...MARKET, targetPosition: 10 }))).rejects.toMatchObject({
      code: 'MARKET_ORDERS_REFUSED',
    })
    expect(house.broker.placed).toEqual([])
  })

  it('sends an entry under a protected limit when the desk wants it', async () => {
    const house = await refusing(true)
    await house.run(house.place(MARKET))
    expect(sent(house)).toMatchObject({ priceType: 'LIMIT', price: 1011.05, side: 'BUY' })
    await house.run(house.place({ ...MARKET, side: 'SELL' }))
    expect(sent(house)).toMatchObject({ priceType: 'LIMIT', price: 989, side: 'SELL' })
  })

  it('anchors a stop at its trigger', async () => {
    const house = await refusing(true)
    await house.run(house.place({ priceType: 'SL-M', price: 0, triggerPrice: 1010 }))
    expect(sent(house)).toMatchObject({ priceType: 'SL', price: 1020.1 })
  })

  it('leaves a limit order alone', async () => {
    const house = await refusing()
    await house.run(house.place())
    expect(sent(house)).toMatchObject({ priceType: 'LIMIT', price: 100 })
  })

  it('protects an exit without being asked', async () => {
    const house = await refusing()
    await long(house)
    house.quoted = { ltp: 1000, bid: 999, ask: 1001, asOfMs: house.clock.nowMs() }
    await house.run(house.smart({ ...MARKET, targetPosition: 0 }))
    expect(sent(house)).toEqual({ priceType: 'LIMIT', price: 989, side: 'SELL', quantity: 10 })
  })

  it.each([
    ['the feed is down', undefined],
    ['the quote is old', { ltp: 1000, asOfMs: 0 }],
    ['the quote lies outside the band', { ltp: 6000, asOfMs: Number.MAX_SAFE_INTEGER }],
  ])('sends an exit at the edge of the band when %s, and no entry', async (_why, quoted) => {
    const house = await refusing(true)
    await long(house)
    house.quoted = quoted
    await expect(house.run(house.place(MARKET))).rejects.toMatchObject({ code: 'NO_REFERENCE_PRICE' })
    await house.run(house.smart({ ...MARKET, targetPosition: 0 }))
    expect(sent(house)).toEqual({ priceType: 'LIMIT', price: 50, side: 'SELL', quantity: 10 })
  })

  it('takes the last price where the other side of the book is empty', async () => {
    const house = await refusing(true)
    house.quoted = { ltp: 1000, asOfMs: house.clock.nowMs() }
    await house.run(house.place(MARKET))
    expect(sent(house)).toMatchObject({ price: 1010 })
  })
})
