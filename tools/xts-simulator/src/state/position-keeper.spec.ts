import fc from 'fast-check'
import type { SimTrade } from '../matching/sim-order'
import type { TradeConversion } from '../matching/trade-conversion'
import { account, reliance } from '../testing/open-exchange'
import { averageOpenPrice, netQuantity, PositionKeeper, quantityOf, sidesIn } from './position-keeper'

const owner = account(1e9)
const held = { clientCode: 'SIM0001', loginId: 'SIM0001', instrument: reliance, productType: 'MIS' }

const trade = (side: 'BUY' | 'SELL', quantity: number, price: number): SimTrade =>
  ({
    order: { account: owner, clientCode: 'SIM0001', instrument: reliance, side },
    after: { productType: 'MIS' },
    quantity,
    price,
  }) as unknown as SimTrade

const conversion = (change: Partial<TradeConversion>): TradeConversion => ({
  account: owner,
  clientCode: 'SIM0001',
  instrument: reliance,
  fromProduct: 'MIS',
  toProduct: 'CNC',
  side: 'BUY',
  quantity: 1,
  heldQuantity: 0,
  isDayWise: false,
  price: 0,
  convertedAtMs: 0,
  sequence: 0,
  ...change,
})

describe('PositionKeeper', () => {
  it('shows what was carried over in the net book and not in the day book', () => {
    const positions = new PositionKeeper()
    positions.carryOver(held, -10, 1300)
    const position = positions.add(trade('BUY', 4, 1400))
    expect(quantityOf(sidesIn(position, 'DayWise'))).toBe(4)
    expect(netQuantity(position)).toBe(-6)
    expect(sidesIn(position, 'NetWise')).toEqual({
      buyQuantity: 4,
      buyValue: 5600,
      sellQuantity: 10,
      sellValue: 13_000,
    })
  })

  it('converts at the average price: today first, then what was carried over', () => {
    const positions = new PositionKeeper()
    positions.carryOver(held, 10, 1000)
    positions.add(trade('BUY', 4, 1100))
    positions.add(trade('BUY', 4, 1300))
    const [from, to] = positions.convert(conversion({ quantity: 10 }))
    expect(to.day).toEqual({ buyQuantity: 8, buyValue: 9600, sellQuantity: 0, sellValue: 0 })
    expect(to.carried).toEqual({ buyQuantity: 2, buyValue: 2000, sellQuantity: 0, sellValue: 0 })
    expect(from.day).toEqual({ buyQuantity: 0, buyValue: 0, sellQuantity: 0, sellValue: 0 })
    expect(from.carried).toMatchObject({ buyQuantity: 8, buyValue: 8000 })
  })

  it('converts a short position by its sold side', () => {
    const positions = new PositionKeeper()
    positions.add(trade('SELL', 6, 1200))
    const [from, to] = positions.convert(conversion({ side: 'SELL', quantity: 2 }))
    expect([netQuantity(from), netQuantity(to)]).toEqual([-4, -2])
    expect(averageOpenPrice(sidesIn(to, 'DayWise'))).toBe(1200)
  })

  it('neither makes nor loses quantity or money by converting', () => {
    const deals = fc.array(
      fc.record({
        side: fc.constantFrom('BUY' as const, 'SELL' as const),
        quantity: fc.integer({ min: 1, max: 50 }),
        price: fc.integer({ min: 100, max: 2000 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(
        deals,
        fc.integer({ min: -40, max: 40 }),
        fc.double({ min: 0, max: 1 }),
        (all, carried, share) => {
          const positions = new PositionKeeper()
          if (carried !== 0) positions.carryOver(held, carried, 1000)
          for (const deal of all) positions.add(trade(deal.side, deal.quantity, deal.price))
          const total = () =>
            positions.ofClient('SIM0001').reduce(
              (sum, position) => {
                const sides = sidesIn(position, 'NetWise')
                return {
                  quantity: sum.quantity + quantityOf(sides),
                  value: sum.value + sides.sellValue - sides.buyValue,
                }
              },
              { quantity: 0, value: 0 },
            )
          const before = total()
          const quantity = Math.round(Math.abs(before.quantity) * share)
          if (quantity > 0) {
            const side = before.quantity > 0 ? 'BUY' : 'SELL'
            const [, to] = positions.convert(conversion({ side, quantity }))
            expect(netQuantity(to)).toBe(Math.sign(before.quantity) * quantity)
          }
          const after = total()
          expect(after.quantity).toBe(before.quantity)
          expect(after.value).toBeCloseTo(before.value, 4)
          for (const { day, carried: kept } of positions.ofClient('SIM0001'))
            for (const sides of [day, kept])
              expect(Math.min(sides.buyQuantity, sides.sellQuantity)).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 100 },
    )
  })
})
