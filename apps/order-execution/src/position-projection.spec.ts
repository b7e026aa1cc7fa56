import type { FillEvidence } from '@xts-bridge/persistence'
import type { BrokerPosition } from '@xts-bridge/xts'
import fc from 'fast-check'
import type { BookAnswer } from './book-reader'
import { DayFills } from './day-fills'
import { profitOf } from './position-profit'
import { PositionProjection, type PositionSums } from './position-projection'

const SETTLED_AFTER_MS = 15_000
const ROW = {
  clientID: 'ABC1234',
  segment: 'NSECM',
  token: 2885,
  product: 'MIS',
  multiplier: 1,
} as const

interface Trade {
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  readonly price: number
}

function fillOf({ side, quantity, price }: Trade, number: number): FillEvidence {
  const { clientID, segment, token, product } = ROW
  const what = { clientID, segment, token, product, side, quantity, price }
  return { brokerOrderId: `B${number}`, tag: '', tradeId: `T${number}`, tradedAtMs: 0, ...what }
}

/** The row of a book that holds a carried position and these trades. */
function rowOf(carried: number, trades: readonly Trade[]): BrokerPosition {
  const all = [...(carried === 0 ? [] : [carriedTrade(carried)]), ...trades]
  const buys = all.filter(({ side }) => side === 'BUY')
  const sells = all.filter(({ side }) => side === 'SELL')
  const quantityOf = (some: readonly Trade[]): number => some.reduce((sum, { quantity }) => sum + quantity, 0)
  const averageOf = (some: readonly Trade[]): number =>
    some.length === 0 ? 0 : some.reduce((sum, one) => sum + one.quantity * one.price, 0) / quantityOf(some)
  return {
    ...ROW,
    quantity: quantityOf(buys) - quantityOf(sells),
    ...{ buyQuantity: quantityOf(buys), sellQuantity: quantityOf(sells) },
    ...{ buyAveragePrice: averageOf(buys), sellAveragePrice: averageOf(sells) },
  }
}

function carriedTrade(net: number): Trade {
  return { side: net > 0 ? 'BUY' : 'SELL', quantity: Math.abs(net), price: 90 }
}

/** One day of one client: what happened at the broker, what of it we were told, and what we make of it. */
class Day {
  nowMs = Date.UTC(2026, 1, 4, 5, 0)
  readonly fills = new DayFills()
  readonly projection = new PositionProjection('', SETTLED_AFTER_MS)
  moved: readonly unknown[] = []
  private tradesReadAtMs = -Infinity

  constructor(
    readonly carried: number,
    readonly executed: Trade[] = [],
  ) {}

  /** The broker tells us of its trade by this number, perhaps again. */
  tell(number: number): void {
    const trade = this.executed[number]
    if (trade !== undefined) this.fills.add(fillOf(trade, number), ROW.clientID, this.nowMs)
  }

  readTrades(): void {
    this.nowMs += 1_000
    this.tradesReadAtMs = this.nowMs
    this.executed.forEach((_, number) => this.tell(number))
  }

  /** Reads the position book; `missing` trades are not in it yet. */
  readPositions(missing = 0): void {
    this.nowMs += 1_000
    const held = this.executed.slice(0, this.executed.length - missing)
    const isEmpty = this.carried === 0 && held.length === 0
    this.take(isEmpty ? [] : [rowOf(this.carried, held)])
  }

  take(rows: readonly BrokerPosition[]): void {
    const read: BookAnswer<BrokerPosition> = {
      ...{ rows, begunAtMs: this.nowMs, endedAtMs: this.nowMs, isEmptyBelieved: rows.length === 0 },
    }
    const known = { fills: this.known(), readBegunAtMs: this.tradesReadAtMs }
    this.moved = [...this.moved, ...this.projection.take(read, known)]
  }

  known(): ReturnType<DayFills['ofDay']> {
    return this.fills.ofDay(Math.floor((this.nowMs + 5.5 * 3_600_000) / 86_400_000), [ROW.clientID], '')
  }

  now(): PositionSums | undefined {
    return this.projection.positions(this.known())[0]
  }

  /** Long after the last trade, everything is read until nothing is uncertain. */
  settle(): void {
    this.nowMs += SETTLED_AFTER_MS
    for (let pass = 0; pass < 2; pass += 1) {
      this.readTrades()
      this.nowMs += SETTLED_AFTER_MS
      this.readPositions()
    }
  }
}

