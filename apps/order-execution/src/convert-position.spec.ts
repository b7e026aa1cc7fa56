import type { ConvertedPosition, PositionView } from '@xts-bridge/contracts'
import { errorOf, houseWith, type House } from './testing/house'

const CALLER = { caller: { clientIDs: ['*'] } }
const WISH = { exchange: 'NSE', symbol: 'RELIANCE', fromProduct: 'MIS', toProduct: 'NRML', quantity: 4 }

function convert(house: House, change: object = {}, clientOrderId?: string): Promise<ConvertedPosition> {
  return house.run(house.core.books.conversion.convert({ ...WISH, ...change }, { ...CALLER, clientOrderId }))
}

async function quantities(house: House): Promise<Record<string, number>> {
  const positions = (await house.run(house.core.books.positions.read({}))) as readonly PositionView[]
  return Object.fromEntries(positions.map(({ product, quantity }) => [product, quantity]))
}

describe('position.convert', () => {
  it.each([10, -10])('moves a quantity of a position of %d to another product', async (net) => {
    const house = await houseWith(net)
    await expect(convert(house)).resolves.toEqual({ ...WISH, evidence: 'reply', clientOrderId: undefined })
    expect(house.account.converted).toMatchObject([
      { part: { token: 2885, product: 'MIS', quantity: 4, isDayWise: false }, newProduct: 'NRML' },
    ])
    const sign = Math.sign(net)
    expect(await quantities(house)).toEqual({ MIS: 6 * sign, NRML: 4 * sign })
  })

  it('keeps counting trades on top of what it moved', async () => {
    const house = await houseWith(10)
    await convert(house)
    await quantities(house)
    house.broker.fillsAtPrice = 100
    await house.run(house.place({ side: 'SELL', quantity: 2 }))
    expect(await quantities(house)).toEqual({ MIS: 4, NRML: 4 })
    await house.pass(120_000)
    expect(await quantities(house)).toEqual({ MIS: 4, NRML: 4 })
    expect(house.topics()).not.toContain('difference')
  })

  it('names the client, and looks in that client’s book', async () => {
    const house = await houseWith(0)
    house.broker.fillsAtPrice = 100
    await house.run(house.place({ clientID: 'CLI7' }))
    await convert(house, { clientID: 'CLI7' })
    expect(house.account.converted[0]?.part.clientID).toBe('CLI7')
  })

  it('finds in the position book that a conversion whose answer was lost took place', async () => {
    const house = await houseWith(10)
    house.account.fates = ['reply lost']
    await expect(convert(house)).resolves.toMatchObject({ evidence: 'position-book' })
    expect(house.account.converted).toHaveLength(1)
  })

  it('stays unknown when the answer was lost and the book does not show it, and is not sent again', async () => {
    const house = await houseWith(10)
    house.account.fates = ['never arrives']
    expect(await errorOf(convert(house, {}, 'again'))).toMatchObject({
      ...{ kind: 'unknown', code: 'CONVERSION_REPLY_LOST' },
    })
    expect((await errorOf(convert(house, {}, 'again'))).code).toBe('CONVERSION_REPLY_LOST')
    expect(house.account.converted).toHaveLength(1)
  })

  it('gives the first answer to the same clientOrderId, after a restart too, and refuses another body', async () => {
    const house = await houseWith(10)
    const first = await convert(house, {}, 'once')
    await house.crashAndRestart()
    expect(await convert(house, {}, 'once')).toEqual(first)
    expect((await errorOf(convert(house, { quantity: 5 }, 'once'))).code).toBe('CLIENT_ORDER_ID_REUSED')
    expect(house.account.converted).toHaveLength(1)
  })

  it('is not sent twice by a process that died before the answer was recorded', async () => {
    const house = await houseWith(10)
    const asked = house.core.books.conversion.convert(WISH, { ...CALLER, clientOrderId: 'died' })
    asked.catch(() => undefined)
    const { convert: send } = house.account
    house.account.convert = async (...call) => {
      house.generation.isDead = true
      return send(...call)
    }
    await house.pass(5_000)
    expect(house.account.converted).toHaveLength(1)
    await house.crashAndRestart()
    expect((await errorOf(convert(house, {}, 'died'))).code).toBe('CONVERSION_REPLY_LOST')
    expect(house.account.converted).toHaveLength(1)
  })

  it.each([
    ['reject', 'BROKER_REJECTED'],
    ['not sent', 'XTS_NOT_SENT'],
  ] as const)('that the broker answers with "%s" is %s', async (fate, code) => {
    const house = await houseWith(10)
    house.account.fates = [fate]
    expect((await errorOf(convert(house))).code).toBe(code)
    expect(await quantities(house)).toEqual({ MIS: 10 })
  })

  it.each([
    [{ quantity: 11 }, 'POSITION_TOO_SMALL'],
    [{ fromProduct: 'CNC' }, 'POSITION_TOO_SMALL'],
    [{ toProduct: 'MIS' }, 'REQUEST_INVALID'],
    [{ quantity: 0 }, 'REQUEST_INVALID'],
    [{ quantity: 1.5 }, 'REQUEST_INVALID'],
    [{ symbol: 'NONE' }, 'INSTRUMENT_NOT_FOUND'],
    [{ exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE' }, 'ORDER_QUANTITY_NOT_LOT_MULTIPLE'],
    [{ account: 'second' }, 'ACCOUNT_UNKNOWN'],
  ])('refuses %j with %s, and sends nothing', async (change, code) => {
    const house = await houseWith(10)
    expect((await errorOf(convert(house, change))).code).toBe(code)
    expect(house.account.converted).toEqual([])
  })

  it('sends nothing when the position book cannot be read or the disk refuses', async () => {
    const house = await houseWith(10)
    house.broker.isBookUnreadable = true
    expect((await errorOf(convert(house))).code).toBe('XTS_READ_FAILED')
    house.broker.isBookUnreadable = false
    house.disk.refusal = 'the disk is full'
    expect((await errorOf(convert(house, {}, 'full'))).code).toBe('JOURNAL_UNAVAILABLE')
    expect(house.account.converted).toEqual([])
  })
})
