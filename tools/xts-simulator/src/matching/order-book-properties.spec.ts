import fc from 'fast-check'
import { OrderBook, type Resting } from './order-book'
import type { OrderSide } from './sim-order'

const side = fc.constantFrom<OrderSide>('BUY', 'SELL')
const priceUnits = fc.integer({ min: 95, max: 105 })
const quantity = fc.integer({ min: 1, max: 50 })

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), side, priceUnits, quantity, disclosed: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ kind: fc.constant('take' as const), side, priceUnits, quantity, isMarket: fc.boolean() }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat(40) }),
) // prettier-ignore
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Held {
  readonly side: OrderSide
  readonly resting: Resting
}

interface Wanted {
  readonly taker: OrderSide
  readonly wanted: number
  readonly limit: number
}

/** What an accountant with one list would trade: he sorts it by price and then by age, and goes through it once. */
function accountantsTake(held: readonly Held[], { taker, wanted, limit }: Wanted): [Resting, number][] {
  const sign = taker === 'BUY' ? 1 : -1
  const makers = held
    .filter(({ side: of, resting }) => of !== taker && resting.quantity > 0)
    .filter(({ resting }) => sign * resting.priceUnits <= sign * limit)
    .sort((one, other) => sign * (one.resting.priceUnits - other.resting.priceUnits))
  const trades: [Resting, number][] = []
  let open = wanted
  for (const { resting } of makers) {
    const taken = Math.min(open, resting.quantity)
    if (taken > 0) trades.push([resting, taken])
    open -= taken
  }
  return trades
}

const withoutDisclosure = (each: Step): Step => (each.kind === 'add' ? { ...each, disclosed: 0 } : each)

/** Runs steps as a market does: what an added order can take, it takes before it rests. */
function run(
  steps: readonly Step[],
  check: (book: OrderBook, held: readonly Held[]) => void = () => undefined,
): { readonly book: OrderBook; readonly held: readonly Held[] } {
  const book = new OrderBook()
  const held: Held[] = []
  for (const each of steps) {
    if (each.kind === 'remove') {
      const gone = held[each.which % Math.max(1, held.length)]
      if (gone && gone.resting.quantity > 0) {
        book.remove(gone.side, gone.resting)
        held.splice(held.indexOf(gone), 1)
      }
    } else {
      const limit = each.kind === 'take' && each.isMarket ? undefined : each.priceUnits
      const { leftover } = book.take(each.side, each.quantity, limit)
      if (each.kind === 'add' && leftover > 0) {
        const { priceUnits: at, disclosed } = each
        const resting = { order: undefined, priceUnits: at, quantity: leftover, orderCount: 1, disclosed }
        book.add(each.side, resting)
        held.push({ side: each.side, resting })
      }
    }
    check(book, held)
  }
  return { book, held }
}

describe('whatever comes to a book', () => {
  it('never stands crossed, and shows no more than rests in it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        run(steps, (book, held) => {
          expect(book.bestUnits('BUY') ?? 0).toBeLessThan(book.bestUnits('SELL') ?? Infinity)
          for (const makers of ['BUY', 'SELL'] as const) {
            const shown = book.depth(makers, 1000).reduce((sum, row) => sum + row.quantity, 0)
            const resting = held.filter((each) => each.side === makers)
            const whole = resting.reduce((sum, each) => sum + each.resting.quantity, 0)
            expect(book.totalQuantity(makers)).toBe(shown)
            expect(shown).toBeLessThanOrEqual(whole)
            expect(shown > 0).toBe(whole > 0)
          }
        })
      }),
      { numRuns: 200, seed: 20_261_123 },
    )
  })

  it('trades at the best price first and with the oldest first, and takes it from the makers', () => {
    const allShown = fc.array(step, { maxLength: 40 }).map((steps) => steps.map(withoutDisclosure))
    fc.assert(
      fc.property(allShown, side, quantity, priceUnits, (steps, taker, wanted, limit) => {
        const { book, held } = run(steps)
        const before = new Map(held.map(({ resting }) => [resting, resting.quantity]))
        const expected = accountantsTake(held, { taker, wanted, limit })
        const { matches, leftover } = book.take(taker, wanted, limit)
        expect(matches.map((match) => [match.maker, match.quantity])).toEqual(expected)
        expect(leftover).toBe(wanted - expected.reduce((sum, [, taken]) => sum + taken, 0))
        for (const { maker, quantity: taken } of matches)
          expect(maker.quantity).toBe((before.get(maker) ?? 0) - taken)
      }),
      { numRuns: 300, seed: 20_261_124 },
    )
  })
})
