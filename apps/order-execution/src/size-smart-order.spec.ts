import fc from 'fast-check'
import { isReducing, sizeSmartOrder, sliceQuantity } from './size-smart-order'

describe('sizing a smart order', () => {
  // The known truth table; action and quantity matter only in the first row, and on the bus only as whenFlat.
  it.each([
    [0, 0, undefined],
    [5, 0, 'SELL 5'],
    [-5, 0, 'BUY 5'],
    [5, 5, undefined],
    [-5, -5, undefined],
    [0, 7, 'BUY 7'],
    [0, -7, 'SELL 7'],
    [5, 8, 'BUY 3'],
    [8, 5, 'SELL 3'],
    [5, -5, 'SELL 10'],
    [-5, 5, 'BUY 10'],
    [-5, -8, 'SELL 3'],
    [-8, -5, 'BUY 3'],
  ])('from %i to %i sends %s', (netPosition, targetPosition, expected) => {
    const step = sizeSmartOrder({ netPosition, targetPosition })
    expect(step && `${step.side} ${step.quantity}`).toBe(expected)
  })

  it.each(['BUY', 'SELL'] as const)('sends %s as given when flat with target 0', (side) => {
    expect(sizeSmartOrder({ netPosition: 0, targetPosition: 0, whenFlat: { side, quantity: 10 } })).toEqual({
      side,
      quantity: 10,
    })
  })

  it.each([
    [5, 0],
    [5, 5],
    [0, 7],
  ])('does not look at whenFlat from %i to %i', (netPosition, targetPosition) => {
    const whenFlat = { side: 'BUY', quantity: 99 } as const
    expect(sizeSmartOrder({ netPosition, targetPosition, whenFlat })).toEqual(
      sizeSmartOrder({ netPosition, targetPosition }),
    )
  })

  it('always lands on the target', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (netPosition, targetPosition) => {
        const step = sizeSmartOrder({ netPosition, targetPosition })
        const signed = step === undefined ? 0 : step.side === 'BUY' ? step.quantity : -step.quantity
        return netPosition + signed === targetPosition && (step === undefined || step.quantity > 0)
      }),
    )
  })

  it('calls reducing only what makes the position smaller and never turns it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), (net, target) => {
        const isSmaller = Math.abs(target) < Math.abs(net) && target * net >= 0
        return isReducing({ netPosition: net, targetPosition: target }) === isSmaller
      }),
    )
  })
})

describe('slicing a quantity', () => {
  it.each([
    [650, 1_800, 65, [650]],
    [1_755, 1_800, 65, [1_755]],
    [1_820, 1_800, 65, [1_755, 65]],
    [3_510, 1_800, 65, [1_755, 1_755]],
    [5_200, 1_800, 65, [1_755, 1_755, 1_690]],
    [10, undefined, 1, [10]],
    [100, 40, 65, [100]],
  ])('%i with freeze %s and lot %i is %j', (quantity, freezeQuantity, lotSize, expected) => {
    expect(sliceQuantity(quantity, { freezeQuantity, lotSize })).toEqual(expected)
  })

  it('adds up, is on the lot, and is never above the freeze', () => {
    const lots = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(
        lots,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 5_000 }),
        (lotSize, count, more) => {
          const freezeQuantity = lotSize + more
          const slices = sliceQuantity(count * lotSize, { freezeQuantity, lotSize })
          expect(slices.reduce((sum, slice) => sum + slice, 0)).toBe(count * lotSize)
          for (const slice of slices) {
            expect(slice % lotSize).toBe(0)
            expect(slice).toBeGreaterThan(0)
            expect(slice).toBeLessThanOrEqual(freezeQuantity)
          }
        },
      ),
    )
  })
})