const BUY: Trade = { side: 'BUY', quantity: 10, price: 100 }
const SELL: Trade = { side: 'SELL', quantity: 4, price: 110 }

describe('a projected position', () => {
  it('is the trades, where the book had nothing before them', () => {
    const day = new Day(0)
    day.readPositions()
    day.executed.push(BUY, SELL)
    day.tell(0)
    day.tell(1)
    expect(day.now()).toMatchObject({ net: 6, buyQuantity: 10, sellQuantity: 4, buyValue: 1_000 })
  })

  it('does not count a trade twice that the book held before we were told of it', () => {
    const day = new Day(0, [BUY])
    day.readPositions()
    expect(day.now()?.net).toBe(10)
    day.tell(0)
    expect(day.projection.isOutdated(day.known())).toBe(true)
    day.readPositions()
    expect(day.now()?.net).toBe(10)
    expect(day.projection.isUncertain).toBe(false)
  })

  it('keeps a trade that the book lacks, when it knows what there was before', () => {
    const day = new Day(0)
    day.readPositions()
    day.executed.push(BUY)
    day.tell(0)
    day.readPositions(1)
    expect(day.now()?.net).toBe(10)
  })

  it('is not answered from a book that lacks a trade, when it does not know what there was before', () => {
    const day = new Day(0, [BUY])
    day.tell(0)
    day.nowMs += 1_000
    day.take([
      {
        ...ROW,
        token: 1,
        quantity: 1,
        buyQuantity: 1,
        sellQuantity: 0,
        buyAveragePrice: 1,
        sellAveragePrice: 0,
      },
    ])
    expect(day.projection.isBehind).toBe(true)
    day.readPositions()
    expect(day.projection.isBehind).toBe(false)
    expect(day.now()?.net).toBe(10)
  })

  it('is what was carried forward plus the trades, once two reads agree on what was carried', () => {
    const day = new Day(50)
    day.readPositions()
    expect(day.projection.isUncertain).toBe(true)
    day.readTrades()
    day.readPositions()
    expect(day.projection.isUncertain).toBe(false)
    day.executed.push(SELL)
    day.tell(0)
    day.tell(0)
    expect(day.now()).toMatchObject({
      net: 46,
      buyQuantity: 50,
      sellQuantity: 4,
      buyValue: 4_500,
      sellValue: 440,
    })
  })

  it('is not certain from two reads without the trade book in between', () => {
    const day = new Day(50)
    day.readPositions()
    day.readPositions()
    expect(day.projection.isUncertain).toBe(true)
  })

  it('follows the book when the position moved without a trade, and says so once', () => {
    const day = new Day(0)
    day.readPositions()
    day.executed.push(BUY)
    day.tell(0)
    day.nowMs += SETTLED_AFTER_MS
    const elsewhere = [{ ...rowOf(0, [BUY]), quantity: 7, buyQuantity: 7 }]
    day.take(elsewhere)
    expect(day.now()?.net).toBe(10)
    for (let read = 0; read < 3; read += 1) {
      day.readTrades()
      day.nowMs += 1_000
      day.take(elsewhere)
    }
    expect(day.now()?.net).toBe(7)
    expect(day.moved).toMatchObject([{ expectedNet: 10, bookNet: 7 }])
  })

  it('does not follow one odd book', () => {
    const day = new Day(0, [BUY])
    day.tell(0)
    day.settle()
    day.take([{ ...rowOf(0, [BUY]), quantity: 7, buyQuantity: 7 }])
    day.settle()
    expect(day.now()?.net).toBe(10)
    expect(day.moved).toEqual([])
  })

  it('is taken from the next steady book after we converted it', () => {
    const day = new Day(0, [BUY])
    day.tell(0)
    day.settle()
    const key = { client: '', segment: ROW.segment, token: ROW.token, product: ROW.product }
    day.projection.changed([key])
    expect(day.projection.isBehind).toBe(true)
    day.nowMs += 1_000
    day.take([{ ...rowOf(0, [BUY]), quantity: 0, buyQuantity: 0, buyAveragePrice: 0 }])
    expect(day.projection.isBehind).toBe(false)
    expect(day.now()?.net).toBe(0)
    expect(day.moved).toEqual([])
  })

  it('ignores a read that began before one that was taken', () => {
    const day = new Day(0, [BUY])
    day.readPositions()
    const late = day.nowMs - 500
    const read = { rows: [], begunAtMs: late, endedAtMs: day.nowMs + 500, isEmptyBelieved: true }
    day.projection.take(read, { fills: day.known(), readBegunAtMs: -Infinity })
    expect(day.now()?.net).toBe(10)
  })
})

const tradeArbitrary: fc.Arbitrary<Trade> = fc.record({
  side: fc.constantFrom('BUY', 'SELL'),
  quantity: fc.integer({ min: 1, max: 500 }),
  price: fc.integer({ min: 1, max: 500_000 }).map((ticks) => ticks / 20),
})
const carriedArbitrary = fc.integer({ min: -300, max: 300 })

type Step =
  | { readonly kind: 'execute'; readonly trade: Trade; readonly isTold: boolean }
  | { readonly kind: 'tell'; readonly number: number }
  | { readonly kind: 'read trades' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'read positions'; readonly missing: number }
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('execute' as const), trade: tradeArbitrary, isTold: fc.boolean() }),
  fc.record({ kind: fc.constant('tell' as const), number: fc.nat({ max: 12 }) }),
  fc.record({ kind: fc.constant('read trades' as const) }),
  fc.record({ kind: fc.constant('wait' as const) }),
  fc.record({ kind: fc.constant('read positions' as const), missing: fc.nat({ max: 2 }) }),
)

function play(day: Day, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'execute') {
      day.executed.push(step.trade)
      if (step.isTold) day.tell(day.executed.length - 1)
    } else if (step.kind === 'tell') day.tell(step.number)
    else if (step.kind === 'read trades') day.readTrades()
    else if (step.kind === 'wait') day.nowMs += 5_000
    else day.readPositions(Math.min(step.missing, day.executed.length))
  }
}

describe('any order of trades told, told again, and books read, late and early', () => {
  it('comes to the positions the broker has', () => {
    fc.assert(
      fc.property(carriedArbitrary, fc.array(stepArbitrary, { maxLength: 40 }), (carried, steps) => {
        const day = new Day(carried)
        play(day, steps)
        day.settle()
        day.settle()
        const truth = rowOf(carried, day.executed)
        const { net = 0, buyQuantity = 0, sellQuantity = 0, buyValue = 0, sellValue = 0 } = day.now() ?? {}
        expect({ net, buyQuantity, sellQuantity }).toEqual({
          net: truth.quantity,
          buyQuantity: truth.buyQuantity,
          sellQuantity: truth.sellQuantity,
        })
        expect(buyValue).toBeCloseTo(truth.buyQuantity * truth.buyAveragePrice, 4)
        expect(sellValue).toBeCloseTo(truth.sellQuantity * truth.sellAveragePrice, 4)
      }),
      { numRuns: 500 },
    )
  })

  it('never shows more or less than the trades that were told, once it knows what was carried', () => {
    fc.assert(
      fc.property(
        carriedArbitrary,
        fc.array(tradeArbitrary, { maxLength: 12 }),
        fc.array(fc.nat({ max: 11 }), { maxLength: 60 }),
        (carried, trades, told) => {
          const day = new Day(carried)
          day.settle()
          day.executed.push(...trades)
          for (const number of told) day.tell(number)
          const known = trades.filter((_, number) => told.includes(number))
          expect(day.now()?.net ?? 0).toBe(rowOf(carried, known).quantity)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('has the profit of having paid for everything and sold what is left at the last price', () => {
    fc.assert(
      fc.property(
        fc.array(tradeArbitrary, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 500_000 }),
        fc.constantFrom(1, 10, 1_000, 79_743.3),
        (trades, ticks, multiplier) => {
          const lastPrice = ticks / 20
          const day = new Day(0)
          day.readPositions()
          day.executed.push(...trades)
          trades.forEach((_, number) => day.tell(number))
          const sums = day.now() as PositionSums
          const paid = trades.reduce(
            (sum, { side, quantity, price }) => sum + (side === 'BUY' ? -1 : 1) * quantity * price,
            0,
          )
          const expected = (paid + sums.net * lastPrice) * multiplier
          const { pnl = NaN, realisedPnl, unrealisedPnl = NaN } = profitOf(sums, multiplier, lastPrice)
          expect(Math.abs(pnl - expected)).toBeLessThan(0.001 + Math.abs(expected) * 1e-9)
          expect(Math.abs(realisedPnl + unrealisedPnl - pnl)).toBeLessThan(0.001)
        },
      ),
      { numRuns: 300 },
    )
  })
})
